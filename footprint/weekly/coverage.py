"""What was looked at in a week, and what was not."""

from collections import Counter
from collections.abc import Iterable

from footprint.coverage import LOOKED_AT, Outcome, Target
from footprint.weekly.facts import AccountFact, AssetLook, Facts, Looks
from footprint.weekly.figures import Accounts, Assets, Coverage, Fetches, PlatformCoverage, Runs


def coverage(facts: Facts) -> Coverage:
    """The coverage figures of a week, also by platform."""
    of_week = [run for run in facts.runs if run.started_at >= facts.scope.bounds.start]
    platforms = {account.platform for account in facts.accounts if account.in_scope} | {
        look.platform for look in facts.looks
    }
    return Coverage(
        runs=Runs(
            started=len(of_week),
            ended=sum(run.has_ended and not run.was_cut_off for run in of_week),
            cut_off=sum(run.was_cut_off for run in of_week),
            unfinished=sum(not run.has_ended for run in of_week),
        ),
        accounts=_accounts(facts.accounts, facts.looks),
        pages=_fetches(facts.looks, Target.PAGE),
        media=_fetches(facts.looks, Target.MEDIA),
        assets=Assets(**{look.value: facts.assets.get(look, 0) for look in AssetLook}),
        platforms=tuple(_platform_coverage(facts, platform) for platform in sorted(platforms)),
    )


def _platform_coverage(facts: Facts, platform: str) -> PlatformCoverage:
    looks = [look for look in facts.looks if look.platform == platform]
    return PlatformCoverage(
        platform=platform,
        accounts=_accounts([a for a in facts.accounts if a.platform == platform], looks),
        pages=_fetches(looks, Target.PAGE),
        media=_fetches(looks, Target.MEDIA),
    )


def _fetches(looks: Iterable[Looks], target: Target) -> Fetches:
    ended: Counter[Outcome | None] = Counter()
    for look in looks:
        if look.target is target:
            ended[look.outcome] += look.count
    return Fetches(
        planned=ended.total(), unfinished=ended[None], **{outcome.value: ended[outcome] for outcome in Outcome}
    )


def _accounts(accounts: Iterable[AccountFact], looks: Iterable[Looks]) -> Accounts:
    pages: dict[str, set[bool]] = {}
    for look in looks:
        if look.target is Target.PAGE and look.count:
            pages.setdefault(look.account_id, set()).add(look.outcome in LOOKED_AT)
    tally = Counter(frozenset(pages.get(a.id, {False})) if a.in_scope else None for a in accounts)
    full, part, none = (tally[frozenset(seen)] for seen in ({True}, {True, False}, {False}))
    return Accounts(in_scope=full + part + none, in_full=full, in_part=part, not_at_all=none, out_of_scope=tally[None])
