"""What every answer carries and every form must prove: headers, the CSRF token, a bound on what may be posted."""

import hashlib
import hmac
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from footprint.errors import NotPermitted

POLICY = (
    "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'self'; script-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SHEET_POLICY = (
    "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
)
"""For a report, a document of its own that brings its style with it and no script."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",  # with no-referrer, browsers send our own forms with the origin "null"
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "private, no-store",
}


class SecurityHeaders:
    """Adds the headers to every answer that does not set them itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, guarded if scope["type"] == "http" else send)


def csrf_token(secret: str) -> str:
    """The token that forms of one browser carry: made from its cookie, which a foreign page cannot read."""
    return hmac.new(secret.encode(), b"footprint form", hashlib.sha256).hexdigest()


def require_own_form(request: Request, secret: str, token: str) -> None:
    """Raise NotPermitted unless a form came from one of our own pages in this browser."""
    if _is_foreign(request) or not secret or not hmac.compare_digest(csrf_token(secret), token):
        raise NotPermitted("This form is not from this session. Open the page again and repeat it.")


def _is_foreign(request: Request) -> bool:
    """What the browser says about where a form came from; browsers that say nothing are held to the token alone."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        return site not in ("same-origin", "none")
    return origin is not None and urlsplit(origin).netloc != request.headers.get("host")


def at_most(receive: Receive, max_bytes: int) -> Callable[[], Awaitable[Message]]:
    """The same body, refused with 413 as soon as it is longer."""
    seen = 0

    async def bounded() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > max_bytes:
            raise HTTPException(413, f"That is more than {max_bytes // 2**20 or 1} MiB. Send less.")
        return message

    return bounded
