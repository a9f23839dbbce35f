"""Platforms by name, and whether one may be used at all."""

from datetime import datetime, timedelta
from typing import cast

from crawlers.platform import Manifest, Platform
from crawlers.tokens import VARIABLE, tokens_of
from footprint import plugins
from footprint.errors import NotPermitted
from footprint.settings import Crawl

REVIEW_HOLDS = timedelta(days=180)


def platform_of(name: str) -> Platform:
    """A platform's module. Raises BadInput that lists the names there are."""
    return cast(Platform, plugins.load("crawlers.spiders", name, what="platform", offers="MANIFEST"))


def require_usable(manifest: Manifest, crawl: Crawl, at: datetime) -> None:
    """Raise NotPermitted where crawling is off, the terms were not reviewed for too long (guardrail G9), or a token is missing."""
    if not crawl.enabled:
        raise NotPermitted("Crawling is switched off. Mend: set `enabled = true` in [crawl].")
    reviewed = manifest.terms_reviewed_on
    if at.date() - reviewed > REVIEW_HOLDS:
        raise NotPermitted(
            f"{manifest.title}: the terms at {manifest.terms_url} were last reviewed on {reviewed}, more than {REVIEW_HOLDS.days} days ago."
            " Mend: have a person read them again, and record the day in the platform's manifest."
        )
    tokens = tokens_of(crawl.tokens_file) if manifest.token == "required" else {}
    wanted = manifest.api_hosts or tuple(tokens)  # without hosts of its own, each account's host has its token
    if manifest.token == "required" and not any(host in tokens for host in wanted):
        raise NotPermitted(
            f"{manifest.title} needs an API token. Mend: put one for {' or '.join(manifest.api_hosts) or 'its host'} into"
            f" crawl.tokens_file or {VARIABLE}."
        )
