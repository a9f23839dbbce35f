"""Pictures, films and sounds as hosts hand them out, and the hostile ones among them."""

from http import HTTPStatus

from demo.simulators import hostile, walls
from demo.simulators.server import Answer, Stage, not_found

ENDINGS = {"image/jpeg": "jpg", "video/mp4": "mp4", "image/gif": "gif", "image/webp": "webp", "audio/mpeg": "mp3"}
KINDS = {"image/jpeg": "image", "video/mp4": "video", "image/gif": "gifv", "image/webp": "image", "audio/mpeg": "audio"}
PLAYED = {"video/mp4": "video", "audio/mpeg": "audio"}
"""What is played rather than shown, and the element that plays it."""
DENIED_FOLDER = "/private/"


def file_name(stage: Stage, name: str) -> str:
    """Under which name a picture is handed out."""
    picture = stage.pictures.get(name)
    ending = "png" if name == hostile.BOMB else ENDINGS[picture.mime] if picture else "jpg"
    return f"{name}.{ending}"


def path_of(stage: Stage, name: str, *, folder: str) -> str:
    """The path at which a host hands out a picture below its folder for media."""
    return f"{DENIED_FOLDER if name == hostile.FORBIDDEN else folder}{file_name(stage, name)}"


def mime_of(stage: Stage, name: str) -> str:
    """The type that a host claims for a picture."""
    picture = stage.pictures.get(name)
    return picture.mime if picture else "image/png" if name == hostile.BOMB else "image/jpeg"


def answer(stage: Stage, path: str) -> Answer:
    """Hand out a picture by the last part of the path."""
    name = path.rpartition("/")[2].rpartition(".")[0]
    picture = stage.pictures.get(name)
    if picture is not None:
        return Answer(mime=picture.mime, body=picture.data, headers={"Cache-Control": "public, max-age=31536000"})
    return _hostile(stage, name)


def _hostile(stage: Stage, name: str) -> Answer:
    jpeg = next(picture.data for picture in stage.pictures.values() if picture.mime == "image/jpeg")
    match name:
        case hostile.TRUNCATED:
            return Answer(mime="image/jpeg", body=hostile.truncated(jpeg))
        case hostile.MISLABELLED:
            return Answer(mime="image/jpeg", body=hostile.mislabelled())
        case hostile.BOMB:
            return Answer(mime="image/png", body=hostile.bomb())
        case hostile.ENDLESS:
            return Answer(mime="image/jpeg", body=jpeg[:1000], announced_bytes=hostile.ENDLESS_BYTES)
        case hostile.DRIPPING:
            return Answer(mime="image/jpeg", body=jpeg[:400], drip_s=0.2)
        case hostile.METADATA:
            return Answer(status=HTTPStatus.FOUND, headers={"Location": "http://169.254.169.254/latest/meta-data/"})
        case hostile.PRIVATE:
            return Answer(status=HTTPStatus.FOUND, headers={"Location": "http://10.0.0.1/camera.jpg"})
        case hostile.FORBIDDEN:
            return Answer(mime="image/jpeg", body=jpeg + stage.secret("denied-media").encode())
        case hostile.GATED:
            return walls.to_login(stage, "gated-media")
    return not_found()
