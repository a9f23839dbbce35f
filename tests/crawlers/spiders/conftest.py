"""What the tests of all platforms share: the cases, a registered account, and pages as the engine hands them over."""

import re
import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from crawlers.platform import Page, PageRequest, Platform
from crawlers.platforms import platform_of
from crawlers.sitemaps import Listed
from crawlers.sites import SITES
from footprint.accounts import Account, AccountRole, Basis, account_id
from footprint.errors import BadInput
from footprint.posts import ObservedPost

CASES = Path(__file__).parents[2] / "cases"
START = datetime(2026, 1, 1, tzinfo=UTC)


def register(platform: Platform, address: str) -> Account:
    native_id = platform.native_id(address)
    return Account(
        id=account_id(platform.MANIFEST.name, native_id),
        platform=platform.MANIFEST.name,
        native_id=native_id,
        address=address,
        registrant_id="R-0001",
        role=AccountRole.EMPLOYEE,
        basis=Basis.CONSENT,
        document_sha256="0" * 64,
        registered_by="ines",
        registered_at=START,
        expires_at=START.replace(year=2027),
    )


def parse(case: Path, body: bytes | None = None) -> list[ObservedPost]:
    arguments: dict[str, Any] = tomllib.loads((case / "case.toml").read_text(encoding="utf-8"))
    if "listed" in arguments:
        arguments["listed"] = Listed(**arguments["listed"])
    if "site" in arguments:
        arguments["site"] = SITES.validate_python({"board": arguments["site"]})["board"]
    content = next(case.glob("input.*")).read_bytes() if body is None else body
    return cast(Any, platform_of(case.parent.name)).parse_posts(content, **arguments)


@pytest.fixture
def account_at() -> Callable[[Platform, str], Account]:
    """Registers an account at an address."""
    return register


@pytest.fixture
def example() -> Callable[[str], Account]:
    """The account at the address that a platform gives as its example."""

    def example_of(name: str) -> Account:
        platform = platform_of(name)
        with pytest.raises(BadInput) as refusal:
            platform.native_id("no address")
        found = re.search(r"https?://[^\s']+", str(refusal.value))
        assert found, f"{name} gives no example: {refusal.value}"
        return register(platform, found[0].rstrip("."))

    return example_of


@pytest.fixture
def parse_case() -> Callable[..., list[ObservedPost]]:
    """Runs a platform's parser over a case, or over another body in its place."""
    return parse


@pytest.fixture
def answer() -> Callable[..., Page]:
    """The page that answers a request."""

    def answer_to(request: PageRequest, body: bytes | str = b"", *, status: int = 200, **headers: str) -> Page:
        content = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Page(request=request, url=request.url, status=status, headers=named, body=content)

    return answer_to


@pytest.fixture
def as_author() -> Callable[[Account, str], Account]:
    """The account with an author's name: one of several people at an address."""
    return lambda account, name: replace(account, author=name)
