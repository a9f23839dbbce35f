"""
Raw exchanges as WARC 1.1 (ISO 28500:2017): proof of what a server answered, that other tools can read.

A blob holds one exchange: a response record and the request record that it answers, each a gzip member of its own, so that blobs can be
strung together into a WARC file. The bytes depend on nothing but the exchange and its time.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from io import BytesIO
from urllib.parse import urlsplit
from uuid import UUID

from scrapy import Request
from scrapy.http import Headers, Response
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawlers.masking import MASK, masked
from footprint.digests import digest, sha256

RAW = "raw_response"
"""Key in a request's meta that holds the answer as it came over the wire, still compressed."""

SECRET_HEADERS = re.compile(r"authorization|cookie|token|secret|api-?key", re.IGNORECASE)
"""Parts of the names of headers whose values are masked: APIs want their tokens in headers of many names."""

ECHOES = re.compile(rb"\b(access_token|appsecret_proof)=[\w.~%|-]+")
"""How an API that was sent a token repeats it in its answer, as Meta's do in the address of the next page."""

HTTP_REASONS = {status.value: status.phrase for status in HTTPStatus}
HOP_HEADERS = frozenset({"transfer-encoding", "connection", "keep-alive"})
"""They describe the connection, and the body lies in the record without its chunks."""

BODY_HEADERS = frozenset({"content-encoding", "content-length"})
"""They describe a body as it came over the wire."""


class KeepRaw:
    """Downloader middleware, next to the wire: remembers the raw answer for a capture."""

    def process_response(self, request: Request, response: Response) -> Response:
        """Let the answer pass."""
        request.meta[RAW] = response
        return response


def warc(response: Response, at: datetime, *, whole: bool) -> bytes:
    """
    The exchange that a response ended, as WARC records; `at` is when it ended.

    `whole` says whether the payload is in it. Without it the response record is marked as truncated and names the payload's digest, so
    that the bytes, should they turn up elsewhere, can be told to be the same. An answer that repeats the token that it was asked with lies in the
    record unpacked, with the token masked and the digest of what came.
    """
    request = response.request
    assert request is not None  # what the engine delivers has its request
    raw: Response = request.meta.get(RAW, response)
    has_token = any(SECRET_HEADERS.search(name.decode("latin-1")) for name in request.headers)
    body = ECHOES.sub(rb"\1=" + MASK.encode(), response.body) if has_token else response.body
    is_masked = body != response.body
    body = body if is_masked else raw.body
    date = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    url = masked(request.url)
    payload = f"sha256:{sha256(raw.body)}"
    kept = (
        {"WARC-Payload-Digest": payload}
        if whole
        else {"WARC-Truncated": "unspecified", "Withheld-Payload-Digest": payload}
    )
    kept |= (
        {"Withheld-Payload-Digest": payload, "WARC-Payload-Digest": f"sha256:{sha256(body)}"}
        if is_masked and whole
        else {}
    )
    response_id, request_id = _record_id("response", url, date, payload), _record_id("request", url, date, payload)
    buffer = BytesIO()
    write = _writer(buffer, url, {"WARC-Date": date})
    headers = _status(raw, HOP_HEADERS | BODY_HEADERS if is_masked and whole else HOP_HEADERS)
    write("response", headers, body if whole else b"", {"WARC-Record-ID": response_id} | kept)
    write("request", _ask(request), b"", {"WARC-Record-ID": request_id, "WARC-Concurrent-To": response_id})
    return buffer.getvalue()


def resource(url: str, data: bytes, at: datetime, *, whole: bool) -> bytes:
    """
    What was read of something that nobody was asked for, such as a part of an export, as one WARC record.

    Without the payload, where `whole` is False, the record names its digest.
    """
    date = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    payload = f"sha256:{sha256(data)}"
    kept = (
        {"WARC-Payload-Digest": payload}
        if whole
        else {"WARC-Truncated": "unspecified", "Withheld-Payload-Digest": payload}
    )
    buffer = BytesIO()
    content = data if whole else b""
    record = WARCWriter(buffer, gzip=True, warc_version="1.1")
    record.write_record(
        record.create_warc_record(
            url,
            "conversion",
            payload=BytesIO(content),
            length=len(content),
            warc_content_type="application/json",
            warc_headers_dict={"WARC-Record-ID": _record_id("conversion", url, date, payload), "WARC-Date": date}
            | kept,
        )
    )
    return buffer.getvalue()


def _writer(buffer: BytesIO, url: str, common: Mapping[str, str]) -> Callable[..., None]:
    writer = WARCWriter(buffer, gzip=True, warc_version="1.1")

    def write(kind: str, headers: StatusAndHeaders, body: bytes, own: Mapping[str, str]) -> None:
        payload, fields = BytesIO(body), {**own, **common}
        writer.write_record(
            writer.create_warc_record(
                url, kind, payload=payload, length=len(body), http_headers=headers, warc_headers_dict=fields
            )
        )

    return write


def _status(response: Response, left_out: frozenset[str]) -> StatusAndHeaders:
    line = f"{response.status} {HTTP_REASONS.get(response.status, '')}".rstrip()
    return StatusAndHeaders(line, _fields(response.headers, left_out), protocol="HTTP/1.1")


def _ask(request: Request) -> StatusAndHeaders:
    parts = urlsplit(masked(request.url))
    line = f"{request.method} {parts.path or '/'}{'?' + parts.query if parts.query else ''} HTTP/1.1"
    return StatusAndHeaders(line, [("Host", parts.netloc), *_fields(request.headers)], is_http_request=True)


def _fields(headers: Headers, left_out: frozenset[str] = frozenset()) -> list[tuple[str, str]]:
    """Header fields in order, repeated ones one by one, secrets masked."""
    return [
        (name.decode("latin-1"), MASK if SECRET_HEADERS.search(name.decode("latin-1")) else value.decode("latin-1"))
        for name, values in headers.items()
        for value in values
        if name.decode("latin-1").lower() not in left_out
    ]


def _record_id(*parts: str) -> str:
    return f"<{UUID(digest(*parts)).urn}>"
