"""What is not a finding leaves no bytes behind; what could not be looked at stays, and whatever a finding needs."""

import os
import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from footprint.audit import AuditEvent
from footprint.dossiers import dossier
from footprint.findings import Detection, Finding, Region, ScanOutcome
from footprint.identifiers import Kind
from footprint.ports import Blobs, Record
from footprint.posts import Capture, MediaAsset, MediaReference, MediaUse, PostVersion
from footprint.retention import Retirement, Sort, retired_posts
from footprint.settings import Department, Retention
from footprint.store.tables import TABLES
from footprint.weeks import Week
from pipelines.fold import fold_findings
from pipelines.report import verify, write
from pipelines.retention import COMPLETED, Receipt, retire

VERSIONS = {"marks": "1"}
NOTHING, FOUND, FAILED = ScanOutcome.NOTHING, ScanOutcome.FOUND, ScanOutcome.FAILED
HOUR = timedelta(hours=1)


class Scene:
    """One account, one identifier and one run, and short words for what happens to its posts."""

    def __init__(self, story: Any) -> None:
        self.story = story
        self.record: Record = story.record
        self.blobs: Blobs = story.blobs
        self.start: datetime = story.start
        self.account = story.account()
        self.patch = story.identifier(Kind.PATCH)
        self.run = story.run(self.start)

    def post(self, *media: bytes, look: ScanOutcome | None = NOTHING, **told: Any) -> str:
        """A post whose media the detector looked at, unless `look` is None."""
        key = self.story.post(self.account, self.start, media=media, **told)
        for sha256 in self.media_of(key) if look else ():
            self.story.look(self.run, sha256, look, at=self.start + HOUR)
        return str(key)

    def hit(self, *media: bytes, **told: Any) -> str:
        """A post with a finding on its first medium; its others have nothing on them."""
        key = self.post(*media, look=None, **told)
        self.story.find(self.run, key, self.patch, at=self.start + HOUR)
        for sha256 in self.media_of(key):
            self.story.look(self.run, sha256, NOTHING, at=self.start + HOUR)
        return key

    def media_of(self, post: str) -> list[str]:
        """Hashes of a post's media."""
        return [use.asset_sha256 for use in self.record.select(MediaUse, post_id=post)]

    def of(self, post: str) -> set[str]:
        """Hashes of all that is kept of a post."""
        versions = tuple(self.record.select(PostVersion, post_id=post))
        kept = {v.body_sha256 for v in versions} | {v.capture_sha256 for v in versions}
        return {*self.media_of(post), *filter(None, kept)}

    def kept(self, hashes: set[str]) -> set[str]:
        """Those of the hashes whose bytes are there."""
        return {sha256 for sha256 in hashes if self.blobs.has(sha256)}

    def retire(self, *, days: float = 0, after: timedelta = 2 * HOUR, **told: Any) -> Receipt:
        """Retire so long after the start."""
        asked = {"versions": VERSIONS, "settings": Retention(non_hits_days=days), "actor": "schedule", **told}
        return retire(self.record, asked.pop("blobs", self.blobs), now=self.start + after, **asked)


@pytest.fixture
def scene(story: Any) -> Scene:
    """A scene in which nothing was posted yet."""
    return Scene(story)


def test_nothing_of_a_post_without_a_finding_stays(scene: Scene) -> None:
    """Neither its media nor its words nor the exchange that showed it; the receipt counts them."""
    post = scene.post(b"a picture", b"another")
    receipt = scene.retire()
    assert not scene.kept(scene.of(post))
    assert (receipt.media, receipt.bodies, receipt.captures, receipt.retired) == (2, 1, 1, 4)


def test_a_post_without_media_leaves_at_once(scene: Scene) -> None:
    """There is nothing on it to look at."""
    post = scene.post()
    scene.retire()
    assert not scene.kept(scene.of(post))


def test_everything_of_a_post_with_a_finding_stays(scene: Scene) -> None:
    """Also its media that show nothing, its earlier and later states, and the exchanges."""
    post = scene.hit(b"with the patch", b"without")
    scene.story.delete(post, scene.start + HOUR)
    everything = scene.of(post)
    scene.retire()
    assert scene.kept(everything) == everything
    assert len(everything) == 5


@pytest.mark.parametrize("look", [None, FAILED, FOUND])
def test_what_was_not_looked_at_stays(scene: Scene, look: ScanOutcome | None) -> None:
    """No look, a failed look, and a claim that nobody folded yet: none of them says that there is nothing."""
    post = scene.post(b"a picture", look=look)
    assert scene.retire().retired == 0
    assert scene.kept(scene.of(post)) == scene.of(post)


