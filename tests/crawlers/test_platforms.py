"""Which platforms may be used (guardrail G9)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from crawlers.platform import Manifest
from crawlers.platforms import REVIEW_HOLDS, platform_of, require_usable
from crawlers.tokens import VARIABLE
from footprint.errors import BadInput, NotPermitted
from footprint.plugins import names
from footprint.settings import Crawl

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TODAY = NOW.date()
ON = Crawl(enabled=True)


def manifest(reviewed_on: date = TODAY, token: str = "none") -> Manifest:
    return Manifest(
        name="board", title="Board", reads="posts", authority="public API", terms_url="https://board.example/terms",
        terms_reviewed_on=reviewed_on, token=token, requests_per_minute=60,
    )  # fmt: skip


@pytest.mark.parametrize("age", [timedelta(0), REVIEW_HOLDS])
def test_reviewed_platform_may_be_used(age: timedelta) -> None:
    """A review holds up to and including its last day."""
    require_usable(manifest(TODAY - age), ON, NOW)


def test_platform_whose_review_is_too_old_refuses() -> None:
    """A day later a person has to read the terms again; the error names them."""
    with pytest.raises(NotPermitted, match=r"https://board\.example/terms"):
        require_usable(manifest(TODAY - REVIEW_HOLDS - timedelta(days=1)), ON, NOW)


def test_platform_that_needs_a_token_refuses_without(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a token is required there is no crawl without one for the platform's own API."""
    needy = replace(manifest(token="required"), api_hosts=("api.board.example",))
    monkeypatch.setenv(VARIABLE, '{"api.other.example": "hush"}')
    with pytest.raises(NotPermitted, match=r"api\.board\.example into crawl\.tokens_file"):
        require_usable(needy, ON, NOW)
    monkeypatch.setenv(VARIABLE, '{"api.board.example": "hush"}')
    require_usable(needy, ON, NOW)


def test_unknown_platform_lists_those_there_are() -> None:
    """A typo is answered with the names."""
    with pytest.raises(BadInput, match="mastodon"):
        platform_of("mastodn")


@pytest.mark.parametrize("name", names("crawlers.spiders", offers="MANIFEST"))
def test_manifest_bears_its_modules_name(name: str) -> None:
    """Name of the module, of its manifest and of its spider are one word."""
    assert platform_of(name).MANIFEST.name == name
