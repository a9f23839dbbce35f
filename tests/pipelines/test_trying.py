"""What is only tried is looked at by the same processes as a scan, and leaves nothing on the record."""

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from detectors.detector import Reference
from flows import trying
from flows.wiring import House
from footprint.acts import identifiers, thresholds
from footprint.digests import digest, sha256
from footprint.errors import BadInput
from footprint.findings import AssetScan, Detection, ScanOutcome
from footprint.identifiers import Exemplar, Identifier, Kind, Polarity
from footprint.index.memory import MemoryIndex
from footprint.ports import Between, Blobs, Record
from footprint.settings import read
from footprint.users import User
from footprint.whatif import Change, WhatIf
from pipelines.scan import Limits
from pipelines.trying import tried

LIMITS = Limits(processes=1, timeout_s=30, memory_mb=3000, max_pixels=1_000_000)
SETTINGS = """
[detect]
detectors = ["copies"]
processes = 1
negatives = "bank"
"""


def drawn(seed: int, *, quality: int = 95) -> bytes:
    """A picture of coloured fields as JPEG."""
    fields = np.random.default_rng(seed).integers(0, 255, (9, 12, 3), np.uint8)
    stream = io.BytesIO()
    Image.fromarray(fields).resize((240, 180), Image.Resampling.BICUBIC).save(stream, "JPEG", quality=quality)
    return stream.getvalue()


@pytest.fixture
def house(record: Record, blobs: Blobs, tmp_path: Path, person: Callable[[str], User], start: datetime) -> House:
    """A house that knows one photograph of the Department, with four photographs to learn from that it does not show."""
    (tmp_path / "footprint.toml").write_text(SETTINGS)
    (tmp_path / "bank").mkdir()
    for seed in range(4):
        (tmp_path / "bank" / f"{seed}.jpg").write_bytes(drawn(seed))
    opened = House(loaded=read(tmp_path / "footprint.toml"), record=record, blobs=blobs, index=MemoryIndex())
    register(opened, "fair", drawn(100), person("ines"), start)
    return opened


def register(house: House, name: str, data: bytes, actor: User, at: datetime) -> None:
    """Name an identifier and give it one photograph."""
    identifier = Identifier(id=name, kind=Kind.PHOTOGRAPH, name=name.capitalize(), created_by=actor.name, created_at=at)
    identifiers.add_identifier(house.record, identifier, actor=actor, at=at)
    identifiers.add_exemplar(
        house.record, house.blobs, identifier_id=name, data=data, mime="image/jpeg", polarity=Polarity.POSITIVE,
        label="", actor=actor, at=at,
    )  # fmt: skip


def test_a_trial_tells_of_claims_and_of_what_it_could_not_see(
    monkeypatch: pytest.MonkeyPatch, coloured: Callable[..., bytes]
) -> None:
    """A claim, a calm picture, one that makes the detector fail, and bytes that are not there."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    import moody_detectors

    bank: Any = moody_detectors.MoodyBank()
    held = {"found": coloured((255, 0, 255)), "calm": coloured((9, 9, 9)), "raises": coloured((0, 0, 255))}
    told: list[tuple[str, int, int]] = []
    said = tried(
        bank, (*held, "gone"), held.__getitem__, limits=LIMITS, stage="trial", progress=lambda *step: told.append(step)
    )
    assert {key: len(claims) for key, claims in said.claims.items()} == {"found": 1, "calm": 0}
    assert said.seen_by.keys() == {"found", "calm"}
    assert ("strange picture" in said.unseen["raises"], "missing" in said.unseen["gone"]) == (True, True)
    assert told[-1] == ("trial", 4, 4)


def test_a_picture_of_another_identifier_that_shows_ours_is_named(
    house: House, person: Callable[[str], User], start: datetime
) -> None:
    """Each picture of the bank is looked at once, by detectors that do not know it; what they mistake is named."""
    register(house, "parade", drawn(100, quality=60), person("ines"), start)
    trial = trying.on_bank(house, "fair", Fraction(1, 5), lambda *_: None)
    assert trial.origins == {"photographs": 4, "pictures of other identifiers": 1}
    assert [claimed.picture.partition(",")[0] for claimed in trial.claimed] == ["Parade"]
    assert trial.versions == tuple(f"{name} {version}" for name, version in house.bank().versions().items())
    assert house.record.count(AssetScan) == 0


def test_the_bank_was_not_looked_at_for_what_has_no_exemplar(
    house: House, person: Callable[[str], User], start: datetime
) -> None:
    """Nothing found where nothing was looked for is no rate."""
    ines = person("ines")
    bare = Identifier(id="bare", kind=Kind.PHOTOGRAPH, name="Bare", created_by=ines.name, created_at=start)
    identifiers.add_identifier(house.record, bare, actor=ines, at=start)
    trial = trying.on_bank(house, "bare", Fraction(1, 5), lambda *_: None)
    assert (trial.pictures, trial.unseen) == (0, 5)


def test_a_small_bank_is_refused_before_anything_is_looked_at(house: House) -> None:
    """Four pictures cannot show 1 in 400, and nobody waits for hearing that."""
    with pytest.raises(BadInput, match="4 pictures cannot show 1/400"):
        trying.on_bank(house, "fair", Fraction(1, 400), lambda *_: pytest.fail("looked"))


def test_a_new_exemplar_is_tried_on_what_is_still_held(
    house: House, story: Any, person: Callable[[str], User], start: datetime
) -> None:
    """The post that it would bring is counted, what is not held any more is said, and the record keeps the answer alone."""
    account, run = story.account(), story.run(start)
    shown, lost = drawn(7), drawn(8)
    for data in (shown, lost):
        story.post(account, start, media=[data])
        story.look(run, sha256(data), ScanOutcome.NOTHING, at=start + timedelta(hours=1), detector="copies")
    house.blobs.delete(sha256(lost))
    at, change = start + timedelta(days=1), Change(threshold=0.0, adding=("7.jpg",), is_anew=True)
    new = Exemplar(
        id=digest("fair", "7"), identifier_id="fair", sha256=sha256(shown), mime="image/jpeg", added_by="ines", added_at=at
    )  # fmt: skip
    identifier = house.record.get(Identifier, "fair")
    assert identifier is not None
    adding = [Reference(exemplar=new, identifier=identifier, data=drawn(7, quality=70))]
    anew = trying.again(house, "fair", change, Between(start, at), adding, lambda *_: None)
    answer = thresholds.try_out(house.record, "fair", change, weeks=1, actor=person("ines"), at=at, anew=anew)
    assert (answer.looked_at, answer.findings, answer.gained, answer.undecided) == (2, 0, 1, 1)
    assert answer.unknown[0].startswith("1 of 2 pictures could not be looked at again")
    assert house.record.get(WhatIf, answer.id) == answer
    assert (house.record.count(Detection), house.record.count(Exemplar)) == (0, 1)
