"""The bank grows by what people dismissed, shrinks by what they took back, and forgets what is old."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from detectors import mistakes
from detectors.growth import Grower
from footprint.audit import AuditEvent
from footprint.findings import Detection, Finding
from footprint.identifiers import Kind
from footprint.reviews import Verdict
from pipelines.growth import GREW, RETIRED, Growth, grow, retire, vouch

DAY = timedelta(days=1)


@pytest.fixture
def finding(story: Any, coloured: Callable[[tuple[int, int, int]], bytes]) -> str:
    """A finding of marks that nobody has decided about."""
    patch, post = story.identifier(Kind.PATCH), story.post(story.account(), story.start, media=[coloured((9, 90, 200))])
    found: str = story.find(story.run(story.start), post, patch, at=story.start)
    return found


@pytest.mark.parametrize("verdict", [v for v in Verdict if v is not Verdict.NOT_DEPARTMENT_MATERIAL])
def test_only_what_is_not_ours_is_learned_from(verdict: Verdict, story: Any, finding: str, grower: Grower) -> None:
    """Whatever else people say of a finding, its picture may show the mark."""
    story.decide(finding, verdict, at=story.start + DAY)
    assert grow(story.record, story.blobs, grower, now=story.start + 2 * DAY, actor="ines").added == 0


def test_a_dismissed_finding_is_learned_from_once(story: Any, finding: str, grower: Grower) -> None:
    """Growing twice is growing once, and is on record."""
    story.decide(finding, Verdict.NOT_DEPARTMENT_MATERIAL, at=story.start + DAY)
    later = story.start + 2 * DAY
    assert grow(story.record, story.blobs, grower, now=later, actor="ines") == Growth(added=1, gone=0, left_out=0)
    assert grow(story.record, story.blobs, grower, now=later, actor="ines") == Growth(added=0, gone=0, left_out=0)
    (event,) = story.record.select(AuditEvent, action=GREW)
    assert (event.actor, event.detail) == ("ines", {"added": 1, "gone": 0})


def test_where_something_else_may_be_ours_nothing_is_learned(story: Any, finding: str, grower: Grower) -> None:
    """A window on a picture that another identifier was claimed on may show that one."""
    (post,) = {f.post_id for f in story.record.select(Finding)}
    story.find(story.run(story.start), post, story.identifier(Kind.BADGE), at=story.start)
    story.decide(finding, Verdict.NOT_DEPARTMENT_MATERIAL, at=story.start + DAY)
    assert grow(story.record, story.blobs, grower, now=story.start + 2 * DAY, actor="ines").added == 0


def test_what_another_network_saw_is_looked_at_again(story: Any, finding: str, grower: Grower) -> None:
    """Rows that cannot be learned from any more are made anew while the picture is there."""
    story.decide(finding, Verdict.NOT_DEPARTMENT_MATERIAL, at=story.start + DAY)
    grow(story.record, story.blobs, grower, now=story.start + 2 * DAY, actor="ines")
    (source,) = grower.knows()
    rows = np.ones((1, 2), np.float32)
    mistakes.keep(grower.folder, source, mistakes.Mistakes(rows, rows), seen_by="another", at=story.start)
    assert grow(story.record, story.blobs, grower, now=story.start + 3 * DAY, actor="ines").added == 1
    assert grower.knows() == {source}


def test_what_people_take_back_leaves_the_bank(story: Any, finding: str, grower: Grower) -> None:
    """Another verdict later, and nothing of the picture stays."""
    story.decide(finding, Verdict.NOT_DEPARTMENT_MATERIAL, at=story.start + DAY)
    grow(story.record, story.blobs, grower, now=story.start + 2 * DAY, actor="ines")
    story.decide(finding, Verdict.INSUFFICIENT, at=story.start + 3 * DAY)
    assert grow(story.record, story.blobs, grower, now=story.start + 4 * DAY, actor="ines").gone == 1
    assert mistakes.sources(grower.folder) == frozenset()


def test_bytes_that_left_the_house_add_nothing(story: Any, finding: str, grower: Grower) -> None:
    """A dismissed picture whose bytes are retired is told of, and no error."""
    story.decide(finding, Verdict.NOT_DEPARTMENT_MATERIAL, at=story.start + DAY)
    for asset in {d.asset_sha256 for d in story.record.select(Detection)}:
        story.blobs.delete(asset)
    assert grow(story.record, story.blobs, grower, now=story.start + 2 * DAY, actor="ines").left_out == 1


def test_pictures_that_somebody_vouches_for_are_learned_from(
    story: Any, grower: Grower, coloured: Callable[[tuple[int, int, int]], bytes]
) -> None:
    """They stay when dismissals change; what does not decode is left out."""
    pictures = iter([coloured((1, 2, 3)), b"no picture"])
    grew = vouch(story.record, grower, pictures, now=story.start, actor="ines")
    assert grew == Growth(added=1, gone=0, left_out=1)
    assert grow(story.record, story.blobs, grower, now=story.start, actor="ines").gone == 0


def test_what_is_old_is_retired(
    story: Any, grower: Grower, coloured: Callable[[tuple[int, int, int]], bytes], start: datetime
) -> None:
    """After its days nothing stays, and that it went is on record."""
    vouch(story.record, grower, iter([coloured((1, 2, 3))]), now=start, actor="ines")
    keep = 30 * DAY
    assert retire(story.record, grower.folder, now=start + 29 * DAY, keep=keep, actor="schedule") == 0
    assert retire(story.record, grower.folder, now=start + 31 * DAY, keep=keep, actor="schedule") == 1
    (event,) = story.record.select(AuditEvent, action=RETIRED)
    assert event.detail == {"gone": 1}
