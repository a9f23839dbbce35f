"""The review application: ports in, a FastAPI application out. Nothing here is global."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from dashboards import (
    accounts,
    audit,
    findings,
    health,
    identifiers,
    media,
    own,
    permissions,
    queue,
    reports,
    search,
    signin,
    today,
    users,
    worth,
)
from dashboards.declaration import Route, routes_of
from dashboards.desk import Desk
from dashboards.phrases import filters
from dashboards.security import SecurityHeaders
from dashboards.serving import endpoint
from dashboards.visit import Visit
from footprint.connectors import Connector
from footprint.errors import BadInput, FootprintError, NotPermitted, RecordUnavailable
from footprint.ports import Blobs, FindingIndex, Pictures, Platforms, Record
from footprint.settings import Settings

HERE = Path(__file__).parent
SUBJECTS = (
    signin, today, queue, findings, media, search, accounts, identifiers, worth, permissions, reports, audit, users, health, own,
)  # fmt: skip


def create_app(
    *,
    record: Record,
    blobs: Blobs,
    index: FindingIndex,
    pictures: Pictures,
    settings: Settings,
    clock: Callable[[], datetime],
    platforms: Platforms,
    advise: Callable[[str], Sequence[str]] = lambda identifier_id: (),
    connectors: Callable[[], Sequence[Connector]] = lambda: (),
) -> FastAPI:
    """
    The dashboard on these ports. Whoever hands them in closes them.

    `advise` says in sentences how good the pictures of an identifier are, `connectors` how those of the platforms stand.
    """
    desk = Desk(
        record=record,
        blobs=blobs,
        index=index,
        pictures=pictures,
        settings=settings,
        clock=clock,
        platforms=platforms,
        advise=advise,
        connectors=connectors,
        templates=templates(settings),
    )
    app = FastAPI(title="Footprint", openapi_url=None, docs_url=None, redoc_url=None)
    for route in routes():
        app.add_api_route(route.path, endpoint(route, desk), methods=[route.method], response_model=None)
    app.mount("/static", StaticFiles(directory=HERE / "static"))
    app.add_middleware(SecurityHeaders)
    app.add_exception_handler(FootprintError, _refused)
    app.add_exception_handler(HTTPException, _refused)
    app.state.desk = desk
    return app


def routes() -> tuple[Route, ...]:
    """Every declared route, acts and narrower paths first."""
    declared = [route for subject in SUBJECTS for route in routes_of(subject)]
    return tuple(sorted(declared, key=lambda route: (":path}" in route.path, -len(route.path), route.path)))


def templates(settings: Settings) -> Environment:
    """The templates: everything is escaped, and a name that is not there is an error."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(filters(ZoneInfo(settings.department.time_zone)))
    return environment


STATUS: Mapping[type[FootprintError], int] = {NotPermitted: 403, BadInput: 422, RecordUnavailable: 503}
TITLES = {
    401: "Sign in first",
    403: "Not for you",
    404: "Not there",
    405: "Not there",
    410: "Not kept",
    413: "Too much",
    422: "That cannot be",
    503: "Cannot be reached",
}


async def _refused(request: Request, error: Exception) -> Response:
    """Say what is wrong in words: what was kept, and what to do."""
    if isinstance(error, HTTPException):
        if error.status_code == 303:
            return RedirectResponse((error.headers or {})["Location"], 303)
        status, said = error.status_code, error.detail
    else:
        status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 500)
        said = str(error)
    visit = getattr(request.state, "visit", None)
    page = partial(_error_page, request, visit, status=status, title=TITLES.get(status, "That did not work"), said=said)
    return await run_in_threadpool(page)


def _error_page(request: Request, visit: Visit | None, *, status: int, title: str, said: str) -> Response:
    if visit is not None:
        return visit.answer("error.html", status=status, title=title, said=said)
    template = request.app.state.desk.templates.get_template("error.html")
    return HTMLResponse(template.render(visit=None, title=title, said=said), status)
