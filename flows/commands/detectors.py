"""`footprint detector`: which detectors look, how often people agreed with each, and which are suspended."""

from pathlib import Path
from typing import Annotated

import typer

from flows.commands.context import As, Config, Json, Reason, acting, bytes_of, house, show
from flows.wiring import now
from footprint import plugins
from footprint.acts import detectors as acts
from footprint.acts.authority import require
from footprint.errors import BadInput
from footprint.precision import measured, together
from footprint.specialists import IDLE, kinds_in_force, needed
from footprint.suspensions import DetectorEvent, suspended
from footprint.users import Role

detectors = typer.Typer(no_args_is_help=True, help="What looks at media: measured precision, suspending, resuming.")

Name = Annotated[str, typer.Argument(metavar="NAME", help="Name as `detector list` shows it.")]


@detectors.command("list")
def list_detectors(config: Config = None, as_json: Json = False) -> None:
    """List the detectors of the settings with their measured precision."""
    with house(config) as opened:
        stopped = suspended(opened.record.select(DetectorEvent))
        names = sorted({*opened.settings.detect.detectors, *stopped})
        busy = needed(names, kinds_in_force(opened.record))
        precision = together(measured(opened.record))
        rows = [
            {
                "name": name,
                "state": "suspended" if name in stopped else "looks" if name in busy else IDLE,
                "judged": precision[name].judged if name in precision else 0,
                "right": precision[name].material if name in precision else 0,
                "precision, 95 %": str(precision[name]) if name in precision else "not judged yet",
                "why": stopped[name].reason if name in stopped else "",
            }
            for name in names
        ]
        show(rows, as_json=as_json, title="Detectors", empty="No detectors: detect.detectors names none.")


@detectors.command("grow")
def grow_bank(
    actor: As,
    folder: Annotated[
        Path | None,
        typer.Option("--from", help="Folder of pictures that show none of the Department's marks: you vouch for it."),
    ] = None,
    config: Config = None,
) -> None:
    """Let marks learn from what was wrongly taken for them: in dismissed findings, or in pictures without any mark of the Department."""
    from detectors import growth  # seconds, that other commands need not wait
    from pipelines import growth as growing

    with house(config) as opened:
        user = acting(opened.record, actor)
        require(user, Role.REGISTRAR)
        bank = opened.bank()
        grower = growth.grower(bank.references, bank.options)
        if folder is None:
            grew = growing.grow(opened.record, opened.blobs, grower, now=now(), actor=user.name)
        else:
            if not folder.is_dir():
                raise BadInput(f"{folder} is not a folder.")
            files = (bytes_of(file) for file in sorted(folder.rglob("*")) if file.is_file())
            grew = growing.vouch(opened.record, grower, files, now=now(), actor=user.name)
    print(
        f"Pictures that marks learn from besides: {grew.added} more, {grew.gone} fewer; {grew.left_out} could not be used."
    )
    if grew.added or grew.gone:
        print("The next scan looks with what is then learned.")


@detectors.command("suspend")
def suspend(name: Name, actor: As, reason: Reason, config: Config = None) -> None:
    """Let a detector look no more, from the next scan on."""
    with house(config) as opened:
        plugins.load("detectors", name, what="detector", offers="build")
        acts.suspend(opened.record, name, actor=acting(opened.record, actor), at=now(), reason=reason)
    print(f"{name} is suspended. What it found stays.")


@detectors.command("resume")
def resume(name: Name, actor: As, reason: Reason, config: Config = None) -> None:
    """Let a suspended detector look again; its precision is measured anew from now on."""
    with house(config) as opened:
        acts.resume(opened.record, name, actor=acting(opened.record, actor), at=now(), reason=reason)
    print(f"{name} looks again, from the next scan on.")
