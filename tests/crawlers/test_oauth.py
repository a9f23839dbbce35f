"""Tokens that run out are fetched anew, by one process, from where the operator says, and lie where nobody else reads."""

import json
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from crawlers.budget import Budget
from crawlers.egress import AddressRules
from crawlers.oauth import REFUSED_PAUSE_S, Grant, Issued, TokenServer, Vault, form_of, header_of, issued_of
from crawlers.token_file import read_tokens
from footprint.errors import BadConfiguration, NotPermitted, RateLimited, SourceError

GRANT = Grant(client_id="us", client_secret="psst", token_url="https://t.example/token", grant="client_credentials")
ROTATING = Grant(client_id="us", token_url="https://t.example/token", grant="refresh_token", refresh_token="first")

TABLE = """
["{host}"]
client_id = "us"
client_secret = "psst"
token_url = "{origin}/token"
grant = "refresh_token"
refresh_token = "first"
"""


@pytest.fixture
def vault(tmp_path: Path, clock: Any) -> Iterator[Vault]:
    with closing(Vault(tmp_path / "tokens.db", clock=clock)) as vault:
        yield vault


@pytest.fixture
def token_server(tmp_path: Path) -> Iterator[Callable[..., TokenServer]]:
    with closing(Budget(tmp_path / "budget.db", delay_s=0, per_minute=1000, public_per_minute=1000)) as budget:

        def build(*networks: str) -> TokenServer:
            return TokenServer(budget, AddressRules(networks), user_agent="us", timeout_s=2.0, max_wait_s=1.0)

        yield build


@pytest.fixture
def tokens_file(tmp_path: Path) -> Path:
    file = tmp_path / "tokens.toml"
    file.touch(mode=0o600)
    return file


def issuing(*bearers: str, life_s: float = 3600.0, refresh_token: str = "") -> tuple[Callable[..., Issued], list[str]]:
    """A server that gives these tokens in turn, and the refresh tokens with which it was asked."""
    left, asked_with = list(bearers), []

    def issue(grant: Grant, refresh_token_sent: str) -> Issued:
        asked_with.append(refresh_token_sent)
        return Issued(bearer=left.pop(0), life_s=life_s, refresh_token=refresh_token)

    return issue, asked_with


def test_token_is_kept_until_it_would_run_out_within_a_crawl(vault: Vault, clock: Any) -> None:
    """It is fetched once, and once more when less than what a crawl needs is left of it."""
    issue, asked = issuing("one", "two")
    vault.renew(GRANT, issue, needed_s=600)
    clock.now += 2999
    vault.renew(GRANT, issue, needed_s=600)
    assert (vault.bearer(GRANT), len(asked)) == ("one", 1)
    clock.now += 1
    vault.renew(GRANT, issue, needed_s=600)
    assert (vault.bearer(GRANT), len(asked)) == ("two", 2)


def test_token_that_lives_shorter_than_a_crawl_is_still_kept(vault: Vault, clock: Any) -> None:
    """Half of its life is then enough, lest each account fetches its own."""
    issue, asked = issuing("one", life_s=600)
    vault.renew(GRANT, issue, needed_s=1800)
    clock.now += 299
    vault.renew(GRANT, issue, needed_s=1800)
    assert len(asked) == 1


def test_replaced_refresh_token_is_used_from_then_on(tmp_path: Path, clock: Any) -> None:
    """Another process, later, asks with the one that the server gave last, not with the operator's."""
    issue, asked = issuing("one", "two", refresh_token="second")
    for _ in range(2):
        with closing(Vault(tmp_path / "tokens.db", clock=clock)) as vault:
            vault.renew(ROTATING, issue, needed_s=600)
        clock.now += 3600
    assert asked == ["first", "second"]


def test_refusal_leaves_the_vault_as_it_was(vault: Vault) -> None:
    """A refresh token that was not taken is not lost."""

    def refuse(grant: Grant, refresh_token: str) -> Issued:
        raise SourceError("no")

    with pytest.raises(SourceError):
        vault.renew(ROTATING, refuse, needed_s=600)
    issue, asked = issuing("one")
    vault.renew(ROTATING, issue, needed_s=600)
    assert asked == ["first"]


