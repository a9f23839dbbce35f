"""What all benchmarks share: references out of pictures, the machine that they ran on, one way to print."""

import json
import os
import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cv2

from detectors.detector import Reference
from footprint.digests import digest, sha256
from footprint.identifiers import Exemplar, Identifier, Kind

START = datetime(2026, 1, 1, tzinfo=UTC)
SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp"})


def reference_of(data: bytes, *, identifier: str, kind: Kind, label: str = "", mime: str = "") -> Reference:
    """An exemplar in force, of a PNG or JPEG unless said otherwise."""
    exemplar = Exemplar(
        id=digest(identifier, sha256(data)),
        identifier_id=identifier,
        sha256=sha256(data),
        mime=mime or ("image/png" if data.startswith(b"\x89PNG") else "image/jpeg"),
        label=label,
        added_by="benchmark",
        added_at=START,
    )
    named = Identifier(id=identifier, kind=kind, name=identifier, created_by="benchmark", created_at=START)
    return Reference(exemplar=exemplar, identifier=named, data=data)


def pictures_in(folder: Path) -> list[Path]:
    """All pictures below a folder, in order of name."""
    return sorted(p for p in folder.rglob("*") if p.suffix.lower() in SUFFIXES)


def is_in_part(name: str, part: str) -> bool:
    """Whether a picture belongs to the half that may be tuned on (`validation`) or to the half that is reported (`test`)."""
    return (int(digest(name)[:8], 16) % 2 == 0) == (part == "validation")


def show(figures: Mapping[str, Any], *, as_json: bool, lines: list[str]) -> None:
    """Print one JSON object, or the machine and a table."""
    if as_json:
        print(json.dumps(dict(figures)))
        return
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, OpenCV {cv2.__version__}")
    for line in lines:
        print(line)
