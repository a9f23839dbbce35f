"""
The fictional city of Port Alder: who is registered, what they published over ninety days, and who was permitted what.

Everything is plain data, made from one seed and one anchor day: day 0 is ninety days before the anchor, day 90 the anchor itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from demo.drawing.album import Plan
from footprint.accounts import AccountRole, AccountState, Basis
from footprint.identifiers import Kind

DAYS = 90.0
FIRST_SCAN_DAY, SECOND_SCAN_DAY = 83.0, 90.0
POLICY_DAY = 3.0
"""The day from which the policy in force binds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A registrant, with days in place of times; `notice_day` is None where the policy notice was never acknowledged."""

    id: str
    name: str
    is_unit: bool = False
    employed_day: float = -2000.0
    left_day: float | None = None
    notice_day: float | None = -300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """
    An account in the city. `site` is where it is, `handle` what it is called there, `author` the holder's name where others publish there
    as well.

    `state` is what its registration has come to by the first scan; `posts` how many it publishes; `unread` why the crawl cannot or
    must not read it, in words, "" where it can.
    """

    key: str
    person: str
    platform: str
    site: str
    handle: str
    role: AccountRole = AccountRole.EMPLOYEE
    basis: Basis = Basis.CONSENT
    author: str | None = None
    state: AccountState = AccountState.ACTIVE
    posts: int = 0
    unread: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What a post says and shows from a day on."""

    day: float
    text: str
    pictures: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What somebody else says below or inside of a post, with a picture or without."""

    by: str
    text: str
    picture: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CityPost:
    """
    One post. `by` names its author where that is not the holder, `boosted` says that the holder only passed it on; `pictures` are
    names in the album or of hostile media; `trap` says in words why nothing in it may become a finding, "" where something may.
    """

    key: str
    account: str
    number: int
    day: float
    title: str
    text: str
    pictures: tuple[str, ...] = ()
    by: str | None = None
    boosted: bool = False
    is_reply: bool = False
    visibility: str = "public"
    edits: tuple[Edit, ...] = ()
    deleted_day: float | None = None
    remarks: tuple[Remark, ...] = ()
    trap: str = ""

    def shown(self, day: float) -> Edit | None:
        """What it says and shows on a day, None where it is not there yet or any longer."""
        if self.day > day or (self.deleted_day is not None and self.deleted_day <= day):
            return None
        states = (Edit(day=self.day, text=self.text, pictures=self.pictures), *self.edits)
        return [state for state in states if state.day <= day][-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """An identifier of the Department. `mark` names what the drawn pictures call it; a photograph is its own mark."""

    id: str
    kind: Kind
    name: str
    since_day: float = -2500.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A written permission, with days in place of times; `approved` names pictures of the album."""

    id: str
    grantees: tuple[str, ...]
    purpose: str
    identifiers: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    approved: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    from_day: float
    until_day: float | None = None
    revoked_day: float | None = None
    delegation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """All of it. `plans` says how each picture is drawn."""

    seed: int
    anchor: datetime
    people: tuple[Person, ...]
    holdings: tuple[Holding, ...]
    posts: tuple[CityPost, ...]
    things: tuple[Thing, ...]
    papers: tuple[Paper, ...]
    plans: tuple[Plan, ...]
    of_photograph: Mapping[str, str]

    def moment(self, day: float) -> datetime:
        """The moment at which a day begins, or a part of it has passed; whole seconds, as platforms tell them."""
        return self.anchor - timedelta(seconds=round((DAYS - day) * 86400))

    def holding(self, key: str) -> Holding:
        """An account by its key."""
        return next(holding for holding in self.holdings if holding.key == key)

    def at(self, site: str) -> tuple[Holding, ...]:
        """The accounts of a site."""
        return tuple(holding for holding in self.holdings if holding.site == site)

    def refused(self) -> tuple[Holding, ...]:
        """The accounts for which no request may be made."""
        left = {person.id for person in self.people if person.left_day is not None}
        return tuple(h for h in self.holdings if h.state is not AccountState.ACTIVE or h.person in left)

    def posts_of(self, account: str) -> tuple[CityPost, ...]:
        """The posts of an account, the oldest first."""
        return tuple(post for post in self.posts if post.account == account)
