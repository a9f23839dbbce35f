"""Pictures drawn by code and photographs that scikit-image ships, and references made of them."""

import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
import skimage.data
from networks import constant
from numpy.typing import NDArray
from PIL import Image

from detectors._decode import decode
from detectors.detector import Frame, Media, Reference
from footprint.digests import digest, sha256
from footprint.identifiers import Exemplar, Identifier, Kind, Polarity

Picture = NDArray[np.uint8]
At = datetime(2026, 1, 2, tzinfo=UTC)
SIDE = 400


def encoded(rgb: Picture, form: str = "PNG", **options: object) -> bytes:
    """A picture as a file."""
    out = io.BytesIO()
    Image.fromarray(rgb).save(out, form, **options)
    return out.getvalue()


def still(rgb: Picture) -> Media:
    """A picture as decoded media, as a telephone would send it."""
    return decode(encoded(rgb, "JPEG", quality=88))


def patch(
    top: str, middle: str, bottom: str, *, points: int = 5, ground: tuple[int, int, int] = (24, 40, 92)
) -> Picture:
    """A shoulder patch: a shield with a rim, a star, and three lines of lettering, on grey cloth."""
    picture = np.full((SIDE, SIDE, 3), 128, np.uint8)
    shield = np.array([[60, 40], [340, 40], [350, 210], [200, 380], [50, 210]], np.int32)
    cv2.fillPoly(picture, [shield], ground, cv2.LINE_AA)
    cv2.polylines(picture, [shield], True, (214, 178, 60), 8, cv2.LINE_AA)
    angles = np.arange(2 * points) * np.pi / points - np.pi / 2
    reach = np.where(np.arange(2 * points) % 2, 26, 62)
    star = np.stack([200 + reach * np.cos(angles), 205 + reach * np.sin(angles)], axis=1).astype(np.int32)
    cv2.fillPoly(picture, [star], (236, 224, 190), cv2.LINE_AA)
    for text, y, size in ((top, 105, 1.3), (middle, 300, 0.9), (bottom, 335, 0.6)):
        (width, _), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_DUPLEX, size, 2)
        cv2.putText(
            picture, text, (200 - width // 2, y), cv2.FONT_HERSHEY_DUPLEX, size, (240, 240, 240), 2, cv2.LINE_AA
        )
    return picture


def lay(
    scene: Picture, mark: Picture, *, at: tuple[int, int], side: int, tilt: float = 0.0, turn: float = 0.0
) -> Picture:
    """A copy of a scene with a mark in it: `side` pixels wide, its right edge shortened by `tilt`, turned by `turn` degrees."""
    height, width = mark.shape[:2]
    high = side * height / width
    shape = np.array([[0, 0], [side, high * tilt / 2], [side, high * (1 - tilt / 2)], [0, high]], np.float32)
    middle = shape.mean(axis=0)
    turned = cv2.getRotationMatrix2D((float(middle[0]), float(middle[1])), turn, 1.0)
    shape = shape @ turned[:, :2].T.astype(np.float32) + turned[:, 2].astype(np.float32) + np.float32(at)
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    onto = cv2.getPerspectiveTransform(corners, shape.astype(np.float32))
    size = scene.shape[1], scene.shape[0]
    softened = cv2.GaussianBlur(mark, (0, 0), max(0.1, 0.4 * width / side))
    warped = cv2.warpPerspective(softened, onto, size, flags=cv2.INTER_LINEAR)
    where = cv2.warpPerspective(np.full((height, width), 255, np.uint8), onto, size) > 127
    return np.where(where[:, :, None], warped, scene).astype(np.uint8)


def make_reference(
    picture: Picture | bytes,
    *,
    kind: Kind = Kind.PATCH,
    identifier: str = "patch",
    polarity: Polarity = Polarity.POSITIVE,
    label: str = "",
    mime: str = "image/png",
) -> Reference:
    """An exemplar in force."""
    data = picture if isinstance(picture, bytes) else encoded(picture)
    return Reference(
        exemplar=Exemplar(
            id=digest(identifier, sha256(data)),
            identifier_id=identifier,
            sha256=sha256(data),
            mime=mime,
            polarity=polarity,
            label=label,
            added_by="ines",
            added_at=At,
        ),
        identifier=Identifier(id=identifier, kind=kind, name=identifier.title(), created_by="ines", created_at=At),
        data=data,
    )


def film(pictures: list[Picture], *, fps: int = 10, form: str = "mp4", codec: str = "libx264") -> bytes:
    """A film of pictures of one size."""
    out = io.BytesIO()
    with av.open(out, "w", format=form) as container:
        stream = container.add_stream(codec, rate=fps)
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        for picture in pictures:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return out.getvalue()


def sound(form: str = "mp4", codec: str = "aac") -> bytes:
    """A second of silence and nothing to see."""
    out = io.BytesIO()
    with av.open(out, "w", format=form) as container:
        stream = container.add_stream(codec, rate=16000, layout="mono")
        for _ in range(10):
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 1600), np.float32), format="fltp", layout="mono")
            frame.sample_rate = 16000
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return out.getvalue()