def test_a_post_stays_while_one_of_its_media_was_not_fetched(scene: Scene) -> None:
    """The medium that was looked at leaves; the words wait for the other."""
    post = scene.post(b"a picture", missing=1)
    receipt = scene.retire()
    assert (receipt.media, receipt.bodies, receipt.captures) == (1, 0, 0)
    assert scene.kept(scene.of(post)) == scene.of(post) - set(scene.media_of(post))


def test_a_new_version_of_a_detector_has_looked_at_nothing_yet(scene: Scene) -> None:
    """What is in force now must have looked."""
    scene.post(b"a picture")
    assert scene.retire(versions={"marks": "2"}).retired == 0
    assert scene.retire(versions={}).retired == 0


def test_a_capture_of_several_posts_stays_while_one_of_them_has_a_finding(scene: Scene) -> None:
    """The others' words and media leave."""
    page = b"a page that shows two posts"
    other, hit = scene.post(b"a picture", capture=page), scene.hit(b"with the patch", capture=page)
    scene.retire()
    assert len(scene.kept(scene.of(other))) == 1
    assert scene.kept(scene.of(hit)) == scene.of(hit)


def test_a_medium_that_a_post_with_a_finding_shows_too_stays(scene: Scene) -> None:
    """It belongs to that finding's proof."""
    shared = b"the same picture"
    other, hit = scene.post(shared), scene.hit(b"with the patch", shared)
    scene.retire()
    assert scene.kept(scene.of(other)) == set(scene.media_of(other))
    assert scene.kept(scene.of(hit)) == scene.of(hit)


def test_a_capture_that_shows_no_post_of_ours_leaves(scene: Scene) -> None:
    """Nothing on it was admitted."""
    sha256 = scene.blobs.put(b"a page of others' posts")
    with scene.record.transaction() as tx:
        tx.add(Capture(id="c", sha256=sha256, run_id=scene.run, url="u", status=200, fetched_at=scene.start))
    assert scene.retire().captures == 1
    assert not scene.blobs.has(sha256)


def test_what_people_entered_and_what_was_written_for_them_never_leaves(scene: Scene) -> None:
    """An exemplar, a permission's document or a report stays, also when a post shows the very same bytes."""
    permission = scene.story.permission()
    exemplar = f"exemplar of {Kind.PATCH}".encode()
    same = scene.post(exemplar, permission.encode())
    report = write(
        scene.record, scene.blobs, week=Week(2026, 18), as_of=scene.start + HOUR, actor="chief", department=Department()
    )  # fmt: skip
    scene.retire()
    assert scene.kept(scene.of(same)) == set(scene.media_of(same))
    assert verify(scene.record, scene.blobs, report) == []


def test_bytes_are_kept_for_the_days_that_the_settings_say(scene: Scene) -> None:
    """Time travel: a moment before, nothing leaves; then everything does."""
    post = scene.post(b"a picture")
    day = timedelta(days=1)
    assert scene.retire(days=7, after=7 * day).retired == 0
    assert scene.retire(days=7, after=7 * day + timedelta(minutes=1)).retired == 3
    assert not scene.kept(scene.of(post))


def test_retiring_twice_is_retiring_once(scene: Scene) -> None:
    """A second time there is nothing to do, and nothing is written."""
    scene.post(b"a picture")
    scene.retire()
    before = (scene.record.count(Retirement), scene.record.count(AuditEvent))
    assert scene.retire(after=3 * HOUR).retired == 0
    assert (scene.record.count(Retirement), scene.record.count(AuditEvent)) == before


def test_a_retirement_is_on_record(scene: Scene) -> None:
    """Each hash with what it was, and one audit event with the counts."""
    post = scene.post(b"a picture")
    receipt = scene.retire()
    assert {(r.sha256, r.receipt_id) for r in scene.record.select(Retirement)} == {
        (h, receipt.id) for h in scene.of(post)
    }
    assert {r.sort for r in scene.record.select(Retirement)} == set(Sort) - {Sort.LEFTOVER}
    (event,) = scene.record.select(AuditEvent, action=COMPLETED)
    assert (event.subject, event.actor) == (receipt.id, "schedule")
    assert event.detail == {"media": 1, "bodies": 1, "captures": 1, "leftovers": 0}


