"""`python -m demo`: builds the fictional city, scans it twice as an operator would, and compares what was found with the truth."""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, time
from pathlib import Path
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from demo import measure, registry, reviewing, telling
from demo.city import FIRST_SCAN_DAY, SECOND_SCAN_DAY, City
from demo.drawing.album import Picture, album
from demo.registry import Staff
from demo.settings import CONTACT_URL, HOUSE, write_settings
from demo.simulators.mastodon import account_number
from demo.simulators.server import Stage
from demo.simulators.town import town
from demo.story import build
from demo.truth import Truth, truth
from flows import prefect_home
from flows.commands.work import ready
from flows.serving import serve
from flows.wiring import now, record_url, wired
from footprint.errors import FootprintError
from footprint.settings import read
from footprint.store.record import migrate
from footprint.weeks import Week

SEED = 1887
FOLDER = Path("var/demo")


class Watch:
    """Says what is going on, and measures how long each part takes."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.seconds: dict[str, float] = {}

    @contextmanager
    def part(self, name: str, what: str) -> Iterator[None]:
        """One part of the story."""
        self.console.rule(what, align="left")
        began = monotonic()
        yield
        self.seconds[name] = monotonic() - began


def main(arguments: Sequence[str] | None = None) -> None:
    """
    Tell the whole story; serve the dashboard at its end until Ctrl-C unless told otherwise.

    Ends with 1 where a rule was broken that has to be kept, whatever was found; with 3 where the demo cannot be told here.
    """
    try:
        kept = _told(_options(arguments))
    except FootprintError as error:
        print(f"demo: {error}", file=sys.stderr)
        sys.exit(3)
    sys.exit(0 if kept else 1)


def _told(options: argparse.Namespace) -> bool:
    folder, watch = options.folder.absolute(), Watch(Console(width=None if sys.stdout.isatty() else 160))
    anchor = datetime.combine(datetime.now(UTC).date(), time(), UTC)
    city = build(options.seed, anchor)
    with watch.part("drawing", f"Port Alder: {len(city.posts)} posts, {len(city.plans)} pictures to draw"):
        pictures = _drawn(city, folder, watch.console)
    with town(city, pictures, day=FIRST_SCAN_DAY) as stage:
        config = write_settings(folder, city, port=options.port)
        with watch.part("registering", "Registrants, accounts, identifiers and permissions go into the registry"):
            staff, known = _registered(config, stage, folder)
        ready(read(config))
        with prefect_home.server(services=False):
            _scanned(config, stage, staff, known, watch)
            with watch.part("report", "The weekly report"):
                files = _reported(config, folder)
        figures = _compared(config, stage, known, folder, watch)
        telling.write(figures, folder / "summary.json")
        watch.console.print(
            f"The report of this week: {files[-1]}\nAll figures: {folder / 'summary.json'}", markup=False
        )
        telling.sign_in(watch.console, staff, port=options.port)
        if options.no_serve:
            telling.later(watch.console, config)
        else:
            with wired(read(config)) as house:
                serve(house, tell=watch.console.print)
    broken = telling.broken(figures)
    for promise in broken:
        print(f"demo: {promise}", file=sys.stderr)
    return not broken


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    parser.add_argument("--no-serve", action="store_true", help="stop after the report")
    parser.add_argument("--port", type=int, default=8600, help="port of the dashboard")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where everything is kept")
    parser.add_argument("--seed", type=int, default=SEED, help="another seed is another city")
    return parser.parse_args(arguments)


def _drawn(city: City, folder: Path, console: Console) -> Mapping[str, Picture]:
    columns = TextColumn("Drawing"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("", total=len(city.plans))
        return album(city.plans, folder, progress=lambda done, total: bar.update(task, completed=done))


def _registered(config: Path, stage: Stage, folder: Path) -> tuple[Staff, Truth]:
    loaded = read(config)
    loaded.path(loaded.settings.storage.work).mkdir(mode=0o700)
    migrate(record_url(loaded))
    with wired(loaded) as house:
        house.index.create()
        staff = registry.fill(house, stage)
    known = truth(stage)
    known.write(folder / "truth.json")
    return staff, known


def _scanned(config: Path, stage: Stage, staff: Staff, known: Truth, watch: Watch) -> None:
    """Scan, let the reviewers decide on something, let a week pass in the city, scan again."""
    loaded = read(config)
    from flows.scan import scan  # imports Prefect, which reads what `ready` has set

    with watch.part("first_scan", f"First scan, day {FIRST_SCAN_DAY:.0f} of the city"):
        scan(actor="ines", config=str(config))
    with watch.part("reviews", "Reviewers decide on some of it"), wired(loaded) as house:
        count = reviewing.review(house, known, staff=staff.by_name)
        watch.console.print(f"{count} decisions.")
    stage.day = SECOND_SCAN_DAY
    with watch.part("second_scan", f"Second scan, day {SECOND_SCAN_DAY:.0f}: new posts, edits, deletions"):
        scan(actor="ines", config=str(config))


def _reported(config: Path, folder: Path) -> list[Path]:
    """Write the report of the week that ended last, and the draft of the current one."""
    from flows.report import export, weekly_report

    with wired(read(config)) as house:
        current = Week.of(now(), ZoneInfo(house.settings.department.time_zone))
        files = []
        for week in (current.previous(), current):
            written = weekly_report(week=str(week), actor="morgan", config=str(config))
            files.append(export(house, written, folder / "reports")[0])
    return files


def _compared(config: Path, stage: Stage, known: Truth, folder: Path, watch: Watch) -> dict[str, Any]:
    """Measure, print, and sum up."""
    with watch.part("measuring", "What was found, and what is there"), wired(read(config)) as house:
        record = house.record
        score, outcomes = measure.score(record, known), measure.coverage(record)
        by_detector = {name: measure.score(record, known, detector=name) for name in measure.detectors(record)}
        telling.coverage(watch.console, record, stage)
        telling.findings(watch.console, score, known)
        telling.detectors(watch.console, by_detector)
        behaviour = {
            "requests": len(stage.log),
            "requests_denied_paths": len(measure.denied(stage.log)),
            "requests_for_refused_accounts": len(measure.concerning(stage.log, _refused(stage))),
            "requests_without_contact": len(measure.unnamed(stage.log, contact_url=CONTACT_URL)),
            "login_walls_met": len(stage.secrets),
            "login_wall_bytes_kept": sum(measure.kept(folder / HOUSE, stage.secrets).values()),
            "unaccounted": measure.unaccounted(record),
        }
    return telling.summary(outcomes, score, by_detector=by_detector, behaviour=behaviour, seconds=watch.seconds)


def _refused(stage: Stage) -> list[str]:
    """What a request for an account that may not be read would hold."""
    return [word for holding in stage.city.refused() for word in (holding.handle, account_number(holding.handle))]


if __name__ == "__main__":
    main()
