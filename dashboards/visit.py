"""One request, and what a view may do with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote

from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse

from dashboards.auth import SignedIn
from dashboards.declaration import Route
from dashboards.desk import Desk
from dashboards.forms import Form
from dashboards.memory import Reply, SessionMemory
from dashboards.security import csrf_token
from footprint.users import Role, User


@dataclass(slots=True, kw_only=True)
class Visit:
    """
    One request, admitted: its roles were checked and, where it is an act, its form proved to be ours.

    `secret` is the cookie that forms of this browser are tied to. `noted` says whether the event that the route declares was written.
    """

    desk: Desk
    route: Route
    request: Request
    at: datetime
    secret: str
    signed_in: SignedIn | None
    form: Form = field(default_factory=Form)
    noted: bool = False

    @property
    def user(self) -> User:
        """Who asks. Only for routes that somebody must be signed in for."""
        if self.signed_in is None:
            raise HTTPException(401)
        return self.signed_in.user

    @property
    def memory(self) -> SessionMemory:
        """What this session was told and granted."""
        if self.signed_in is None:
            raise HTTPException(401)
        return self.desk.memories.of(self.signed_in.session.id)

    def holds(self, *roles: Role) -> bool:
        """Whether who asks holds one of the roles."""
        return self.signed_in is not None and not set(roles).isdisjoint(self.user.roles)

    def part(self, name: str) -> str:
        """A part of the path."""
        return str(self.request.path_params[name])

    def asked(self, name: str, default: str = "") -> str:
        """A parameter of the query string, the first 500 characters."""
        return self.request.query_params.get(name, default)[:500].strip()

    def note(self, subject: str, *, purpose: str = "", detail: Mapping[str, Any] | None = None) -> None:
        """Write the audit event that the route declares."""
        with self.desk.record.transaction() as tx:
            tx.audit(
                at=self.at,
                actor=self.user.name,
                action=self.route.audit,
                subject=subject,
                purpose=purpose,
                detail=detail,
            )
        self.noted = True

    def note_once(self, key: str, subject: str, *, detail: Mapping[str, Any] | None = None) -> None:
        """As `note`, unless a page of this session accounts for the key already."""
        if key not in self.memory.shown:
            self.note(subject, detail=detail)
            self.memory.shown.add(key)
        self.noted = True

    def answer(self, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
        """A page."""
        html = self.desk.templates.get_template(template).render(
            visit=self,
            reply=self.memory.take_reply() if self.signed_in else Reply(),
            here=self.request.url.path,
            csrf=csrf_token(self.secret),
            department=self.desk.settings.department,
            Role=Role,
            **context,
        )
        return HTMLResponse(html, status)

    def go(self, path: str, *, done: str = "", index: bool = False) -> RedirectResponse:
        """To another page, which says what was done. With `index`, the index catches up with the record after the answer."""
        if done:
            self.memory.reply = Reply(done=done)
        return RedirectResponse(path, 303, background=BackgroundTask(self.desk.catch_up) if index else None)

    def refuse(self, reason: str) -> RedirectResponse:
        """Back to the page of the form, with the reason and what was typed, passwords apart."""
        typed = {name: texts for name, texts in self.form.texts.items() if name != "csrf" and "password" not in name}
        self.memory.reply = Reply(refused=reason, typed=typed)
        parts = {name: quote(str(part), safe=":@") for name, part in self.request.path_params.items()}
        return RedirectResponse(self.route.back.format(**parts), 303)
