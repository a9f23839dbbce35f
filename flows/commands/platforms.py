"""`footprint platforms`: what can be read, by which right, whether it may be read now, and how it went last."""

from pathlib import Path
from typing import Annotated

import typer

from crawlers.platforms import platform_of
from flows.commands.context import As, Config, Json, Reason, acting, bytes_of, house, show
from flows.standing import Standing, standings
from flows.wiring import now
from footprint.acts import platforms as acts

platforms = typer.Typer(invoke_without_command=True, help="What can be read, and whether it may be read now.")

Name = Annotated[str, typer.Argument(metavar="PLATFORM", help="Its name, as `footprint platforms` shows it.")]


@platforms.callback()
def list_platforms(context: typer.Context, config: Config = None, as_json: Json = False) -> None:
    """List the platforms: what each reads, by which right, its budget, its review and how it went last."""
    if context.invoked_subcommand is not None:
        return
    with house(config) as opened:
        found = standings(opened, now())
    if as_json:
        show([standing.row() for standing in found], as_json=True, title="", empty="")
        return
    show([_short(standing) for standing in found], as_json=False, title="Platforms", empty="There is no platform.")
    for standing in found:
        for said in (standing.connector.trouble, standing.connector.new_fields):
            if said:
                print(f"{standing.manifest.name}: {said}")


def _short(standing: Standing) -> dict[str, object]:
    manifest, connector = standing.manifest, standing.connector
    return {
        "name": manifest.name,
        "reads": manifest.reads,
        "token": manifest.token,
        "a minute": manifest.requests_per_minute,
        "review due": connector.review.due_on,
        "state": connector.state,
        "healthy": {True: "yes", False: "no", None: "not read yet"}[connector.is_healthy],
        "last yield": connector.last.sentence() if connector.last else "",
        "this month": "" if connector.usd is None else f"{connector.usd:.2f} USD",
    }


@platforms.command("renew")
def renew(platform: Name, actor: As, reason: Reason, config: Config = None) -> None:
    """Record that a person read a platform's terms again, and that it may be read for another 180 days."""
    manifest = platform_of(platform).MANIFEST
    with house(config) as opened:
        acts.renew_review(opened.record, platform, actor=acting(opened.record, actor), at=now(), reason=reason)
    print(f"The terms of {manifest.title} at {manifest.terms_url} are reviewed as of today.")


@platforms.command("approve")
def approve(
    platform: Name,
    actor: As,
    document: Annotated[Path, typer.Option("--document", help="The platform's written approval of this use.")],
    reason: Reason = "",
    config: Config = None,
) -> None:
    """Put a platform's written approval of this use on file, where its terms ask for one."""
    manifest = platform_of(platform).MANIFEST
    with house(config) as opened:
        acts.file_approval(
            opened.record,
            opened.blobs,
            platform,
            bytes_of(document),
            actor=acting(opened.record, actor),
            at=now(),
            reason=reason,
        )
    needed = "" if manifest.needs_approval else " (its terms do not ask for one)"
    print(f"The written approval of {manifest.title} is on file{needed}.")
