"""Platforms by name, and whether one may be used at all."""

from datetime import datetime
from typing import cast

from crawlers.platform import Manifest, Platform
from crawlers.token_file import VARIABLE, tokens_of
from crawlers.tokens import has_token
from footprint import plugins
from footprint.clearances import REVIEW_HOLDS, PlatformApproval, Review, TermsReview, latest_review
from footprint.errors import NotPermitted
from footprint.ports import Reader
from footprint.settings import Crawl


def platform_of(name: str) -> Platform:
    """A platform's module. Raises BadInput that lists the names there are."""
    return cast(Platform, plugins.load("crawlers.spiders", name, what="platform", offers="MANIFEST"))


def review_of(reader: Reader, manifest: Manifest) -> Review:
    """The review of a platform's terms that counts."""
    return latest_review(manifest.terms_reviewed_on, reader.select(TermsReview, platform=manifest.name))


def require_usable(manifest: Manifest, crawl: Crawl, at: datetime, reader: Reader, *, native_id: str = "") -> None:
    """
    Raise NotPermitted where a platform, or the account of that native id on it, may not be read now.

    That is where the account is one that no API reads, crawling is off, the terms were not reviewed for too long (guardrail G9), the written
    approval that they ask for is not on file, it costs and no money is set aside, or a token is missing.
    """
    if not crawl.enabled:
        raise NotPermitted("Crawling is switched off. Mend: set `enabled = true` in [crawl].")
    if manifest.export_only and native_id.startswith(manifest.export_only):
        raise NotPermitted(
            f"{manifest.title}: what people post there is read by no API. Mend: have the holder hand over the platform's export, then footprint import FILE."
        )
    require_cleared(manifest, at, reader)
    if manifest.usd_per_post > crawl.monthly_usd == 0:
        raise NotPermitted(
            f"{manifest.title} charges {manifest.usd_per_post} USD for each post read. Mend: set `monthly_usd` in [crawl] to what may be spent in a month."
        )
    if manifest.token == "required" and not has_token(manifest, tokens_of(crawl.tokens_file)):
        raise NotPermitted(
            f"{manifest.title} needs an API token. Mend: put one for {' or '.join(manifest.api_hosts) or 'its host'} into"
            f" crawl.tokens_file or {VARIABLE}."
        )


def require_cleared(manifest: Manifest, at: datetime, reader: Reader) -> None:
    """Raise NotPermitted where people have yet to read a platform's terms again, or to file its approval."""
    review = review_of(reader, manifest)
    if not review.holds(at):
        raise NotPermitted(
            f"{manifest.title}: the terms at {manifest.terms_url} were last reviewed on {review.on}, more than {REVIEW_HOLDS.days} days ago."
            f" Mend: read them again, then footprint platforms renew {manifest.name} --reason WHAT-YOU-FOUND."
        )
    if manifest.needs_approval and not reader.count(PlatformApproval, platform=manifest.name):
        raise NotPermitted(
            f"{manifest.title}: its terms ask for written approval of this use, and none is on file."
            f" Mend: footprint platforms approve {manifest.name} --document FILE."
        )