def test_a_dry_run_changes_nothing(scene: Scene, tmp_path: Path) -> None:
    """It counts what would leave; not a byte of record or blobs is another."""
    scene.post(b"a picture")
    before = dict(contents(tmp_path))
    would = scene.retire(dry_run=True)
    assert dict(contents(tmp_path)) == before
    assert would == scene.retire()


def contents(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Every file of record and blobs, but for SQLite's shared memory, which reading changes."""
    for file in sorted(folder.rglob("*")):
        if file.is_file() and not file.name.endswith("-shm"):
            yield file, file.read_bytes()


class CutOffError(Exception):
    """The process died."""


class DyingBlobs:
    """Real blobs whose process dies before so many more deletions."""

    def __init__(self, blobs: Blobs, survives: int) -> None:
        self._blobs = blobs
        self._survives = survives

    def __getattr__(self, name: str) -> Any:
        return getattr(self._blobs, name)

    def delete(self, sha256: str) -> None:
        """Delete, or die."""
        if not self._survives:
            raise CutOffError
        self._survives -= 1
        self._blobs.delete(sha256)


@pytest.mark.parametrize("survives", [0, 1, 2])
def test_a_retirement_that_was_cut_off_is_made_good_by_the_next(scene: Scene, survives: int) -> None:
    """Nothing leaves that is not on record, and nothing on record stays."""
    post = scene.post(b"a picture")
    with pytest.raises(CutOffError):
        scene.retire(blobs=DyingBlobs(scene.blobs, survives))
    retired = {r.sha256 for r in scene.record.select(Retirement)}
    assert scene.of(post) - scene.kept(scene.of(post)) <= retired
    assert scene.record.count(AuditEvent, action=COMPLETED) == 0
    scene.retire(after=3 * HOUR)
    assert not scene.kept(scene.of(post))
    assert scene.record.count(AuditEvent, action=COMPLETED) == 1
    assert scene.retire(after=4 * HOUR).retired == 0


def test_bytes_that_came_back_leave_again(scene: Scene) -> None:
    """Another post showed the same picture: it was looked at before, so it is deleted with that post."""
    scene.post(b"a picture")
    scene.retire()
    scene.story.start = scene.start = scene.start + timedelta(days=1)
    again = scene.post(b"a picture", look=None)
    assert scene.kept(set(scene.media_of(again)))
    assert scene.retire().retired == 3
    assert not scene.kept(scene.of(again))


def test_what_was_retired_is_not_fetched_again(scene: Scene) -> None:
    """The record still knows that each reference was fetched, so no medium is outstanding."""
    scene.post(b"a picture")
    scene.retire()
    assert list(scene.record.outstanding_media(scene.account)) == []


def test_no_word_of_a_post_without_a_finding_stays_anywhere(scene: Scene, tmp_path: Path) -> None:
    """Storage scan: neither record nor blobs hold its text, its alt text or its pictures' bytes."""
    scene.post(
        b"bytes-of-a-private-picture", text="words-of-a-private-post", capture=b"exchange: words-of-a-private-post"
    )
    scene.hit(b"bytes-of-a-hit", text="words-of-a-hit")
    before = b"".join(data for _, data in contents(tmp_path))
    scene.retire()
    after = b"".join(data for _, data in contents(tmp_path))
    for planted in (b"words-of-a-private-post", b"bytes-of-a-private-picture"):
        assert planted in before
        assert planted not in after
    assert b"words-of-a-hit" in after
    assert b"bytes-of-a-hit" in after


def test_only_what_a_finding_or_a_person_needs_is_left_among_the_blobs(scene: Scene, tmp_path: Path) -> None:
    """After a retirement every file among the blobs is accounted for."""
    for number in range(5):
        scene.post(f"picture {number}".encode(), text=f"post {number}")
    hits = [scene.hit(f"hit {number}".encode()) for number in range(2)]
    waiting = scene.post(b"broken", look=FAILED)
    scene.retire()
    exemplar = scene.blobs.put(f"exemplar of {Kind.PATCH}".encode())
    expected = {exemplar, *scene.of(waiting), *scene.of(hits[0]), *scene.of(hits[1])}
    assert {file.name for file, _ in contents(tmp_path / "blobs")} == expected


def test_the_rows_stay(scene: Scene) -> None:
    """They are what a second scan compares with, and what coverage is counted from."""
    scene.post(b"a picture")
    counted = (PostVersion, MediaReference, MediaUse, MediaAsset, Capture)
    before = [scene.record.count(kind) for kind in counted]
    scene.retire()
    assert [scene.record.count(kind) for kind in counted] == before


def aged(folder: Path, sha256: str, at: datetime) -> None:
    """Let bytes have been stored at a moment."""
    (file,) = (folder / "blobs").rglob(sha256)
    os.utime(file, (at.timestamp(), at.timestamp()))


@pytest.mark.parametrize(("age", "leaves"), [(timedelta(hours=23), False), (timedelta(hours=25), True)])
def test_what_a_killed_crawl_left_unrecorded_leaves_after_a_day(
    scene: Scene, tmp_path: Path, age: timedelta, leaves: bool
) -> None:
    """Not before: bytes are stored first and recorded then."""
    sha256, now = scene.blobs.put(b"stored, and never recorded"), datetime.now(UTC)
    aged(tmp_path, sha256, now - age)
    receipt = scene.retire(after=now - scene.start)
    assert (receipt.leftovers, scene.blobs.has(sha256)) == (int(leaves), not leaves)


def test_bytes_that_came_back_without_a_post_leave_too(scene: Scene, tmp_path: Path) -> None:
    """A crawl fetched a known picture again and was killed before it could say for which post."""
    post = scene.post(b"a picture")
    scene.retire()
    again = scene.blobs.put(b"a picture")
    assert again in scene.media_of(post)
    aged(tmp_path, again, scene.start)
    assert scene.retire(after=2 * timedelta(days=1)).leftovers == 1
    assert not scene.blobs.has(again)


def test_nothing_that_the_record_names_is_a_leftover(scene: Scene, tmp_path: Path) -> None:
    """However old: what waits to be looked at, what a finding needs, what people entered, and every report."""
    scene.hit(b"with the patch")
    scene.post(b"broken", look=FAILED)
    scene.post(b"a picture", missing=1)
    scene.story.permission()
    write(
        scene.record, scene.blobs, week=Week(2026, 18), as_of=scene.start + HOUR, actor="chief", department=Department()
    )
    scene.retire()
    kept = {file.name for file, _ in contents(tmp_path / "blobs")}
    for sha256 in kept:
        aged(tmp_path, sha256, scene.start - timedelta(days=99))
    assert scene.retire(after=timedelta(days=99)).retired == 0
    assert {file.name for file, _ in contents(tmp_path / "blobs")} == kept


def test_retirement_knows_every_field_that_names_bytes() -> None:
    """A new one must be thought of there, or its bytes are taken for leftovers; those of assets are of a MediaAsset."""
    named = {(kind.__name__, f.name) for kind in TABLES for f in fields(kind) if re.search(r"sha256|media$", f.name)}
    assert {name for name in named if name[1] != "asset_sha256"} == {
        ("Account", "document_sha256"),
        ("Capture", "sha256"),
        ("Exemplar", "sha256"),
        ("MediaAsset", "sha256"),
        ("Permission", "approved_media"),
        ("Permission", "document_sha256"),
        ("PlatformApproval", "document_sha256"),
        ("PostVersion", "body_sha256"),
        ("PostVersion", "capture_sha256"),
        ("ReportFile", "html_sha256"),
        ("ReportFile", "json_sha256"),
        ("Retirement", "sha256"),
    }


def test_a_retired_post_is_not_found_by_a_later_detector(scene: Scene) -> None:
    """Its picture came back with another post, and only that one can be shown to a reviewer."""
    gone = scene.post(b"a picture")
    scene.retire()
    scene.story.start = scene.start = scene.start + timedelta(days=1)
    seen = scene.post(b"a picture", look=None)
    (asset,) = scene.media_of(seen)
    scene.story.look(scene.run, asset, FOUND, at=scene.start, version="2")
    claim = Detection(
        id="d", asset_sha256=asset, detector="marks", version="2", identifier_id=scene.patch, exemplar_id="exemplar-patch",
        region=Region(quad=((0, 0), (9, 0), (9, 9), (0, 9)), width_px=16, height_px=16), measure=20.0, unit="inliers", probability=0.97, sentence="", evidence={},
    )  # fmt: skip
    with scene.record.transaction() as tx:
        tx.add(claim)
    assert retired_posts(scene.record, {gone, seen}) == {gone}
    assert fold_findings(scene.record, versions={"marks": "2"}, run_id=scene.run, clock=lambda: scene.start) == 1
    (finding,) = scene.record.select(Finding)
    assert dossier(scene.record, scene.blobs, finding.id).body.text == "A day at the fair"
