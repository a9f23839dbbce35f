"""Every asset is looked at once per detector version; a process that dies, hangs or hogs fails its own asset and no other."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from footprint.findings import AssetScan, Detection, ScanOutcome
from footprint.ports import Blobs, Record
from pipelines.scan import Limits, scan_assets, work

LIMITS = Limits(processes=2, timeout_s=8, memory_mb=3000, max_pixels=1_000_000)
COLOURS = {
    "dies": (255, 0, 0), "hangs": (0, 255, 0), "raises": (0, 0, 255), "hogs": (255, 255, 0), "finds": (255, 0, 255),
    "calm": (9, 9, 9), "quiet": (8, 8, 8),
}  # fmt: skip
VERSIONS = {"moody": "1"}


@pytest.fixture
def bank(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A bank that detecting processes can import, too."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    import moody_detectors

    return moody_detectors.MoodyBank()


def run(record: Record, blobs: Blobs, bank: Any, at: datetime) -> tuple[Counter[ScanOutcome], list[tuple[int, int]]]:
    """One scan, and the progress it told."""
    told: list[tuple[int, int]] = []
    outcomes = scan_assets(
        record, blobs, bank, versions=VERSIONS, run_id="run", limits=LIMITS, clock=lambda: at,
        progress=lambda _stage, done, total: told.append((done, total)),
    )  # fmt: skip
    return outcomes, told


def test_mischief_fails_its_own_asset_and_no_other(
    record: Record, blobs: Blobs, bank: Any, start: datetime, show: Callable[..., str], coloured: Callable[..., bytes]
) -> None:
    """Death, hanging, exceptions, hogging and broken bytes are recorded as failures with a reason; the rest is looked at."""
    shown = {mood: show(mood, coloured(colour)) for mood, colour in COLOURS.items()}
    shown["broken"] = show("broken", coloured((1, 2, 3))[:40])
    shown["sound"] = show("sound", b"RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00" + bytes(20))
    outcomes, told = run(record, blobs, bank, start)

    scans = {scan.asset_sha256: scan for scan in record.select(AssetScan)}
    ended = {mood: scans[sha256].outcome.value for mood, sha256 in shown.items()}
    assert ended == {
        "dies": "failed", "hangs": "failed", "raises": "failed", "hogs": "failed", "broken": "failed",
        "finds": "found", "calm": "nothing", "quiet": "nothing", "sound": "unsupported",
    }  # fmt: skip
    details = {mood: scans[shown[mood]].detail for mood in ("dies", "hangs", "raises", "hogs")}
    words = {"dies": "died", "hangs": "longer than 8 s", "raises": "what a strange picture", "hogs": "emory"}
    assert all(word in details[mood] for mood, word in words.items()), details
    assert outcomes == Counter(scan.outcome for scan in scans.values())
    assert told[-1] == (9, 9)
    assert [d.asset_sha256 for d in record.select(Detection)] == [shown["finds"]]


def test_what_was_looked_at_is_not_looked_at_again(
    record: Record, blobs: Blobs, bank: Any, start: datetime, show: Callable[..., str], coloured: Callable[..., bytes]
) -> None:
    """A second scan with the same versions looks at nothing; one picture in two posts was one look."""
    show("one", coloured((9, 9, 9)))
    show("two", coloured((9, 9, 9)))
    first, _ = run(record, blobs, bank, start)
    second, told = run(record, blobs, bank, start)
    assert (sum(first.values()), sum(second.values()), told) == (1, 0, [])
    assert len(list(work(record, {"moody": "2"}))) == 1
