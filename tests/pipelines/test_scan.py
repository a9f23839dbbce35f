"""Every asset is looked at once per detector version; a process that dies, hangs or hogs fails its own asset and no other."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from detectors.detector import Reference
from footprint import wording
from footprint.digests import sha256
from footprint.findings import AssetScan, Detection, ScanOutcome
from footprint.identifiers import Exemplar, Identifier, Kind, Polarity
from footprint.ports import Blobs, Record
from pipelines.scan import Bank, Limits, scan_assets, unable, work

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


def run(
    record: Record, blobs: Blobs, bank: Any, at: datetime, *, versions: Mapping[str, str] = VERSIONS
) -> tuple[Counter[ScanOutcome], list[tuple[int, int]]]:
    """One scan, and the progress it told."""
    told: list[tuple[int, int]] = []
    outcomes = scan_assets(
        record, blobs, bank, versions=versions, run_id="run", limits=LIMITS, clock=lambda: at,
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


@pytest.fixture
def taught(start: datetime) -> Callable[[str], Bank]:
    """Copies, and the vehicles that are found by one wording; made with a network by its path."""
    car = Identifier(id="car", kind=Kind.VEHICLE, name="Cruiser", created_by="ines", created_at=start)
    data = wording.encoded("Harbor City Police")
    exemplar = Exemplar(
        id="car-name", identifier_id=car.id, sha256=sha256(data), mime=wording.MIME, polarity=Polarity.POSITIVE, label="",
        added_by="ines", added_at=start,
    )  # fmt: skip
    references = (Reference(exemplar=exemplar, identifier=car, data=data),)
    return lambda finder: Bank(names=("copies", "vehicles"), references=references, options={"finder": finder})


def test_a_detector_that_cannot_be_made_keeps_no_other_from_looking(
    record: Record, blobs: Blobs, taught: Callable[[str], Bank], start: datetime, show: Callable[..., str],
    coloured: Callable[..., bytes],
) -> None:  # fmt: skip
    """Each asset has its failed look on record, with why and the mend; that is not `nothing`."""
    shown = show("one", coloured((9, 9, 9)))
    bank = taught("/no/such/finder.onnx")
    run(record, blobs, bank, start, versions=bank.versions())
    looks = {scan.detector: scan for scan in record.select(AssetScan, asset_sha256=shown)}
    assert {name: look.outcome for name, look in looks.items()} == {
        "copies": ScanOutcome.NOTHING, "vehicles": ScanOutcome.FAILED,
    }  # fmt: skip
    assert "finder.onnx cannot be read: No such file or directory. Mend: set detect.finder" in looks["vehicles"].detail
    assert list(unable(bank.build())) == ["vehicles"]


def test_what_a_detector_could_not_look_at_is_looked_at_once_it_can(
    record: Record, blobs: Blobs, taught: Callable[[str], Bank], start: datetime, show: Callable[..., str],
    coloured: Callable[..., bytes],
) -> None:  # fmt: skip
    """With its network mended the detector's version is another."""
    show("one", coloured((9, 9, 9)))
    broken = taught("/no/such/finder.onnx")
    run(record, blobs, broken, start, versions=broken.versions())
    assert list(work(record, broken.versions())) == []
    assert [task.detectors for task in work(record, taught("").versions())] == [("vehicles",)]
