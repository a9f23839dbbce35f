"""Official API tokens that the operator configured: the only Authorization header there is, and no cookie beside it (guardrail G4)."""

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.settings import BaseSettings
from w3lib.url import add_or_replace_parameters

from crawlers.budget import MAX_WAIT_SETTING, budget_of
from crawlers.egress import NETWORKS_SETTING, AddressRules
from crawlers.oauth import Grant, TokenServer, Vault
from crawlers.platform import Manifest
from crawlers.robots import IS_ROBOTS
from crawlers.token_file import Entry, Signed, tokens_of

FILE_SETTING = "TOKENS_FILE"
IS_SENT_SETTING = "TOKEN_IS_SENT"
PLACE_SETTING = "TOKEN_PLACE"
PATH_SETTING = "TOKEN_PATH"
VAULT_SETTING = "TOKEN_VAULT"
NEEDED_SETTING = "TOKEN_NEEDED_S"

IS_IN_ADDRESS = "token_is_in_address"
"""Key in the meta of requests whose address bears the token, or a proof of it."""

IS_RENEWED = "token_is_renewed"
"""Key in the meta of requests that are made again, with a token that was fetched for them."""

HEADER = "Authorization"
PARAMETER = "?"
PROOF = "appsecret_proof"


def renew(settings: BaseSettings, hosts: Iterable[str]) -> None:
    """
    Before a crawl: fetch the tokens of these hosts that do not live as long as a crawl may take, where the operator's file says how.

    Raises what TokenServer and Vault do.
    """
    known = _known(settings)
    for host in hosts:
        if isinstance(grant := known.get(host), Grant):
            _renewed(settings, grant)


def _renewed(settings: BaseSettings, grant: Grant, refused: str = "") -> str:
    """The token of a grant, fetched where there is none that lives long enough, or none but the one that was refused."""
    with closing(Vault(Path(settings[VAULT_SETTING]))) as vault, closing(budget_of(settings)) as budget:
        server = TokenServer(
            budget,
            AddressRules(settings.getlist(NETWORKS_SETTING)),
            user_agent=settings["USER_AGENT"],
            timeout_s=settings.getfloat("DOWNLOAD_TIMEOUT"),
            max_wait_s=settings.getfloat(MAX_WAIT_SETTING),
        )
        vault.renew(grant, server.issue, needed_s=settings.getfloat(NEEDED_SETTING), refused=refused)
        return vault.bearer(grant) or ""


def _known(settings: BaseSettings) -> Mapping[str, Entry]:
    return tokens_of(settings.get(FILE_SETTING)) if settings.getbool(IS_SENT_SETTING) else {}


def _bearers(known: Mapping[str, Entry], file: str) -> dict[str, str]:
    """What is sent to each host: its token, or the one that was fetched for it."""
    bearers = {host: entry.token if isinstance(entry, Signed) else entry for host, entry in known.items()}
    told = {host: bearer for host, bearer in bearers.items() if isinstance(bearer, str)}
    grants = {host: grant for host, grant in bearers.items() if isinstance(grant, Grant)}
    if not grants:
        return told
    with closing(Vault(Path(file))) as vault:
        return told | {host: token for host, grant in grants.items() if (token := vault.bearer(grant)) is not None}


def has_token(manifest: Manifest, tokens: Collection[str]) -> bool:
    """Whether a platform's API has a token; one that has no hosts of its own, some host of its accounts."""
    return any(host in tokens for host in manifest.api_hosts or tuple(tokens))


def governed(manifest: Manifest, tokens: Collection[str]) -> list[str]:
    """
    Where the API's terms govern in place of robots.txt: on the platform's own domains, where the operator's token is sent. A platform without
    hosts of its own whose API each site opens by a key of its owner's is governed at the addresses to which that key goes, and these begin so.
    """
    if manifest.api_hosts:
        is_sent = any(host in tokens for host in manifest.api_hosts)
        return [*manifest.api_hosts, *manifest.media_hosts] if is_sent else []
    if manifest.token != "required":
        return []
    with_port = [host for host in tokens if host.rpartition(":")[2].isdecimal()]
    origins = [f"https://{host}" for host in tokens] + [f"http://{host}" for host in with_port]
    return [f"{origin}{manifest.token_path}" for origin in origins]


class Tokens:
    """
    Downloader middleware: gives each request the token of its own host, and takes away any other.

    A token goes over TLS only, but to a host that names its port, which is the operator's own. It goes last into the address, so that nobody
    sees it but the server: ledger, cursor and parsers have the address without it, captures have it masked. So does the proof of an app's
    secret. A token that can be fetched and is taken no more (401) is fetched anew once a crawl, and what was refused asked again; this middleware
    hears of it before the login wall does.
    """

    def __init__(
        self,
        tokens: Mapping[str, str],
        place: str = HEADER,
        path: str = "/",
        *,
        known: Mapping[str, Entry] | None = None,
        renew: Callable[[Grant, str], str] | None = None,
    ) -> None:
        known = known or {}
        self._tokens = dict(tokens)
        self._place = place
        self._path = path
        self._proofs = {host: entry.proof for host, entry in known.items() if isinstance(entry, Signed)}
        self._grants = {host: entry for host, entry in known.items() if isinstance(entry, Grant)}
        self._renew = renew
        self._renewals: dict[str, asyncio.Future[str]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy. Settings hold no secret; they say whether the platform takes one."""
        settings = crawler.settings
        known = _known(settings)
        return cls(
            _bearers(known, settings.get(VAULT_SETTING, "")),
            settings.get(PLACE_SETTING, HEADER),
            settings.get(PATH_SETTING, "/"),
            known=known,
            renew=lambda grant, refused: _renewed(settings, grant, refused),
        )

    def process_request(self, request: Request) -> Request | None:
        """Set the token, or remove it; robots.txt is asked for by anybody."""
        request.headers.pop(HEADER, None)
        host = urlsplit(request.url).netloc
        token = self._tokens.get(host)
        if token is None or not self._is_meant(request):
            return None
        added = {PROOF: self._proofs[host]} if host in self._proofs else {}
        if self._place.startswith(PARAMETER):
            added[self._place.removeprefix(PARAMETER)] = token
        else:
            request.headers[self._place] = f"Bearer {token}" if self._place == HEADER else token
        url = add_or_replace_parameters(request.url, added) if added else request.url
        if url == request.url:
            return None
        return request.replace(url=url, meta={**request.meta, IS_IN_ADDRESS: True}, dont_filter=True)

    async def process_response(self, request: Request, response: Response) -> Response | Request:
        """Let the answer pass, or ask again with a token fetched anew. Raises what TokenServer does where there is none to be had."""
        host = urlsplit(request.url).netloc
        grant = self._grants.get(host)
        is_refused = response.status == 401 and self._is_meant(request) and not request.meta.get(IS_RENEWED)
        if grant is None or self._renew is None or not is_refused:
            return response
        if host not in self._renewals:
            fetching = asyncio.to_thread(self._renew, grant, self._tokens.get(host, ""))
            self._renewals[host] = asyncio.ensure_future(fetching)
        self._tokens[host] = await self._renewals[host]
        return request.replace(meta={**request.meta, IS_RENEWED: True}, dont_filter=True)

    def _is_meant(self, request: Request) -> bool:
        """Whether a token may go with a request, where its host has one."""
        parts = urlsplit(request.url)
        is_safe = parts.scheme == "https" or parts.port is not None
        return is_safe and (parts.path or "/").startswith(self._path) and not request.meta.get(IS_ROBOTS)
