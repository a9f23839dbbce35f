"""Ids made from what they identify, so that doing a thing twice is doing it once."""

import hashlib
import json
from typing import Any


def digest(*parts: Any) -> str:
    """
    First 32 hexadecimal digits (128 bits) of the SHA-256 of the parts, as one canonical JSON array.

    Parts are whatever JSON holds: strings, numbers, booleans, None, lists and dictionaries of these.
    """
    return hashlib.sha256(canonical(list(parts))).hexdigest()[:32]


def canonical(value: Any) -> bytes:
    """Canonical JSON: keys sorted, no white space, UTF-8. Refuses NaN and infinities."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def sha256(data: bytes) -> str:
    """Hexadecimal SHA-256 of bytes."""
    return hashlib.sha256(data).hexdigest()
