"""Pictures and sounds: pictures blurred unless this session was granted otherwise, kept by no cache, and only those of findings that the viewer may see."""

from collections.abc import Callable
from xml.sax.saxutils import escape

from starlette.exceptions import HTTPException
from starlette.responses import Response

from dashboards.access import require_sight
from dashboards.declaration import page
from dashboards.desk import Desk
from dashboards.exhibit import Span
from dashboards.visit import Visit
from footprint import wording
from footprint.errors import BadInput, UnreadableMedia
from footprint.findings import Detection, Finding, FindingDetection
from footprint.identifiers import Exemplar, Identifier, Kind
from footprint.posts import MediaUse
from footprint.users import Role

READERS = (Role.REVIEWER, Role.CHIEF, Role.EMPLOYEE)
TEACHERS = (*READERS, Role.REGISTRAR)
LARGE_PX, SMALL_PX = 1600, 240
LONGEST_S = 86400.0
MOST_PLAYED_S = 120.0


def picture(desk: Desk, sha256: str, *, frame_s: float | None = None, side_px: int = LARGE_PX) -> bytes:
    """A stored picture as JPEG, faces blurred. Raises KeyError where its bytes are not kept any more, UnreadableMedia."""
    return desk.album.get(
        (sha256, frame_s, side_px),
        lambda: desk.pictures.render(desk.blobs.get(sha256), frame_s=frame_s, max_side_px=side_px),
    )


def spectrogram(desk: Desk, sha256: str, *, stretch_s: Span | None = None, side_px: int = LARGE_PX) -> bytes:
    """A stretch of a stored recording or video, as a picture of its sound; None for all of it. Raises as `picture`."""
    return desk.album.get(
        (sha256, "heard", stretch_s, side_px),
        lambda: desk.pictures.spectrogram(desk.blobs.get(sha256), stretch_s=stretch_s, max_side_px=side_px),
    )


@page("/findings/{finding_id}/media/{sha256}.jpg", roles=READERS, audit="picture.viewed")
def post_picture(visit: Visit) -> Response:
    """A picture of a finding's post. `clear=1` asks for it without blur, which takes the session's grant."""
    finding = require_sight(visit.desk.record, visit.user, visit.part("finding_id"))
    sha256 = visit.part("sha256")
    _require_shown(visit, finding, sha256)
    frame_s, side_px = _frame(visit), SMALL_PX if visit.asked("size") == "small" else LARGE_PX
    visit.note_once(sha256, finding.id, detail={"asset": sha256})
    if stretch_s := _stretch(visit):
        return _jpeg(lambda: spectrogram(visit.desk, sha256, stretch_s=stretch_s, side_px=side_px))
    if not visit.asked("clear"):
        return _jpeg(lambda: picture(visit.desk, sha256, frame_s=frame_s, side_px=side_px))
    if visit.memory.unmasked.get(sha256, visit.at) <= visit.at:
        raise HTTPException(403, "Seeing this picture without blur takes a reason. Open the finding and press u.")
    desk = visit.desk
    return _jpeg(lambda: desk.pictures.render(desk.blobs.get(sha256), frame_s=frame_s, max_side_px=side_px, blur=False))


@page("/findings/{finding_id}/overlays/{detection_id}.png", roles=READERS, audit="picture.viewed")
def overlay(visit: Visit) -> Response:
    """The exemplar as a detection placed it, to lie over the picture."""
    finding = require_sight(visit.desk.record, visit.user, visit.part("finding_id"))
    desk, detection_id = visit.desk, visit.part("detection_id")
    detection = desk.record.get(Detection, detection_id)
    exemplar = desk.record.get(Exemplar, detection.exemplar_id) if detection else None
    supports = desk.record.count(FindingDetection, finding_id=finding.id, detection_id=detection_id)
    if detection is None or exemplar is None or not supports:
        raise HTTPException(404, "This finding has no such detection.")
    visit.note_once(detection.asset_sha256, finding.id, detail={"asset": detection.asset_sha256})
    region = detection.region
    png = _image(lambda: desk.pictures.overlay(desk.blobs.get(exemplar.sha256), region))
    return Response(png, media_type="image/png")


