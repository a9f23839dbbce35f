"""`footprint exemplar`: the references that detectors are taught by."""

from pathlib import Path
from typing import Annotated

import typer

from detectors._decode import media_type
from detectors.explain import FacePictures
from flows.bar import bar
from flows.commands.context import As, Config, Json, Reason, acting, bytes_of, house, show
from flows.commands.identifiers import IdentifierId
from flows.wiring import House, now
from footprint import wording
from footprint.acts import identifiers as acts
from footprint.errors import BadInput, UnreadableMedia
from footprint.identifiers import Exemplar, ExemplarEvent, Identifier, Polarity, enabled

exemplars = typer.Typer(no_args_is_help=True, help="The reference pictures by which an identifier is found.")


@exemplars.command("add")
def add_exemplar(
    identifier_id: IdentifierId,
    actor: As,
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="FILE...", help="Pictures of it, close and from the front; recordings of what is heard."
        ),
    ] = None,
    text: Annotated[
        list[str] | None, typer.Option("--text", help="Wording to be found by; # is any digit, ? any letter or digit.")
    ] = None,
    polarity: Annotated[Polarity, typer.Option(help="What the picture teaches.")] = Polarity.POSITIVE,
    label: Annotated[str, typer.Option(help="What is special about it.")] = "",
    later: Annotated[
        bool, typer.Option("--later", help="Let the next scan learn what it looks like: more are to come.")
    ] = False,
    config: Config = None,
) -> None:
    """Add reference pictures, recordings or wording, and say at once how good they are."""
    if not files and not text:
        raise BadInput("Give pictures or recordings, or wording with --text.")
    with house(config) as opened:
        user = acting(opened.record, actor)
        media = [(file.name, label or file.stem, bytes_of(file)) for file in files or ()]
        given = [(name, own, data, mime_of(opened, name, data)) for name, own, data in media]
        given += [
            (f"'{words}'", label or " ".join(words.split()), wording.encoded(words), wording.MIME)
            for words in text or ()
        ]
        new = []
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
            new.append(added.id)
        with bar() as progress:
            if not later:
                opened.bank().learn(progress)
            advice = opened.advice(identifier_id, only=new, progress=progress)
        for sentence in advice:
            print(sentence)
        identifier = opened.record.get(Identifier, identifier_id)
        if text and identifier and (said := wording.unread(identifier.kind, opened.settings.detect.detectors)):
            print(said)


@exemplars.command("from-finding")
def from_finding(
    finding: Annotated[str, typer.Argument(metavar="FINDING", help="Id of a dismissed finding.")],
    actor: As,
    look_alike: Annotated[
        bool, typer.Option("--look-alike", help="As what is not ours; the only thing it can be.")
    ] = False,
    config: Config = None,
) -> None:
    """Teach what a dismissed finding showed as a look-alike, faces blurred."""
    if not look_alike:
        raise BadInput("A dismissed finding can only become a look-alike: say --look-alike.")
    with house(config) as opened:
        pictures = FacePictures(max_pixels=opened.settings.detect.max_pixels)
        added = acts.look_alike_from(
            opened.record, opened.blobs, pictures, finding, actor=acting(opened.record, actor), at=now()
        )
    print(f"{added.id} is a look-alike of {added.identifier_id}; the next scan looks with the changed set.")


def mime_of(opened: House, name: str, data: bytes) -> str:
    """What sort of medium a reference is. Raises BadInput where it does not decode."""
    try:
        return media_type(data, max_pixels=opened.settings.detect.max_pixels)
    except UnreadableMedia as error:
        raise BadInput(f"{name} cannot be an exemplar: {error} Give a picture, film or recording.") from error


@exemplars.command("list")
def list_exemplars(identifier_id: IdentifierId, config: Config = None, as_json: Json = False) -> None:
    """List the exemplars of an identifier."""
    with house(config) as opened:
        known = tuple(opened.record.select(Exemplar, identifier_id=identifier_id))
        live = {e.id for e in enabled(known, opened.record.select(ExemplarEvent))}
        rows = [
            {"id": e.id, "polarity": e.polarity, "label": e.label, "enabled": e.id in live, "sha256": e.sha256}
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
