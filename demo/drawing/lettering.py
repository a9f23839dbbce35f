"""Lettering as masks: straight, outlined, or bent around a circle. The font is the one inside Pillow, so every machine has it."""

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from demo.drawing.canvas import Floats, resized


@cache
def _font(size_px: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size_px)


def line(text: str, *, height_px: int, weight: float = 0.0, spacing: float = 0.0, slant: float = 0.0) -> Floats:
    """
    A mask of one line of text without serifs, cut to its ink.

    `weight` thickens the strokes and `spacing` spreads the letters, both in parts of the height; `slant` leans them, 0 being upright.
    """
    font, stroke = _font(height_px), round(weight * height_px)
    steps = [font.getlength(letter) + spacing * height_px + stroke for letter in text]
    image = Image.new("L", (int(sum(steps)) + 4 * stroke + 2 * height_px, height_px * 2))
    pen, x = ImageDraw.Draw(image), 2.0 * stroke + height_px / 2
    for letter, step in zip(text, steps, strict=True):
        pen.text((x, height_px * 0.4), letter, 255, font, stroke_width=stroke)
        x += step
    leaning = image.transform(
        image.size, Image.Transform.AFFINE, (1, slant, -slant * height_px, 0, 1, 0), Image.Resampling.BICUBIC
    )
    return _inked(np.asarray(leaning, np.uint8))


def engraved(text: str, *, height_px: int, thickness: int = 2, face: int = cv2.FONT_HERSHEY_TRIPLEX) -> Floats:
    """A mask of one line in one of Hershey's letters, with serifs unless told otherwise, cut to its ink."""
    scale = height_px / 22
    (width, tall), low = cv2.getTextSize(text, face, scale, thickness)
    canvas = np.zeros((tall + low + 4 * thickness, width + 4 * thickness), np.uint8)
    cv2.putText(canvas, text, (2 * thickness, tall + thickness), face, scale, 255, thickness, cv2.LINE_AA)
    return _inked(canvas)


def _inked(canvas: NDArray[np.uint8]) -> Floats:
    rows, columns = np.flatnonzero(canvas.max(1)), np.flatnonzero(canvas.max(0))
    ink = canvas[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return ink.astype(np.float32) / np.float32(255)


def fitted(mask: Floats, width: int, height: int, *, box: tuple[float, float, float, float]) -> Floats:
    """The mask stretched into a box (left, top, right, bottom) of an otherwise empty mask."""
    left, top, right, bottom = (round(edge) for edge in box)
    placed = np.zeros((height, width), np.float32)
    placed[top:bottom, left:right] = np.clip(resized(mask, right - left, bottom - top), 0, 1)
    return placed


def around(
    mask: Floats,
    width: int,
    height: int,
    *,
    centre: tuple[float, float],
    radii: tuple[float, float],
    span_deg: float,
    below: bool = False,
) -> Floats:
    """
    The mask bent around a circle: its foot on the inner radius, its head on the outer one, its middle at the top.

    With `below` its middle is at the bottom and the letters still stand upright. `span_deg` is the angle that it fills.
    """
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    dx, dy = x - np.float32(centre[0]), y - np.float32(centre[1])
    radius = np.hypot(dx, dy)
    angle = np.degrees(np.arctan2(dx, -dy if not below else dy))
    inner, outer = radii
    rows, columns = mask.shape
    along = (angle / span_deg + 0.5) * columns
    up = (radius - inner) / (outer - inner)
    down = (up if below else 1 - up) * rows
    return np.asarray(
        cv2.remap(mask, along.astype(np.float32), down.astype(np.float32), cv2.INTER_LINEAR, borderValue=0), np.float32
    )
