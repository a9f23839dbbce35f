"""Reads from the record what a weekly report is made from: streaming, and only what was recorded before its `as_of`."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import TypeVar

from footprint.accounts import Account, AccountEvent, AccountState, Registrant, require_scannable, state_of
from footprint.audit import GENESIS, AuditEvent
from footprint.coverage import CUT_OFF, PLATFORM_REFUSED, CoverageEntry, Outcome, PlannedFetch, Run, RunEnd, Target
from footprint.errors import NotPermitted, RecordUnavailable
from footprint.findings import AssetScan, Detection, Finding, FindingDetection, ScanOutcome
from footprint.identifiers import Identifier
from footprint.permissions import Permission, PermissionSearch, Revocation
from footprint.ports import Between, Reader
from footprint.posts import MediaAsset, Post, PostVersion
from footprint.reviews import ReviewDecision
from footprint.suspensions import DetectorEvent
from footprint.thresholds import Threshold, ThresholdApproval, ThresholdProposal, history
from footprint.weekly.facts import (
    SERIES_WEEKS,
    AccountFact,
    AssetLook,
    ConnectorFact,
    DetectorLooks,
    Facts,
    FindingFact,
    Head,
    Looks,
    PermissionFact,
    RunFact,
    Scope,
    asset_look,
)
from footprint.yields import RUNS_COMPARED, yields_of

K = TypeVar("K")
V = TypeVar("V")


def chain_head(record: Reader) -> Head:
    """
    The last event of the audit chain, which is numbered without gaps. Ask inside of a transaction.

    Raises RecordUnavailable where its number is not the count of events. That nothing was altered, `footprint.audit.verify` says.
    """
    sequence = record.count(AuditEvent)
    last, beyond = record.get(AuditEvent, str(sequence)), record.get(AuditEvent, str(sequence + 1))
    if beyond is not None or (last is None and sequence):
        raise RecordUnavailable(
            "The audit chain has a gap, so nothing is reported. `footprint audit verify` says where."
        )
    return Head(sequence=sequence, digest=last.digest if last else GENESIS)


def gather(record: Reader, scope: Scope, *, head: Head) -> Facts:
    """
    The facts of one week.

    A run belongs to the week that it began in, with what came of it by `as_of`; everything else counts by its own time, before the
    cut-off. Audit events count up to `head`.
    """
    runs = tuple(_runs(record, scope))
    of_week = {run.id for run in runs if run.started_at >= scope.bounds.start}
    ended = {
        end.id: end.outcome for end in record.select(RunEnd, id={r.id for r in runs}) if end.ended_at < scope.as_of
    }
    accounts = {account.id: account for account in record.select(Account)}
    scans = [s for s in record.select(AssetScan, run_id=of_week) if s.scanned_at < scope.as_of]
    return Facts(
        scope=scope,
        head=head,
        runs=tuple(
            RunFact(started_at=r.started_at, has_ended=r.id in ended, was_cut_off=ended.get(r.id) == CUT_OFF)
            for r in runs
        ),
        accounts=tuple(_accounts(record, accounts.values(), scope)),
        looks=_looks(record, of_week, accounts, scope),
        detector_looks=_detector_looks(scans),
        assets=_assets(record, scans, scope),
        findings=tuple(_findings(record, accounts, scope)),
        permissions=tuple(_permissions(record, scope)),
        connectors=tuple(_connectors(record, runs, accounts, scope)),
        acts=Counter(e.action for e in record.select(AuditEvent, at=_week(scope)) if e.sequence <= head.sequence),
        thresholds=tuple(_thresholds(record, scope)),
        detector_events=tuple(e for e in record.select(DetectorEvent) if e.at < scope.cut_off),
    )


def _week(scope: Scope) -> Between:
    return Between(scope.bounds.start, scope.cut_off)


def _runs(record: Reader, scope: Scope) -> Iterator[Run]:
    first = scope.week.previous(SERIES_WEEKS - 1)
    return record.select(Run, started_at=Between(first.bounds(scope.zone).start, scope.cut_off))


def _accounts(record: Reader, accounts: Iterable[Account], scope: Scope) -> Iterator[AccountFact]:
    registrants = {registrant.id: registrant for registrant in record.select(Registrant)}
    events = _grouped((e.account_id, e) for e in record.select(AccountEvent) if e.at < scope.cut_off)
    for account in accounts:
        steps = events.get(account.id, ())
        withdrawn = state_of(account, steps, scope.cut_off) is AccountState.WITHDRAWN
        if account.registered_at < scope.cut_off and not withdrawn:
            in_scope = _is_in_scope(account, registrants[account.registrant_id], steps, scope.cut_off)
            yield AccountFact(id=account.id, platform=account.platform, in_scope=in_scope)


def _is_in_scope(account: Account, registrant: Registrant, steps: Iterable[AccountEvent], at: datetime) -> bool:
    try:
        require_scannable(account, registrant, steps, at)
    except NotPermitted:
        return False
    return True


def _looks(record: Reader, runs: Iterable[str], accounts: Mapping[str, Account], scope: Scope) -> tuple[Looks, ...]:
    tally: Counter[tuple[str, Target, Outcome | None]] = Counter()
    for run_id in runs:
        entries = record.select(CoverageEntry, run_id=run_id)
        ended = {entry.id: entry.outcome for entry in entries if entry.ended_at < scope.as_of}
        plans = (plan for plan in record.select(PlannedFetch, run_id=run_id) if plan.planned_at < scope.as_of)
        tally.update((plan.account_id, plan.target, ended.get(plan.id)) for plan in plans)
    return tuple(
        Looks(account_id=a, platform=accounts[a].platform, target=target, outcome=outcome, count=count)
        for (a, target, outcome), count in tally.items()
    )


def _connectors(
    record: Reader, runs: Iterable[Run], accounts: Mapping[str, Account], scope: Scope
) -> Iterator[ConnectorFact]:
    """What the week's runs brought of each platform, and the few before them that an alarm compares with."""
    ordered = sorted(runs, key=lambda run: (run.started_at, run.id))
    of_week = {run.id for run in ordered if run.started_at >= scope.bounds.start}
    asked = {run.id for run in ordered[-len(of_week) - RUNS_COMPARED :]}
    entries = (e for e in record.select(CoverageEntry, run_id=asked) if e.ended_at < scope.as_of)
    for platform, found in _grouped((accounts[e.account_id].platform, e) for e in entries).items():
        yields = yields_of(found)
        yield ConnectorFact(
            platform=platform,
            yields=yields,
            before=sum(y.run_id not in of_week for y in yields),
            left_out={
                e.account_id: e.detail.removeprefix(PLATFORM_REFUSED).partition(" Mend:")[0]
                for e in found
                if e.run_id in of_week and e.detail.startswith(PLATFORM_REFUSED)
            },
        )


