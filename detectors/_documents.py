"""
The pictures inside of documents: PDF, and the zipped formats of offices (OOXML, OpenDocument).

Text and layout are not looked at. A document counts as looked at only where each picture in it that is large enough to show something could be
decoded. Drawings in vectors, metafiles included, are no pictures here.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator

from PIL import Image

from footprint.digests import sha256
from footprint.errors import UnreadableMedia

MAX_PICTURES = 200
MAX_ENTRIES = 10_000
MAX_UNPACKED_BYTES = 64 * 2**20
"""Of one picture in a zipped document; what it says of itself is not believed."""

ZIPPED = re.compile(r"(?:(?:word|ppt|xl)/media|Pictures)/[^/]{1,200}\.(?:png|jpe?g|gif|bmp|tiff?|webp)", re.IGNORECASE)


def pictures(
    data: bytes, mime: str, *, fits: Callable[[tuple[int, int]], bool], max_pixels: int
) -> Iterator[Image.Image]:
    """
    Each picture once, in the document's order, as Pillow opened it.

    `fits` says whether a picture of that size (width, height) is to be looked at. Raises UnreadableMedia where there are more pictures, or all
    together more pixels than `max_pixels`, than can be held, and for a document that wants a password; what else pypdf, zipfile and Pillow raise.
    """
    room, count = max_pixels, 0
    for picture in _of_pdf(data) if mime == "application/pdf" else _of_zip(data):
        if not fits(picture.size):
            continue
        room, count = room - picture.width * picture.height, count + 1
        if count > MAX_PICTURES or room < 0:
            raise UnreadableMedia(
                f"The document holds more pictures than can be looked at: {MAX_PICTURES}, of {max_pixels} pixels together (detect.max_pixels)."
            )
        yield picture


def _of_pdf(data: bytes) -> Iterator[Image.Image]:
    import pypdf  # takes a while, that only documents need

    reader = pypdf.PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise UnreadableMedia("The PDF document wants a password.")
    known: set[str] = set()
    for page in reader.pages:
        for found in page.images:
            if (name := sha256(found.data)) in known:  # such as the letter head of each page
                continue
            known.add(name)
            if found.image is None:
                raise UnreadableMedia(f"The picture {found.name} in the PDF document cannot be decoded.")
            yield found.image


def _of_zip(data: bytes) -> Iterator[Image.Image]:
    with zipfile.ZipFile(io.BytesIO(data)) as document:
        entries = document.infolist()
        if len(entries) > MAX_ENTRIES:
            raise UnreadableMedia(f"The document has {len(entries)} parts; the limit is {MAX_ENTRIES}.")
        for entry in entries:
            if not ZIPPED.fullmatch(entry.filename):
                continue
            with document.open(entry) as stream:
                content = stream.read(MAX_UNPACKED_BYTES + 1)
            if len(content) > MAX_UNPACKED_BYTES:
                raise UnreadableMedia(f"The picture {entry.filename} unpacks to more than {MAX_UNPACKED_BYTES} bytes.")
            yield Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP"))
