"""Drawn pictures of a town, and what renders them for pages without the detectors."""

import io

from PIL import Image, ImageDraw, ImageFilter, UnidentifiedImageError

from footprint.errors import UnreadableMedia
from footprint.findings import Quad, Region

WIDTH, HEIGHT = 960, 640
NAVY, GOLD, SKY = (18, 48, 92), (224, 182, 74), (169, 198, 221)


class PlainPictures:
    """The port on Pillow alone: it cannot look for faces, so it blurs the whole picture. It counts what it renders."""

    def __init__(self) -> None:
        self.rendered = 0

    def render(self, data: bytes, *, frame_s: float | None = None, max_side_px: int = 1600, blur: bool = True) -> bytes:
        self.rendered += 1
        picture = _opened(data).convert("RGB")
        picture.thumbnail((max_side_px, max_side_px))
        if blur:
            picture = picture.filter(ImageFilter.GaussianBlur(max(picture.size) / 200))
        return encoded(picture, "JPEG")

    def media_type(self, data: bytes) -> str:
        return "image/" + str(_opened(data).format).lower()

    def spectrogram(
        self, data: bytes, *, stretch_s: tuple[float, float] | None = None, max_side_px: int = 1600
    ) -> bytes:
        """Grey, as wide as the stretch has seconds."""
        first, last = stretch_s or (0.0, 1.0)
        return encoded(Image.new("L", (round(last - first), 8)), "JPEG")

    def clip(self, data: bytes, span_s: tuple[float, float]) -> bytes:
        """A byte a second."""
        return bytes(round(span_s[1] - span_s[0]))

    def overlay(self, exemplar: bytes, region: Region) -> bytes:
        left, top = (round(min(corner[axis] for corner in region.quad)) for axis in (0, 1))
        right, bottom = (round(max(corner[axis] for corner in region.quad)) for axis in (0, 1))
        layer = Image.new("RGBA", (region.width_px, region.height_px))
        layer.paste(_opened(exemplar).convert("RGBA").resize((right - left, bottom - top)), (left, top))
        return encoded(layer, "PNG")

    def cut(self, data: bytes, region: Region) -> bytes:
        left, top = (round(min(corner[axis] for corner in region.quad)) for axis in (0, 1))
        right, bottom = (round(max(corner[axis] for corner in region.quad)) for axis in (0, 1))
        return encoded(_opened(data).convert("RGB").crop((left, top, right, bottom)), "PNG")


def patch(side: int, *, ground: tuple[int, int, int] = NAVY) -> Image.Image:
    """A shoulder patch, drawn."""
    scale = side / 100
    picture = Image.new("RGBA", (side, side))
    draw = ImageDraw.Draw(picture)
    shield = [(50, 3), (92, 17), (92, 52), (84, 74), (50, 97), (16, 74), (8, 52), (8, 17)]
    draw.polygon([(x * scale, y * scale) for x, y in shield], fill=ground, outline=GOLD, width=max(1, round(4 * scale)))
    draw.line([(20 * scale, 32 * scale), (80 * scale, 32 * scale)], fill=GOLD, width=max(1, round(3 * scale)))
    draw.ellipse(
        [32 * scale, 40 * scale, 68 * scale, 76 * scale],
        fill=(61, 120, 184),
        outline=GOLD,
        width=max(1, round(3 * scale)),
    )
    draw.text((50 * scale, 24 * scale), "CITY POLICE", fill=GOLD, anchor="mm", font_size=10 * scale)
    return picture


def scene(seed: int, patch_side: int = 0, *, ground: tuple[int, int, int] = NAVY) -> tuple[bytes, Quad]:
    """A street with somebody who wears a patch, and where the patch is."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), SKY)
    draw = ImageDraw.Draw(picture)
    draw.polygon(
        [(0, 340), (220 + 20 * seed, 240), (480, 320), (700, 210), (960, 300), (960, 640), (0, 640)],
        fill=(127, 159, 134),
    )
    draw.rectangle([0, 470, 960, 640], fill=(115, 119, 125))
    left = 60 + 37 * seed % 200
    draw.rectangle([left, 200, left + 220, 470], fill=(185, 159, 134))
    draw.polygon([(left - 20, 204), (left + 110, 124), (left + 240, 204)], fill=(143, 95, 75))
    at = 560 + 23 * seed % 180
    draw.rounded_rectangle([at, 260, at + 230, 640], 60, fill=(31, 47, 77))
    draw.ellipse([at + 70, 150, at + 160, 250], fill=(211, 169, 138))
    corner = (at + 18, 320)
    if patch_side:
        badge = patch(patch_side, ground=ground)
        picture.paste(badge, corner, badge)
    x, y, side = float(corner[0]), float(corner[1]), float(patch_side)
    return encoded(picture, "JPEG"), ((x, y), (x + side, y), (x + side, y + side), (x, y + side))


def _opened(data: bytes) -> Image.Image:
    try:
        picture = Image.open(io.BytesIO(data))
        picture.load()
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise UnreadableMedia("these bytes are no picture") from error
    return picture


def encoded(picture: Image.Image, form: str) -> bytes:
    """A picture as a file."""
    out = io.BytesIO()
    picture.save(out, form, quality=95)
    return out.getvalue()
