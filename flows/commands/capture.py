"""`footprint capture`: one public address, by hand."""

from typing import Annotated

import typer

from flows.capturing import capture as fetch
from flows.commands.context import As, Config, Json, Reason, acting, house, plain, show
from flows.commands.endings import INCOMPLETE, tell_looks


def capture(
    url: Annotated[str, typer.Argument(help="A public address on the account's own host.")],
    actor: As,
    account: Annotated[str, typer.Option(help="The registered account that published there.")],
    reason: Reason,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Fetch one public address of a registered account, by the rules of a scan. Exit code 6: not everything could be looked at."""
    with house(config) as opened:
        done = fetch(opened, url, account, actor=acting(opened.record, actor), reason=reason)
    row = plain(done)
    if as_json:
        show([row], as_json=True, title="", empty="")
    else:
        looks, unable = row.pop("pictures"), row.pop("unable")
        show([row], as_json=False, title="Captured", empty="")
        tell_looks(looks, unable)
    raise typer.Exit(0 if done.is_complete else INCOMPLETE)
