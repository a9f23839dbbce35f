"""Which platforms may be used (guardrail G9)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from crawlers.platform import Manifest
from crawlers.platforms import platform_of, require_usable, review_of
from crawlers.token_file import VARIABLE
from footprint.acts import platforms as acts
from footprint.clearances import REVIEW_HOLDS
from footprint.errors import BadInput, NotPermitted
from footprint.plugins import names
from footprint.ports import Blobs, Record
from footprint.settings import Crawl
from footprint.users import User

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TODAY = NOW.date()
ON = Crawl(enabled=True)


def manifest(reviewed_on: date = TODAY, token: str = "none", *, needs_approval: bool = False) -> Manifest:
    return Manifest(
        name="board", title="Board", reads="posts", authority="public API", terms_url="https://board.example/terms",
        terms_reviewed_on=reviewed_on, token=token, requests_per_minute=60,
        needs_approval=needs_approval,
    )  # fmt: skip


@pytest.mark.parametrize("age", [timedelta(0), REVIEW_HOLDS])
def test_reviewed_platform_may_be_used(age: timedelta, record: Record) -> None:
    """A review holds up to and including its last day."""
    reviewed = manifest(TODAY - age)
    require_usable(reviewed, ON, NOW, record)
    assert review_of(record, reviewed).holds(NOW)


def test_platform_whose_review_is_too_old_refuses(record: Record) -> None:
    """A day later a person has to read the terms again; the error names them."""
    with pytest.raises(NotPermitted, match=r"https://board\.example/terms"):
        require_usable(manifest(TODAY - REVIEW_HOLDS - timedelta(days=1)), ON, NOW, record)


def test_platform_that_needs_a_token_refuses_without(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a token is required there is no crawl without one for the platform's own API."""
    needy = replace(manifest(token="required"), api_hosts=("api.board.example",))
    monkeypatch.setenv(VARIABLE, '{"api.other.example": "hush"}')
    with pytest.raises(NotPermitted, match=r"api\.board\.example into crawl\.tokens_file"):
        require_usable(needy, ON, NOW, record)
    monkeypatch.setenv(VARIABLE, '{"api.board.example": "hush"}')
    require_usable(needy, ON, NOW, record)


def test_account_that_only_an_export_tells_of_is_not_crawled(record: Record) -> None:
    """The error says what to do in place of that; other accounts of the platform are read."""
    network = replace(manifest(), export_only="in/")
    with pytest.raises(NotPermitted, match="footprint import FILE"):
        require_usable(network, ON, NOW, record, native_id="in/dana-reed")
    require_usable(network, ON, NOW, record, native_id="town-police")


@pytest.mark.parametrize(
    ("platform", "address", "native_id"),
    [
        ("linkedin", "https://www.linkedin.com/company/Town-PD/posts/", "town-pd"),
        ("linkedin", "https://www.linkedin.com/in/Dana-Reed-123/", "in/dana-reed-123"),
        ("facebook", "https://www.facebook.com/TownPD", "townpd"),
        ("facebook", "https://www.facebook.com/profile.php?id=100012345&sk=about", "100012345"),
        ("facebook", "https://www.facebook.com/people/Dana-Reed/100012345/", "100012345"),
        ("instagram", "https://www.instagram.com/Dana.Reed/", "dana.reed"),
    ],
)
def test_profiles_of_persons_can_be_registered(platform: str, address: str, native_id: str) -> None:
    """So that their holders' exports can be imported; a person is told from a page of the same name where addresses do."""
    assert platform_of(platform).native_id(address) == native_id


def test_a_person_renews_a_review(record: Record, person: Callable[[str], User]) -> None:
    """Once somebody of the Department read the terms again, the platform may be read for another 180 days, and no longer."""
    old = manifest(TODAY - REVIEW_HOLDS - timedelta(days=1))
    acts.renew_review(record, "board", actor=person("ines"), at=NOW, reason="Read the terms: no change since.")
    require_usable(old, ON, NOW + REVIEW_HOLDS, record)
    with pytest.raises(NotPermitted, match="footprint platforms renew board"):
        require_usable(old, ON, NOW + REVIEW_HOLDS + timedelta(days=1), record)


def test_a_renewal_is_for_one_platform(record: Record, person: Callable[[str], User]) -> None:
    """Who read the terms of one platform said nothing of another."""
    acts.renew_review(record, "other", actor=person("ines"), at=NOW, reason="Read the terms: no change since.")
    with pytest.raises(NotPermitted):
        require_usable(manifest(TODAY - REVIEW_HOLDS - timedelta(days=1)), ON, NOW, record)


def test_platform_whose_terms_ask_for_approval_refuses_without(
    record: Record, blobs: Blobs, person: Callable[[str], User]
) -> None:
    """It stays off until the written approval is on file."""
    asks = manifest(needs_approval=True)
    with pytest.raises(NotPermitted, match="footprint platforms approve board"):
        require_usable(asks, ON, NOW, record)
    acts.file_approval(record, blobs, "board", b"We approve.", actor=person("chief"), at=NOW)
    require_usable(asks, ON, NOW, record)


def test_platform_that_costs_refuses_without_money(record: Record) -> None:
    """Nobody is billed for having switched a platform on; the error names the price and the setting."""
    dear = replace(manifest(), usd_per_post=0.005)
    with pytest.raises(NotPermitted, match=r"0\.005 USD.*`monthly_usd`"):
        require_usable(dear, ON, NOW, record)
    require_usable(dear, Crawl(enabled=True, monthly_usd=1), NOW, record)


def test_unknown_platform_lists_those_there_are() -> None:
    """A typo is answered with the names."""
    with pytest.raises(BadInput, match="mastodon"):
        platform_of("mastodn")


@pytest.mark.parametrize("name", names("crawlers.spiders", offers="MANIFEST"))
def test_manifest_bears_its_modules_name(name: str) -> None:
    """Name of the module, of its manifest and of its spider are one word."""
    assert platform_of(name).MANIFEST.name == name
