"""How each platform stands: whether it may be read now, whether its parser still reads its canary, and how its last runs went."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crawlers.canary import check
from crawlers.platform import Manifest
from crawlers.platforms import platform_of, require_cleared, review_of
from crawlers.token_file import tokens_of
from crawlers.tokens import has_token
from flows.wiring import House, SpiderPlatforms
from footprint.accounts import Account
from footprint.clearances import PlatformApproval, Review
from footprint.coverage import CoverageEntry
from footprint.errors import BadConfiguration, FootprintError, NotPermitted
from footprint.yields import Yield, alarm, yields_of

USABLE, EXPIRED, NO_TOKEN, NO_APPROVAL = "usable", "review expired", "token missing", "approval missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One platform. `is_healthy` is None where it was never read; `trouble` says what a person should look at, "" where nothing."""

    manifest: Manifest
    review: Review
    state: str
    has_token: bool
    has_approval: bool
    is_healthy: bool | None
    trouble: str
    last: Yield | None

    def row(self) -> dict[str, Any]:
        """All of it, JSON-able."""
        manifest, last = self.manifest, self.last
        return {
            "name": manifest.name,
            "title": manifest.title,
            "reads": manifest.reads,
            "authority": manifest.authority,
            "terms_url": manifest.terms_url,
            "token": manifest.token,
            "token_configured": self.has_token,
            "needs_approval": manifest.needs_approval,
            "approval_on_file": self.has_approval,
            "requests_per_minute": manifest.requests_per_minute,
            "terms_reviewed_on": str(self.review.on),
            "reviewed_by": self.review.by,
            "review_due_on": str(self.review.due_on),
            "state": self.state,
            "healthy": self.is_healthy,
            "trouble": self.trouble,
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
    tokens = _tokens(house)
    return tuple(_standing(house, platform_of(name).MANIFEST, tokens, at) for name in SpiderPlatforms().names())


def _standing(house: House, manifest: Manifest, tokens: Collection[str], at: datetime) -> Standing:
    review = review_of(house.record, manifest)
    has_approval = house.record.count(PlatformApproval, platform=manifest.name) > 0
    is_configured = manifest.token != "none" and has_token(manifest, tokens)
    accounts = [account.id for account in house.record.select(Account, platform=manifest.name)]
    yields = yields_of(house.record.select(CoverageEntry, account_id=accounts)) if accounts else ()
    trouble = _canary(manifest) or alarm(yields)
    state = (
        EXPIRED
        if not review.holds(at)
        else NO_APPROVAL
        if manifest.needs_approval and not has_approval
        else NO_TOKEN
        if manifest.token == "required" and not is_configured
        else USABLE
    )
    return Standing(
        manifest=manifest,
        review=review,
        state=state,
        has_token=is_configured,
        has_approval=has_approval,
        is_healthy=not trouble if yields or trouble else None,
        trouble=trouble,
        last=yields[-1] if yields else None,
    )


def _tokens(house: House) -> Collection[str]:
    """The hosts for which tokens are configured; none where their file cannot be used, which `doctor` says."""
    try:
        return tokens_of(house.settings.crawl.tokens_file)
    except BadConfiguration:
        return ()


def _canary(manifest: Manifest) -> str:
    try:
        check(manifest.name)
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
