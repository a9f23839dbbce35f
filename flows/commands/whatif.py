"""`footprint identifier whatif` and `threshold`: what a change would have done, and the threshold that people agree on."""

import json
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Annotated

import typer

from detectors.detector import Reference
from flows import trying
from flows.bar import bar
from flows.commands.context import As, Config, Json, acting, bytes_of, house, plain
from flows.commands.exemplars import mime_of
from flows.commands.identifiers import IdentifierId
from flows.wiring import House, now
from footprint.acts import thresholds as acts
from footprint.acts.authority import require
from footprint.bank_trials import rate_of
from footprint.digests import digest, sha256
from footprint.errors import BadInput
from footprint.identifiers import Exemplar, Identifier, Polarity
from footprint.ports import Between
from footprint.users import Role, User
from footprint.whatif import Change, WhatIf, threshold_of

MOST_TOLD = 20
"""Findings and pictures that are named; `--json` has all."""


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
    exemplar: Annotated[
        list[Path] | None, typer.Option(help="A picture to try as an exemplar; repeatable. Looks again.")
    ] = None,
    look_alike: Annotated[
        list[Path] | None, typer.Option(help="A picture to try as a look-alike; repeatable. Looks again.")
    ] = None,
    again: Annotated[
        bool,
        typer.Option("--again", help="Look again, by detectors and settings as they are now, at what is still held."),
    ] = False,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Say what a threshold, other exemplars or other settings would have changed. Fetches nothing."""
    with house(config) as opened:
        user, at = acting(opened.record, actor), now()
        named = [(file, Polarity.POSITIVE) for file in exemplar or ()]
        named += [(file, Polarity.LOOK_ALIKE) for file in look_alike or ()]
        change = Change(
            threshold=threshold_of(opened.record, identifier_id) if threshold is None else threshold,
            without=tuple(sorted(set(without or ()))),
            detectors=tuple(sorted({name.strip() for name in detectors.split(",") if name.strip()})),
            adding=tuple(file.name for file, _ in named),
            is_anew=again or bool(named),
        )
        acts.require_askable(opened.record, identifier_id, change, weeks=weeks, actor=user)
        anew = None
        if change.is_anew:
            adding = [_tried_reference(opened, identifier_id, file, polarity, user, at) for file, polarity in named]
            with bar() as progress:
                span = Between(at - timedelta(weeks=weeks), at)
                anew = trying.again(opened, identifier_id, change, span, adding, progress)
        tried = acts.try_out(opened.record, identifier_id, change, weeks=weeks, actor=user, at=at, anew=anew)
    if as_json:
        print(json.dumps(plain(tried), ensure_ascii=False))
        return
    _tell(tried)


def _tried_reference(
    opened: House, identifier_id: str, file: Path, polarity: Polarity, actor: User, at: datetime
) -> Reference:
    """A picture as if it were an exemplar; nothing is kept of it."""
    identifier = opened.record.get(Identifier, identifier_id)
    assert identifier is not None
    data = bytes_of(file)
    exemplar = Exemplar(
        id=digest(identifier_id, sha256(data)),
        identifier_id=identifier_id,
        sha256=sha256(data),
        mime=mime_of(opened, file.name, data),
        polarity=polarity,
        label=file.stem,
        added_by=actor.name,
        added_at=at,
    )
    return Reference(exemplar=exemplar, identifier=identifier, data=data)


def _tell(tried: WhatIf) -> None:
    print(tried.sentence)
    print(tried.false_alarm_words)
    if tried.bank is not None:
        print(tried.bank.words(tried.change.threshold))
    for lost in tried.lost[:MOST_TOLD]:
        print(f"  {lost.state.value.replace('_', ' ')}: finding {lost.finding_id}, probability {lost.probability:.2f}")
    if len(tried.lost) > MOST_TOLD:
        print(f"  and {len(tried.lost) - MOST_TOLD} more; --json names them all")
    print(
        f"Claims of {', '.join(tried.versions) or 'no detector'}; the threshold in force is {tried.threshold_before:g}."
    )
    for sentence in tried.unknown:
        print(f"Not known: {sentence}")


def threshold(
    identifier_id: IdentifierId,
    actor: As,
    value: Annotated[
        float | None, typer.Argument(help="Least probability of a claim that becomes a finding.", show_default=False)
    ] = None,
    reason: Annotated[str, typer.Option(help="Why; kept in the audit log.")] = "",
    approve: Annotated[bool, typer.Option("--approve", help="Approve what another person proposed.")] = False,
    false_alarms: Annotated[
        str,
        typer.Option(help="In place of a value: the least at which so many pictures of the bank are mistaken: 1/400."),
    ] = "",
    weeks: Annotated[int, typer.Option(help="With --false-alarms: weeks that are asked about, as of `whatif`.")] = 8,
    config: Config = None,
) -> None:
    """Propose a threshold that `whatif` was asked about, or by a rate of false alarms, or approve what another person proposed."""
    if (value is None) is not bool(false_alarms) or (approve and value is None):
        raise BadInput("Give a threshold such as 0.8, or else a rate such as --false-alarms 1/400.")
    with house(config) as opened:
        user = acting(opened.record, actor)
        if value is None:
            value = _calibrated(opened, identifier_id, rate_of(false_alarms), weeks, user)
            reason = reason or f"at most {false_alarms} false alarms on the bank"
            if value == threshold_of(opened.record, identifier_id):
                print(f"{value:g} is the threshold already; nothing is proposed.")
                return
        if approve:
            acts.approve(opened.record, identifier_id, value, actor=user, at=now())
            print(f"The threshold of {identifier_id} is {value:g} from the next scan on.")
            return
        acts.propose(opened.record, identifier_id, value, actor=user, at=now(), reason=reason)
    print(f"{value:g} is proposed. Another registrar or the chief approves it:")
    print(f"footprint identifier threshold {identifier_id} {value:g} --approve --as NAME")


def _calibrated(opened: House, identifier_id: str, rate: Fraction, weeks: int, user: User) -> float:
    """The threshold for a rate of false alarms, tried on bank and record; says what each answered."""
    require(user, Role.REGISTRAR)
    if opened.record.get(Identifier, identifier_id) is None:
        raise BadInput(f"There is no identifier {identifier_id}. `footprint identifier list` shows them.")
    with bar() as progress:
        trial = trying.on_bank(opened, identifier_id, rate, progress)
    value = trial.threshold(rate)
    tried = acts.try_out(
        opened.record,
        identifier_id,
        Change(threshold=value),
        weeks=weeks,
        actor=user,
        at=now(),
        bank=trial,
    )
    for claimed in trial.claimed[:MOST_TOLD]:
        print(f"  mistaken: {claimed.picture}, probability {claimed.probability:.3f}")
    if trial.unseen:
        print(f"{trial.unseen} pictures of the bank could not be looked at.")
    _tell(tried)
    return value
