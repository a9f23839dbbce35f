"""`footprint import`: what a holder handed over, brought into the record."""

from pathlib import Path
from typing import Annotated, Any

import typer

from flows.commands.context import As, Config, Json, acting, house, show
from flows.commands.endings import INCOMPLETE, tell_fetches, tell_looks
from flows.importing import Imported, bring_in

MOST_TOLD = 20
"""Media that were not looked at and are named on the terminal."""


def import_(
    file: Annotated[
        Path,
        typer.Argument(
            help="Export (zip file or folder), Shares.csv, WARC or WACZ, or a folder of pictures with a CSV."
        ),
    ],
    actor: As,
    account: Annotated[str, typer.Option(help="The registered account whose export it is.")],
    attest_public: Annotated[
        str,
        typer.Option(
            help="How you know that its posts were public, where the export does not prove it; kept in the audit log."
        ),
    ] = "",
    config: Config = None,
    as_json: Json = False,
) -> None:
    """
    Import the export that the holder of an account handed over. Makes no request; importing twice changes nothing.

    Exit code 6: not everything could be looked at.
    """
    with house(config) as opened:
        done = bring_in(opened, file, account, actor=acting(opened.record, actor), attested=attest_public)
    if as_json:
        show([_figures(done)], as_json=True, title="", empty="")
    else:
        _tell(_figures(done))
    raise typer.Exit(0 if done.is_complete else INCOMPLETE)


def _figures(done: Imported) -> dict[str, Any]:
    """An import as JSON-able figures."""
    return {
        "run": done.run_id,
        "format": done.format,
        "posts": done.posts,
        "new_versions": done.versions,
        "media": done.media,
        "unreadable": done.unreadable,
        "refused": dict(done.refused),
        "coverage": {outcome.value: count for outcome, count in sorted(done.coverage.items())},
        "not_looked_at": dict(sorted(done.unseen.items())),
        "pictures": {outcome.value: count for outcome, count in sorted(done.pictures.items())},
        "unable": dict(done.unable),
        "new_findings": done.new_findings,
        "complete": done.is_complete,
    }


def _tell(figures: dict[str, Any]) -> None:
    print(f"Posts: {figures['posts']}, new or changed: {figures['new_versions']}; new media: {figures['media']}.")
    for why, count in figures["refused"].items():
        print(f"Not let in: {count}: {why}")
    if figures["unreadable"]:
        print(f"Broken items of the export that were left out: {figures['unreadable']}.")
    tell_fetches(figures["coverage"])
    unseen = list(figures["not_looked_at"].items())
    for address, why in unseen[:MOST_TOLD]:
        print(f"Not looked at: {address}: {why}")
    if len(unseen) > MOST_TOLD:
        print(f"Not looked at: {len(unseen) - MOST_TOLD} more; --json names all.")
    tell_looks(figures["pictures"], figures["unable"])
    print(f"{figures['new_findings']} new findings.")
