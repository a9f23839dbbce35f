"""Official API tokens that the operator configured: the only Authorization header there is, and no cookie beside it (guardrail G4)."""

import json
import os
import stat
import tomllib
from collections.abc import Collection, Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import TypeAdapter, ValidationError
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings
from w3lib.url import add_or_replace_parameter

from crawlers.budget import MAX_WAIT_SETTING, budget_of
from crawlers.egress import NETWORKS_SETTING, AddressRules
from crawlers.oauth import Grant, TokenServer, Vault
from crawlers.platform import Manifest
from crawlers.robots import IS_ROBOTS
from footprint.errors import BadConfiguration

FILE_SETTING = "TOKENS_FILE"
IS_SENT_SETTING = "TOKEN_IS_SENT"
PLACE_SETTING = "TOKEN_PLACE"
PATH_SETTING = "TOKEN_PATH"
VAULT_SETTING = "TOKEN_VAULT"

VARIABLE = "FOOTPRINT_TOKENS"
EXAMPLE = '{"api.social.example": "..."}'
IS_IN_ADDRESS = "token_is_in_address"
"""Key in the meta of requests whose address bears the token."""

HEADER = "Authorization"
PARAMETER = "?"

GRANT = TypeAdapter(Grant)


def read_tokens(file: Path) -> Mapping[str, str | Grant]:
    """
    Tokens by host, from a TOML file with lines such as `"social.example" = "..."`; a host with a port stands as `host:port`. In place of a token
    there may be a table that says how to get one, a Grant.

    Raises BadConfiguration where the file cannot be read, says something else, or may be read by others.
    """
    try:
        mode = file.stat().st_mode
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadConfiguration(f"crawl.tokens_file {file} cannot be read: {error}.") from error
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise BadConfiguration(f"Others may read crawl.tokens_file {file}. Mend: chmod 600 {file}")
    return {host: _entry(file, host, entry) for host, entry in content.items()}


def _entry(file: Path, host: str, entry: object) -> str | Grant:
    if isinstance(entry, str):
        return entry
    if not isinstance(entry, dict):
        raise BadConfiguration(f'crawl.tokens_file {file}: each line is "host" = "token", or ["host"] begins a table.')
    try:
        grant: Grant = GRANT.validate_python(entry)
    except ValidationError as error:
        wrong = ", ".join(sorted({".".join(map(str, problem["loc"])) for problem in error.errors()}))
        raise BadConfiguration(
            f"crawl.tokens_file {file}: the table of {host} has these wrong or missing: {wrong}."
        ) from None  # the cause quotes secrets
    if grant.grant == "refresh_token" and not grant.refresh_token:
        raise BadConfiguration(f"crawl.tokens_file {file}: the table of {host} lacks its refresh_token.")
    return grant


def tokens_of(file: str, environment: Mapping[str, str] = os.environ) -> Mapping[str, str | Grant]:
    """
    Tokens by host: those of a file, "" for none, and over them `FOOTPRINT_TOKENS`, a JSON object of the same sort, for whoever keeps secrets
    in the environment.

    Raises BadConfiguration as `read_tokens` does.
    """
    told = environment.get(VARIABLE, "{}")
    try:
        own = json.loads(told)
    except ValueError as error:
        raise BadConfiguration(f"{VARIABLE} is not JSON; it looks like {EXAMPLE}.") from error
    if not isinstance(own, dict) or not all(isinstance(token, str) for token in own.values()):
        raise BadConfiguration(f"{VARIABLE} is no object of tokens by host; it looks like {EXAMPLE}.")
    return {**(read_tokens(Path(file)) if file else {}), **own}


def renew(settings: BaseSettings, hosts: Iterable[str], *, needed_s: float) -> None:
    """
    Before a crawl: fetch the tokens of these hosts that live for less than `needed_s`, where the operator's file says how.

    Raises what TokenServer and Vault do.
    """
    known = _known(settings)
    grants = [grant for host in hosts if isinstance(grant := known.get(host), Grant)]
    if not grants:
        return
    with closing(Vault(Path(settings[VAULT_SETTING]))) as vault, closing(budget_of(settings)) as budget:
        server = TokenServer(
            budget,
            AddressRules(settings.getlist(NETWORKS_SETTING)),
            user_agent=settings["USER_AGENT"],
            timeout_s=settings.getfloat("DOWNLOAD_TIMEOUT"),
            max_wait_s=settings.getfloat(MAX_WAIT_SETTING),
        )
        for grant in grants:
            vault.renew(grant, server.issue, needed_s=needed_s)


def _known(settings: BaseSettings) -> Mapping[str, str | Grant]:
    return tokens_of(settings.get(FILE_SETTING)) if settings.getbool(IS_SENT_SETTING) else {}


def _bearers(known: Mapping[str, str | Grant], file: str) -> Mapping[str, str]:
    """What is sent to each host: its token, or the one that was fetched for it."""
    bearers = {host: token for host, token in known.items() if isinstance(token, str)}
    grants = {host: grant for host, grant in known.items() if isinstance(grant, Grant)}
    if not grants:
        return bearers
    with closing(Vault(Path(file))) as vault:
        return bearers | {host: token for host, grant in grants.items() if (token := vault.bearer(grant)) is not None}


def has_token(manifest: Manifest, tokens: Collection[str]) -> bool:
    """Whether a platform's API has a token; one that has no hosts of its own, some host of its accounts."""
    return any(host in tokens for host in manifest.api_hosts or tuple(tokens))


def governed(manifest: Manifest, tokens: Mapping[str, object]) -> list[str]:
    """The domains where the API's terms govern in place of robots.txt: the platform's own, where the operator's token is sent."""
    is_sent = any(host in tokens for host in manifest.api_hosts)
    return [*manifest.api_hosts, *manifest.media_hosts] if is_sent else []


class Tokens:
    """
    Downloader middleware: gives each request the token of its own host, and takes away any other.

    A token goes over TLS only, but to a host that names its port, which is the operator's own. It goes last into the address, so that nobody
    sees it but the server: ledger, cursor and parsers have the address without it, captures have it masked.
    """

    def __init__(self, tokens: Mapping[str, str], place: str = HEADER, path: str = "/") -> None:
        self._tokens = tokens
        self._place = place
        self._path = path

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy. Settings hold no secret; they say whether the platform takes one."""
        settings = crawler.settings
        bearers = _bearers(_known(settings), settings.get(VAULT_SETTING, ""))
        return cls(bearers, settings.get(PLACE_SETTING, HEADER), settings.get(PATH_SETTING, "/"))

    def process_request(self, request: Request) -> Request | None:
        """Set the token, or remove it; robots.txt is asked for by anybody."""
        parts = urlsplit(request.url)
        request.headers.pop(HEADER, None)
        token = self._tokens.get(parts.netloc)
        is_safe = parts.scheme == "https" or parts.port is not None
        is_meant = is_safe and (parts.path or "/").startswith(self._path) and not request.meta.get(IS_ROBOTS)
        if token is None or not is_meant:
            return None
        if self._place.startswith(PARAMETER):
            url = add_or_replace_parameter(request.url, self._place.removeprefix(PARAMETER), token)
            meta = {**request.meta, IS_IN_ADDRESS: True}
            return None if url == request.url else request.replace(url=url, meta=meta, dont_filter=True)
        request.headers[self._place] = f"Bearer {token}" if self._place == HEADER else token
        return None
