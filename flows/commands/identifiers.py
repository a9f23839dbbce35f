"""`footprint identifier` and `footprint exemplar`: what the detectors are taught, and what it is worth."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from detectors._decode import decode
from detectors.explain import FacePictures
from flows.bar import bar
from flows.commands.context import As, Config, Json, Reason, acting, bytes_of, house, moment, plain, show
from flows.wiring import House, now
from footprint import wording
from footprint.acts import identifiers as acts
from footprint.acts import thresholds as thresholds_acts
from footprint.errors import BadInput, UnreadableMedia
from footprint.identifiers import Exemplar, ExemplarEvent, Identifier, Kind, Polarity, enabled
from footprint.precision import measured
from footprint.thresholds import ThresholdApproval, ThresholdProposal, history, in_force, pending
from footprint.whatif import Change, threshold_of

identifiers = typer.Typer(
    no_args_is_help=True, help="What identifies the Department: patches, badges, liveries, pictures."
)
exemplars = typer.Typer(no_args_is_help=True, help="The reference pictures by which an identifier is found.")

MOST_LOST = 20
"""Findings that `whatif` names; `--json` has all."""

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
        live = enabled(opened.record.select(Exemplar), opened.record.select(ExemplarEvent))
        thresholds = in_force(opened.record.select(ThresholdProposal), opened.record.select(ThresholdApproval))
        precision = measured(opened.record)
        rows = [
            {
                "id": i.id,
                "kind": i.kind,
                "name": i.name,
                **{p.value: sum(e.identifier_id == i.id and e.polarity is p for e in live) for p in Polarity},
                "threshold": thresholds[i.id].value if i.id in thresholds else None,
                "judged right, with 95 %": "; ".join(f"{p.detector} {p}" for p in precision if p.identifier_id == i.id),
            }
            for i in opened.record.select(Identifier)
        ]
        show(
            rows,
            as_json=as_json,
            title="Identifiers",
            empty="No identifiers. Name one: footprint identifier add --help",
        )


@identifiers.command("show")
def show_identifier(identifier_id: IdentifierId, config: Config = None, as_json: Json = False) -> None:
    """Show what an identifier is worth: measured precision of each detector, thresholds with who approved them, what waits."""
    with house(config) as opened:
        record = opened.record
        identifier = record.get(Identifier, identifier_id)
        if identifier is None:
            raise BadInput(f"There is no identifier {identifier_id}. `footprint identifier list` shows them.")
        proposals, approvals = tuple(record.select(ThresholdProposal)), tuple(record.select(ThresholdApproval))
        rows: list[dict[str, Any]] = [
            {"what": f"precision of {p.detector}", "is": str(p), "by": "reviewers", "at": None}
            for p in measured(record)
            if p.identifier_id == identifier_id
        ]
        rows += [
            {
                "what": f"threshold, version {t.version}",
                "is": f"{t.value:g}: {t.proposal.reason}",
                "by": f"{t.proposal.proposed_by}, approved by {t.approval.approved_by}",
                "at": t.approval.approved_at,
            }
            for t in history(proposals, approvals).get(identifier_id, ())
        ]
        if waiting := pending(proposals, approvals, identifier_id):
            said = f"{waiting.value:g}: {waiting.reason}"
            rows.append(
                {
                    "what": "threshold, waits for approval",
                    "is": said,
                    "by": waiting.proposed_by,
                    "at": waiting.proposed_at,
                }
            )
        nothing = f"{identifier.name}: nothing was judged yet, and no threshold is set."
        show(rows, as_json=as_json, title=identifier.name, empty=nothing)


@identifiers.command("whatif")
def what_if(
    identifier_id: IdentifierId,
    actor: As,
    threshold: Annotated[
        float | None,
        typer.Option(help="Least probability of a claim that becomes a finding.", show_default="the one in force"),
    ] = None,
    weeks: Annotated[int, typer.Option(help="How many of the last weeks.")] = 8,
    without: Annotated[list[str] | None, typer.Option(help="An exemplar to do without; repeatable.")] = None,
    detectors: Annotated[str, typer.Option(help="Ask these detectors alone, separated by commas.")] = "",
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Say what a threshold, or one exemplar less, would have changed, from what is on record. Fetches nothing."""
    with house(config) as opened:
        change = Change(
            threshold=threshold_of(opened.record, identifier_id) if threshold is None else threshold,
            without=tuple(sorted(set(without or ()))),
            detectors=tuple(sorted({name.strip() for name in detectors.split(",") if name.strip()})),
        )
        tried = thresholds_acts.try_out(
            opened.record, identifier_id, change, weeks=weeks, actor=acting(opened.record, actor), at=now()
        )
    if as_json:
        print(json.dumps(plain(tried), ensure_ascii=False))
        return
    print(tried.sentence)
    print(tried.false_alarm_words)
    for lost in tried.lost[:MOST_LOST]:
        print(f"  {lost.state.value.replace('_', ' ')}: finding {lost.finding_id}, probability {lost.probability:.2f}")
    if len(tried.lost) > MOST_LOST:
        print(f"  and {len(tried.lost) - MOST_LOST} more; --json names them all")
    print(
        f"Claims of {', '.join(tried.versions) or 'no detector'}; the threshold in force is {tried.threshold_before:g}."
    )
    for sentence in tried.unknown:
        print(f"Not known: {sentence}")


@identifiers.command("threshold")
def threshold(
    identifier_id: IdentifierId,
    value: Annotated[float, typer.Argument(help="Least probability of a claim that becomes a finding.")],
    actor: As,
    reason: Annotated[str, typer.Option(help="Why; kept in the audit log.")] = "",
    approve: Annotated[bool, typer.Option("--approve", help="Approve what another person proposed.")] = False,
    config: Config = None,
) -> None:
    """Propose a threshold that `whatif` was asked about, or approve one that another person proposed."""
    with house(config) as opened:
        user = acting(opened.record, actor)
        if approve:
            thresholds_acts.approve(opened.record, identifier_id, value, actor=user, at=now())
            print(f"The threshold of {identifier_id} is {value:g} from the next scan on.")
            return
        thresholds_acts.propose(opened.record, identifier_id, value, actor=user, at=now(), reason=reason)
    print(f"{value:g} is proposed. Another registrar or the chief approves it:")
    print(f"footprint identifier threshold {identifier_id} {value:g} --approve --as NAME")


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
    later: Annotated[
        bool, typer.Option("--later", help="Let the next scan learn what it looks like: more are to come.")
    ] = False,
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
        if not later:
            with bar() as progress:
                opened.bank().learn(progress)
        for sentence in opened.advice(identifier_id):
            print(sentence)
        if text and not {"lettering", "vehicles", "uniforms"} & set(opened.settings.detect.detectors):
            print("No detector that reads is switched on: add lettering, vehicles or uniforms to detect.detectors.")


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
