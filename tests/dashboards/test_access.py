"""Who may see which finding, and how much of where it stands."""

from datetime import datetime, timedelta

import pytest

from dashboards.access import blind_facet, may_see, shown_decisions, shown_state, within_sight
from footprint.errors import BadInput
from footprint.query import Query, Term
from footprint.reviews import FindingState, ReviewDecision, Verdict
from footprint.users import Role, User

ALL = frozenset(FindingState)
BUT_COUNSEL = ALL - {FindingState.WITH_COUNSEL}
NOON = datetime.fromisoformat("2026-05-01T12:00:00+00:00")


def _user(*roles: Role, registrant_id: str | None = None, name: str = "rosa") -> User:
    return User(id="u", name=name, roles=roles, password_hash="h", registrant_id=registrant_id, created_at=NOON)


def _said(*verdicts: tuple[str, Verdict]) -> tuple[ReviewDecision, ...]:
    return tuple(
        ReviewDecision(
            id=f"{number}", finding_id="f", reviewer=name, verdict=verdict, decided_at=NOON + timedelta(minutes=number)
        )
        for number, (name, verdict) in enumerate(verdicts)
    )


@pytest.mark.parametrize(
    ("user", "seen"),
    [
        (_user(Role.REVIEWER), BUT_COUNSEL),
        (_user(Role.REVIEWER, registrant_id="R-1"), frozenset()),
        (_user(Role.REVIEWER, Role.EMPLOYEE, registrant_id="R-1"), {FindingState.CONFIRMED}),
        (_user(Role.REVIEWER, Role.EMPLOYEE, registrant_id="R-2"), BUT_COUNSEL),
        (_user(Role.CHIEF), {FindingState.CONFIRMED}),
        (_user(Role.EMPLOYEE, registrant_id="R-1"), {FindingState.CONFIRMED}),
        (_user(Role.EMPLOYEE, registrant_id="R-2"), frozenset()),
        (_user(Role.EMPLOYEE), frozenset()),
        (_user(Role.AUDITOR), frozenset()),
        (_user(Role.ADMINISTRATOR), frozenset()),
        (_user(Role.REGISTRAR), frozenset()),
    ],
)
def test_each_role_sees_findings_in_its_states_only(user: User, seen: frozenset[FindingState]) -> None:
    """What is with counsel is nobody's (G13); one's own is not one's to review (G16); auditors and administrators see none (G25)."""
    assert {state for state in FindingState if may_see(user, state, "R-1")} == seen


def test_the_chief_s_search_is_for_what_was_confirmed() -> None:
    """Whatever the Chief asks for, the rest stays out."""
    asked = Query(terms=(Term(field="kind", values=("patch",)),))
    assert Term(field="state", values=("confirmed",)) in within_sight(asked, _user(Role.CHIEF)).terms


def test_a_reviewer_s_search_leaves_out_their_own() -> None:
    """Nobody finds what is about themselves."""
    own = within_sight(Query(), _user(Role.REVIEWER, registrant_id="R-1"))
    assert own.terms == (Term(field="registrant_id", values=("R-1",), negated=True),)


@pytest.mark.parametrize("value", ["open", "second_review"])
@pytest.mark.parametrize("negated", [True, False])
def test_no_search_tells_a_first_verdict(value: str, negated: bool) -> None:
    """For a reviewer "open" and "second review" are asked for together, whichever is typed (G16)."""
    asked = Query(terms=(Term(field="state", values=(value, "dismissed"), negated=negated),))
    (term,) = within_sight(asked, _user(Role.REVIEWER)).terms
    assert term == Term(field="state", values=("dismissed", "open", "second_review"), negated=negated)


def test_nobody_else_searches() -> None:
    """A search without a scope would be a search without bounds."""
    with pytest.raises(BadInput, match="reviewers and the chief"):
        within_sight(Query(), _user(Role.AUDITOR))


def test_counts_by_state_are_blind_too() -> None:
    """What waits is one number."""
    assert blind_facet({"open": 3, "second_review": 2, "dismissed": 1}) == {"open": 5, "dismissed": 1}
    assert blind_facet({"dismissed": 1}) == {"dismissed": 1}


CONFIRMED_ONCE = _said(("theo", Verdict.CONFIRMED))
DISPUTED = _said(("theo", Verdict.CONFIRMED), ("rosa", Verdict.NOT_DEPARTMENT_MATERIAL))


@pytest.mark.parametrize(
    ("name", "decisions", "state", "known"),
    [
        ("rosa", CONFIRMED_ONCE, FindingState.OPEN, []),
        ("theo", CONFIRMED_ONCE, FindingState.SECOND_REVIEW, ["theo"]),
        ("rosa", DISPUTED, FindingState.INSUFFICIENT, ["theo", "rosa"]),
        ("nora", DISPUTED, FindingState.INSUFFICIENT, []),
        (
            "nora",
            _said(("theo", Verdict.CONFIRMED), ("rosa", Verdict.CONFIRMED)),
            FindingState.CONFIRMED,
            ["theo", "rosa"],
        ),
        ("nora", _said(("theo", Verdict.INSUFFICIENT)), FindingState.INSUFFICIENT, []),
        ("rosa", _said(("theo", Verdict.PERMITTED)), FindingState.PERMITTED, ["theo"]),
    ],
)
def test_a_second_reviewer_knows_of_no_first(
    name: str, decisions: tuple[ReviewDecision, ...], state: FindingState, known: list[str]
) -> None:
    """Until a finding is settled, a reviewer knows their own verdict, and another's only once both have decided (G16)."""
    user = _user(Role.REVIEWER, name=name)
    assert shown_state(user, decisions) is state
    assert [decision.reviewer for decision in shown_decisions(user, decisions)] == known
