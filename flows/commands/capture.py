"""`footprint capture`: one public address, by hand."""

from typing import Annotated

import typer

from flows.capturing import capture as fetch
from flows.commands.context import As, Config, Json, Reason, acting, house, plain, show
from footprint.coverage import LOOKED_AT

INCOMPLETE = 6


def capture(
    url: Annotated[str, typer.Argument(help="A public address on the account's own host.")],
    actor: As,
    account: Annotated[str, typer.Option(help="The registered account that published there.")],
    reason: Reason,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Fetch one public address of a registered account, by the rules of a scan. Exit code 6: it could not be looked at."""
    with house(config) as opened:
        done = fetch(opened, url, account, actor=acting(opened.record, actor), reason=reason)
    show([plain(done)], as_json=as_json, title="Captured", empty="")
    raise typer.Exit(0 if done.outcome in LOOKED_AT else INCOMPLETE)
