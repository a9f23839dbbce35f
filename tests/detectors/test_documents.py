"""Documents are looked at for the pictures in them, and for nothing else."""

import io
import zipfile

import numpy as np
import pypdf
import pytest
from PIL import Image

from detectors._decode import decode
from footprint.errors import UnreadableMedia, UnsupportedMedia

Colour = tuple[int, int, int]
RED, BLUE = (200, 30, 30), (30, 30, 200)


def image(colour: Colour, size: tuple[int, int] = (64, 48)) -> Image.Image:
    return Image.new("RGB", size, colour)


def encoded(picture: Image.Image, form: str) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, form)
    return buffer.getvalue()


def pdf(*pictures: Image.Image) -> bytes:
    buffer = io.BytesIO()
    pictures[0].save(buffer, "PDF", save_all=True, append_images=pictures[1:])
    return buffer.getvalue()


def archive(*parts: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as document:
        for name, content in parts:
            document.writestr(name, content)
    return buffer.getvalue()


def word(*parts: tuple[str, bytes]) -> bytes:
    return archive(("word/document.xml", b"<document/>"), *parts)


def colours(data: bytes) -> list[str]:
    """Of each picture, in order: the channel that it is strongest in."""
    return ["rgb"[int(np.argmax(frame.rgb.mean(axis=(0, 1))))] for frame in decode(data).frames]


def test_a_pdf_shows_its_pictures() -> None:
    """Each picture is a frame, in the order of the pages, known by its number."""
    media = decode(pdf(image(RED), image(BLUE)))
    assert [frame.time_s for frame in media.frames] == [1.0, 2.0]
    assert (media.mime, media.duration_s) == ("application/pdf", None)
    assert colours(pdf(image(RED), image(BLUE))) == ["r", "b"]


def test_a_picture_on_every_page_is_looked_at_once() -> None:
    """A letter head costs one look, and a single picture is a still."""
    (frame,) = decode(pdf(image(RED), image(RED))).frames
    assert frame.time_s is None


@pytest.mark.parametrize("folder", ["word/media", "Pictures"])
def test_documents_of_offices_show_their_pictures(folder: str) -> None:
    """Pictures lie in a folder of their own, whatever else the archive holds."""
    png = encoded(image(BLUE), "PNG")
    parts = ((f"{folder}/image1.png", png), ("docProps/thumbnail.jpeg", encoded(image(RED), "JPEG")))
    if folder == "Pictures":
        data = archive(("mimetype", b"application/vnd.oasis.opendocument.text"), *parts)
    else:
        data = word(*parts)
    assert colours(data) == ["b"]


@pytest.mark.parametrize("data", [word(), pdf(image(RED, (4, 4)))], ids=["none", "too small"])
def test_a_document_without_a_picture_is_unsupported(data: bytes) -> None:
    """That nothing was looked at never reads as that nothing was found."""
    with pytest.raises(UnsupportedMedia):
        decode(data)


def test_a_pdf_with_a_password_is_unreadable() -> None:
    """It is on record as not looked at, with the reason."""
    writer, buffer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf(image(RED)))), io.BytesIO()
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(buffer)
    with pytest.raises(UnreadableMedia, match="password"):
        decode(buffer.getvalue())


def test_more_pixels_than_can_be_held_are_refused() -> None:
    """The limit of one picture holds for all pictures of a document together."""
    with pytest.raises(UnreadableMedia, match="more pictures"):
        decode(pdf(image(RED), image(BLUE)), max_pixels=64 * 48 + 1)


def test_a_picture_that_unpacks_without_end_is_refused() -> None:
    """What an archive says of its sizes is not believed."""
    with pytest.raises(UnreadableMedia, match="unpacks"):
        decode(_bomb())


def _bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as document:
        document.writestr("word/document.xml", b"<document/>")
        document.writestr("word/media/image1.png", bytes(65 * 2**20))
    return buffer.getvalue()


@pytest.mark.parametrize("keep", [0.1, 0.5, 0.9])
@pytest.mark.parametrize(
    "make", [lambda: pdf(image(RED)), lambda: word(("word/media/a.png", encoded(image(RED), "PNG")))]
)
def test_a_document_that_is_cut_off_is_unreadable(make: object, keep: float) -> None:
    """Half a document raises the error for damaged media, and no other."""
    data = make()  # type: ignore[operator]
    with pytest.raises((UnreadableMedia, UnsupportedMedia)):
        decode(data[: int(len(data) * keep)])


def test_other_archives_are_no_documents() -> None:
    """A zip file is no document by its first bytes alone."""
    with pytest.raises(UnreadableMedia, match="no picture"):
        decode(archive(("notes.txt", b"words")))
