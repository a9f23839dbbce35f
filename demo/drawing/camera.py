"""What a telephone's camera does to a scene: it leans, bends lines, blurs, casts colour, darkens corners, adds grain and compresses."""

from dataclasses import dataclass, replace
from io import BytesIO

import cv2
import numpy as np
from PIL import Image

from demo.drawing.canvas import Floats, blurred, polygon, resized
from demo.drawing.scene import Mark, Scene, as_quad


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera:
    """Settings of one exposure. `grain` is the noise's standard deviation at mid grey; `motion_px` the length of a shake."""

    tilt_deg: float = 0.0
    bend: float = 0.0
    blur_px: float = 0.0
    motion_px: float = 0.0
    motion_deg: float = 0.0
    exposure: float = 1.0
    contrast: float = 1.0
    cast: tuple[float, float, float] = (1.0, 1.0, 1.0)
    vignette: float = 0.2
    grain: float = 0.01
    quality: int = 85


def handheld(rng: np.random.Generator) -> Camera:
    """An everyday exposure in good light."""
    return Camera(
        tilt_deg=float(rng.normal(0, 2.2)),
        bend=float(rng.uniform(-0.05, 0.03)),
        blur_px=float(rng.uniform(0.3, 0.9)),
        exposure=float(rng.uniform(0.85, 1.15)),
        contrast=float(rng.uniform(0.9, 1.15)),
        cast=(float(rng.uniform(0.94, 1.07)), 1.0, float(rng.uniform(0.9, 1.08))),
        vignette=float(rng.uniform(0.1, 0.35)),
        grain=float(rng.uniform(0.006, 0.022)),
        quality=int(rng.integers(62, 93)),
    )


def expose(scene: Scene, camera: Camera, rng: np.random.Generator) -> tuple[Floats, tuple[Mark, ...]]:
    """The picture that the camera takes, and where the marks are in it."""
    picture, marks = _through_lens(scene, camera)
    picture = _shaken(blurred(picture, camera.blur_px), camera)
    picture = (picture - 0.5) * camera.contrast + 0.5
    picture = picture * np.asarray(camera.cast, np.float32) * camera.exposure
    picture = picture * (1 - camera.vignette * _radius_squared(scene.width, scene.height))[..., None]
    picture += _grain(picture, camera, rng)
    fine = np.asarray(np.clip(picture, 0, 1), np.float32)
    return fine, tuple(cut(mark, scene.width, scene.height) for mark in marks)


def jpeg(picture: Floats, *, quality: int) -> bytes:
    """The picture as a baseline JPEG."""
    out = BytesIO()
    Image.fromarray(np.asarray(np.round(picture * 255), np.uint8)).save(out, "JPEG", quality=quality)
    return out.getvalue()


def _grain(picture: Floats, camera: Camera, rng: np.random.Generator) -> Floats:
    """Noise of the sensor: fine in brightness, coarser and weaker in colour, stronger where there is more light."""
    height, width = picture.shape[:2]
    fine = blurred(rng.standard_normal((height, width), np.float32), 0.5)[..., None]
    coarse = resized(rng.standard_normal((height // 2, width // 2, 3), np.float32), width, height)
    return (fine + coarse * np.float32(0.5)) * np.sqrt(np.clip(picture, 0.05, 1) * 2) * np.float32(camera.grain)


def _radius_squared(width: int, height: int) -> Floats:
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :] * width
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None] * height
    return np.asarray((x**2 + y**2) / np.float32(width**2 + height**2), np.float32)


def _through_lens(scene: Scene, camera: Camera) -> tuple[Floats, list[Mark]]:
    width, height = scene.width, scene.height
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    source_x, source_y = _bent(x, y, scene, camera)
    picture = cv2.remap(scene.picture, source_x, source_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
    moved = []
    for mark in scene.marks:
        wanted = np.asarray(mark.quad, np.float32)
        place = wanted.copy()
        for _ in range(8):
            at_x, at_y = _bent(place[:, 0], place[:, 1], scene, camera)
            place += wanted - np.stack([at_x, at_y], 1)
        moved.append(replace(mark, quad=as_quad(place.tolist())))
    return np.asarray(picture, np.float32), moved


def _bent(x: Floats, y: Floats, scene: Scene, camera: Camera) -> tuple[Floats, Floats]:
    """From places in the photograph to places in the scene."""
    middle_x, middle_y = np.float32(scene.width / 2), np.float32(scene.height / 2)
    dx, dy = x - middle_x, y - middle_y
    gain = 1 + camera.bend * (dx**2 + dy**2) / np.float32(middle_x**2 + middle_y**2) - abs(camera.bend) * 0.6
    c, s = np.float32(np.cos(np.radians(camera.tilt_deg))), np.float32(np.sin(np.radians(camera.tilt_deg)))
    inwards = np.float32(1 - abs(np.sin(np.radians(camera.tilt_deg))) * 0.7)
    return (
        np.asarray(middle_x + (c * dx - s * dy) * gain * inwards, np.float32),
        np.asarray(middle_y + (s * dx + c * dy) * gain * inwards, np.float32),
    )


def _shaken(picture: Floats, camera: Camera) -> Floats:
    if camera.motion_px < 1:
        return picture
    reach = int(camera.motion_px // 2) + 2
    kernel = np.zeros((2 * reach + 1, 2 * reach + 1), np.uint8)
    step = (
        np.asarray((np.cos(np.radians(camera.motion_deg)), np.sin(np.radians(camera.motion_deg))))
        * camera.motion_px
        / 2
    )
    first, last = np.round(reach - step).astype(int), np.round(reach + step).astype(int)
    cv2.line(kernel, (int(first[0]), int(first[1])), (int(last[0]), int(last[1])), 255, 1, cv2.LINE_AA)
    weights = kernel.astype(np.float32) / kernel.sum()
    return np.asarray(cv2.filter2D(picture, -1, weights), np.float32)


def cut(mark: Mark, width: int, height: int) -> Mark:
    """The mark with what the frame cuts off counted as hidden."""
    area = mark.side_px**2
    shifted = [(x + width, y + height) for x, y in mark.quad]
    inside = (
        polygon(3 * width, 3 * height, shifted)[height : 2 * height, width : 2 * width].sum()
        if _leaves(mark, width, height)
        else area
    )
    lost = max(0.0, 1 - float(inside) / max(area, 1.0))
    return replace(mark, hidden=min(1.0, mark.hidden + lost)) if lost > 0.02 else mark


def _leaves(mark: Mark, width: int, height: int) -> bool:
    return any(not (0 <= x < width and 0 <= y < height) for x, y in mark.quad)
