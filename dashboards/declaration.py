"""What every route declares: who may take it, and what it leaves in the audit log (guardrails G24 and G25)."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING

from starlette.responses import Response

from footprint.users import Role

if TYPE_CHECKING:
    from dashboards.visit import Visit

EVERYBODY = frozenset(Role)
"""Whoever is signed in."""

SIGNED_OUT: frozenset[Role] = frozenset()
"""Whoever asks; only for the way in."""

FORM_BYTES = 64 * 2**10
UPLOAD_BYTES = 40 * 2**20

View = Callable[["Visit"], Response]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """
    One page or act.

    `audit` is the action of the event that it leaves. A page (GET) writes that event itself before it is shown; an act (POST)
    leaves it to what it calls in `footprint.acts`, unless `notes` says that it writes it as a page does. `max_bytes` bounds what may be
    posted; `back` is the page to which a refused act returns, with the reason and what was typed.
    """

    method: str
    path: str
    roles: frozenset[Role]
    audit: str
    notes: bool
    max_bytes: int
    back: str
    view: View


def page(path: str, *, roles: Iterable[Role], audit: str) -> Callable[[View], Route]:
    """Declare a page: something that is read."""

    def declare(view: View) -> Route:
        return Route(
            method="GET", path=path, roles=frozenset(roles), audit=audit, notes=True, max_bytes=0, back="", view=view
        )

    return declare


def act(
    path: str,
    *,
    roles: Iterable[Role],
    audit: str,
    back: str,
    notes: bool = False,
    max_bytes: int = FORM_BYTES,
) -> Callable[[View], Route]:
    """Declare an act: something that is done, with a form."""

    def declare(view: View) -> Route:
        return Route(
            method="POST",
            path=path,
            roles=frozenset(roles),
            audit=audit,
            notes=notes,
            max_bytes=max_bytes,
            back=back,
            view=view,
        )

    return declare


def routes_of(module: ModuleType) -> Iterator[Route]:
    """The routes that a module declares, in order of their names."""
    return (value for _, value in sorted(vars(module).items()) if isinstance(value, Route))