@page("/findings/{finding_id}/media/{sha256}.wav", roles=READERS, audit="sound.played")
def post_sound(visit: Visit) -> Response:
    """A span of what is heard in a finding's post; it begins where the span does."""
    finding = require_sight(visit.desk.record, visit.user, visit.part("finding_id"))
    sha256 = visit.part("sha256")
    _require_shown(visit, finding, sha256)
    visit.note_once(f"{sha256} heard", finding.id, detail={"asset": sha256})
    return _wav(visit, sha256)


@page("/exemplars/{exemplar_id}.wav", roles=TEACHERS, audit="exemplar.played")
def exemplar_sound(visit: Visit) -> Response:
    """A span of an exemplar that is a recording."""
    exemplar = visit.desk.record.get(Exemplar, visit.part("exemplar_id"))
    if exemplar is None:
        raise HTTPException(404, "There is no such exemplar.")
    visit.note_once(f"{exemplar.sha256} heard", exemplar.id)
    return _wav(visit, exemplar.sha256)


@page("/exemplars/{exemplar_id}.jpg", roles=TEACHERS, audit="exemplar.viewed")
def exemplar_picture(visit: Visit) -> Response:
    """An exemplar: the Department's own picture, or its wording drawn as one."""
    exemplar = visit.desk.record.get(Exemplar, visit.part("exemplar_id"))
    if exemplar is None:
        raise HTTPException(404, "There is no such exemplar.")
    visit.note_once(exemplar.sha256, exemplar.id)
    if wording.is_text(exemplar):
        drawn = _image(lambda: _lettered(wording.decoded(visit.desk.blobs.get(exemplar.sha256))))
        return Response(drawn, media_type="image/svg+xml")
    make = spectrogram if _is_heard(visit, exemplar) else picture
    return _jpeg(lambda: make(visit.desk, exemplar.sha256, side_px=2 * SMALL_PX))


def _is_heard(visit: Visit, exemplar: Exemplar) -> bool:
    identifier = visit.desk.record.get(Identifier, exemplar.identifier_id)
    return identifier is not None and identifier.kind is Kind.AUDIO


def _lettered(words: str) -> bytes:
    """Wording on a plain ground, as SVG."""
    width = 40 + 14 * len(words)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 80"><rect width="{width}" height="80" fill="#fff"/>'
        f'<text x="{width // 2}" y="48" font-family="monospace" font-size="22" text-anchor="middle">{escape(words)}</text></svg>'
    ).encode()


def _jpeg(make: Callable[[], bytes]) -> Response:
    return Response(_image(make), media_type="image/jpeg")


def _wav(visit: Visit, sha256: str) -> Response:
    span_s = _stretch(visit) or (0.0, MOST_PLAYED_S)
    played_s = span_s[0], min(span_s[1], span_s[0] + MOST_PLAYED_S)
    wav = _image(lambda: visit.desk.pictures.clip(visit.desk.blobs.get(sha256), played_s))
    return Response(wav, media_type="audio/wav")


def _image(make: Callable[[], bytes]) -> bytes:
    try:
        return make()
    except KeyError as error:
        raise HTTPException(410, "The bytes of this picture are not kept any more.") from error
    except UnreadableMedia as error:
        raise HTTPException(422, f"This picture could not be looked at: {error}") from error


def _require_shown(visit: Visit, finding: Finding, sha256: str) -> None:
    if not visit.desk.record.count(MediaUse, post_id=finding.post_id, asset_sha256=sha256):
        raise HTTPException(404, "The post of this finding shows no such picture.")


def _frame(visit: Visit) -> float | None:
    return _second(visit, "frame_s") if visit.asked("frame_s") else None


def _stretch(visit: Visit) -> Span | None:
    if not visit.asked("to_s"):
        return None
    from_s, to_s = _second(visit, "from_s"), _second(visit, "to_s")
    if not from_s < to_s:
        raise BadInput("A stretch of a recording ends after it begins.")
    return from_s, to_s


def _second(visit: Visit, name: str) -> float:
    try:
        second = float(visit.asked(name))
    except ValueError as error:
        raise BadInput("A place in a recording is given in seconds, such as 12.5.") from error
    if not 0 <= second < LONGEST_S:
        raise BadInput("There is no such second in a recording.")
    return second
