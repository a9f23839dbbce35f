"""What bytes are, told by their first bytes. Names and declared types of posts are not believed."""

import re
from dataclasses import dataclass
from enum import StrEnum


class Sort(StrEnum):
    """How a format is read."""

    STILL = "still"  # Pillow
    HEIF = "heif"  # pillow-heif
    FILM = "film"  # PyAV
    SOUND = "sound"  # PyAV
    DOCUMENT = "document"  # pypdf, zipfile
    OTHER = "other"  # known, but nothing that can be looked at


@dataclass(frozen=True, slots=True)
class Format:
    """A format: how it is read, its media type, and the reader's name for it (Pillow's plug-in or FFmpeg's demuxer)."""

    sort: Sort
    mime: str
    reader: str


_STARTS: tuple[tuple[bytes, Format], ...] = (
    (b"\xff\xd8\xff", Format(Sort.STILL, "image/jpeg", "JPEG")),
    (b"\x89PNG\r\n\x1a\n", Format(Sort.STILL, "image/png", "PNG")),
    (b"GIF87a", Format(Sort.STILL, "image/gif", "GIF")),
    (b"GIF89a", Format(Sort.STILL, "image/gif", "GIF")),
    (b"II*\0", Format(Sort.STILL, "image/tiff", "TIFF")),
    (b"MM\0*", Format(Sort.STILL, "image/tiff", "TIFF")),
    (b"BM", Format(Sort.STILL, "image/bmp", "BMP")),
    (b"\x1aE\xdf\xa3", Format(Sort.FILM, "video/webm", "matroska")),
    (b"OggS", Format(Sort.FILM, "video/ogg", "ogg")),
    (b"FLV\x01", Format(Sort.FILM, "video/x-flv", "flv")),
    (b"\0\0\x01\xba", Format(Sort.FILM, "video/mpeg", "mpeg")),
    (b"0&\xb2u\x8ef\xcf\x11", Format(Sort.FILM, "video/x-ms-asf", "asf")),
    (b"ID3", Format(Sort.SOUND, "audio/mpeg", "mp3")),
    (b"\xff\xfb", Format(Sort.SOUND, "audio/mpeg", "mp3")),
    (b"\xff\xf3", Format(Sort.SOUND, "audio/mpeg", "mp3")),
    (b"\xff\xf2", Format(Sort.SOUND, "audio/mpeg", "mp3")),
    (b"\xff\xf9", Format(Sort.SOUND, "audio/aac", "aac")),
    (b"\xff\xf1", Format(Sort.SOUND, "audio/aac", "aac")),
    (b"fLaC", Format(Sort.SOUND, "audio/flac", "flac")),
    (b"#!AMR", Format(Sort.SOUND, "audio/amr", "amr")),
    (b"%PDF-", Format(Sort.DOCUMENT, "application/pdf", "PDF")),
    (b"\xff\x0a", Format(Sort.OTHER, "image/jxl", "a JPEG XL picture")),
    (b"\0\0\0\x0cJXL ", Format(Sort.OTHER, "image/jxl", "a JPEG XL picture")),
    (b"\0\0\0\x0cjP  ", Format(Sort.OTHER, "image/jp2", "a JPEG 2000 picture")),
)
_RIFF = {
    b"WEBP": Format(Sort.STILL, "image/webp", "WEBP"),
    b"AVI ": Format(Sort.FILM, "video/x-msvideo", "avi"),
    b"WAVE": Format(Sort.SOUND, "audio/wav", "wav"),
}
_OOXML = "application/vnd.openxmlformats-officedocument"
_OFFICE = {
    b"word/document.xml": Format(Sort.DOCUMENT, f"{_OOXML}.wordprocessingml.document", "Word"),
    b"ppt/presentation.xml": Format(Sort.DOCUMENT, f"{_OOXML}.presentationml.presentation", "PowerPoint"),
    b"xl/workbook.xml": Format(Sort.DOCUMENT, f"{_OOXML}.spreadsheetml.sheet", "Excel"),
}
_AVIF = Format(Sort.STILL, "image/avif", "AVIF")
_HEIF = Format(Sort.HEIF, "image/heic", "HEIF")
_MP4 = Format(Sort.FILM, "video/mp4", "mov")
_TS = Format(Sort.FILM, "video/mp2t", "mpegts")
_SVG = Format(Sort.OTHER, "image/svg+xml", "an SVG drawing")
_TS_PACKET_BYTES = 188


def sniff(data: bytes) -> Format | None:
    """The format of a file, or None where it is none that we know."""
    for start, known in _STARTS:
        if data.startswith(start):
            return known
    if data[:4] == b"RIFF":
        return _RIFF.get(data[8:12])
    if data.startswith(b"PK\x03\x04"):
        return _zipped(data)
    if data[4:8] in (b"ftyp", b"moov", b"mdat", b"wide"):
        return _iso(data)
    if data[:1] == b"G" and data[_TS_PACKET_BYTES : _TS_PACKET_BYTES + 1] == b"G":
        return _TS
    return _SVG if b"<svg" in data[:1024].lower() else None


def _zipped(data: bytes) -> Format | None:
    """The documents of offices, by the names of their parts or by the type that OpenDocument puts first; other archives are none."""
    if data[30:38] == b"mimetype":
        kind = re.match(
            rb"application/vnd\.oasis\.opendocument\.(text|presentation|spreadsheet|graphics)", data[38:120]
        )
        return Format(Sort.DOCUMENT, kind[0].decode(), "OpenDocument") if kind else None
    return next((known for part, known in _OFFICE.items() if part in data), None)


def _iso(data: bytes) -> Format:
    """Tell pictures from films by the brands of the `ftyp` box (ISO/IEC 14496-12 section 4.3)."""
    if data[4:8] != b"ftyp":
        return _MP4
    brands = data[8 : min(int.from_bytes(data[:4]), 256)]
    if b"avif" in brands or b"avis" in brands:
        return _AVIF
    if any(brand in brands for brand in (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")):
        return _HEIF
    return _MP4