def _detector_looks(scans: Iterable[AssetScan]) -> tuple[DetectorLooks, ...]:
    tally = Counter((scan.detector, scan.version, scan.outcome) for scan in scans)
    return tuple(
        DetectorLooks(detector=detector, version=version, outcome=outcome, count=count)
        for (detector, version, outcome), count in tally.items()
    )


def _assets(record: Reader, scans: Iterable[AssetScan], scope: Scope) -> Mapping[AssetLook, int]:
    """How the assets fared that the week's runs looked at, and those first fetched in the week that none has looked at yet."""
    outcomes: dict[str, frozenset[ScanOutcome]] = {}
    for scan in scans:
        outcomes[scan.asset_sha256] = outcomes.get(scan.asset_sha256, frozenset()) | {scan.outcome}
    fetched = {asset.sha256 for asset in record.select(MediaAsset, first_fetched_at=_week(scope))}
    unseen = fetched - outcomes.keys()
    elsewhere = {s.asset_sha256 for s in record.select(AssetScan, asset_sha256=unseen) if s.scanned_at < scope.as_of}
    return Counter(asset_look(o) for o in (*outcomes.values(), *(frozenset() for _ in unseen - elsewhere)))


def _findings(record: Reader, accounts: Mapping[str, Account], scope: Scope) -> Iterator[FindingFact]:
    kinds = {identifier.id: identifier.kind for identifier in record.select(Identifier)}
    findings = [finding for finding in record.select(Finding) if finding.found_at < scope.cut_off]
    decisions = _grouped((d.finding_id, d) for d in record.select(ReviewDecision) if d.decided_at < scope.cut_off)
    covered = _covered(record, {f.id for f in findings if f.found_at >= scope.bounds.start}, scope)
    posts = {finding.post_id for finding in findings if finding.id in decisions}
    posted = {post.id: post.created_at for post in record.select(Post, id=posts)}
    gone, detectors = _gone(record, posts, scope), _detectors(record, decisions)
    for finding in findings:
        yield FindingFact(
            id=finding.id,
            kind=kinds[finding.identifier_id],
            platform=accounts[finding.account_id].platform,
            found_at=finding.found_at,
            decisions=decisions.get(finding.id, ()),
            is_covered=finding.id in covered,
            posted_at=posted.get(finding.post_id),
            gone_at=gone.get(finding.post_id),
            detectors=detectors.get(finding.id, ()),
        )


def _covered(record: Reader, findings: Collection[str], scope: Scope) -> frozenset[str]:
    """Findings of which the last search named a permission."""
    searches = (s for s in record.select(PermissionSearch, finding_id=findings) if s.searched_at < scope.as_of)
    last = {s.finding_id: s for s in sorted(searches, key=lambda s: (s.searched_at, s.id))}
    return frozenset(finding_id for finding_id, search in last.items() if search.covering is not None)


def _gone(record: Reader, posts: Collection[str], scope: Scope) -> dict[str, datetime]:
    """When the posts were found deleted that were last seen so."""
    versions = (v for v in record.select(PostVersion, post_id=posts) if v.observed_at < scope.cut_off)
    last = {v.post_id: v for v in sorted(versions, key=lambda v: (v.observed_at, v.is_tombstone))}
    return {post_id: version.observed_at for post_id, version in last.items() if version.is_tombstone}


def _detectors(record: Reader, findings: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    supports = tuple(record.select(FindingDetection, finding_id=findings))
    names = {d.id: d.detector for d in record.select(Detection, id={s.detection_id for s in supports})}
    return _grouped(sorted({(s.finding_id, names[s.detection_id]) for s in supports}))


def _permissions(record: Reader, scope: Scope) -> Iterator[PermissionFact]:
    revoked = {r.id: r.revoked_at for r in record.select(Revocation) if r.revoked_at < scope.cut_off}
    for permission in record.select(Permission):
        if permission.granted_at < scope.cut_off:
            yield PermissionFact(
                valid_from=permission.valid_from,
                valid_until=permission.valid_until,
                revoked_at=revoked.get(permission.id),
            )


def _thresholds(record: Reader, scope: Scope) -> Iterator[Threshold]:
    approvals = (a for a in record.select(ThresholdApproval) if a.approved_at < scope.cut_off)
    for versions in history(record.select(ThresholdProposal), approvals).values():
        yield from versions


def _grouped(pairs: Iterable[tuple[K, V]]) -> Mapping[K, tuple[V, ...]]:
    groups: defaultdict[K, list[V]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return {key: tuple(values) for key, values in groups.items()}
