"""What holds for every route: it is declared, for the roles of the table, logged, and asks for nothing that it must not (G2, G5, G24, G25)."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import Mount

from dashboards.app import HERE, routes
from dashboards.declaration import Route
from footprint.acts import thresholds as acts
from footprint.acts.users import find_user
from footprint.audit import AuditEvent
from footprint.findings import FindingDetection
from footprint.ports import Record
from footprint.whatif import Change

EVERYBODY = "administrator registrar reviewer chief auditor employee"

# The allow-list: each route, who may take it, and what it leaves in the audit log. A route that is not here fails the tests.
TABLE = {
    "GET /": (EVERYBODY, "today.viewed"),
    "GET /signin": ("", ""),
    "POST /signin": ("", "session.opened"),
    "POST /signout": (EVERYBODY, "session.closed"),
    "GET /password": (EVERYBODY, "password.viewed"),
    "POST /password": (EVERYBODY, "user.changed"),
    "GET /review": ("reviewer", "queue.viewed"),
    "GET /review/next": ("reviewer", "queue.viewed"),
    "GET /findings/{finding_id}": ("reviewer chief employee", "finding.viewed"),
    "POST /findings/{finding_id}/decide": ("reviewer", "finding.decided"),
    "POST /findings/{finding_id}/undo": ("reviewer", "finding.decision_undone"),
    "POST /findings/{finding_id}/look-alike": ("reviewer", "exemplar.added"),
    "POST /findings/{finding_id}/unmask": ("reviewer chief employee", "picture.unmasked"),
    "POST /findings/{finding_id}/reveal": ("reviewer chief", "identity.revealed"),
    "GET /findings/{finding_id}/media/{sha256}.jpg": ("reviewer chief employee", "picture.viewed"),
    "GET /findings/{finding_id}/overlays/{detection_id}.png": ("reviewer chief employee", "picture.viewed"),
    "GET /findings/{finding_id}/media/{sha256}.wav": ("reviewer chief employee", "sound.played"),
    "GET /exemplars/{exemplar_id}.wav": ("reviewer chief employee registrar", "exemplar.played"),
    "GET /exemplars/{exemplar_id}.jpg": ("reviewer chief employee registrar", "exemplar.viewed"),
    "GET /search": ("reviewer chief", "findings.searched"),
    "POST /search/purpose": ("reviewer chief", "search.purpose_stated"),
    "GET /accounts": ("registrar", "accounts.viewed"),
    "GET /accounts/{account_id:path}": ("registrar", "account.viewed"),
    "POST /accounts": ("registrar", "account.registered"),
    "POST /accounts/{account_id:path}/steps": ("registrar", "account.*"),
    "POST /accounts/{account_id:path}/reveal": ("registrar", "identity.revealed"),
    "POST /registrants": ("registrar", "registrant.added"),
    "GET /identifiers": ("registrar reviewer chief", "identifiers.viewed"),
    "GET /identifiers/{identifier_id}": ("registrar reviewer chief", "identifier.viewed"),
    "POST /identifiers": ("registrar", "identifier.added"),
    "POST /identifiers/{identifier_id}/exemplars": ("registrar", "exemplar.added"),
    "POST /identifiers/{identifier_id}/wording": ("registrar", "exemplar.added"),
    "POST /identifiers/{identifier_id}/exemplars/{exemplar_id}/switch": ("registrar", "exemplar.*"),
    "POST /identifiers/{identifier_id}/whatif": ("registrar chief", "threshold.tried"),
    "POST /identifiers/{identifier_id}/threshold": ("registrar", "threshold.proposed"),
    "POST /identifiers/{identifier_id}/threshold/approval": ("registrar chief", "threshold.approved"),
    "POST /detectors/{name}/switch": ("registrar", "detector.*"),
    "GET /permissions": ("chief reviewer", "permissions.viewed"),
    "GET /permissions/{permission_id}/document": ("chief reviewer", "document.opened"),
    "POST /permissions": ("chief", "permission.granted"),
    "POST /permissions/{permission_id}/revoke": ("chief", "permission.revoked"),
    "GET /reports": ("chief reviewer", "reports.viewed"),
    "GET /reports/{report_id}": ("chief reviewer", "report.viewed"),
    "GET /reports/{report_id}/figures": ("chief reviewer", "report.exported"),
    "GET /audit": ("auditor", "audit.viewed"),
    "GET /audit/verification": ("auditor", "audit.verified"),
    "GET /users": ("administrator", "users.viewed"),
    "POST /users": ("administrator", "user.added"),
    "POST /users/{name}/roles": ("administrator", "user.changed"),
    "POST /users/{name}/active": ("administrator", "user.changed"),
    "GET /health": ("administrator", "health.viewed"),
    "GET /own": ("employee", "own.viewed"),
}
BY_ROLE = {
    "administrator": "admin",
    "registrar": "ines",
    "reviewer": "rosa",
    "chief": "chief",
    "auditor": "vera",
    "employee": "eva",
}
PAGES = [key.removeprefix("GET ") for key, (roles, _) in TABLE.items() if key.startswith("GET ") and roles]
DEED = ("deed.pdf", b"%PDF-1.7 another writing")

# Each act once as it should be done: who, with which fields, and a file where it takes one.
ACTS: dict[str, tuple[str, dict[str, Any], str]] = {
    "/signout": ("rosa", {}, ""),
    "/password": (
        "rosa",
        {
            "password": "correct horse rosa",
            "new_password": "battery staple rosa",
            "new_password_again": "battery staple rosa",
        },
        "",
    ),
    "/findings/{open}/decide": ("rosa", {"verdict": "insufficient"}, ""),
    "/findings/{dismissed}/look-alike": ("rosa", {}, ""),
    "/findings/{finding_id}/unmask": ("rosa", {"asset": "{sha256}", "reason": "to read the lettering"}, ""),
    "/findings/{finding_id}/reveal": ("chief", {"reason": "to write the notice"}, ""),
    "/search/purpose": ("rosa", {"purpose": "weekly review"}, ""),
    "/accounts": (
        "ines",
        {
            "platform": "forum",
            "address": "https://forum.example/dana",
            "registrant_id": "R-0103",
            "role": "employee",
            "basis": "consent",
            "expires_on": "2027-01-01",
        },
        "document",
    ),
    "/accounts/forum:cleo/steps": ("omar", {"step": "approved"}, ""),
    "/accounts/forum:cleo/reveal": ("ines", {"reason": "to send the notice"}, ""),
    "/registrants": ("ines", {"registrant_id": "R-0200", "name": "Dana Example", "employed_from": "2020-02-01"}, ""),
    "/identifiers": ("ines", {"name": "City seal", "kind": "emblem"}, ""),
    "/identifiers/star-badge/exemplars": ("ines", {"polarity": "positive"}, "picture"),
    "/identifiers/star-badge/wording": ("ines", {"words": "Harbor City", "polarity": "positive"}, ""),
    "/identifiers/star-badge/exemplars/{exemplar_id}/switch": ("ines", {"enabled": "no", "reason": "too plain"}, ""),
    "/identifiers/star-badge/whatif": ("chief", {"threshold": "0.8", "weeks": "8"}, ""),
    "/identifiers/{tried}/threshold": ("ines", {"threshold": "0.8", "reason": "too many stars"}, ""),
    "/identifiers/{proposed}/threshold/approval": ("chief", {"threshold": "0.8"}, ""),
    "/detectors/marks/switch": ("ines", {"suspended": "yes", "reason": "it claims every star"}, ""),
    "/permissions": (
        "chief",
        {
            "permission_id": "P-9",
            "grantor": "Chief",
            "purpose": "fair",
            "grantees": "*",
            "kinds": "patch",
            "valid_from": "2026-01-01",
        },
        "document",
    ),
    "/permissions/P-2026-004/revoke": ("chief", {"reason": "the day is over"}, ""),
    "/users": ("admin", {"name": "nora", "roles": "reviewer", "password": "a long enough one"}, ""),
    "/users/theo/roles": ("admin", {"roles": "registrar"}, ""),
    "/users/theo/active": ("admin", {"active": "no"}, ""),
}


@pytest.fixture
def thresholds(record: Record, clock: Callable[[], datetime]) -> dict[str, str]:
    """One identifier of which a threshold was tried, and one of which it was proposed."""
    ines, at = find_user(record, "ines"), clock() - timedelta(hours=1)
    assert ines is not None
    for key in ("shoulder-patch-2019", "patrol-car-livery"):
        acts.try_out(record, key, Change(threshold=0.8), weeks=8, actor=ines, at=at)
    acts.propose(record, "patrol-car-livery", 0.8, actor=ines, at=at, reason="too many stars")
    return {"tried": "shoulder-patch-2019", "proposed": "patrol-car-livery"}


@pytest.fixture
def fill(town: Any, record: Record, thresholds: dict[str, str]) -> Callable[[str], str]:
    """Puts what is there into the names of a path: a confirmed finding that a reviewer, the chief and its holder may see."""
    confirmed = town.findings["fair star-badge"]
    values = {
        "finding_id": confirmed,
        "dismissed": town.findings["costume star-badge"],
        "open": town.findings["hostile shoulder-patch-2019"],
        "sha256": town.assets["fair"],
        "detection_id": next(record.select(FindingDetection, finding_id=confirmed)).detection_id,
        "exemplar_id": town.exemplars["star-badge positive"],
        "account_id:path": "forum:ben",
        "identifier_id": "star-badge",
        "permission_id": "P-2026-004",
        "report_id": town.report,
        "name": "theo",
        **thresholds,
    }
    return lambda path: re.sub(r"\{([^}]+)\}", lambda found: values[found[1]], path)


def _key(route: Route) -> str:
    return f"{route.method} {route.path}"


def test_every_route_of_the_application_is_declared(app: FastAPI) -> None:
    """Nothing is served but declared routes and the style (G24)."""
    served = {
        f"{method} {route.path}" for route in app.routes if isinstance(route, APIRoute) for method in route.methods
    }
    assert served == {_key(route) for route in routes()}
    assert [route.path for route in app.routes if isinstance(route, Mount)] == ["/static"]
    assert all(isinstance(route, APIRoute | Mount) for route in app.routes)


def test_the_routes_are_those_of_the_table() -> None:
    """A new route, another role or another event is a decision that this table shows; none of them looks for a person's accounts (G2)."""
    declared = {_key(route): (frozenset(route.roles), route.audit) for route in routes()}
    assert declared == {key: (frozenset(roles.split()), audit) for key, (roles, audit) in TABLE.items()}


