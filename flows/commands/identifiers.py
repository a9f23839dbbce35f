"""`footprint identifier`: what is to be found, and what it is worth."""

from typing import Annotated, Any

import typer

from flows.commands.context import As, Config, Json, acting, house, moment, show
from flows.wiring import now
from footprint.acts import identifiers as acts
from footprint.errors import BadInput
from footprint.identifiers import Exemplar, ExemplarEvent, Identifier, Kind, Polarity, enabled
from footprint.precision import measured
from footprint.thresholds import ThresholdApproval, ThresholdProposal, history, in_force, pending
from footprint.whatif import WhatIf

identifiers = typer.Typer(
    no_args_is_help=True, help="What identifies the Department: patches, badges, liveries, pictures."
)

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
        versions = history(proposals, approvals).get(identifier_id, ())
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
            for t in versions
        ]
        rows += [
            {
                "what": f"false alarms at version {t.version}",
                "is": bank.words(t.value),
                "by": f"trial of {', '.join(bank.versions)}",
                "at": t.proposal.proposed_at,
            }
            for t in versions
            if (tried := record.get(WhatIf, t.proposal.what_if_id)) and (bank := tried.bank)
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