@pytest.fixture(scope="session")
def ours() -> Picture:
    """The Department's patch."""
    return patch("ALDER BAY", "POLICE", "EST 1904")


@pytest.fixture(scope="session")
def theirs() -> Picture:
    """A neighbouring department's: the same shield, other words and star."""
    return patch("CORMORANT", "SHERIFF", "SINCE 1887", points=7)


@pytest.fixture(scope="session")
def scene() -> Picture:
    """A photograph without any mark, 640 x 480."""
    return np.asarray(cv2.resize(skimage.data.coffee(), (640, 480), interpolation=cv2.INTER_AREA), dtype=np.uint8)


@pytest.fixture(scope="session")
def portrait() -> Picture:
    """A photograph of a person, 512 x 512."""
    return np.asarray(skimage.data.astronaut(), dtype=np.uint8)


@pytest.fixture(scope="session")
def photographs() -> dict[str, Picture]:
    """Photographs in colour, by name."""
    names = ("astronaut", "chelsea", "coffee", "rocket", "hubble_deep_field", "immunohistochemistry")
    return {name: np.asarray(getattr(skimage.data, name)(), dtype=np.uint8) for name in names}


@pytest.fixture(scope="session")
def encode() -> Callable[..., bytes]:
    return encoded


@pytest.fixture(scope="session")
def put() -> Callable[..., Picture]:
    return lay


@pytest.fixture(scope="session")
def reference_of() -> Callable[..., Reference]:
    return make_reference


@pytest.fixture(scope="session")
def seen() -> Callable[[Picture], Media]:
    return still


@pytest.fixture(scope="session")
def film_of() -> Callable[..., bytes]:
    return film


@pytest.fixture(scope="session")
def sound_of() -> Callable[..., bytes]:
    return sound


@pytest.fixture
def media_of() -> Callable[..., Media]:
    """Media of frames without encoding, one second apart where there are several."""

    def make(*pictures: Picture) -> Media:
        times = [None] if len(pictures) == 1 else [float(i) for i in range(len(pictures))]
        frames = tuple(Frame(rgb=p, time_s=t) for p, t in zip(pictures, times, strict=True))
        return Media(sha256=sha256(b"".join(p.tobytes() for p in pictures)), mime="image/png", frames=frames)

    return make


@pytest.fixture(scope="session")
def network(tmp_path_factory: pytest.TempPathFactory) -> Callable[[np.ndarray], Path]:
    """A network of 320 x 320 that always gives one answer."""

    def write(answer: np.ndarray) -> Path:
        path = tmp_path_factory.mktemp("network") / "finder.onnx"
        path.write_bytes(constant(answer))
        return path

    return write
