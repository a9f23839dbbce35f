"""An official token goes to its own host, and nowhere else; nothing else signs anybody in."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request

from crawlers.platforms import platform_of
from crawlers.token_file import Signed, read_tokens, tokens_of
from crawlers.tokens import IS_IN_ADDRESS, Tokens, governed
from footprint.errors import BadConfiguration

TOKENS = Tokens({"social.example": "hush", "127.0.0.1:8000": "own"})


def sent(url: str) -> bytes | None:
    request = Request(url, headers={"Authorization": "Bearer of another host"})
    TOKENS.process_request(request)
    return request.headers.get("Authorization")


@pytest.mark.parametrize(
    ("url", "header"),
    [
        ("https://social.example/api", b"Bearer hush"),
        ("http://127.0.0.1:8000/api", b"Bearer own"),
        ("http://social.example/api", None),
        ("https://media.social.example/a.png", None),
        ("https://other.example/", None),
        ("http://127.0.0.1:8001/api", None),
    ],
)
def test_token_is_sent_to_its_host_only(url: str, header: bytes | None) -> None:
    """Not in the clear, not to a sister host, and no other's survives a redirect."""
    assert sent(url) == header


def test_a_key_goes_into_its_header() -> None:
    """Some APIs take a key in a header of their own, as it stands."""
    request = Request("https://social.example/api")
    Tokens({"social.example": "hush"}, "X-Key").process_request(request)
    assert (request.headers.get("X-Key"), request.headers.get("Authorization")) == (b"hush", None)


def test_a_key_goes_into_the_address_last() -> None:
    """Where an API takes a key as a parameter only, the request is made anew with it, once, and marked."""
    tokens = Tokens({"social.example": "hush"}, "?api_key")
    asked = tokens.process_request(Request("https://social.example/api?page=2"))
    assert asked is not None
    assert (asked.url, asked.meta[IS_IN_ADDRESS]) == ("https://social.example/api?page=2&api_key=hush", True)
    assert tokens.process_request(asked) is None
    assert tokens.process_request(Request("https://other.example/api")) is None


@pytest.mark.parametrize(
    ("url", "then"),
    [
        ("https://blog.example/api/posts?limit=5", "https://blog.example/api/posts?limit=5&key=hush"),
        ("https://blog.example/api/posts?key=hush", None),
        ("https://blog.example/api/posts?key=of-another", "https://blog.example/api/posts?key=hush"),
        ("https://blog.example/car.jpg", None),
        ("http://blog.example/api/posts", None),
        ("https://other.example/api/posts", None),
    ],
)
def test_token_in_the_address(url: str, then: str | None) -> None:
    """Where a platform wants the token as a parameter, it goes to its API and to no other address, in place of any other."""
    request = Tokens({"blog.example": "hush"}, "?key", "/api/").process_request(Request(url))
    assert (request.url if request else None) == then


def test_the_proof_of_an_apps_secret_goes_into_the_address_beside_the_token() -> None:
    """Where the operator told the secret of the app, each call proves that we know it, and is not made anew once it does."""
    # HMAC-SHA256 by RFC 4231, test case 2.
    signed = Signed(token="what do ya want for nothing?", app_secret="Jefe")
    tokens = Tokens({"graph.example": signed.token}, known={"graph.example": signed})
    asked = tokens.process_request(Request("https://graph.example/me?fields=id"))
    assert asked is not None
    proof = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert asked.url == f"https://graph.example/me?fields=id&appsecret_proof={proof}"
    assert (tokens.process_request(asked), asked.meta[IS_IN_ADDRESS]) == (None, True)
    assert asked.headers["Authorization"] == f"Bearer {signed.token}".encode()
    assert tokens.process_request(Request("https://other.example/me")) is None


def test_a_secret_shows_in_no_representation() -> None:
    """It may land in a log."""
    assert "hush" not in repr(Signed(token="hush", app_secret="hush"))


def test_the_environment_goes_before_the_file(file: Path) -> None:
    """Both name tokens by host."""
    told = {"FOOTPRINT_TOKENS": '{"social.example": "newer", "b.example": "b"}'}
    assert tokens_of(str(file), told) == {"social.example": "newer", "b.example": "b"}
    assert tokens_of("", {}) == {}


@pytest.mark.parametrize("text", ["{", "[]", '{"a": 1}', '"x"'])
def test_a_broken_variable_is_refused(text: str) -> None:
    """The error names the variable and shows what it looks like, without its value."""
    with pytest.raises(BadConfiguration, match="FOOTPRINT_TOKENS"):
        tokens_of("", {"FOOTPRINT_TOKENS": text})


