"""What Meta's Graph APIs have in common: how they list, page, refuse, and say that something is gone."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from w3lib.url import url_query_cleaner

from crawlers.answers import json_of, require_found
from crawlers.platform import Page, PageRequest
from crawlers.values import host_of, objects_in, text_of, url_of
from footprint.errors import NotPublic, RateLimited, SourceError, SourceGone

THROTTLED = frozenset({4, 17, 32, 613})
THROTTLED_FROM = 80000
NOT_ALLOWED = frozenset({10, *range(200, 300)})
NO_SUCH_OBJECT = (100, 33)
"""Code and subcode for an id that is not there, or not for this token: read as gone only where the token reads others of its kind."""

WAIT_S = 3600.0
"""Meta counts by the hour, and says a code in place of a time."""

SECRET_PARAMETERS = ("access_token", "appsecret_proof")
ID = re.compile(r"[0-9_]{1,100}")


def asked(base: str, path: str, *, role: str, fields: str, **more: str) -> PageRequest:
    """A request for fields of an object or of what hangs on it."""
    query = urlencode({"fields": fields, **more}, safe=",{}.")
    return PageRequest(url=f"{base}/{path}?{query}", role=role, context={})


def answer_of(page: Page) -> Mapping[str, Any]:
    """
    The object that an answer is.

    Raises what an error in it means, whatever the status: RateLimited for codes of throttling, NotPublic for those of permission, SourceGone for
    an object that is not there, else SourceError.
    """
    try:
        answer = json_of(page.body, page.url)
    except SourceError:
        require_found(page)
        raise
    if isinstance(answer, dict) and isinstance(answer.get("error"), dict):
        _refuse(answer["error"], page.url)
    require_found(page)
    if not isinstance(answer, dict):
        raise SourceError(f"{page.url} did not answer as a Graph API does.")
    return answer


def _refuse(error: Mapping[str, Any], url: str) -> None:
    told, subcode = error.get("code"), error.get("error_subcode")
    code = told if isinstance(told, int) else -1
    reason = f"{url}: {text_of(error.get('message')) or 'refused'} (code {told})"
    if code in THROTTLED or code > THROTTLED_FROM:
        raise RateLimited(reason, retry_after_s=WAIT_S)
    if (code, subcode) == NO_SUCH_OBJECT:
        raise SourceGone(reason)
    raise (NotPublic if code in NOT_ALLOWED else SourceError)(reason)


def objects_of(body: bytes, url: str) -> list[Mapping[str, Any]]:
    """
    The objects of an answer: of a list, of several asked for by their ids, of a professional account that was discovered, or one alone.

    Raises SourceError where there is none.
    """
    answer = json_of(body, url)
    if isinstance(answer, dict):
        discovered = answer.get("business_discovery")
        media = discovered.get("media") if isinstance(discovered, dict) else None
        for holder in (answer, media):
            if isinstance(holder, dict) and isinstance(holder.get("data"), list):
                return objects_in(holder, "data")
        if "id" in answer:
            return [answer]
        if answer and all(isinstance(item, dict) and item.get("id") == key for key, item in answer.items()):
            return list(answer.values())
    raise SourceError(f"{url} did not answer with objects of a Graph API.")


def following(answer: Mapping[str, Any], page: Page) -> PageRequest | None:
    """The request for the next page, without secrets; None on the last. A page may be empty and yet not be the last."""
    paging = answer.get("paging")
    url = url_of(paging.get("next")) if isinstance(paging, dict) else None
    if url is None:
        return None
    here = page.request
    if (host_of(url), urlsplit(url).path) != (host_of(here.url), urlsplit(here.url).path):
        raise SourceError(
            f"{page.url} continues on another page than its own: {urlsplit(url).netloc}{urlsplit(url).path}"
        )
    clean = url_query_cleaner(url, SECRET_PARAMETERS, remove=True)
    return PageRequest(url=clean, role=here.role, context={k: v for k, v in here.context.items() if k != "before"})
