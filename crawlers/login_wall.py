"""
Tells a login wall from a public page: what asks to sign in is not public, and nothing of it is kept (guardrail G4).

Where it is not sure it calls a page a wall: a public page that is missed is on record as not looked at.
"""

import re
from typing import Self
from urllib.parse import urljoin, urlsplit

from lxml import etree
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse, Response, TextResponse

from crawlers.answers import tree_of
from crawlers.budget import Budget, budget_of, domain_of
from footprint.errors import NotPublic

REFUSALS = frozenset({401, 403, 407})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
TOO_MANY = 429
"""A refusal that the throttle has counted."""

SIGN_IN = r"(log|sign)(ged)?[\s_-]?(in|on)"
SIGN_IN_PATH = re.compile(rf"/({SIGN_IN}(\.\w+)?|wp-login\.php|sso|authwall|sessions?/new)(/|$)", re.IGNORECASE)
SIGN_IN_QUERY = re.compile(rf"(^|[&;])(mode|action|do)={SIGN_IN}($|[&;])", re.IGNORECASE)
SIGN_IN_TITLE = re.compile(rf"\b{SIGN_IN}\b", re.IGNORECASE)
SIGN_IN_PHRASE = re.compile(
    rf"\b{SIGN_IN} (to|before|and) (continue|view|see|read|access|proceed)"
    r"|requires you to be (registered|logged in)|this (account|profile|page) is private",
    re.IGNORECASE,
)

SHORT_PAGE_CHARS = 3000
"""A page with less text than this that asks to sign in has nothing else to say."""

HTML_START = re.compile(rb"\s*<(!doctype html|html)\b", re.IGNORECASE)
HINT = re.compile("log|sign|requires|private|refresh|&#", re.IGNORECASE)
"""What the source of each wall holds: a page without it need not be parsed."""

REFRESH = etree.XPath("//meta[translate(@http-equiv, 'REFSH', 'refsh') = 'refresh']/@content")
TITLES = etree.XPath("//title//text() | //h1//text() | //h2//text()")
PASSWORD = etree.XPath("boolean(//input[translate(@type, 'PASWORD', 'pasword') = 'password'])")
BODY = etree.XPath("//body")
UNSEEN = ("script", "style", "template")


class LoginWall:
    """
    Downloader middleware behind the decompression: raises NotPublic for a wall, so that nobody further on sees its body.

    A refusal by status counts like a 429: after some in a row the domain is left alone (guardrail G8). That one page leads to a login page says
    nothing of the others: a site may have some for its members.
    """

    def __init__(self, budget: Budget) -> None:
        self._budget = budget

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        return cls(budget_of(crawler.settings))

    def process_response(self, request: Request, response: Response) -> Response:
        """Let a public answer pass, or raise."""
        domain = domain_of(request.url)
        reason = wall(response)
        if response.status in REFUSALS:
            self._budget.blocked(domain)
        elif not reason and response.status != TOO_MANY:
            self._budget.answered(domain)
        if reason:
            raise NotPublic(reason)
        return response


def wall(response: Response) -> str:
    """What makes an answer a login wall, in words; "" for a public one."""
    if response.status in REFUSALS:
        return f"HTTP {response.status}"
    if response.status in REDIRECTS:
        location = (response.headers.get("Location") or b"").decode("latin-1")
        return "redirects to a login page" if is_sign_in(urljoin(response.url, location)) else ""
    if 200 <= response.status < 300 and isinstance(response, TextResponse) and _is_html(response):
        return _wall_on_page(response)
    return ""


def is_sign_in(url: str) -> bool:
    """Whether an address is that of a login page, by its path and query."""
    parts = urlsplit(url)
    return bool(SIGN_IN_PATH.search(parts.path) or SIGN_IN_QUERY.search(parts.query))


def _is_html(response: TextResponse) -> bool:
    return isinstance(response, HtmlResponse) or bool(HTML_START.match(response.body))


def _wall_on_page(response: TextResponse) -> str:
    root = tree_of(response.text) if HINT.search(response.text) else None
    if root is None:
        return ""
    refresh = next(iter(REFRESH(root)), "")
    if is_sign_in(urljoin(response.url, refresh.partition("=")[2].strip(" '\""))):
        return "sends browsers to a login page"
    titles, has_form = " ".join(TITLES(root)), PASSWORD(root)
    if has_form and SIGN_IN_TITLE.search(titles):
        return "is a login form"
    etree.strip_elements(root, *UNSEEN, with_tail=False)
    text = " ".join(" ".join(part for body in BODY(root) for part in body.itertext()).split())
    if SIGN_IN_PHRASE.search(text) and (has_form or len(text) < SHORT_PAGE_CHARS or SIGN_IN_PHRASE.search(titles)):
        return "asks to sign in"
    return ""