def test_terms_govern_only_where_a_token_is_sent() -> None:
    """robots.txt binds on the hosts of an API that is read without a token, too."""
    manifest = replace(platform_of("bluesky").MANIFEST, api_hosts=("api.a.example",), media_hosts=("media.a.example",))
    assert governed(manifest, {"api.a.example": "hush"}) == ["api.a.example", "media.a.example"]
    assert governed(manifest, {"api.b.example": "hush"}) == []


def test_a_key_of_a_sites_owner_opens_the_addresses_to_which_it_is_sent() -> None:
    """robots.txt binds everywhere else on the site; so it does on a server whose token is the reader's own, not its owner's leave."""
    ghost, mastodon = platform_of("ghost").MANIFEST, platform_of("mastodon").MANIFEST
    assert governed(ghost, {"blog.example": "hush"}) == ["https://blog.example/ghost/api/"]
    assert governed(ghost, {"blog.example:81": "hush"}) == [
        "https://blog.example:81/ghost/api/", "http://blog.example:81/ghost/api/",
    ]  # fmt: skip
    assert governed(mastodon, {"blog.example": "hush"}) == []


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "tokens.toml"
    file.touch(mode=0o600)
    file.write_text('"social.example" = "hush"\n')
    return file


def test_file_with_tight_permissions_is_read(file: Path) -> None:
    """Tokens stand by host."""
    assert read_tokens(file) == {"social.example": "hush"}


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_file_that_others_may_read_is_refused(file: Path, mode: int) -> None:
    """The error names the mend."""
    file.chmod(mode)
    with pytest.raises(BadConfiguration, match="chmod 600"):
        read_tokens(file)


def test_file_with_the_secret_of_an_app_is_read(file: Path) -> None:
    """A table holds the token and the secret."""
    file.write_text('["graph.example"]\ntoken = "hush"\napp_secret = "psst"\n')
    assert read_tokens(file) == {"graph.example": Signed(token="hush", app_secret="psst")}


@pytest.mark.parametrize("text", ["not TOML", "[social]\nx = 1", '"social.example" = 5', "[social]\napp_secret = 'x'"])
def test_file_that_says_something_else_is_refused(file: Path, text: str) -> None:
    """A broken file is not read in part."""
    file.write_text(text)
    with pytest.raises(BadConfiguration):
        read_tokens(file)


def test_missing_file_is_refused(tmp_path: Path) -> None:
    """A file that is named has to be there."""
    with pytest.raises(BadConfiguration, match="cannot be read"):
        read_tokens(tmp_path / "none.toml")


def test_crawl_sends_the_token_with_the_pages_only(site: Any, house: Any, file: Path) -> None:
    """The platform's pages are asked for with the token, robots.txt without; cookies and referrers there are none."""
    file.write_text(f'"{site.origin.removeprefix("http://")}" = "hush"\n')
    site.says["/alice/posts"] = site.page(site.post(1), next=["/alice/2"])
    site.says["/alice/posts"].headers["Set-Cookie"] = "session=1"
    site.says["/alice/2"] = site.page(site.post(2))
    house.crawl(tokens_file=str(file))
    assert [asked.headers.get("Authorization") for asked in site.asked] == [None, "Bearer hush", "Bearer hush"]
    for asked in site.asked:
        assert not {"Cookie", "Referer"} & asked.headers.keys()
        assert asked.headers["User-Agent"].endswith("(+https://department.example/crawler)")
    assert b"hush" not in house.kept_bytes()


def test_crawl_with_a_file_that_others_may_read_makes_no_request(site: Any, house: Any, file: Path) -> None:
    """The crawl fails with the mend before it asks for anything."""
    file.chmod(0o644)
    result = house.crawl(tokens_file=str(file))
    assert (result.finish_reason, site.asked) == ("failed", [])
    assert "chmod 600" in result.errors[0]


def test_crawl_proves_its_apps_secret_and_keeps_neither(site: Any, house: Any, file: Path) -> None:
    """The proof goes with the pages; neither it, nor token or secret, lies in the record, a capture or the cursor afterwards."""
    signed = Signed(token="hush", app_secret="psst")
    host = site.origin.removeprefix("http://")
    file.write_text(f'["{host}"]\ntoken = "{signed.token}"\napp_secret = "{signed.app_secret}"\n')
    site.says[f"/alice/posts?appsecret_proof={signed.proof}"] = site.page(site.post(1))
    assert house.crawl(tokens_file=str(file)).ok
    assert house.outcomes() == {"/alice/posts": "fetched"}
    assert [asked.headers["Authorization"] for asked in site.asked[1:]] == ["Bearer hush"]
    assert not any(secret in house.kept_bytes() for secret in (b"hush", b"psst", signed.proof.encode()))
