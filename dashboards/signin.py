"""The way in and out: sign-in, sign-out, and one's own password."""

import secrets
from datetime import timedelta
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from dashboards.auth import close_session, open_session
from dashboards.declaration import EVERYBODY, SIGNED_OUT, act, page
from dashboards.phrases import span
from dashboards.serving import DOOR_COOKIE, SESSION_COOKIE
from dashboards.visit import Visit
from footprint.acts.users import change_user, find_user
from footprint.errors import BadInput, NotPermitted
from footprint.users import User

NOBODY = "signed-out"
"""Actor of what happens before anybody is known."""

REFUSED = "This name and password do not go together. Nothing was changed; try again."


@page("/signin", roles=SIGNED_OUT, audit="")
def ask(visit: Visit) -> Response:
    """The form. It shows nothing, so looking at it leaves no event."""
    return _form(visit, wanted=visit.asked("next"))


@act("/signin", roles=SIGNED_OUT, audit="session.opened", back="")
def sign_in(visit: Visit) -> Response:
    """Open a session, or say no: as slowly and in the same words whether the name exists or not."""
    desk, form = visit.desk, visit.form
    name, wanted = form.text("name")[:100], form.text("next")
    address = visit.request.client.host if visit.request.client else "unknown"
    keys = (f"name:{name}", f"address:{address}")
    wait = desk.throttle.wait(keys, visit.at)
    if wait:
        return _form(visit, wanted=wanted, name=name, refused=_later(wait), status=429)
    user = find_user(desk.record, name)
    if not desk.doorkeeper.admits(user, form.texts.get("password", ("",))[0]) or user is None:
        desk.throttle.failed(keys, visit.at)
        _note_failure(visit, user, address)
        return _form(visit, wanted=wanted, name=name, refused=REFUSED, status=401)
    desk.throttle.succeeded(keys)
    minutes = desk.settings.dashboard.session_minutes
    token = open_session(desk.record, user, at=visit.at, minutes=minutes, address=address)
    response = RedirectResponse(wanted if _is_ours(wanted) else "/", 303)
    _set_cookie(visit, response, SESSION_COOKIE, token, max_age_s=60 * minutes)
    response.delete_cookie(DOOR_COOKIE)
    return response


@act("/signout", roles=EVERYBODY, audit="session.closed", back="/")
def sign_out(visit: Visit) -> Response:
    """End the session, here and on the server."""
    if visit.signed_in is not None:
        close_session(visit.desk.record, visit.signed_in, at=visit.at)
    response = RedirectResponse(f"/signin?{urlencode({'out': '1'})}", 303)
    response.delete_cookie(SESSION_COOKIE)
    return response


@page("/password", roles=EVERYBODY, audit="password.viewed")
def password(visit: Visit) -> Response:
    """The form for another password."""
    visit.note(visit.user.name)
    return visit.answer("password.html")


@act("/password", roles=EVERYBODY, audit="user.changed", back="/password")
def change_password(visit: Visit) -> Response:
    """Another password for oneself. It ends every session, this one too."""
    desk, user, form = visit.desk, visit.user, visit.form
    keys = (f"name:{user.name}",)
    wait = desk.throttle.wait(keys, visit.at)
    if wait:
        raise NotPermitted(_later(wait))
    if not desk.doorkeeper.admits(user, form.texts.get("password", ("",))[0]):
        desk.throttle.failed(keys, visit.at)
        raise NotPermitted("The present password is another one.")
    new, again = (form.texts.get(name, ("",))[0] for name in ("new_password", "new_password_again"))
    if new != again:
        raise BadInput("The two new passwords differ.")
    change_user(desk.record, user.name, actor=user, at=visit.at, password=new)
    return RedirectResponse("/signin?changed=1", 303)


def _later(wait: timedelta) -> str:
    return f"Too many failures. Try again in {span(wait + timedelta(seconds=1))}."


def _form(visit: Visit, *, wanted: str, name: str = "", refused: str = "", status: int = 200) -> Response:
    """The form, tied to this browser by a cookie of its own."""
    fresh = "" if visit.secret else secrets.token_urlsafe(24)
    visit.secret = visit.secret or fresh
    said = "signed out" if visit.asked("out") else "password changed" if visit.asked("changed") else ""
    response = visit.answer("signin.html", status=status, wanted=wanted, name=name, refused=refused, said=said)
    if fresh:
        _set_cookie(visit, response, DOOR_COOKIE, fresh, max_age_s=3600)
    return response


def _set_cookie(visit: Visit, response: Response, name: str, value: str, *, max_age_s: int) -> None:
    response.set_cookie(
        name,
        value,
        max_age=max_age_s,
        httponly=True,
        samesite="lax",
        secure=visit.desk.settings.dashboard.https_only,
    )


def _is_ours(path: str) -> bool:
    """Whether a path leads to a page of this site, and not by `//` or a backslash to another."""
    return path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()


def _note_failure(visit: Visit, user: User | None, address: str) -> None:
    """What was typed as a name may be a password, so a name that nobody has is not written down."""
    name = user.name if user else "unknown"
    with visit.desk.record.transaction() as tx:
        tx.audit(at=visit.at, actor=NOBODY, action="session.refused", subject=name, detail={"address": address})
