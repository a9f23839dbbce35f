"""Writes a town: people act through the acts, the machine's part is written as a scan writes it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from footprint.accounts import Account, AccountRole, AccountStep, Basis, Registrant
from footprint.acts import accounts, identifiers, reviews, users
from footprint.coverage import Outcome, PlannedFetch, Run, RunEnd, Target, ending, plan_id
from footprint.digests import digest
from footprint.findings import (
    AssetScan,
    Detection,
    Finding,
    FindingDetection,
    Quad,
    Region,
    ScanOutcome,
    detection_id,
    finding_id,
)
from footprint.identifiers import Identifier, Kind, Polarity
from footprint.ports import Blobs, Record
from footprint.posts import (
    Capture,
    MediaAsset,
    MediaKind,
    MediaReference,
    MediaUse,
    ObservedMedia,
    ObservedPost,
    Post,
    PostKind,
    PostVersion,
    body,
    content_hash,
)
from footprint.reviews import Element, ReviewDecision, Verdict
from footprint.users import Role, User
from town_pictures import HEIGHT, WIDTH, encoded, patch


class Builder:
    """Keeps the ids of what it wrote, by the names that tests use."""

    def __init__(self, record: Record, blobs: Blobs, start: datetime) -> None:
        self.record, self.blobs, self.start = record, blobs, start
        self.run = Run(id="run-2026-04-30", actor="system", started_at=start - timedelta(hours=3))
        self.document = blobs.put(b"%PDF-1.7 a signed writing")
        self.findings: dict[str, str] = {}
        self.posts: dict[str, str] = {}
        self.assets: dict[str, str] = {}
        self.exemplars: dict[str, str] = {}

    def user(self, name: str) -> User:
        found = users.find_user(self.record, name)
        assert found is not None
        return found

    def people(self) -> None:
        for number, name in ((101, "Ada Example"), (102, "Ben Sample"), (103, "Cleo Muster")):
            registrant = Registrant(
                id=f"R-0{number}",
                employed_from=self.start - timedelta(days=900),
                notice_acknowledged_at=self.start - timedelta(days=400),
                registered_at=self.start - timedelta(days=90),
            )
            accounts.add_registrant(
                self.record, registrant, name=name, actor=self.user("ines"), at=self.start - timedelta(days=90)
            )
        for name, roles in (("eva", [Role.EMPLOYEE]), ("rex", [Role.REVIEWER, Role.EMPLOYEE])):
            users.add_user(
                self.record, name=name, roles=roles, password=f"correct horse {name}", actor=self.user("admin"),
                at=self.start - timedelta(days=80), registrant_id="R-0101" if name == "eva" else "R-0102",
            )  # fmt: skip

    def account(self, key: str, registrant_id: str, steps: Sequence[AccountStep], *, days: int = 300) -> Account:
        platform, _, native_id = key.partition(":")
        at = self.start - timedelta(days=60)
        account = Account(
            id=key, platform=platform, native_id=native_id, address=f"https://{platform}.example/{native_id}",
            registrant_id=registrant_id, role=AccountRole.EMPLOYEE, basis=Basis.CONSENT, document_sha256=self.document,
            registered_by="ines", registered_at=at, expires_at=self.start + timedelta(days=days),
        )  # fmt: skip
        accounts.register(self.record, account, actor=self.user("ines"), at=at)
        for number, step in enumerate(steps, 1):
            accounts.step(
                self.record, key, step, actor=self.user("omar"), at=at + timedelta(days=number), reason="by letter"
            )
        return account

    def identifier(self, key: str, kind: Kind, name: str, ground: tuple[int, int, int]) -> None:
        at, ines = self.start - timedelta(days=50), self.user("ines")
        identifier = Identifier(id=key, kind=kind, name=name, created_by="ines", created_at=at)
        identifiers.add_identifier(self.record, identifier, actor=ines, at=at)
        for polarity, colour in ((Polarity.POSITIVE, ground), (Polarity.LOOK_ALIKE, (90, 20, 20))):
            exemplar = identifiers.add_exemplar(
                self.record, self.blobs, identifier_id=key, data=encoded(patch(300, ground=colour), "PNG"), mime="image/png",
                polarity=polarity, label=f"{name}, {polarity.value.replace('_', '-')}", actor=ines, at=at,
            )  # fmt: skip
            self.exemplars[f"{key} {polarity.value}"] = exemplar.id

    def post(self, name: str, account: Account, text: str, pictures: Sequence[bytes], *, days: float) -> str:
        at = self.start - timedelta(days=days)
        post_id = f"{account.platform}:{name}"
        media = tuple(
            ObservedMedia(
                key=f"{name}-{n}", url=f"https://{account.platform}.example/{name}-{n}.jpg", kind=MediaKind.IMAGE
            )
            for n, _ in enumerate(pictures)
        )
        observed = ObservedPost(
            platform=account.platform, native_id=name, author=account.native_id, permalink=f"https://{account.platform}.example/posts/{name}",
            text=text, created_at=at, visibility="visibility=public, read without signing in", media=media,
        )  # fmt: skip
        url = f"https://{account.platform}.example/api/{name}"
        warc = self.blobs.put(f"WARC of {name}".encode())
        plan = self._planned(account, url)
        version = PostVersion(
            id=digest(post_id, content_hash(observed), ""), post_id=post_id, content_hash=content_hash(observed), observed_at=self.run.started_at,
            edited_at=None, visibility=observed.visibility, body_sha256=self.blobs.put(body(observed)), capture_sha256=warc,
        )  # fmt: skip
        with self.record.transaction() as tx:
            tx.add(plan)
            tx.add(
                Post(
                    id=post_id,
                    account_id=account.id,
                    kind=PostKind.POST,
                    created_at=at,
                    first_seen_at=self.run.started_at,
                )
            )
            tx.add(version)
            tx.add(
                Capture(
                    id=digest(self.run.id, url, warc),
                    sha256=warc,
                    run_id=self.run.id,
                    url=url,
                    status=200,
                    fetched_at=self.run.started_at,
                )
            )
            tx.add(ending(plan, Outcome.FETCHED, self.run.started_at, status=200))
            for medium, data in zip(media, pictures, strict=True):
                self._medium(tx, post_id, version.id, medium, data)
        self.posts[name] = post_id
        return post_id

    def _medium(self, tx: Any, post_id: str, version_id: str, medium: ObservedMedia, data: bytes) -> None:
        sha256, key, at = self.blobs.put(data), digest(post_id, medium.key), self.run.started_at
        tx.add(
            MediaReference(
                id=key,
                post_id=post_id,
                version_id=version_id,
                key=medium.key,
                url=medium.url,
                kind=medium.kind,
                seen_at=at,
            )
        )
        tx.add(MediaAsset(sha256=sha256, mime="image/jpeg", size_bytes=len(data), first_fetched_at=at))
        tx.add(MediaUse(id=key, post_id=post_id, asset_sha256=sha256, url=medium.url, fetched_at=at))

    def finding(
        self, name: str, account: Account, identifier_id: str, claims: Sequence[tuple[bytes, Quad, float]]
    ) -> str:
        post_id = self.posts[name]
        key = finding_id(post_id, identifier_id)
        with self.record.transaction() as tx:
            tx.add(
                Finding(
                    id=key,
                    post_id=post_id,
                    account_id=account.id,
                    identifier_id=identifier_id,
                    run_id=self.run.id,
                    found_at=self.start - timedelta(hours=2),
                )
            )
            for data, quad, probability in claims:
                detection = self._detection(self.blobs.put(data), identifier_id, quad, probability)
                tx.add(detection)
                tx.add(FindingDetection(id=digest(key, detection.id), finding_id=key, detection_id=detection.id))
                tx.add(self._look(detection))
                self.assets[name] = detection.asset_sha256
            tx.enqueue(key)
        self.findings[f"{name} {identifier_id}"] = key
        return key

    def _detection(self, sha256: str, identifier_id: str, quad: Quad, probability: float) -> Detection:
        region = Region(quad=quad, width_px=WIDTH, height_px=HEIGHT)
        exemplar = self.exemplars[f"{identifier_id} positive"]
        name = identifier_id.replace("-", " ").capitalize()
        return Detection(
            id=detection_id(sha256, "marks", "3", identifier_id, exemplar, region), asset_sha256=sha256, detector="marks", version="3",
            identifier_id=identifier_id, exemplar_id=exemplar, region=region, measure=41, unit="inliers", probability=probability,
            sentence=f"41 of 55 points of “{name}” agree on one placement.", evidence={"points": [[0, 0, quad[0][0] + 20, quad[0][1] + 30]]},
        )  # fmt: skip

    def _look(self, claim: Detection) -> AssetScan:
        return AssetScan(
            id=digest(claim.asset_sha256, claim.detector, claim.version), asset_sha256=claim.asset_sha256, detector=claim.detector,
            version=claim.version, run_id=self.run.id, outcome=ScanOutcome.FOUND, scanned_at=self.run.started_at,
        )  # fmt: skip

    def _planned(self, account: Account, url: str) -> PlannedFetch:
        """A page that the run set out to look at."""
        return PlannedFetch(
            id=plan_id(self.run.id, account.id, url),
            run_id=self.run.id,
            account_id=account.id,
            target=Target.PAGE,
            url=url,
            planned_at=self.run.started_at,
        )

    def coverage(self, account: Account) -> None:
        """Pages beside those of the posts: some unchanged, some that could not be looked at."""
        outcomes = [Outcome.UNCHANGED] * 6 + [Outcome.NOT_PUBLIC] * 3 + [Outcome.ROBOTS_DENIED] * 2 + [Outcome.ERROR]
        with self.record.transaction() as tx:
            for number, outcome in enumerate(outcomes):
                url = f"https://{account.platform}.example/page/{number}"
                plan = self._planned(account, url)
                tx.add(plan)
                tx.add(ending(plan, outcome, self.run.started_at))
            tx.add(RunEnd(id=self.run.id, ended_at=self.run.started_at + timedelta(minutes=7), outcome="complete"))

    def verdict(
        self, finding: str, reviewer: str, verdict: Verdict, *, hours: float = 1, permission: str | None = None
    ) -> None:
        at = self.start - timedelta(hours=hours)
        decision = ReviewDecision(
            id=digest(finding, reviewer, at.isoformat()), finding_id=finding, reviewer=reviewer, verdict=verdict,
            elements=tuple(Element), permission_id=permission, decided_at=at,
        )  # fmt: skip
        reviews.decide(self.record, decision, actor=self.user(reviewer), at=at)
