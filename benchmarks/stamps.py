"""
How many frames of known cameras are found by what they stamp on them, after what people do to frames.

    python -m benchmarks.stamps --data FOLDER [--cameras 12] [--frames 3] [--queries 12] [--part test] [--no-reading] [--json]

Each camera is drawn over photographs of the folder: `frames` of them are registered, beside its name as wording; others are what is posted. Cameras and photographs of
the validation part are those that may be tuned on. False claims are counted on photographs without a stamp, on those of other cameras, and on
those of a camera of the same maker with another name, before and after three of its frames were registered as look-alikes.
"""

import argparse
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.cameras import ATTACKS, OTHER_NAME, jpeg, says, stamped
from benchmarks.setting import is_in_part, pictures_in, reference_of, show
from detectors import lettering, stamps
from detectors._decode import decode
from detectors.detector import Detector, Reference
from footprint.identifiers import Kind, Polarity

ENOUGH = 3
OTHERS = 1000
"""Numbers of other cameras begin here."""
PLAIN = ("as it is", "426 x 240", "screenshot")
"""Attacks in which false claims are counted, too."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table, or one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cameras", type=int, default=12)
    parser.add_argument("--frames", type=int, default=ENOUGH)
    parser.add_argument("--queries", type=int, default=12)
    parser.add_argument("--part", choices=("validation", "test"), default="test")
    parser.add_argument("--no-reading", action="store_true", help="do not compare with wording that is read")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(arguments)
    paths = [p for p in pictures_in(asked.data) if is_in_part(p.name, asked.part)]
    counts, spent = _counted(paths, asked)
    figures = {
        "frames": asked.frames,
        "found": {name: _share(counts, "template", name) for name in ATTACKS},
        "read": None if asked.no_reading else {name: _share(counts, "wording", name) for name in ATTACKS},
        "false": {name: _share(counts, name, "") for name in ("no stamp", "other stamp", "same maker", "look-alike")},
        "with_look_alikes": _share(counts, "kept", ""),
        "without_template": counts["untold"],
        "ms_per_image": round(1000 * spent / max(counts["looks"], 1), 1),
    }
    show(figures, as_json=asked.json, lines=_table(figures, counts))


def _counted(paths: Sequence[Path], asked: argparse.Namespace) -> tuple[Counter[object], float]:
    counts: Counter[object] = Counter()
    spent = 0.0
    for number in range(asked.cameras):
        camera = 2 * number + (asked.part == "test")
        rng = np.random.default_rng(camera)
        chosen = [Image.open(paths[i]) for i in rng.permutation(len(paths))[: asked.frames + ENOUGH + asked.queries]]
        own = [jpeg(stamped(p, camera, rng), 90) for p in chosen[: asked.frames]]
        alike = [jpeg(stamped(p, camera, rng, name=OTHER_NAME), 90) for p in chosen[asked.frames :][:ENOUGH]]
        bank = [reference_of(data, identifier="camera", kind=Kind.EQUIPMENT) for data in own]
        template = stamps.build(bank, {})
        competed = stamps.build([*bank, *map(_look_alike, alike)], {})
        counts["untold"] += not template.stamps
        reader = None if asked.no_reading else lettering.build([_wording(camera)], {})
        for photograph in chosen[asked.frames + ENOUGH :]:
            frame = stamped(photograph, camera, rng)
            for name, (attack, quality) in ATTACKS.items():
                posted = jpeg(attack(frame, rng), quality)
                begun = time.process_time()
                _count(counts, template, posted, "template", name)
                spent += time.process_time() - begun
                counts["looks"] += 1
                if reader is not None:
                    _count(counts, reader, posted, "wording", name)
            other = int(rng.integers(OTHERS, 2 * OTHERS))
            for name in PLAIN:
                attack, quality = ATTACKS[name]
                bare, of_other, of_maker, of_own = (
                    jpeg(attack(shown, rng), quality)
                    for shown in (
                        photograph.convert("RGB"),
                        stamped(photograph, other, rng),
                        stamped(photograph, camera, rng, name=OTHER_NAME),
                        frame,
                    )
                )
                _count(counts, template, bare, "no stamp", "")
                _count(counts, template, of_other, "other stamp", "")
                _count(counts, template, of_maker, "same maker", "")
                _count(counts, competed, of_maker, "look-alike", "")
                _count(counts, competed, of_own, "kept", "")
    return counts, spent


def _wording(camera: int) -> Reference:
    return reference_of(says(camera).encode(), identifier="camera", kind=Kind.EQUIPMENT, mime="text/plain")


def _look_alike(data: bytes) -> Reference:
    made = reference_of(data, identifier="camera", kind=Kind.EQUIPMENT)
    return replace(made, exemplar=replace(made.exemplar, polarity=Polarity.LOOK_ALIKE))


def _count(counts: Counter[object], detector: Detector, data: bytes, what: str, name: str) -> None:
    counts[what, name, "all"] += 1
    counts[what, name, "claimed"] += bool(detector.detect(decode(data)))


def _share(counts: Counter[object], what: str, name: str) -> float:
    return round(counts[what, name, "claimed"] / max(counts[what, name, "all"], 1), 3)


def _table(figures: dict[str, object], counts: Counter[object]) -> list[str]:
    lines = [f"{'attack':20}{'template':>10}{'wording':>10}{'of':>6}"]
    for name in ATTACKS:
        read = _share(counts, "wording", name) if figures["read"] is not None else "-"
        lines.append(f"{name:20}{_share(counts, 'template', name):>10}{read:>10}{counts['template', name, 'all']:>6}")
    lines.append("")
    for name in ("no stamp", "other stamp", "same maker", "look-alike", "kept"):
        lines.append(f"claimed, {name:20}{_share(counts, name, ''):>8} of {counts[name, '', 'all']}")
    lines.append(
        f"cameras without a template: {figures['without_template']}; {figures['ms_per_image']} ms of processor time a picture"
    )
    return lines


if __name__ == "__main__":
    main()
