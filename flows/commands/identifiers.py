"""`footprint identifier` and `footprint exemplar`: what the detectors are taught."""

from pathlib import Path
from typing import Annotated

import typer

from detectors import lettering
from detectors._decode import decode
from detectors.marks import assess
from flows.commands.context import As, Config, Json, Reason, acting, bytes_of, house, moment, show
from flows.wiring import House, now
from footprint import wording
from footprint.acts import identifiers as acts
from footprint.errors import BadInput, UnreadableMedia
from footprint.identifiers import Exemplar, ExemplarEvent, Identifier, Kind, Polarity, enabled

identifiers = typer.Typer(
    no_args_is_help=True, help="What identifies the Department: patches, badges, liveries, pictures."
)
exemplars = typer.Typer(no_args_is_help=True, help="The reference pictures by which an identifier is found.")

IdentifierId = Annotated[str, typer.Argument(metavar="ID", help="A slug, such as shoulder-patch-2019.")]


@identifiers.command("add")
def add_identifier(
    identifier_id: IdentifierId,
    kind: Annotated[Kind, typer.Option()],
    name: Annotated[str, typer.Option(help='As people call it: "Shoulder patch 2019".')],
    actor: As,
    valid_from: Annotated[str | None, typer.Option(help="Day from which it was in use.")] = None,
    valid_until: Annotated[str | None, typer.Option(help="Day from which it no longer was.")] = None,
    config: Config = None,
) -> None:
    """Name a thing that identifies the Department."""
    with house(config) as opened:
        identifier = Identifier(
            id=identifier_id,
            kind=kind,
            name=name,
            valid_from=moment(valid_from, opened.loaded) if valid_from else None,
            valid_until=moment(valid_until, opened.loaded) if valid_until else None,
            created_by=actor,
            created_at=now(),
        )
        acts.add_identifier(opened.record, identifier, actor=acting(opened.record, actor), at=now())
    print(f"{identifier_id} is named. Next: footprint exemplar add {identifier_id} FILE...")


@identifiers.command("list")
def list_identifiers(config: Config = None, as_json: Json = False) -> None:
    """List the identifiers with the number of exemplars in force."""
    with house(config) as opened:
        in_force = enabled(opened.record.select(Exemplar), opened.record.select(ExemplarEvent))
        rows = [
            {
                "id": i.id,
                "kind": i.kind,
                "name": i.name,
                **{p.value: sum(e.identifier_id == i.id and e.polarity is p for e in in_force) for p in Polarity},
            }
            for i in opened.record.select(Identifier)
        ]
        show(
            rows,
            as_json=as_json,
            title="Identifiers",
            empty="No identifiers. Name one: footprint identifier add --help",
        )


@exemplars.command("add")
def add_exemplar(
    identifier_id: IdentifierId,
    actor: As,
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE...", help="Pictures of it, close and from the front.")
    ] = None,
    text: Annotated[
        list[str] | None, typer.Option("--text", help="Wording to be found by; # is any digit, ? any letter or digit.")
    ] = None,
    polarity: Annotated[Polarity, typer.Option(help="What the picture teaches.")] = Polarity.POSITIVE,
    label: Annotated[str, typer.Option(help="What is special about it.")] = "",
    config: Config = None,
) -> None:
    """Add reference pictures or wording, and say at once how good they are."""
    if not files and not text:
        raise BadInput("Give pictures, or wording with --text.")
    with house(config) as opened:
        user = acting(opened.record, actor)
        pictures = [(file.name, label or file.stem, bytes_of(file)) for file in files or ()]
        given = [(name, own, data, _mime(opened, name, data)) for name, own, data in pictures]
        given += [
            (f"'{words}'", label or " ".join(words.split()), wording.encoded(words), wording.MIME)
            for words in text or ()
        ]
        for name, own, data, mime in given:
            added = acts.add_exemplar(
                opened.record,
                opened.blobs,
                identifier_id=identifier_id,
                data=data,
                mime=mime,
                polarity=polarity,
                label=own,
                actor=user,
                at=now(),
            )
            print(f"{name}: exemplar {added.id}.")
        references = [r for r in opened.bank().references if r.identifier.id == identifier_id]
        for assessed in (*assess(references), *lettering.assess(references)):
            print(f"{assessed.exemplar_id}: {assessed.sentence}")


def _mime(opened: House, name: str, data: bytes) -> str:
    try:
        return decode(data, max_pixels=opened.settings.detect.max_pixels).mime
    except UnreadableMedia as error:
        raise BadInput(f"{name} cannot be an exemplar: {error} Give a picture.") from error


@exemplars.command("list")
def list_exemplars(identifier_id: IdentifierId, config: Config = None, as_json: Json = False) -> None:
    """List the exemplars of an identifier."""
    with house(config) as opened:
        known = tuple(opened.record.select(Exemplar, identifier_id=identifier_id))
        in_force = {e.id for e in enabled(known, opened.record.select(ExemplarEvent))}
        rows = [
            {"id": e.id, "polarity": e.polarity, "label": e.label, "enabled": e.id in in_force, "sha256": e.sha256}
            for e in known
        ]
        show(rows, as_json=as_json, title=identifier_id, empty="No exemplars. Add some: footprint exemplar add --help")


ExemplarId = Annotated[str, typer.Argument(metavar="EXEMPLAR", help="Id as `exemplar list` shows it.")]


@exemplars.command("disable")
def disable(exemplar: ExemplarId, actor: As, reason: Reason, config: Config = None) -> None:
    """Find nothing by this exemplar any more."""
    _switch(exemplar, enable=False, actor=actor, reason=reason, config=config)


@exemplars.command("enable")
def enable(exemplar: ExemplarId, actor: As, reason: Reason, config: Config = None) -> None:
    """Find by this exemplar again."""
    _switch(exemplar, enable=True, actor=actor, reason=reason, config=config)


def _switch(exemplar: str, *, enable: bool, actor: str, reason: str, config: Path | None) -> None:
    with house(config) as opened:
        user = acting(opened.record, actor)
        acts.switch_exemplar(opened.record, exemplar, enabled=enable, actor=user, at=now(), reason=reason)
    print(f"{exemplar} is {'enabled' if enable else 'disabled'}; the next scan looks with the changed set.")
