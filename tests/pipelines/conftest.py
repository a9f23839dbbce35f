"""Records with posts in them, for the stages that come after the crawl."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

import pytest
from PIL import Image

from footprint.accounts import Account, AccountEvent, AccountRole, AccountStep, Basis, Identity, Registrant, account_id
from footprint.coverage import Outcome, PlannedFetch, Run, RunEnd, Target, ending, plan_id
from footprint.digests import digest
from footprint.findings import AssetScan, Detection, Finding, FindingDetection, Region, ScanOutcome, finding_id
from footprint.identifiers import Exemplar, Identifier, Kind
from footprint.permissions import Permission, PermissionSearch
from footprint.ports import Blobs, Record
from footprint.posts import (
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
from footprint.reviews import ReviewDecision, Verdict

ShowPost = Callable[[str, bytes], str]

LIVE = (AccountStep.APPROVED, AccountStep.NOTIFIED)
REGION = Region(quad=((0, 0), (9, 0), (9, 9), (0, 9)), width_px=16, height_px=16)


def picture(colour: tuple[int, int, int]) -> bytes:
    """A small PNG of one colour."""
    stream = io.BytesIO()
    Image.new("RGB", (16, 16), colour).save(stream, "PNG")
    return stream.getvalue()


@pytest.fixture
def coloured() -> Callable[[tuple[int, int, int]], bytes]:
    """Small PNGs of one colour."""
    return picture


@pytest.fixture
def show(record: Record, blobs: Blobs, start: datetime) -> ShowPost:
    """Record that a post (by id) of the one registered account shows a picture; returns the picture's hash."""
    account = "mastodon:ann@social.example"
    with record.transaction() as tx:
        tx.add(Registrant(id="R-1", employed_from=start - timedelta(days=99), registered_at=start))
        tx.add(Account(
            id=account, platform="mastodon", native_id="ann@social.example", address="https://social.example/@ann",
            registrant_id="R-1", role=AccountRole.EMPLOYEE, basis=Basis.CONSENT, document_sha256="0" * 64,
            registered_by="ines", registered_at=start, expires_at=start + timedelta(days=99),
        ))  # fmt: skip
        tx.add(Identifier(id="patch", kind=Kind.PATCH, name="Shoulder patch", created_by="ines", created_at=start))
        tx.add(Exemplar(
            id="exemplar", identifier_id="patch", sha256="e" * 64, mime="image/png", added_by="ines", added_at=start
        ))  # fmt: skip
        tx.add(Run(id="run", actor="ines", started_at=start))

    def add(post_id: str, data: bytes) -> str:
        observed = ObservedPost(
            platform="mastodon", native_id=post_id, author="ann", permalink=f"https://social.example/@ann/{post_id}",
            text=f"Post {post_id}", created_at=start, visibility="public",
        )  # fmt: skip
        sha256 = blobs.put(data)
        with record.transaction() as tx:
            tx.add(Post(id=post_id, account_id=account, kind=PostKind.POST, created_at=start, first_seen_at=start))
            tx.add(PostVersion(
                id=f"v-{post_id}", post_id=post_id, content_hash=content_hash(observed), observed_at=start, edited_at=None,
                visibility="public", body_sha256=blobs.put(body(observed)), capture_sha256=None,
            ))  # fmt: skip
            tx.add(MediaAsset(sha256=sha256, mime="image/png", size_bytes=len(data), first_fetched_at=start))
            tx.add(MediaReference(
                id=f"m-{post_id}", post_id=post_id, version_id=f"v-{post_id}", key="1",
                url="https://social.example/1.png", kind=MediaKind.IMAGE, seen_at=start,
            ))  # fmt: skip
            tx.add(MediaUse(
                id=f"m-{post_id}", post_id=post_id, asset_sha256=sha256, url="https://social.example/1.png", fetched_at=start
            ))  # fmt: skip
        return sha256

    return add