def test_vault_is_held_while_a_token_is_fetched(tmp_path: Path, vault: Vault) -> None:
    """No other process can ask meanwhile."""

    def issue(grant: Grant, refresh_token: str) -> Issued:
        with (
            closing(sqlite3.connect(tmp_path / "tokens.db", timeout=0)) as other,
            pytest.raises(sqlite3.OperationalError),
        ):
            other.execute("BEGIN IMMEDIATE")
        return Issued(bearer="one", life_s=60, refresh_token="")

    vault.renew(GRANT, issue, needed_s=600)
    assert vault.bearer(GRANT) == "one"


def test_vault_is_for_its_owner_alone(tmp_path: Path, vault: Vault) -> None:
    """Mode 600, whatever the umask."""
    assert stat.S_IMODE((tmp_path / "tokens.db").stat().st_mode) == 0o600


def test_grant_shows_no_secret() -> None:
    """Its representation may land in a log."""
    assert not {"psst", "first"} & set(repr((GRANT, ROTATING)).replace("'", " ").split())


@pytest.mark.parametrize(
    ("client_in", "header", "form"),
    [
        ("header", "Basic dXM6cHNzdA==", {"grant_type": ["client_credentials"]}),
        ("client_id", None, {"grant_type": ["client_credentials"], "client_id": ["us"], "client_secret": ["psst"]}),
        ("client_key", None, {"grant_type": ["client_credentials"], "client_key": ["us"], "client_secret": ["psst"]}),
    ],
)
def test_server_is_told_who_asks_where_it_wants_to_hear_it(client_in: Any, header: str | None, form: Any) -> None:
    """In the header, or in the body, by the name that the platform has for it."""
    grant = Grant(
        client_id="us", client_secret="psst", token_url=GRANT.token_url, grant=GRANT.grant, client_in=client_in
    )
    assert (header_of(grant).get("Authorization"), parse_qs(form_of(grant, ""))) == (header, form)


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (400, b'{"error": "invalid_grant", "error_description": "psst"}', "HTTP 400, invalid_grant"),
        (200, b'{"error": "psst"}', "HTTP 200"),
        (200, b'{"access_token": "a\\r\\nX: y"}', "HTTP 200"),
        (200, b'{"access_token": 5}', "HTTP 200"),
        (200, b"[]", "HTTP 200"),
        (200, b"[" * 60_000, "HTTP 200"),
        (502, b"<html>", "HTTP 502"),
        (302, b'{"access_token": "one"}', "HTTP 302"),
    ],
)
def test_answer_without_a_token_is_refused(status: int, body: bytes, said: str) -> None:
    """The error says the status and a code of the standard's, and nothing else of what a server wrote."""
    with pytest.raises(SourceError) as caught:
        issued_of(status, body)
    assert str(caught.value) == said


def test_server_that_refuses_is_left_alone(site: Any, token_server: Callable[..., TokenServer]) -> None:
    """The next account does not ask again, but hears where the mend is."""
    site.says["/token"] = site.answer(b'{"error": "invalid_client"}', status=401)
    server = token_server("127.0.0.1/32")
    grant = Grant(client_id="us", client_secret="psst", token_url=f"{site.origin}/token", grant="client_credentials")
    with pytest.raises(SourceError, match=r"401, invalid_client.*crawl\.tokens_file"):
        server.issue(grant, "")
    with pytest.raises(RateLimited, match=r"crawl\.tokens_file") as caught:
        server.issue(grant, "")
    assert (site.paths(), caught.value.retry_after_s) == (["/token"], pytest.approx(REFUSED_PAUSE_S, abs=60))


@pytest.mark.parametrize("url", ["{origin}/token", "http://127.0.0.1/token", "file:///token"])
def test_server_is_asked_at_permitted_addresses_only(
    site: Any, token_server: Callable[..., TokenServer], url: str
) -> None:
    """No loopback that is not listed, nothing in the clear without a port, nothing but HTTP."""
    grant = Grant(client_id="us", token_url=url.format(origin=site.origin), grant="client_credentials")
    with pytest.raises(NotPermitted):
        token_server().issue(grant, "")
    assert site.asked == []


