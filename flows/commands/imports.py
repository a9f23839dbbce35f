"""`footprint import`: what a holder handed over, brought into the record."""

from pathlib import Path
from typing import Annotated

import typer

from flows.commands.context import As, Config, Json, acting, house, show
from flows.importing import bring_in


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
    """Import the export that the holder of an account handed over. Makes no request; importing twice changes nothing."""
    with house(config) as opened:
        done = bring_in(opened, file, account, actor=acting(opened.record, actor), attested=attest_public)
    row = {
        "run": done.run_id,
        "format": done.format,
        "posts": done.posts,
        "new_versions": done.versions,
        "media": done.media,
        "unreadable": done.unreadable,
        "refused": dict(done.refused),
        "coverage": {outcome.value: count for outcome, count in sorted(done.coverage.items())},
        "new_findings": done.new_findings,
    }
    show([row], as_json=as_json, title="Imported", empty="")