def test_only_the_form_of_the_way_in_leaves_no_event() -> None:
    """Every other route names an event."""
    assert [_key(route) for route in routes() if not route.audit] == ["GET /signin"]


@pytest.mark.parametrize("role", BY_ROLE)
def test_a_role_may_what_the_table_says_and_nothing_else(
    role: str, signed_in: Callable[[str], Any], fill: Callable[[str], str]
) -> None:
    """Each role is refused by every route that is not for it, pages and acts alike (G25)."""
    person = signed_in(BY_ROLE[role])
    token = person.token()
    open_to_it, answered = set(), set()
    for key, (roles, _) in TABLE.items():
        method, path = key.split()
        if key in ("GET /signin", "POST /signin", "POST /signout", "POST /password"):
            continue
        answer = person.client.request(method, fill(path), data={"csrf": token} if method == "POST" else None)
        if answer.status_code != 403:
            answered.add(key)
        if role in roles.split():
            open_to_it.add(key)
    assert answered == open_to_it


@pytest.mark.parametrize("path", PAGES)
def test_a_page_leaves_its_event(
    path: str, signed_in: Callable[[str], Any], fill: Callable[[str], str], events: Callable[[str], list[AuditEvent]]
) -> None:
    """Whatever is shown was logged with who saw it (G24)."""
    roles, action = TABLE[f"GET {path}"]
    name = BY_ROLE[roles.split()[0]]
    person = signed_in(name)
    before = len(events(action))
    assert person.get(fill(path)).status_code in (200, 303)
    assert [event.actor for event in events(action)][before:] == [name]


