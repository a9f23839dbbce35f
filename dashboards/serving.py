"""How a declared route is served: admission, form, view, and the proof that the audit log has it."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from dashboards.auth import resume
from dashboards.declaration import Route
from dashboards.desk import Desk
from dashboards.forms import read_form
from dashboards.security import at_most, require_own_form
from dashboards.visit import Visit
from footprint.errors import BadInput, NotPermitted

SESSION_COOKIE = "footprint_session"
DOOR_COOKIE = "footprint_door"
"""Ties the sign-in form to a browser that has no session yet."""


def endpoint(route: Route, desk: Desk) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint of a route. Views run in a thread: the record is synchronous."""

    async def serve(request: Request) -> Response:
        visit = await run_in_threadpool(admit, route, desk, request)
        if route.method == "POST":
            body = Request(request.scope, at_most(request.receive, route.max_bytes))
            visit.form = await read_form(body, desk.zone)
            require_own_form(request, visit.secret, visit.form.text("csrf"))
        return await run_in_threadpool(_view, visit)

    return serve


def admit(route: Route, desk: Desk, request: Request) -> Visit:
    """Who asks, and whether this route is for them. Raises a redirect to the way in, or NotPermitted."""
    at = desk.clock()
    signed_in = resume(desk.record, request.cookies.get(SESSION_COOKIE, ""), at=at)
    secret = signed_in.token if signed_in else request.cookies.get(DOOR_COOKIE, "")
    visit = Visit(desk=desk, route=route, request=request, at=at, secret=secret, signed_in=signed_in)
    request.state.visit = visit
    if not route.roles:
        return visit
    if signed_in is None:
        wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        query = urlencode({"next": wanted}) if route.method == "GET" else ""
        raise HTTPException(303, headers={"Location": f"/signin?{query}"})
    if not visit.holds(*route.roles):
        _note_refusal(visit)
        raise NotPermitted("This page is for " + " or ".join(sorted(r.value for r in route.roles)) + ".")
    return visit


def _view(visit: Visit) -> Response:
    route = visit.route
    try:
        response = route.view(visit)
    except (BadInput, NotPermitted) as refusal:
        if not route.back:
            raise
        return visit.refuse(str(refusal))
    if route.roles and route.notes and not visit.noted:
        raise RuntimeError(f"{route.path} was answered without '{route.audit}' in the audit log")
    return response


def _note_refusal(visit: Visit) -> None:
    with visit.desk.record.transaction() as tx:
        tx.audit(
            at=visit.at,
            actor=visit.user.name,
            action="access.refused",
            subject=visit.request.url.path,
            detail={"method": visit.route.method},
        )
