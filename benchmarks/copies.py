"""
How many copies of known photographs are found after what people do to them.

    python -m benchmarks.copies --data FOLDER [--references 60] [--queries 40] [--part test] [--json]

Of the photographs in the folder that belong to the part, the first are registered, as many others stay unknown. Each attack is made of
registered photographs; false claims are counted over all pairs of a query and a reference that it was not made of, unknown
photographs included, and the threshold is raised until they are 1 in 10,000 at most.
"""

import argparse
import io
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageOps

from benchmarks.setting import is_in_part, pictures_in, reference_of, show
from detectors import copies
from detectors._decode import decode
from footprint.documents import FOUND_FROM
from footprint.identifiers import Kind

FALSE_POSITIVE_RATE = 1e-4
Attack = Callable[[Image.Image, Image.Image, np.random.Generator], Image.Image]


def _crop(share: float) -> Attack:
    def crop(picture: Image.Image, _: Image.Image, rng: np.random.Generator) -> Image.Image:
        """Keep 1 - share of either side, anywhere."""
        width, height = round(picture.width * (1 - share)), round(picture.height * (1 - share))
        left, top = int(rng.integers(picture.width - width + 1)), int(rng.integers(picture.height - height + 1))
        return picture.crop((left, top, left + width, top + height))

    return crop


def _screenshot(picture: Image.Image, _: Image.Image, rng: np.random.Generator) -> Image.Image:
    """A telephone's screen with the picture in a post: bars, a name, lines of text, buttons."""
    dark = bool(rng.random() < 0.5)
    screen = Image.new("RGB", (540, 1170), (18, 18, 22) if dark else (255, 255, 255))
    ink = (225, 225, 225) if dark else (30, 30, 30)
    shown = ImageOps.contain(picture, (540, 620))
    screen.paste(shown, ((540 - shown.width) // 2, 190))
    draw = ImageDraw.Draw(screen)
    draw.text((24, 16), "9:41", fill=ink, font_size=26)
    draw.ellipse((24, 96, 84, 156), fill=(90, 120, 180))
    draw.text((104, 100), "somebody", fill=ink, font_size=28)
    for row in range(6):
        draw.text((24, 860 + 36 * row), "words about the picture " * 2, fill=ink, font_size=24)
    return screen


def _collage(picture: Image.Image, other: Image.Image, _: np.random.Generator) -> Image.Image:
    """Beside another picture, both of one height."""
    height = 480
    halves = [p.resize((round(p.width * height / p.height), height)) for p in (picture, other)]
    sheet = Image.new("RGB", (sum(h.width for h in halves), height))
    sheet.paste(halves[0], (0, 0))
    sheet.paste(halves[1], (halves[0].width, 0))
    return sheet


def _coloured(picture: Image.Image, _: Image.Image, rng: np.random.Generator) -> Image.Image:
    out = ImageEnhance.Brightness(picture).enhance(float(rng.uniform(0.7, 1.35)))
    out = ImageEnhance.Color(out).enhance(float(rng.uniform(0.2, 1.8)))
    return ImageEnhance.Contrast(out).enhance(float(rng.uniform(0.75, 1.3)))


ATTACKS: dict[str, Attack] = {
    "recompress": lambda p, _, __: p,
    "resize": lambda p, _, __: p.resize((p.width // 2, p.height // 2)),
    "colour": _coloured,
    "crop 20 %": _crop(0.2),
    "crop 30 %": _crop(0.3),
    "crop 50 %": _crop(0.5),
    "flip": lambda p, _, __: ImageOps.mirror(p),
    "90 degrees": lambda p, _, __: p.transpose(Image.Transpose.ROTATE_90),
    "screenshot": _screenshot,
    "collage": _collage,
}


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()


def measure(data: Path, *, references: int, queries: int, part: str, seed: int) -> tuple[dict[str, object], list[str]]:
    """Run all attacks. Returns the figures and a table of them."""
    files = [p for p in pictures_in(data) if is_in_part(p.name, part)]
    known, unknown = files[:references], files[references : references + queries]
    bank = [reference_of(p.read_bytes(), identifier=p.name, kind=Kind.PHOTOGRAPH) for p in known]
    detector = copies.build(bank, {})
    rng = np.random.default_rng(seed)
    scores: dict[str, list[tuple[float, list[float]]]] = {}
    busy_s: list[float] = []

    def claims(picture: Image.Image, quality: int) -> dict[str, float]:
        media = decode(_jpeg(picture, quality))
        start = time.process_time()
        found = detector.detect(media)
        busy_s.append(time.process_time() - start)
        return {c.identifier_id: c.probability for c in found}

    for name, attack in ATTACKS.items():
        for index, file in enumerate(known[:queries]):
            source, other = Image.open(file).convert("RGB"), Image.open(unknown[index % len(unknown)]).convert("RGB")
            found = claims(attack(source, other, rng), 40 if name == "recompress" else 80)
            right = found.pop(file.name, 0.0)
            scores.setdefault(name, []).append((right, list(found.values())))
    wrong = [s for rows in scores.values() for _, others in rows for s in others]
    for file in unknown:
        wrong += claims(Image.open(file).convert("RGB"), 80).values()
    pairs = len(busy_s) * len(known) - sum(len(rows) for rows in scores.values())
    threshold = _threshold(wrong, pairs)
    attacks = {
        name: round(float(np.mean([right >= threshold for right, _ in rows])), 3) for name, rows in scores.items()
    }
    rate = sum(s >= threshold for s in wrong) / pairs
    figures = {
        "attacks": attacks,
        "ms_per_image": round(1000 * float(np.mean(busy_s)), 1),
        "false_positive_rate": rate,
        "pairs": pairs,
        "threshold": round(threshold, 4),
        "references": len(known),
    }
    lines = [f"part {part}, seed {seed}, {len(known)} references, {queries} queries an attack, {pairs} pairs"]
    lines += [f"{name:12} {share:.3f}" for name, share in attacks.items()]
    lines += [
        f"false claims {rate:.1e} of pairs at probability {threshold:.3f}; {figures['ms_per_image']} ms a picture"
    ]
    return figures, lines


def _threshold(wrong: list[float], pairs: int) -> float:
    """The least probability, from FOUND_FROM, that keeps false claims within the rate."""
    allowed = int(FALSE_POSITIVE_RATE * pairs)
    ranked = sorted(wrong, reverse=True)
    return max(FOUND_FROM, float(np.nextafter(ranked[allowed], 2))) if len(ranked) > allowed else FOUND_FROM


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.copies", description=__doc__.splitlines()[1])
    parser.add_argument("--data", type=Path, required=True, help="folder of photographs")
    parser.add_argument("--references", type=int, default=60)
    parser.add_argument("--queries", type=int, default=40)
    parser.add_argument("--part", choices=("validation", "test"), default="test")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    cv2.setNumThreads(1)
    figures, lines = measure(
        given.data, references=given.references, queries=given.queries, part=given.part, seed=given.seed
    )
    show(figures, as_json=given.json, lines=lines)


if __name__ == "__main__":
    main()
