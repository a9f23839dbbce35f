"""`footprint scan`, `report`, `search`, `reindex`, `serve`: the service at work."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.logging import RichHandler

from flows import prefect_home
from flows.commands.context import As, Config, Json, acting, house, show
from flows.commands.endings import INCOMPLETE, tell_fetches, tell_looks
from flows.leash import leashed, let_go
from flows.wiring import now
from footprint import projection
from footprint.acts.authority import require
from footprint.errors import RecordUnavailable
from footprint.query import parse
from footprint.settings import Loaded, read
from footprint.users import Role

Actor = Annotated[str, typer.Option("--as", envvar="FOOTPRINT_AS", help="Who starts it; named in the audit log.")]


def scan(
    account: Annotated[list[str] | None, typer.Option(help="Account to scan; repeat it; none: all.")] = None,
    plan: Annotated[
        bool, typer.Option("--plan", help="Only show which URLs, and on what authority. Makes no request.")
    ] = False,
    actor: Actor = "operator",
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Scan the registered accounts: crawl, detect, find, index. Exit code 6: not everything could be looked at."""
    ready(read(config))
    from flows import scan as flow  # imports Prefect, which takes seconds

    if plan:
        with house(config) as opened:
            rows = flow.planned(opened, account)
        off = "" if opened.settings.crawl.enabled else "; crawling is switched off (crawl.enabled)"
        show(
            rows,
            as_json=as_json,
            title=f"Planned, not fetched{off}",
            empty="Nothing is planned: no account may be read.",
        )
        return
    with house(config) as opened:
        flow.require_startable(opened, account)
    with prefect_home.server(services=False):
        summary = flow.scan(accounts=account, actor=actor, config=str(config) if config else None)
    if as_json:
        show([flow.figures(summary)], as_json=True, title="", empty="")
    else:
        _tell(flow.figures(summary))
    raise typer.Exit(0 if summary.is_complete else INCOMPLETE)


def _tell(figures: dict[str, Any]) -> None:
    tell_fetches(figures["coverage"])
    tell_looks(figures["pictures"], figures["unable"])
    for account_id, why in {**figures["refused"], **figures["failed"]}.items():
        print(f"Not read: {account_id}: {why}")
    print(f"{figures['new_findings']} new findings; {figures['waiting']} wait to be indexed.")


def report(
    week: Annotated[str | None, typer.Option(help="ISO week such as 2026-W14; none: the one that ended last.")] = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Derive the last report of the week anew and compare.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="Folder to write report.html and report.json into.")] = None,
    actor: Actor = "operator",
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Write the exposure report of a week, or verify one. Exit code 1: it does not follow from the record."""
    ready(read(config))
    from flows import report as flow  # imports Prefect, which takes seconds

    if verify:
        with house(config) as opened:
            differences = flow.differences(opened, week)
        print("\n".join(differences) or "The report follows from the record, figure by figure.")
        raise typer.Exit(1 if differences else 0)
    with house(config) as opened:
        flow.week_of(opened, week)
    with prefect_home.server(services=False):
        written = flow.weekly_report(week=week, actor=actor, config=str(config) if config else None)
    with house(config) as opened:
        files = flow.export(opened, written, out or opened.loaded.path("var/reports"))
    row = {"week": written.week, "draft": written.is_draft, "html": str(files[0]), "json": str(files[1])}
    show([row], as_json=as_json, title="Report", empty="")


def search(
    query: Annotated[str, typer.Argument(help='Such as: state:open kind:patch after:2026-01-01 "town fair"')],
    actor: As,
    purpose: Annotated[str, typer.Option(help="For what; kept in the audit log.")] = "search on the command line",
    size: Annotated[int, typer.Option(min=1, max=1000, help="Most findings to show.")] = 20,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Search the findings. The search is in the audit log."""
    with house(config) as opened:
        user = acting(opened.record, actor)
        require(user, Role.REVIEWER, Role.CHIEF)
        parsed = parse(query, zone=ZoneInfo(opened.settings.department.time_zone))
        with opened.record.transaction() as tx:
            tx.audit(at=now(), actor=user.name, action="findings.searched", subject=query, purpose=purpose)
        page = opened.index.search(parsed, size=size)
        rows = [
            {
                "id": d.id,
                "state": d.state,
                "identifier": d.identifier_name,
                "certainty": d.certainty,
                "probability": round(d.probability, 3),
                "permission": d.permission,
                "posted": d.posted_at,
                "permalink": d.permalink,
            }
            for d in page.hits
        ]
        show(rows, as_json=as_json, title=f"{len(rows)} of {page.total} findings", empty="No finding matches.")


def reindex(actor: As, config: Config = None) -> None:
    """Build the search index anew from the record, then switch over."""
    with house(config) as opened:
        user = acting(opened.record, actor)
        count = projection.rebuild(opened.record, opened.blobs, opened.index, at=now())
        with opened.record.transaction() as tx:
            tx.audit(at=now(), actor=user.name, action="index.rebuilt", subject="index", detail={"findings": count})
    print(f"The index holds {count} findings.")


def serve(
    schedules: Annotated[bool, typer.Option("--schedules", help="Scan and report on schedule, too.")] = False,
    port: Annotated[int | None, typer.Option(help="In place of dashboard.port.")] = None,
    config: Config = None,
) -> None:
    """Serve the dashboard until Ctrl-C."""
    from flows import serving  # imports FastAPI, which takes a while

    with house(config) as opened, _schedules(config if schedules else None, wanted=schedules):
        try:
            projection.drain(opened.record, opened.blobs, opened.index, at=now())
        except RecordUnavailable as error:
            print(f"{error} The dashboard works without search until the index is back.", file=sys.stderr)
        serving.serve(opened, tell=partial(print, flush=True), port=port)


@contextmanager
def _schedules(config: Path | None, *, wanted: bool) -> Iterator[None]:
    if not wanted:
        yield
        return
    child = leashed([sys.executable, "-m", "flows.schedules", *([str(config)] if config else [])])
    try:
        yield
    finally:
        let_go(child)


def ready(loaded: Loaded) -> None:
    """Before a flow runs in this process: Prefect at home, and progress on the terminal."""
    prefect_home.settle(loaded.path(loaded.settings.storage.work))
    log = logging.getLogger("footprint")
    if not log.handlers:
        log.addHandler(RichHandler(console=Console(stderr=True), show_path=False, show_level=False))
        log.propagate = False  # Prefect's handler would say everything twice
    log.setLevel(logging.INFO)