@dataclass
class Story:
    """A department's weeks, told step by step: each call records what the stage of that name would."""

    record: Record
    blobs: Blobs
    start: datetime
    numbers: "count[int]" = field(default_factory=count)

    def account(
        self, platform: str = "mastodon", *, name: str = "Ann Planted", steps: Sequence[AccountStep] = LIVE
    ) -> str:
        """A registered account of a new registrant, told and approved long ago; returns its id."""
        number, long_ago = next(self.numbers), self.start - timedelta(days=200)
        key = account_id(platform, f"holder{number}@{platform}.example")
        with self.record.transaction() as tx:
            tx.add(Registrant(
                id=f"R-{number:04}", employed_from=long_ago, notice_acknowledged_at=long_ago, registered_at=long_ago
            ))  # fmt: skip
            tx.add(Identity(registrant_id=f"R-{number:04}", name=name))
            tx.add(Account(
                id=key, platform=platform, native_id=f"holder{number}@{platform}.example",
                address=f"https://{platform}.example/@{number}", registrant_id=f"R-{number:04}", role=AccountRole.EMPLOYEE,
                basis=Basis.CONSENT, document_sha256=digest("consent", number), registered_by="ines",
                registered_at=long_ago, expires_at=self.start + timedelta(days=999),
            ))  # fmt: skip
            for step in steps:
                tx.add(AccountEvent(id=digest(key, step), account_id=key, step=step, by="omar", at=long_ago))
        return key

    def identifier(self, kind: Kind, *, at: datetime | None = None) -> str:
        """An identifier of a kind, with one exemplar, from the start or a later moment; returns its id."""
        added_at = at or self.start
        exemplar = self.blobs.put(f"exemplar of {kind}".encode())
        with self.record.transaction() as tx:
            tx.add(Identifier(id=f"our-{kind}", kind=kind, name=f"Our {kind}", created_by="ines", created_at=added_at))
            tx.add(Exemplar(
                id=f"exemplar-{kind}", identifier_id=f"our-{kind}", sha256=exemplar, mime="image/png", added_by="ines",
                added_at=added_at,
            ))  # fmt: skip
        return f"our-{kind}"

    def run(self, at: datetime, *, end: str | None = "complete") -> str:
        """A scan of an hour; `end` is its outcome, None where it has none."""
        key = digest("run", next(self.numbers))
        with self.record.transaction() as tx:
            tx.add(Run(id=key, actor="schedule", started_at=at))
            if end is not None:
                tx.add(RunEnd(id=key, ended_at=at + timedelta(hours=1), outcome=end))
        return key

    def fetch(
        self,
        run: str,
        account: str,
        outcome: Outcome | None,
        *,
        times: int = 1,
        target: Target = Target.PAGE,
        detail: str = "",
    ) -> None:
        """Fetches that were planned in a run, and how they ended; None where they did not."""
        started = self.record.get(Run, run)
        assert started is not None
        with self.record.transaction() as tx:
            for _ in range(times):
                url = f"https://pages.example/{next(self.numbers)}"
                plan = PlannedFetch(
                    id=plan_id(run, account, url), run_id=run, account_id=account, target=target, url=url,
                    planned_at=started.started_at,
                )  # fmt: skip
                tx.add(plan)
                if outcome is not None:
                    tx.add(ending(plan, outcome, started.started_at + timedelta(minutes=1), detail=detail))

    def post(
        self,
        account: str,
        at: datetime,
        *,
        text: str = "A day at the fair",
        media: Sequence[bytes] = (),
        missing: int = 0,
        capture: bytes = b"",
    ) -> str:
        """A post seen a minute after it was published; of its media, so many more could not be fetched. Returns its id."""
        number, seen = next(self.numbers), at + timedelta(minutes=1)
        key = f"{account}/{number}"
        shown = [
            ObservedMedia(key=str(n), url=f"https://media.example/{number}/{n}", alt=f"{text} {n}")
            for n in range(len(media) + missing)
        ]
        observed = ObservedPost(
            platform=account.partition(":")[0], native_id=str(number), author="ann", permalink=f"https://posts.example/{number}",
            text=text, created_at=at, visibility="public", media=tuple(shown),
        )  # fmt: skip
        with self.record.transaction() as tx:
            tx.add(Post(id=key, account_id=account, kind=PostKind.POST, created_at=at, first_seen_at=seen))
            tx.add(PostVersion(
                id=digest(key), post_id=key, content_hash=content_hash(observed), observed_at=seen, edited_at=None,
                visibility="public", body_sha256=self.blobs.put(body(observed)),
                capture_sha256=self.blobs.put(capture or f"exchange {number}: {text}".encode()),
            ))  # fmt: skip
            for n, medium in enumerate(shown):
                reference = digest(key, medium.key)
                tx.add(MediaReference(
                    id=reference, post_id=key, version_id=digest(key), key=medium.key, url=medium.url, kind=medium.kind, seen_at=seen
                ))  # fmt: skip
                if n < len(media):
                    sha256 = self.blobs.put(media[n])
                    tx.add(MediaAsset(sha256=sha256, mime="image/png", size_bytes=len(media[n]), first_fetched_at=seen))
                    tx.add(MediaUse(id=reference, post_id=key, asset_sha256=sha256, url=medium.url, fetched_at=seen))
        return key

    def delete(self, post: str, at: datetime) -> None:
        """A look-up finds a post gone."""
        with self.record.transaction() as tx:
            tx.add(PostVersion(
                id=digest(post, "gone"), post_id=post, content_hash="gone", observed_at=at, edited_at=None, visibility="",
                body_sha256=None, capture_sha256=self.blobs.put(f"404 {post}".encode()), is_tombstone=True,
            ))  # fmt: skip

    def look(
        self, run: str, asset: str, outcome: ScanOutcome, *, at: datetime, detector: str = "marks", version: str = "1"
    ) -> None:
        """A detector looks at an asset."""
        with self.record.transaction() as tx:
            tx.add(AssetScan(
                id=digest(asset, detector, version), asset_sha256=asset, detector=detector, version=version, run_id=run,
                outcome=outcome, scanned_at=at,
            ))  # fmt: skip

    def find(
        self, run: str, post: str, identifier: str, *, at: datetime, detector: str = "marks", probability: float = 0.97
    ) -> str:
        """A detector finds an identifier on the first medium of a post. Returns the finding's id."""
        asset = min(self.record.select(MediaUse, post_id=post), key=lambda use: use.url).asset_sha256
        self.look(run, asset, ScanOutcome.FOUND, at=at, detector=detector)
        found = self.record.get(Post, post)
        assert found is not None
        finding = Finding(
            id=finding_id(post, identifier), post_id=post, account_id=found.account_id, identifier_id=identifier, run_id=run, found_at=at
        )  # fmt: skip
        detection = Detection(
            id=digest(asset, identifier, detector), asset_sha256=asset, detector=detector, version="1", identifier_id=identifier,
            exemplar_id=identifier.replace("our", "exemplar"), region=REGION, measure=20.0, unit="inliers",
            probability=probability, sentence="20 of 30 points agree.", evidence={},
        )  # fmt: skip
        with self.record.transaction() as tx:
            tx.add(detection)
            tx.add(finding)
            tx.add(FindingDetection(
                id=digest(finding.id, detection.id), finding_id=finding.id, detection_id=detection.id
            ))  # fmt: skip
        return finding.id

    def decide(self, finding: str, verdict: Verdict, *, at: datetime, reviewer: str = "rosa", note: str = "") -> None:
        """A reviewer decides."""
        with self.record.transaction() as tx:
            tx.add(ReviewDecision(
                id=digest(finding, reviewer, at.isoformat()), finding_id=finding, reviewer=reviewer, verdict=verdict, note=note,
                decided_at=at,
            ))  # fmt: skip

    def confirm(self, finding: str, *, at: datetime) -> None:
        """Two reviewers confirm, the second at `at`."""
        self.decide(finding, Verdict.CONFIRMED, at=at - timedelta(hours=1))
        self.decide(finding, Verdict.CONFIRMED, at=at, reviewer="theo")

    def permission(self, *, until: datetime | None = None) -> str:
        """A permission granted long ago; returns its id."""
        key, long_ago = f"P-{next(self.numbers)}", self.start - timedelta(days=200)
        with self.record.transaction() as tx:
            tx.add(Permission(
                id=key, grantor="Chief Planted", grantees=("*",), kinds=(Kind.PATCH,), purpose="The fair", valid_from=long_ago,
                valid_until=until, document_sha256=self.blobs.put(key.encode()), granted_by="chief", granted_at=long_ago,
            ))  # fmt: skip
        return key

    def search(self, finding: str, *, at: datetime, covering: str | None) -> None:
        """A permission is searched for a finding."""
        with self.record.transaction() as tx:
            tx.add(PermissionSearch(
                id=digest(finding, at.isoformat()), finding_id=finding, registry_digest="0", as_of=at, searched_at=at, considered=(),
                covering=covering,
            ))  # fmt: skip

    def act(self, action: str, *, at: datetime, actor: str = "rosa", times: int = 1) -> None:
        """Audited acts."""
        with self.record.transaction() as tx:
            for _ in range(times):
                tx.audit(at=at, actor=actor, action=action, subject="something")


@pytest.fixture
def story(record: Record, blobs: Blobs, start: datetime) -> Story:
    """A story that has not begun."""
    return Story(record=record, blobs=blobs, start=start)
