"""
Bearer tokens that run out, fetched anew from the platform's token server by what the operator configured (RFC 6749, grants of sections 4.4 and 6).

A token lies in one small SQLite file beside the budget, for its owner alone to read, until half of an account's time before it runs out. The file
is locked while a token is fetched, so that of all processes one asks; a refresh token that the server replaces is kept there, too, since
the one in the operator's file is worth nothing from then on.
"""

import base64
import hashlib
import json
import re
import socket
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import ip_address
from typing import Any, ClassVar, Literal
from urllib.parse import quote_plus, urlencode, urlsplit

from pydantic import ConfigDict

from crawlers.budget import Budget, domain_of
from crawlers.egress import WEB_PORTS, AddressRules, target
from crawlers.shared_file import SharedFile
from footprint.errors import NotPermitted, RateLimited, SourceError

FILE = "tokens.db"

ANSWER_BYTES = 2**16
BEARER = re.compile(r"[!-~]{1,8192}")
DEFAULT_LIFE_S = 3600.0
"""How long a token lives whose server does not say."""

REFUSED_PAUSE_S = 600.0
"""For how long a token server is left alone that gave no token: the next account would get the same answer."""

LONGEST_LIFE_S = 400 * 86400.0

CODES = frozenset({"invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "invalid_scope"})
"""Errors of RFC 6749, section 5.2, that are worth repeating to the operator; others could be anything."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS token (
    grant_sha256 TEXT PRIMARY KEY,
    bearer TEXT NOT NULL,
    renew_at REAL NOT NULL,
    refresh_token TEXT NOT NULL
);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """
    What a table in crawl.tokens_file says about how to get a token.

    `client_in` is where the server wants to be told who asks: "header" (HTTP Basic: Reddit, X), or in the body under this name ("client_id":
    LinkedIn; "client_key": TikTok).
    """

    __pydantic_config__: ClassVar = ConfigDict(extra="forbid")

    client_id: str
    client_secret: str = field(default="", repr=False)
    token_url: str
    grant: Literal["client_credentials", "refresh_token"]
    refresh_token: str = field(default="", repr=False)
    scope: str = ""
    client_in: Literal["header", "client_id", "client_key"] = "header"

    @property
    def sha256(self) -> str:
        """Tells grants apart; one that the operator changed is another."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """What a token server gave: the token, for how long, and the next refresh token, "" where the old one stays."""

    bearer: str = field(repr=False)
    life_s: float
    refresh_token: str = field(repr=False)


class Vault(SharedFile):
    """The tokens that were fetched."""

    what = "tokens"
    schema = SCHEMA
    timeout_s = 120.0
    is_private = True

    def bearer(self, grant: Grant) -> str | None:
        """The token that was fetched last, None where there is none yet."""
        found = self._connection.execute("SELECT bearer FROM token WHERE grant_sha256 = ?", (grant.sha256,)).fetchone()
        return None if found is None else str(found[0])

    def renew(self, grant: Grant, issue: Callable[[Grant, str], Issued], *, needed_s: float, refused: str = "") -> None:
        """
        See to it that there is a token that lives for `needed_s`, or half of its life where that is shorter, and is not the one that was `refused`.

        `issue` is called with the grant and its newest refresh token where there is none; what it raises leaves everything as it was.
        """
        with self._alone():
            statement = "SELECT renew_at, refresh_token, bearer FROM token WHERE grant_sha256 = ?"
            found = self._connection.execute(statement, (grant.sha256,)).fetchone()
            renew_at, refresh_token, bearer = found or (0.0, grant.refresh_token, "")
            if self._clock() < renew_at and bearer != refused:
                return
            issued = issue(grant, refresh_token)
            renew_at = self._clock() + max(issued.life_s - needed_s, issued.life_s / 2)
            row = (grant.sha256, issued.bearer, renew_at, issued.refresh_token or refresh_token)
            self._connection.execute("INSERT OR REPLACE INTO token VALUES (?, ?, ?, ?)", row)


class TokenServer:
    """
    Asks for tokens: within the budget of the server's domain, at permitted addresses only, over TLS but for a host that names its port.

    Follows no redirect, and says what went wrong without a word of what was sent or answered but the error's code.
    """

    def __init__(
        self, budget: Budget, rules: AddressRules, *, user_agent: str, timeout_s: float, max_wait_s: float
    ) -> None:
        self._budget = budget
        self._rules = rules
        self._user_agent = user_agent
        self._timeout_s = timeout_s
        self._max_wait_s = max_wait_s

    def issue(self, grant: Grant, refresh_token: str) -> Issued:
        """
        Get a token.

        Raises NotPermitted where the address may not be asked, RateLimited where the server is to be left alone, SourceError where it gave none.
        """
        domain = domain_of(grant.token_url)
        seconds = self._budget.take_turn(domain)
        if seconds is None:
            pause = self._budget.pause_of(domain)
            raise RateLimited(f"{pause.why}; not before {pause.seconds:.0f} s from now", retry_after_s=pause.seconds)
        time.sleep(min(seconds, self._max_wait_s))
        try:
            status, body = self._post(grant, refresh_token)
            return issued_of(status, body)
        except (OSError, UnicodeError, HTTPException, SourceError) as error:
            reason = str(error) if isinstance(error, SourceError) else type(error).__name__
            why = f"the token server {domain} gave no token ({reason}): see to the entry in crawl.tokens_file"
            self._budget.pause(domain, REFUSED_PAUSE_S, why)
            raise SourceError(why) from None  # what it was chained to could quote what was sent

    def _post(self, grant: Grant, refresh_token: str) -> tuple[int, bytes]:
        parts = urlsplit(grant.token_url)
        host, port = target(grant.token_url)
        if parts.scheme != "https" and parts.port is None:
            raise NotPermitted(f"{host} is asked for a token in the clear. Mend: token_url begins with https.")
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        with closing(kind(host, port, timeout=self._timeout_s)) as connection:
            connection.sock = self._socket(host, port, is_tls=parts.scheme == "https")
            headers = {"User-Agent": self._user_agent, "Accept": "application/json", **header_of(grant)}
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("POST", path, body=form_of(grant, refresh_token), headers=headers)
            response = connection.getresponse()
            return response.status, response.read(ANSWER_BYTES)

    def _socket(self, host: str, port: int, *, is_tls: bool) -> socket.socket:
        """A connection to an address that was checked, as the egress guard would have it."""
        found = [
            str(entry[4][0]).partition("%")[0] for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        ]
        for address in map(ip_address, found):
            if not self._rules.permits(address):
                raise NotPermitted(f"{host} leads to {address}, which is not public and not in crawl.allowed_networks")
            if port not in WEB_PORTS and not self._rules.lists(address):
                raise NotPermitted(f"port {port} of {host} is none of the web's")
        plain = _connected(found, port, timeout_s=self._timeout_s)
        return ssl.create_default_context().wrap_socket(plain, server_hostname=host) if is_tls else plain


def _connected(addresses: Sequence[str], port: int, *, timeout_s: float) -> socket.socket:
    """A connection to the first of them that takes one. Raises OSError where none does."""
    *others, last = addresses
    for address in others:
        with suppress(OSError):
            return socket.create_connection((address, port), timeout=timeout_s)
    return socket.create_connection((last, port), timeout=timeout_s)


def header_of(grant: Grant) -> Mapping[str, str]:
    """The headers that say who asks (RFC 6749, section 2.3.1), and in which form."""
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    if grant.client_in != "header":
        return form
    pair = f"{quote_plus(grant.client_id)}:{quote_plus(grant.client_secret)}"
    return form | {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}


def form_of(grant: Grant, refresh_token: str) -> str:
    """The body of the question."""
    told = {"grant_type": grant.grant, "scope": grant.scope}
    if grant.grant == "refresh_token":
        told["refresh_token"] = refresh_token
    if grant.client_in != "header":
        told |= {grant.client_in: grant.client_id, "client_secret": grant.client_secret}
    return urlencode({name: value for name, value in told.items() if value})


def issued_of(status: int, body: bytes) -> Issued:
    """What a token server answered. Raises SourceError, without a word of the body but an error's code, where it gave no token."""
    try:
        answer: Any = json.loads(body)
    except (ValueError, RecursionError):
        answer = None
    told: Mapping[str, Any] = answer if isinstance(answer, dict) else {}
    bearer, code = told.get("access_token"), told.get("error")
    if status != 200 or not isinstance(bearer, str) or BEARER.fullmatch(bearer) is None:
        raise SourceError(f"HTTP {status}" + (f", {code}" if isinstance(code, str) and code in CODES else ""))
    life_s, following = told.get("expires_in"), told.get("refresh_token")
    return Issued(
        bearer=bearer,
        life_s=float(life_s) if isinstance(life_s, int) and 0 < life_s < LONGEST_LIFE_S else DEFAULT_LIFE_S,
        refresh_token=following if isinstance(following, str) else "",
    )
