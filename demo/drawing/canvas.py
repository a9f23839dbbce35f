"""
The few operations that everything is drawn with: masks, noise, relief, light, and laying one picture onto another.

Pictures are float32 RGB in [0, 1], shape (height, width, 3); layers carry a fourth channel, the opacity; masks are one channel. Points
are (x, y) in pixels.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Points = Sequence[tuple[float, float]]
Colour = tuple[float, float, float]

_SUBPIXEL_BITS = 4


def rgb(code: str) -> Colour:
    """A colour from six hexadecimal digits."""
    return int(code[0:2], 16) / 255, int(code[2:4], 16) / 255, int(code[4:6], 16) / 255


def filled(width: int, height: int, colour: Colour) -> Floats:
    """A picture of one colour."""
    return np.full((height, width, 3), colour, np.float32)


def polygon(width: int, height: int, *outlines: Points) -> Floats:
    """A mask of the area inside the outlines (even-odd), with soft edges."""
    mask = np.zeros((height, width), np.uint8)
    if not mask.size:
        return mask.astype(np.float32)
    # OpenCV counts from the middles of pixels, we from their edges.
    scaled = [np.round((np.asarray(o, np.float64) - 0.5) * 2**_SUBPIXEL_BITS).astype(np.int32) for o in outlines]
    cv2.fillPoly(mask, scaled, 255, cv2.LINE_AA, _SUBPIXEL_BITS)
    return mask.astype(np.float32) / np.float32(255)


def ellipse(width: int, height: int, *, centre: tuple[float, float], radii: tuple[float, float]) -> Floats:
    """A mask of an ellipse with upright axes."""
    turn = np.linspace(0, 2 * np.pi, 180, endpoint=False)
    return polygon(width, height, [(centre[0] + radii[0] * np.cos(t), centre[1] + radii[1] * np.sin(t)) for t in turn])


def smooth(points: Points, *, per_segment: int = 12) -> list[tuple[float, float]]:
    """A closed Catmull-Rom curve through the points."""
    given = np.asarray(points, np.float64)
    before, here, after, beyond = np.roll(given, 1, 0), given, np.roll(given, -1, 0), np.roll(given, -2, 0)
    curve = []
    for t in np.linspace(0, 1, per_segment, endpoint=False):
        curve.append(
            0.5 * (2 * here + (after - before) * t + (2 * before - 5 * here + 4 * after - beyond) * t**2)
            + 0.5 * (3 * here - before - 3 * after + beyond) * t**3
        )
    return [(float(x), float(y)) for x, y in np.stack(curve, 1).reshape(-1, 2)]


def blurred(image: Floats, sigma: float) -> Floats:
    """Gaussian blur; the image itself where sigma is next to nothing. Wide ones are made on a smaller image."""
    if sigma < 0.2:
        return image
    step = int(sigma // 4)
    if step < 2 or min(image.shape[:2]) < 8 * step:
        return np.asarray(cv2.GaussianBlur(image, (0, 0), sigma), np.float32)
    height, width = image.shape[:2]
    small = resized(image, width // step, height // step)
    return resized(np.asarray(cv2.GaussianBlur(small, (0, 0), sigma / step), np.float32), width, height)


def resized(image: Floats, width: int, height: int) -> Floats:
    """Another size, by area where it shrinks."""
    shrinks = width < image.shape[1]
    return np.asarray(
        cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC), np.float32
    )


def noise(
    width: int, height: int, rng: np.random.Generator, *, cell: float, octaves: int = 4, stretch: float = 1.0
) -> Floats:
    """Fractal noise in about [-1, 1], the coarsest cells `cell` pixels high and `stretch` times as wide."""
    total, weight = np.zeros((height, width), np.float32), 0.0
    for octave in range(octaves):
        rows = max(2, round(height / cell * 2**octave) + 1)
        columns = max(2, round(width / (cell * stretch) * 2**octave) + 1)
        grid = rng.random((min(rows, height), min(columns, width)), np.float32) * 2 - 1
        total += resized(grid, width, height) * np.float32(0.55**octave)
        weight += 0.55 ** (2 * octave)
    return total * np.float32(1.2 / np.sqrt(weight))


def inflated(mask: Floats, *, depth: float) -> Floats:
    """A rounded relief over a mask: heights in pixels, rising from the edge to `depth`."""
    inside = (mask > 0.5).astype(np.uint8)
    distance = np.asarray(cv2.distanceTransform(inside, cv2.DIST_L2, 5), np.float32)
    reach = np.clip(distance / max(depth, 1e-6), 0, 1)
    return np.asarray(depth * np.sqrt(1 - (1 - reach) ** 2), np.float32)


def lit(height: Floats, *, towards: tuple[float, float, float] = (-0.5, -0.7, 0.8), ambient: float = 0.45) -> Floats:
    """Brightness of a relief under one lamp (Lambert), 1 where the surface is flat."""
    dx = np.asarray(cv2.Sobel(height, cv2.CV_32F, 1, 0, ksize=3, scale=0.125), np.float32)
    dy = np.asarray(cv2.Sobel(height, cv2.CV_32F, 0, 1, ksize=3, scale=0.125), np.float32)
    lamp = np.asarray(towards, np.float32) / np.float32(np.linalg.norm(towards))
    slope = np.sqrt(dx**2 + dy**2 + 1)
    facing = np.clip((-dx * lamp[0] - dy * lamp[1] + lamp[2]) / slope, 0, None)
    return np.asarray(ambient + (1 - ambient) * facing / lamp[2], np.float32)


def tinted(mask: Floats, colour: Colour | Floats) -> Floats:
    """A layer of one colour, or of a picture, as opaque as the mask."""
    layer = np.empty((*mask.shape, 4), np.float32)
    layer[..., :3] = colour
    layer[..., 3] = mask
    return layer


def opaque(picture: Floats) -> Floats:
    """The picture as a layer that hides what is below."""
    return tinted(np.ones(picture.shape[:2], np.float32), picture)


Window = tuple[slice, slice]


def windowed(outlines: Sequence[Points], width: int, height: int, *, margin: float) -> tuple[Floats, Window]:
    """
    The area inside outlines (even-odd) of a picture of that size, as a mask of the window around them, and the window.

    The window reaches `margin` pixels beyond the outlines and not beyond the picture.
    """
    points = np.concatenate([np.asarray(outline, np.float64) for outline in outlines])
    left, top = (int(max(0, edge - margin)) for edge in points.min(0))
    right, bottom = (int(edge + margin) + 2 for edge in points.max(0))
    right, bottom = max(min(right, width), left), max(min(bottom, height), top)
    local = [[(x - left, y - top) for x, y in outline] for outline in outlines]
    return polygon(right - left, bottom - top, *local), (slice(top, bottom), slice(left, right))


def area(base: Floats, outline: Points, paint: Colour | Floats, *, soft: float = 0.0, strength: float = 1.0) -> None:
    """
    Cover what lies inside an outline with a colour, or with the same place of a picture as large as the base.

    `soft` blurs the edge, in pixels.
    """
    mask, where = windowed([outline], base.shape[1], base.shape[0], margin=3 * soft + 1)
    if mask.size:
        mask = blurred(mask, soft) * np.float32(strength)
        over(base[where], tinted(mask, paint[where] if isinstance(paint, np.ndarray) else paint))


def box(left: float, top: float, right: float, bottom: float) -> Points:
    """An upright rectangle."""
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def disc(x: float, y: float, radius: float, *, squeeze: float = 1.0) -> Points:
    """A circle, or an ellipse `squeeze` times as high as it is wide."""
    turn = np.linspace(0, 2 * np.pi, 64, endpoint=False)
    return [(float(x + radius * np.cos(t)), float(y + radius * squeeze * np.sin(t))) for t in turn]


def over(base: Floats, layer: Floats, *, at: tuple[int, int] = (0, 0)) -> None:
    """Lay a layer onto a picture or another layer, in place; what lies outside is cut off."""
    x, y = at
    left, top = max(x, 0), max(y, 0)
    right, bottom = min(x + layer.shape[1], base.shape[1]), min(y + layer.shape[0], base.shape[0])
    if right <= left or bottom <= top:
        return
    piece = layer[top - y : bottom - y, left - x : right - x]
    below = base[top:bottom, left:right]
    alpha = piece[..., 3:4]
    if base.shape[2] == 3:
        below += (piece[..., :3] - below) * alpha
        return
    kept = below[..., 3:4] * (1 - alpha)
    total = alpha + kept
    below[..., :3] = (piece[..., :3] * alpha + below[..., :3] * kept) / np.maximum(total, 1e-6)
    below[..., 3:4] = total


def warped(layer: Floats, quad: Points, width: int, height: int) -> tuple[Floats, tuple[int, int]]:
    """
    A layer drawn so that its corners (clockwise from top left) fall on `quad`, as (layer, place) for `over`.

    It is shrunk before it is warped, so that fine texture does not alias. Only the part inside width x height is made.
    """
    corners = np.asarray(quad, np.float32)
    left, top = np.floor(np.maximum(corners.min(0), 0)).astype(int)
    right, bottom = np.ceil(np.minimum(corners.max(0), (width, height))).astype(int) + 1
    if right - left < 2 or bottom - top < 2:
        return np.zeros((1, 1, 4), np.float32), (0, 0)
    sides = np.linalg.norm(corners - np.roll(corners, -1, 0), axis=1)
    across, down = max(sides[0], sides[2]), max(sides[1], sides[3])
    source = premultiplied(layer)
    if across < source.shape[1] and down < source.shape[0]:
        source = resized(source, max(2, round(across)), max(2, round(down)))
    rows, columns = source.shape[:2]
    start = np.asarray([(0, 0), (columns, 0), (columns, rows), (0, rows)], np.float32)
    matrix = cv2.getPerspectiveTransform(start, corners - np.asarray((left, top), np.float32))
    drawn = np.asarray(
        cv2.warpPerspective(source, matrix, (int(right - left), int(bottom - top)), flags=cv2.INTER_LINEAR), np.float32
    )
    return straight(drawn), (int(left), int(top))


def premultiplied(layer: Floats) -> Floats:
    """The layer with its colours weighted by opacity, as filters need them."""
    return np.concatenate([layer[..., :3] * layer[..., 3:4], layer[..., 3:4]], axis=2)


def straight(layer: Floats) -> Floats:
    """The opposite of `premultiplied`."""
    return np.concatenate([layer[..., :3] / np.maximum(layer[..., 3:4], 1e-4), layer[..., 3:4]], axis=2)


def place(base: Floats, layer: Floats, quad: Points) -> None:
    """Warp a layer onto a picture, in place."""
    drawn, at = warped(layer, quad, base.shape[1], base.shape[0])
    over(base, drawn, at=at)