@pytest.mark.parametrize(
    ("table", "wrong"),
    [
        ('client_id = "us"', "grant, token_url"),
        ('client_id = "us"\ntoken_url = "https://t.example/"\ngrant = "password"', "grant"),
        ('client_id = "us"\ntoken_url = "https://t.example/"\ngrant = "refresh_token"', "refresh_token"),
        ('client_id = "us"\ntoken_url = "https://t.example/"\ngrant = "client_credentials"\nsecret = "psst"', "secret"),
    ],
)
def test_broken_table_is_refused(tokens_file: Path, table: str, wrong: str) -> None:
    """The error names what is wrong, never what stands there."""
    tokens_file.write_text(f'["api.example"]\n{table}\n')
    with pytest.raises(BadConfiguration, match=wrong) as caught:
        read_tokens(tokens_file)
    assert "psst" not in str(caught.value)


def test_crawls_fetch_one_token_and_send_it(site: Any, house: Any, tokens_file: Path) -> None:
    """Two crawls, one token: the server is asked once, and what it gave goes with each page and into no record."""
    host = site.origin.removeprefix("http://")
    tokens_file.write_text(TABLE.format(host=host, origin=site.origin))
    given = {"access_token": "bearer-one", "expires_in": 7200, "refresh_token": "second", "token_type": "bearer"}
    site.says |= {"/token": site.answer(json.dumps(given).encode()), "/alice/posts": site.page(site.post(1))}
    assert house.crawl(tokens_file=str(tokens_file)).ok
    assert house.crawl(tokens_file=str(tokens_file)).ok
    assert site.paths() == ["/token", "/alice/posts", "/alice/posts"]
    asked, *pages = [request for request in site.asked if request.path != "/robots.txt"]
    assert parse_qs(asked.body) == {"grant_type": ["refresh_token"], "refresh_token": ["first"]}
    assert {page.headers.get("Authorization") for page in pages} == {"Bearer bearer-one"}
    (house.folder / "work" / "tokens.db").unlink()
    assert not any(secret in house.kept_bytes() for secret in (b"bearer-one", b"psst"))


def test_bearer_that_is_taken_no_more_is_fetched_anew(vault: Vault) -> None:
    """One that was withdrawn before its time is replaced, once, whoever of several processes finds out first."""
    issue, asked = issuing("one", "two")
    vault.renew(GRANT, issue, needed_s=600)
    for _ in range(2):
        vault.renew(GRANT, issue, needed_s=600, refused="one")
    assert (vault.bearer(GRANT), len(asked)) == ("two", 2)


@pytest.fixture
def withdrawn(site: Any, house: Any, tokens_file: Path) -> Any:
    """A crawl whose bearer is refused; `then` is what the page says afterwards, `given` what the token server does."""

    def crawl(given: list[Any], then: Any) -> Any:
        tokens_file.write_text(TABLE.format(host=site.origin.removeprefix("http://"), origin=site.origin))
        first = {"access_token": "one", "expires_in": 7200}
        site.says |= {"/token": [site.answer(json.dumps(first).encode()), *given]}
        site.says["/alice/posts"] = [site.page(site.post(1)), site.answer(b"{}", status=401), then]
        house.crawl(tokens_file=str(tokens_file))
        return house.crawl(tokens_file=str(tokens_file))

    return crawl


def test_crawl_whose_bearer_was_withdrawn_asks_once_more(site: Any, house: Any, withdrawn: Any) -> None:
    """A 401 brings a new bearer, and what was refused is asked for again with it."""
    second = site.answer(b'{"access_token": "two"}')
    assert withdrawn([second], site.page(site.post(2))).ok
    sent = [asked.headers.get("Authorization") for asked in site.asked if asked.path == "/alice/posts"]
    assert sent == ["Bearer one", "Bearer one", "Bearer two"]
    assert house.outcomes() == {"/alice/posts": "fetched"}


def test_new_bearer_that_is_refused_too_ends_it(site: Any, house: Any, withdrawn: Any) -> None:
    """Nobody asks for tokens in a circle: what two of them do not open is not public."""
    withdrawn([site.answer(b'{"access_token": "two"}')], site.answer(b"{}", status=401))
    assert site.paths().count("/token") == 2
    assert house.outcomes() == {"/alice/posts": "not_public"}


def test_token_server_that_gives_no_new_bearer_is_on_record(site: Any, house: Any, withdrawn: Any) -> None:
    """The page that was refused says where the mend is."""
    withdrawn([site.answer(b'{"error": "invalid_grant"}', status=400)], site.page(site.post(1)))
    outcome, detail = house.coverage()["/alice/posts"]
    assert (outcome, "invalid_grant" in detail, "crawl.tokens_file" in detail) == ("error", True, True)
