"""What the last run looked at."""

from datetime import timedelta
from typing import Any

from dashboards.looked import last_run
from footprint.coverage import Outcome, PlannedFetch, Run, Target, plan_id
from footprint.findings import AssetScan, ScanOutcome
from footprint.ports import Record
from footprint.posts import MediaAsset


def test_every_planned_page_is_counted_once(record: Record, clock: Any) -> None:
    """Read, unchanged and not looked at add up to what was planned."""
    looked = last_run(record, clock())
    assert looked is not None
    assert (looked.planned_pages, looked.seen, looked.same, looked.missed) == (19, 7, 6, 6)
    assert looked.reasons == {Outcome.NOT_PUBLIC: 3, Outcome.ROBOTS_DENIED: 2, Outcome.ERROR: 1}
    assert looked.unseen == {ScanOutcome.FAILED: 1}


def test_a_run_that_goes_on_has_not_looked_at_what_it_plans(record: Record, clock: Any) -> None:
    """A plan without an end counts as not looked at."""
    run = Run(id="now", actor="system", started_at=clock() - timedelta(minutes=1))
    plan = PlannedFetch(
        id=plan_id("now", "forum:ben", "https://forum.example/1"), run_id="now", account_id="forum:ben", target=Target.PAGE,
        url="https://forum.example/1", planned_at=clock(),
    )  # fmt: skip
    with record.transaction() as tx:
        tx.add(run)
        tx.add(plan)
    looked = last_run(record, clock())
    assert looked is not None
    assert (looked.run.id, looked.end, looked.missed, looked.open_plans) == ("now", None, 1, 1)


def test_a_run_of_long_ago_is_none(record: Record, clock: Any) -> None:
    """What was seen two months ago says nothing about today."""
    assert last_run(record, clock() + timedelta(days=61)) is None


def test_what_one_detector_reads_is_no_sort_that_none_reads(record: Record, clock: Any) -> None:
    """A sound that detectors of pictures cannot take, and that the one of sounds looked at, was looked at."""
    run = Run(id="now", actor="system", started_at=clock() - timedelta(minutes=1))
    sound, font = sorted(asset.sha256 for asset in record.select(MediaAsset))[:2]
    looks = {(sound, "marks"): ScanOutcome.UNSUPPORTED, (sound, "audio"): ScanOutcome.NOTHING}
    looks |= {(font, "marks"): ScanOutcome.UNSUPPORTED, (font, "audio"): ScanOutcome.UNSUPPORTED}
    with record.transaction() as tx:
        tx.add(run)
        for (asset, detector), outcome in looks.items():
            tx.add(
                AssetScan(
                    id=f"{asset} {detector}", run_id="now", asset_sha256=asset, detector=detector, version="1",
                    outcome=outcome, scanned_at=clock(),
                )
            )  # fmt: skip
    looked = last_run(record, clock())
    assert looked is not None
    assert looked.unseen == {ScanOutcome.UNSUPPORTED: 1}
