"""
Media that a crawler must survive: by name, what the server answers.

Those that answer with bytes give them here; those that are about how the server behaves are known to `demo.simulators.server`.
"""

import struct
import zlib
from collections.abc import Mapping
from types import MappingProxyType

TRUNCATED, MISLABELLED, BOMB, ENDLESS, DRIPPING = "truncated", "mislabelled", "bomb", "endless", "dripping"
METADATA, PRIVATE, MISSING, FORBIDDEN, GATED = "metadata", "private", "missing", "forbidden", "gated"

HOSTILE: Mapping[str, str] = MappingProxyType(
    {
        TRUNCATED: "a JPEG that ends in the middle",
        MISLABELLED: "a web page under the name of a picture",
        BOMB: "a PNG of a few bytes that declares 50000 x 50000 pixels",
        ENDLESS: "an answer that announces a gigabyte",
        DRIPPING: "an answer that comes a byte at a time",
        METADATA: "a redirect to a cloud's metadata service",
        PRIVATE: "a redirect into a private network",
        MISSING: "a picture that is not there",
        FORBIDDEN: "a picture below a path that robots.txt denies",
        GATED: "a picture behind a redirect to a login form",
    }
)
"""Hostile media by name, each with what it is."""

BOMB_SIDE_PX = 50_000
ENDLESS_BYTES = 2**30


def bomb() -> bytes:
    """A PNG whose header declares 2.5 gigapixels of grey, followed by one compressed row of nothing."""
    header = struct.pack(">IIBBBBB", BOMB_SIDE_PX, BOMB_SIDE_PX, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(kind, body)
        for kind, body in ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(BOMB_SIDE_PX + 1))), (b"IEND", b""))
    )


def truncated(jpeg: bytes) -> bytes:
    """The first third of a JPEG."""
    return jpeg[: len(jpeg) // 3]


def mislabelled() -> bytes:
    """A web page."""
    return b"<!doctype html><html><head><title>Not a picture</title></head><body><p>Really not.</p></body></html>"


def billion_laughs() -> bytes:
    """An RSS feed whose entities would grow to gigabytes."""
    entities = "".join(f'<!ENTITY lol{k} "{f"&lol{k - 1};" * 10}">' for k in range(1, 10))
    return (
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY lol0 "lol">{entities}]>'
        '<rss version="2.0"><channel><title>Harmless</title><link>/</link><description>d</description>'
        "<item><title>&lol9;</title><guid>1</guid></item></channel></rss>"
    ).encode()


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
