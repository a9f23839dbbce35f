"""`footprint capture`: what a person may not have fetched is refused before anything is asked."""

from collections.abc import Callable
from pathlib import Path

import pytest

from footprint.audit import AuditEvent
from footprint.coverage import Run
from footprint.store.record import open_record

Footprint = Callable[..., tuple[int, str, str]]

PAGE = "https://social.example/@dana/1"
WHY = ("--reason", "A resident sent this address.")
DANA = ("--account", "mastodon:dana@social.example")


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("https://other.example/1", *DANA, *WHY, "--as", "ines"), 3, "no address on social.example"),
        (("file:///etc/passwd", *DANA, *WHY, "--as", "ines"), 3, "no address on social.example"),
        ((PAGE, "--account", "mastodon:eve@social.example", *WHY, "--as", "ines"), 3, "no account"),
        ((PAGE, *DANA, "--reason", "so", "--as", "ines"), 3, "Say why"),
        ((PAGE, *DANA, *WHY, "--as", "vera"), 4, "takes a registrar or reviewer"),
    ],
)
def test_what_may_not_be_fetched_is_refused(
    words: tuple[str, ...], code: int, says: str, department: Footprint, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Another host, an account that is none, no reason, or a role that may not: one line with the mend, nothing recorded."""
    monkeypatch.setenv("FOOTPRINT_CRAWL__ENABLED", "true")
    monkeypatch.setenv("FOOTPRINT_CRAWL__CONTACT_URL", "https://city.example/crawler")
    record = open_record(f"sqlite:///{tmp_path / 'var/record.db'}")
    events = record.count(AuditEvent)
    ended, _, err = department("capture", *words)
    assert (ended, says in err) == (code, True), err
    assert (record.count(AuditEvent), record.count(Run)) == (events, 0)
    record.close()


@pytest.mark.parametrize(
    ("url", "code", "says"),
    [
        ("https://youtube.googleapis.com/youtube/v3/videos?id=a1", 4, "needs an API token"),
        ("https://www.youtube.com/watch?v=a1", 4, "needs an API token"),
        ("https://googleapis.com/youtube/v3/videos", 3, "no address on www.youtube.com or youtube.googleapis.com"),
    ],
)
def test_address_of_the_platforms_api_may_be_named(
    url: str, code: int, says: str, department: Footprint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hosts are the account's own and those that its platform's manifest names, and the platform's other rules hold there."""
    monkeypatch.setenv("FOOTPRINT_CRAWL__ENABLED", "true")
    monkeypatch.setenv("FOOTPRINT_CRAWL__CONTACT_URL", "https://city.example/crawler")
    channel = "https://www.youtube.com/@dana-reed"
    registered = (
        "account", "add", "youtube", channel, "--registrant", "R-1", "--role", "employee", "--basis", "consent", "--document",
        "consent.txt", "--expires", "2100-01-01", "--as", "ines",
    )  # fmt: skip
    ended, _, err = department(*registered)
    assert ended == 0, err
    ended, _, err = department("capture", url, "--account", "youtube:@dana-reed", *WHY, "--as", "ines")
    assert (ended, says in err) == (code, True), err


def test_nothing_is_captured_while_crawling_is_off(department: Footprint) -> None:
    """The switch holds for what people ask for by hand, too."""
    code, _, err = department("capture", PAGE, *DANA, *WHY, "--as", "ines")
    assert (code, "switched off" in err) == (4, True), err
