"""How records are said on pages: sentences instead of codes, times with their zone, numbers with their noun."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from markupsafe import Markup

from footprint.accounts import AccountRole, AccountState, AccountStep, Basis
from footprint.coverage import Outcome
from footprint.findings import ScanOutcome
from footprint.identifiers import Identifier, Polarity
from footprint.reviews import Element, FindingState, Verdict

WORDS: Mapping[type[StrEnum], Mapping[str, str]] = MappingProxyType(
    {
        FindingState: {
            FindingState.OPEN: "open",
            FindingState.SECOND_REVIEW: "waits for a second reviewer",
            FindingState.CONFIRMED: "confirmed",
            FindingState.PERMITTED: "permitted",
            FindingState.DISMISSED: "dismissed",
            FindingState.WITH_COUNSEL: "with counsel",
            FindingState.INSUFFICIENT: "needs more",
        },
        Verdict: {
            Verdict.CONFIRMED: "Confirmed",
            Verdict.PERMITTED: "Permitted",
            Verdict.NOT_DEPARTMENT_MATERIAL: "Not Department material",
            Verdict.NOT_PUBLISHED_BY_REGISTRANT: "Not published by the registrant",
            Verdict.OUT_OF_JURISDICTION: "Out of jurisdiction",
            Verdict.PROTECTED_ACTIVITY: "Protected activity, to counsel",
            Verdict.INSUFFICIENT: "Not enough information",
        },
        Element: {
            Element.REGISTERED_PUBLISHER: "Published by a registered account",
            Element.PUBLIC: "Public when fetched",
            Element.IDENTIFIES_DEPARTMENT: "Specifically identifies the Department",
            Element.IN_JURISDICTION: "In jurisdiction when it was published",
            Element.NO_PERMISSION: "No written permission covers it",
        },
        Outcome: {
            Outcome.FETCHED: "fetched",
            Outcome.UNCHANGED: "unchanged",
            Outcome.NOT_PUBLIC: "behind a login",
            Outcome.ROBOTS_DENIED: "denied by robots.txt",
            Outcome.RATE_DEFERRED: "put off, the site asked us to wait",
            Outcome.GONE: "deleted at the source",
            Outcome.ERROR: "failed",
            Outcome.UNSUPPORTED: "of a sort we cannot read",
        },
        ScanOutcome: {
            ScanOutcome.FAILED: "could not be looked at",
            ScanOutcome.UNSUPPORTED: "of a sort no detector reads",
        },
        AccountRole: {
            AccountRole.OFFICIAL: "official",
            AccountRole.REPRESENTATIVE: "representative",
            AccountRole.EMPLOYEE: "employee",
        },
        Basis: {
            Basis.CONSENT: "signed consent",
            Basis.OFFICIAL: "official account",
            Basis.WRITTEN_ORDER: "written order",
        },
        AccountStep: {
            AccountStep.APPROVED: "approved",
            AccountStep.NOTIFIED: "holder notified",
            AccountStep.PAUSED: "paused",
            AccountStep.RESUMED: "resumed",
            AccountStep.WITHDRAWN: "withdrawn",
            AccountStep.PROVED: "holder proved it by a nonce",
        },
        AccountState: {
            AccountState.PROPOSED: "awaits approval",
            AccountState.AWAITING_NOTICE: "awaits notice to its holder",
            AccountState.ACTIVE: "active",
            AccountState.PAUSED: "paused",
            AccountState.EXPIRED: "basis expired",
            AccountState.WITHDRAWN: "withdrawn",
        },
        Polarity: {
            Polarity.POSITIVE: "ours",
            Polarity.LOOK_ALIKE: "look-alike",
            Polarity.APPROVED_USE: "approved use",
        },
    }
)
"""By enumeration, because members of two enumerations with one value are equal."""


def say(value: StrEnum) -> str:
    """The words for a member of an enumeration; its value where that is a word already."""
    return WORDS.get(type(value), {}).get(value, value.value.replace("_", " "))


def count(number: int, noun: str, plural: str = "") -> str:
    """ "1 page", "214 pages", "1,204 pages", "no pages"."""
    many = plural or f"{noun}s"
    return f"{number:,} {noun if number == 1 else many}" if number else f"no {many}"


def brief(sha256: str | None) -> str:
    """ "9f2c…e41a"."""
    return f"{sha256[:4]}…{sha256[-4:]}" if sha256 else ""


def listed(words: list[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def span(duration: timedelta) -> str:
    """About how long: "5 s", "3 min", "7 h", "12 d"."""
    seconds = int(duration.total_seconds())
    steps = ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"))
    return next((f"{seconds // size} {unit}" for size, unit in steps if seconds >= size), "0 s")


def chance(probability: float) -> str:
    """ "0.97"; what rounds to certainty is ">0.99", for nothing is certain."""
    return f"{probability:.2f}" if probability < 0.995 else ">0.99"


def times(zone: ZoneInfo) -> dict[str, Callable[..., Any]]:
    """The filters `when` ("5 Nov 2026, 14:02 (UTC-8)"), `day` ("5 Nov 2026"), `short_day` ("5 Nov"), `weekday` and `second` (as `when`, with seconds) in one zone."""

    def element(moment: datetime, text: str) -> Markup:
        return Markup('<time datetime="{}">{}</time>').format(moment.isoformat(timespec="seconds"), text)

    def day(moment: datetime) -> Markup:
        local = moment.astimezone(zone)
        return element(moment, f"{local.day} {local:%b %Y}")

    def short_day(moment: datetime) -> Markup:
        local = moment.astimezone(zone)
        return element(moment, f"{local.day} {local:%b}")

    def when(moment: datetime) -> Markup:
        local = moment.astimezone(zone)
        return element(moment, f"{local.day} {local:%b %Y, %H:%M} ({_offset(local)})")

    def second(moment: datetime) -> Markup:
        local = moment.astimezone(zone)
        return element(moment, f"{local.day} {local:%b %Y, %H:%M:%S} ({_offset(local)})")

    def weekday(moment: datetime) -> Markup:
        local = moment.astimezone(zone)
        return element(moment, f"{local:%A}, {local.day} {local:%B %Y}")

    return {"when": when, "day": day, "short_day": short_day, "weekday": weekday, "second": second}


def _offset(local: datetime) -> str:
    minutes = int((local.utcoffset() or timedelta()).total_seconds()) // 60
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'−' if minutes < 0 else '+'}{hours}{f':{rest:02}' if rest else ''}"


def segment(text: str) -> str:
    """A part of a path, quoted."""
    return quote(text, safe=":@")


def is_web(address: str) -> bool:
    """Whether an address from outside may become a link."""
    return address.startswith(("https://", "http://"))


def pairs(values: Iterable[str]) -> list[tuple[str, str]]:
    """Options that are called what they are."""
    return [(value, value) for value in values]


def said(members: Iterable[StrEnum]) -> list[tuple[str, str]]:
    """Members of an enumeration as options."""
    return [(member.value, say(member)) for member in members]


def named(things: Iterable[Identifier]) -> list[tuple[str, str]]:
    """Identifiers as options."""
    return [(thing.id, thing.name) for thing in things]


def filters(zone: ZoneInfo) -> dict[str, Callable[..., Any]]:
    """All filters of the templates."""
    plain: dict[str, Callable[..., Any]] = {
        "say": say, "count": count, "brief": brief, "listed": listed, "span": span, "chance": chance, "segment": segment,
        "is_web": is_web, "pairs": pairs, "said": said, "named": named,
    }  # fmt: skip
    return plain | times(zone)
