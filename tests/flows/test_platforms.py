"""`footprint platforms`: how each stands, and what people say of one as a whole."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from flows import scan
from flows.wiring import House, wired
from footprint import plugins
from footprint.accounts import Account
from footprint.audit import AuditEvent
from footprint.clearances import REVIEW_HOLDS
from footprint.coverage import CoverageEntry, Outcome
from footprint.settings import read

Footprint = Callable[..., tuple[int, str, str]]
LATER = datetime(2030, 1, 1, tzinfo=UTC)


def test_every_platform_is_listed(department: Footprint) -> None:
    """One object for each, with what an operator must know of it."""
    code, out, err = department("platforms", "--json")
    assert code == 0, err
    rows = {row["name"]: row for row in json.loads(out)}
    assert tuple(rows) == plugins.names("crawlers.spiders", offers="MANIFEST")
    for row in rows.values():
        due = date.fromisoformat(row["terms_reviewed_on"]) + REVIEW_HOLDS
        assert row["review_due_on"] == str(due)
        assert row["state"] in ("usable", "token missing", "approval missing", "review expired")
        assert row["reads"]
        assert row["authority"]
    assert (rows["mastodon"]["healthy"], rows["mastodon"]["last_yield"]) == (None, None)


def test_a_renewal_is_recorded(department: Footprint) -> None:
    """It names who read the terms, and the next list shows it."""
    words = ("platforms", "renew", "mastodon", "--as", "ines", "--reason")
    assert department(*words, "Read the terms: nothing changed.")[0] == 0
    row = next(r for r in json.loads(department("platforms", "--json")[1]) if r["name"] == "mastodon")
    assert (row["reviewed_by"], row["terms_reviewed_on"]) == ("ines", str(datetime.now(UTC).date()))
    code, _, err = department(*words, "ok")
    assert (code, "Say what you read" in err) == (3, True)


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("renew", "myspace", "--as", "ines", "--reason", "Read it, nothing changed."), 3, "There is: "),
        (("renew", "mastodon", "--as", "rosa", "--reason", "Read it, nothing changed."), 4, "takes a registrar"),
        (("approve", "mastodon", "--as", "ines", "--document", "consent.txt"), 4, "takes a chief"),
        (("approve", "mastodon", "--as", "chief", "--document", "none.pdf"), 3, "none.pdf cannot be read"),
    ],
)
def test_what_is_not_theirs_to_say_is_refused(
    words: tuple[str, ...], code: int, says: str, department: Footprint
) -> None:
    """An unknown platform, a role that may not, a document that is not there."""
    ended, _, err = department("platforms", *words)
    assert (ended, says in err) == (code, True), err


def test_an_approval_is_on_file(department: Footprint) -> None:
    """The document is kept, and filing it twice is refused."""
    words = ("platforms", "approve", "mastodon", "--as", "chief", "--document", "consent.txt")
    assert department(*words)[0] == 0
    row = next(r for r in json.loads(department("platforms", "--json")[1]) if r["name"] == "mastodon")
    assert row["approval_on_file"] is True
    assert "on file already" in department(*words)[2]


@pytest.fixture
def house_later(department: Footprint, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[House]:
    """The department's house years later, with crawling on: every review that is shipped has expired."""
    monkeypatch.setenv("FOOTPRINT_CRAWL__ENABLED", "true")
    monkeypatch.setenv("FOOTPRINT_CRAWL__CONTACT_URL", "https://city.example/crawler")
    monkeypatch.setattr(scan, "now", lambda: LATER)
    with wired(read(tmp_path / "footprint.toml")) as house:
        yield house


def test_an_expired_review_is_a_refusal_in_plan_audit_and_coverage(house_later: House) -> None:
    """The plan of a scan says so, nothing is asked, and the coverage shows the account as not looked at."""
    house = house_later
    (account,) = house.record.select(Account)
    why = scan.unusable(house, account)
    assert "footprint platforms renew mastodon" in why
    assert [row["authority"] for row in scan.planned(house, None)] == [f"not read: {why}"]
    run = scan.begin(house, "schedule", {account.id: why})
    scan.leave_out(house, run, {account.id: why})
    (entry,) = house.record.select(CoverageEntry)
    assert (entry.outcome, entry.account_id) == (Outcome.ERROR, account.id)
    assert "last reviewed" in entry.detail
    assert [event.subject for event in house.record.select(AuditEvent, action="account.refused")] == [account.id]