@pytest.mark.parametrize("path", ACTS)
def test_an_act_leaves_its_event(
    path: str,
    signed_in: Callable[[str], Any],
    fill: Callable[[str], str],
    record: Record,
    drawn: Callable[..., bytes],
) -> None:
    """Whatever is done was logged with who did it, once (G24)."""
    name, fields, file = ACTS[path]
    person = signed_in(name)
    token = person.token()
    before = record.count(AuditEvent)
    upload = {file: ("seal.png", drawn()) if file == "picture" else DEED} if file else None
    filled = {key: fill(value) for key, value in fields.items()}
    person.client.post(fill(path), data={"csrf": token, **filled}, files=upload)
    after = [event for event in record.select(AuditEvent) if event.sequence > before]
    declared = next(audit for key, (_, audit) in TABLE.items() if _matches(key, f"POST {path}"))
    assert [event.actor for event in after] == [name]
    assert fnmatchcase(after[0].action, declared)


def _matches(key: str, path: str) -> bool:
    return re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", key), path) is not None


def test_every_act_is_tried() -> None:
    """The acts above are all that there are, but signing in and taking back, which have tests of their own."""
    posts = {key for key in TABLE if key.startswith("POST ")}
    tried = {key for key in posts if any(_matches(key, f"POST {path}") for path in ACTS)}
    assert posts - tried == {"POST /signin", "POST /findings/{finding_id}/undo"}


def test_passwords_are_asked_of_users_alone() -> None:
    """No form about a registrant or an account has a field for a password (G5)."""
    asking = {file.name for file in (HERE / "templates").iterdir() if 'type="password"' in file.read_text()}
    assert asking == {"signin.html", "password.html", "users.html"}


def test_the_form_of_an_account_asks_for_what_is_public(signed_in: Callable[[str], Any]) -> None:
    """The registration of an account has these fields and no others (G5)."""
    page = signed_in("ines").get("/accounts").text
    form = page.split('action="/accounts"')[1].split("</form>")[0]
    fields = ["csrf", "platform", "address", "author", "registrant_id", "role", "basis", "document", "expires_on"]
    assert re.findall(r' name="(\w+)"', form) == fields


@pytest.mark.parametrize("name", ["vera", "admin"])
@pytest.mark.parametrize("page", ["/", "/audit", "/users", "/health"])
def test_who_watches_or_administers_sees_no_content(name: str, page: str, signed_in: Callable[[str], Any]) -> None:
    """Pages of auditor and administrator show no post, no picture and no name of a registrant (G25)."""
    text = signed_in(name).get(page).text
    assert not any(word in text for word in ("Great turnout", "/media/", "Ada Example", "Night shift"))
