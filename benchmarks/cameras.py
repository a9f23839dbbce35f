"""Cameras made by code: each stamps its photographs in one place with its name, a sign, the time and a number."""

import io
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageOps

SIZE = (1280, 720)
MARGIN = 24
INKS = ((255, 255, 255), (255, 255, 255), (255, 230, 90))
DARK = (20, 20, 20)
NAMES = ("HARBORCAM", "ALDER BAY PD", "VISTA BODY", "PINE CITY PD", "SENTRY", "LAKE CO SHERIFF")
OTHER_NAME = "OAK TOWN PD"
MONTHS, DAYS, HOURS, MINUTES = 12, 28, 24, 60
Attack = Callable[[Image.Image, np.random.Generator], Image.Image]


def stamped(photograph: Image.Image, camera: int, rng: np.random.Generator, *, name: str = "") -> Image.Image:
    """
    A frame of SIZE as a camera of this number takes it, `rng` for the time and the number.

    The camera's number decides on size, ink, corner, rim or shade and sign of its stamp, and on its name unless one is given: then it is one of the
    same maker with another name.
    """
    frame = ImageOps.fit(photograph.convert("RGB"), SIZE, Image.Resampling.BICUBIC)
    return Image.alpha_composite(frame.convert("RGBA"), stamp(camera, rng, name=name)).convert("RGB")


def says(camera: int, *, name: str = "") -> str:
    """What a camera calls itself."""
    own = np.random.default_rng([camera, 1])
    place, unit = int(own.integers(len(NAMES))), int(own.integers(2, 9))
    return f"{name or NAMES[place]} {unit}"


def stamp(camera: int, rng: np.random.Generator, *, name: str = "") -> Image.Image:
    """What a camera stamps, by itself on a transparent ground."""
    own = np.random.default_rng(camera)
    size, corner, style, sign = (int(own.integers(*span)) for span in ((16, 27), (0, 4), (0, 3), (0, 3)))
    ink = INKS[int(own.integers(len(INKS)))]
    said, is_first = says(camera, name=name), own.random() < 0.5
    lines = [said, f"{_time(rng)} {_number(rng)}"] if is_first else [_time(rng), f"{said} {_number(rng)}"]
    width, height, step = 22 * size, 1.25 * size * len(lines), 1.25 * size
    left = MARGIN if corner % 2 == 0 else SIZE[0] - MARGIN - width - 3 * size
    top = MARGIN if corner < 2 else SIZE[1] - MARGIN - height
    layer = Image.new("RGBA", SIZE, (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    if style == 1:
        draw.rectangle((left - 8, top - 6, left + width + 8, top + height + 6), fill=(0, 0, 0, 120))
    for row, line in enumerate(lines):
        rim = {"stroke_width": 2, "stroke_fill": DARK} if style == 0 else {}
        draw.text((left, top + row * step), line, fill=ink, font_size=size, **rim)
    _sign(draw, sign, (left + width + 1.5 * size, top + height / 2), height / 2, ink)
    return layer


def _time(rng: np.random.Generator) -> str:
    month, day, hour, minute, second = (int(rng.integers(n)) for n in (MONTHS, DAYS, HOURS, MINUTES, MINUTES))
    return f"2026-{month + 1:02d}-{day + 1:02d} T{hour:02d}:{minute:02d}:{second:02d}Z"


def _number(rng: np.random.Generator) -> str:
    return f"X{int(rng.integers(100)):02d}A{int(rng.integers(100_000)):05d}"


def _sign(
    draw: ImageDraw.ImageDraw, sign: int, middle: tuple[float, float], reach: float, ink: tuple[int, int, int]
) -> None:
    x, y = middle
    box = (x - reach, y - reach, x + reach, y + reach)
    if sign == 0:
        draw.polygon([(x, y - reach), (x + reach, y + reach), (x - reach, y + reach)], fill=ink, outline=DARK)
    elif sign == 1:
        draw.ellipse(box, outline=ink, width=4)
    else:
        draw.rectangle(box, outline=ink, width=3)
        draw.line((x - reach, y, x + reach, y), fill=ink, width=3)


def jpeg(picture: Image.Image, quality: int) -> bytes:
    """As a file."""
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()


def _resized(size: tuple[int, int]) -> Attack:
    return lambda picture, _: picture.resize(size, Image.Resampling.BICUBIC)


def _screenshot(least: int, most: int) -> Attack:
    def shot(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
        """A telephone's screen 540 pixels wide with the picture in a post, so wide."""
        is_dark = bool(rng.random() < 0.5)
        screen = Image.new("RGB", (540, 1170), (18, 18, 22) if is_dark else (255, 255, 255))
        ink = (225, 225, 225) if is_dark else (30, 30, 30)
        width = int(rng.integers(least, most + 1))
        shown = picture.resize((width, round(width * picture.height / picture.width)), Image.Resampling.BICUBIC)
        screen.paste(shown, ((540 - width) // 2, int(rng.integers(120, 600))))
        draw = ImageDraw.Draw(screen)
        draw.text((24, 16), "9:41", fill=ink, font_size=26)
        draw.text((24, 64), "somebody", fill=ink, font_size=28)
        for row in range(4):
            draw.text((24, 960 + 36 * row), "words about the picture " * 2, fill=ink, font_size=24)
        return screen

    return shot


def _letterboxed(picture: Image.Image, _: np.random.Generator) -> Image.Image:
    return ImageOps.pad(picture, (720, 720), Image.Resampling.BICUBIC)


def _cut(picture: Image.Image, _: np.random.Generator) -> Image.Image:
    """To 4:3, an eighth away on either side."""
    return picture.crop((160, 0, 1120, 720))


ATTACKS: dict[str, tuple[Attack, int]] = {
    "as it is": (_resized(SIZE), 88),
    "JPEG 40": (_resized(SIZE), 40),
    "half": (_resized((640, 360)), 80),
    "426 x 240": (_resized((426, 240)), 75),
    "letterbox": (_letterboxed, 80),
    "screenshot": (_screenshot(540, 540), 80),
    "screenshot, inset": (_screenshot(400, 520), 80),
    "cut to 4:3": (_cut, 80),
}
"""What happens to frames before they are posted, and the JPEG quality afterwards."""
