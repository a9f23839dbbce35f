"""The audit log, as the auditor reads it."""

import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from dashboards.audit import LOOK_UPS, Hunting, hunting
from footprint.audit import AuditEvent
from footprint.ports import Record


def _event(actor: str, action: str, subject: str, **detail: Any) -> AuditEvent:
    return AuditEvent(
        sequence=1, at=datetime.fromisoformat("2026-05-01T12:00:00+00:00"), actor=actor, action=action, subject=subject, purpose="",
        detail=detail, previous="", digest="",
    )  # fmt: skip


REVEAL = _event("rosa", "identity.revealed", "R-1")
SEARCH = _event("rosa", "findings.searched", "search", registrants=["R-1"])
ACCOUNT = _event("ines", "account.viewed", "forum:x", registrants=["R-1"])


@pytest.mark.parametrize(
    ("events", "found"),
    [
        ([REVEAL] * (LOOK_UPS - 1), ()),
        ([REVEAL] * 3 + [SEARCH] * 2, (Hunting(actor="rosa", registrant_id="R-1", times=5),)),
        (
            [ACCOUNT] * 6 + [SEARCH] * 5,
            (Hunting(actor="ines", registrant_id="R-1", times=6), Hunting(actor="rosa", registrant_id="R-1", times=5)),
        ),
        ([REVEAL] * 3 + [_event("theo", "identity.revealed", "R-1")] * 3, ()),
        ([_event("rosa", "finding.viewed", "f")] * 50, ()),
        ([_event("rosa", "findings.searched", "search", registrants=[])] * 50, ()),
    ],
)
def test_who_looks_one_registrant_up_again_and_again_is_named(
    events: list[AuditEvent], found: tuple[Hunting, ...]
) -> None:
    """Look-ups of one registrant by one person count together; reviewing what waits does not (G26)."""
    assert hunting(events) == found


def test_the_auditor_is_told_of_hunting(signed_in: Callable[[str], Any]) -> None:
    """On the first page and on the log, with a link to the acts (G26)."""
    ines, vera = signed_in("ines"), signed_in("vera")
    for _ in range(LOOK_UPS):
        ines.get("/accounts/forum:ben")
    for path in ("/", "/audit"):
        page = vera.get(path).text
        assert "looked" in page
        assert "R-0102" in page
        assert 'href="/audit?actor=ines"' in page


def test_the_log_shows_who_did_what_and_why(signed_in: Callable[[str], Any], town: Any) -> None:
    """The latest first, with purpose and detail."""
    rosa = signed_in("rosa")
    rosa.send(f"/findings/{town.findings['fair shoulder-patch-2019']}/reveal", reason="to write the notice")
    page = signed_in("vera").get("/audit").text
    assert "to write the notice" in page
    assert page.index("<td>audit.viewed") < page.index("<td>identity.revealed") < page.index("<td>finding.decided")


@pytest.mark.parametrize(
    ("query", "inside", "outside"),
    [
        ("actor=theo", "<td>theo</td>", "<td>ines</td>"),
        ("action=finding.decided", "<td>finding.decided</td>", "<td>permission.granted</td>"),
        ("from=2026-03-01&to=2026-03-31", "<td>permission.granted</td>", "<td>finding.decided</td>"),
    ],
)
def test_the_log_is_narrowed(query: str, inside: str, outside: str, signed_in: Callable[[str], Any]) -> None:
    """By person, by act, and by days."""
    page = signed_in("vera").get(f"/audit?{query}").text
    assert inside in page
    assert outside not in page


@pytest.mark.parametrize("query", ["from=yesterday", "from=2026-05-02&to=2026-05-01"])
def test_days_that_cannot_be_are_refused(query: str, signed_in: Callable[[str], Any]) -> None:
    """In words."""
    assert signed_in("vera").get(f"/audit?{query}").status_code == 422


def test_the_log_comes_in_pages(signed_in: Callable[[str], Any], record: Record, clock: Any) -> None:
    """A hundred at a time; no number asked for breaks it."""
    with record.transaction() as tx:
        for number in range(250):
            tx.audit(at=clock(), actor="system", action="test.done", subject=f"number {number}")
    clock.pass_by(timedelta(minutes=1))
    vera = signed_in("vera")
    first, second = (vera.get(f"/audit?action=test.done&offset={offset}").text for offset in ("0", "100"))
    assert "250 events, 1 to 100" in first
    assert "number 249<" in first
    assert "number 149<" in second
    assert "number 249<" not in second
    assert vera.get("/audit?offset=99999999999999999999").status_code == 200


def test_the_chain_is_checked_on_demand(signed_in: Callable[[str], Any]) -> None:
    """Before, the page does not claim it; after, it says when."""
    vera = signed_in("vera")
    assert "was not checked since this process began" in vera.get("/audit").text
    assert "Intact" in vera.follow(vera.get("/audit/verification")).text


def test_a_broken_chain_is_found(signed_in: Callable[[str], Any], town: Any) -> None:
    """Who changes the record behind our back is found out, with the place (G23)."""
    with sqlite3.connect(town.folder / "record.db") as behind:
        tables = [
            name
            for (name,) in behind.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE '%audit%'")
        ]
        for (trigger,) in behind.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            behind.execute(f"DROP TRIGGER {trigger}")
        behind.execute(f"UPDATE {tables[0]} SET actor = 'nobody' WHERE sequence = 7")
    vera = signed_in("vera")
    page = vera.follow(vera.get("/audit/verification")).text
    assert "The chain breaks at event 7" in page
