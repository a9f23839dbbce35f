"""How each platform stands: whether it may be read now, whether its parser still reads its canary, and how its last runs went."""

from collections.abc import Collection, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from crawlers.budget import FILE as BUDGET
from crawlers.canary import check
from crawlers.meter import Meter, Spent
from crawlers.platform import Manifest
from crawlers.platforms import platform_of, require_cleared, review_of
from crawlers.token_file import tokens_of
from crawlers.tokens import has_token
from flows.wiring import House, SpiderPlatforms
from footprint.accounts import Account
from footprint.clearances import PlatformApproval
from footprint.connectors import USABLE, Connector
from footprint.coverage import CoverageEntry
from footprint.errors import BadConfiguration, FootprintError, NotPermitted
from footprint.yields import alarm, new_fields, yields_of

EXPIRED, NO_TOKEN, NO_APPROVAL = "review expired", "token missing", "approval missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One platform: what its manifest says, and how its connector stands here."""

    manifest: Manifest
    has_token: bool
    connector: Connector

    def row(self) -> dict[str, Any]:
        """All of it, JSON-able."""
        manifest, connector, last = self.manifest, self.connector, self.connector.last
        return {
            "name": manifest.name,
            "title": manifest.title,
            "reads": manifest.reads,
            "authority": manifest.authority,
            "terms_url": manifest.terms_url,
            "token": manifest.token,
            "token_configured": self.has_token,
            "needs_approval": manifest.needs_approval,
            "approval_on_file": connector.has_approval,
            "requests_per_minute": manifest.requests_per_minute,
            "terms_reviewed_on": str(connector.review.on),
            "reviewed_by": connector.review.by,
            "review_due_on": str(connector.review.due_on),
            "accounts": connector.accounts,
            "state": connector.state,
            "healthy": connector.is_healthy,
            "trouble": connector.trouble,
            "canary": not connector.broken,
            "new_fields": list(last.new_fields) if last else [],
            "usd_per_post": manifest.usd_per_post,
            "usd_this_month": connector.usd,
            "posts_this_month": connector.posts,
            "last_yield": None
            if last is None
            else {
                "run": last.run_id,
                "at": last.at,
                "pages": last.pages,
                "read": last.read,
                "failed": last.failed,
                "unreadable": last.unreadable,
            },
        }


def standings(house: House, at: datetime) -> tuple[Standing, ...]:
    """All platforms, by name."""
    tokens, spent = _tokens(house), _spent(house)
    return tuple(_standing(house, platform_of(name).MANIFEST, tokens, spent, at) for name in SpiderPlatforms().names())


def _standing(
    house: House, manifest: Manifest, tokens: Collection[str], spent: Mapping[str, Spent], at: datetime
) -> Standing:
    review = review_of(house.record, manifest)
    has_approval = house.record.count(PlatformApproval, platform=manifest.name) > 0
    is_configured = manifest.token != "none" and has_token(manifest, tokens)
    accounts = [account.id for account in house.record.select(Account, platform=manifest.name)]
    yields = yields_of(house.record.select(CoverageEntry, account_id=accounts)) if accounts else ()
    bill = spent.get(manifest.name, Spent(posts=0, usd=0.0)) if manifest.usd_per_post else None
    state = (
        EXPIRED
        if not review.holds(at)
        else NO_APPROVAL
        if manifest.needs_approval and not has_approval
        else NO_TOKEN
        if manifest.token == "required" and not is_configured
        else USABLE
    )
    connector = Connector(
        name=manifest.name,
        title=manifest.title,
        state=state,
        review=review,
        needs_approval=manifest.needs_approval,
        has_approval=has_approval,
        broken=_broken(manifest.name),
        alarm=alarm(yields),
        new_fields=new_fields(yields),
        last=yields[-1] if yields else None,
        accounts=len(accounts),
        posts=bill.posts if bill else None,
        usd=bill.usd if bill else None,
    )
    return Standing(manifest=manifest, has_token=is_configured, connector=connector)


def _tokens(house: House) -> Collection[str]:
    """The hosts for which tokens are configured; none where their file cannot be used, which `doctor` says."""
    try:
        return tokens_of(house.settings.crawl.tokens_file)
    except BadConfiguration:
        return ()


def _spent(house: House) -> Mapping[str, Spent]:
    """This month's bill by platform; none where nothing was crawled yet."""
    file = house.loaded.path(house.settings.storage.work) / BUDGET
    if not file.is_file():
        return {}
    with closing(Meter(file)) as meter:
        return meter.spent()


@cache
def _broken(platform: str) -> str:
    """Asked once: a parser does not change while a process runs."""
    try:
        check(platform)
    except FootprintError as error:
        return str(error)
    return ""


def uncleared(house: House, at: datetime) -> dict[str, str]:
    """The platforms of registered accounts that may not be read before a person acts, and the mend."""
    names = {account.platform for account in house.record.select(Account)} & set(SpiderPlatforms().names())
    found = {}
    for name in sorted(names):
        try:
            require_cleared(platform_of(name).MANIFEST, at, house.record)
        except NotPermitted as error:
            found[name] = str(error)
    return found
