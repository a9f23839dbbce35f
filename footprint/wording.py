"""Exemplars that are text: the wording by which an identifier is known."""

from collections.abc import Collection
from types import MappingProxyType

from footprint.errors import BadInput, UnreadableMedia
from footprint.identifiers import Exemplar, Kind
from footprint.words import words

MIME = "text/plain"
LONGEST = 120
LEAST_LETTERS = 3
READ_IN_A_BOX = MappingProxyType({Kind.VEHICLE: "vehicles", Kind.UNIFORM: "uniforms"})
"""Kinds whose wording counts only on the thing itself, and the detectors that read it there."""


def is_text(exemplar: Exemplar) -> bool:
    """Whether an exemplar is wording rather than a picture, film or sound."""
    return exemplar.mime == MIME


def encoded(text: str) -> bytes:
    """
    Wording as an exemplar's bytes: UTF-8, single spaces. `#` stands for any digit and `?` for any letter or digit.

    Raises BadInput for what is too long, or too short to identify anything.
    """
    plain = " ".join(text.split())
    if len(plain) > LONGEST:
        raise BadInput(
            f"Wording has at most {LONGEST} characters; this has {len(plain)}. Give the part that identifies."
        )
    if sum(len(word) for word in words(plain)) < LEAST_LETTERS:
        raise BadInput(f"Wording needs at least {LEAST_LETTERS} letters or digits besides # and ?.")
    return plain.encode()


def decoded(data: bytes) -> str:
    """The wording of an exemplar's bytes. Raises UnreadableMedia where it is none."""
    try:
        return encoded(data.decode()).decode()
    except (UnicodeDecodeError, BadInput) as error:
        raise UnreadableMedia(f"It is no wording: {error}") from error


def reader_of(kind: Kind) -> str:
    """The detector that reads the wording of such identifiers."""
    return READ_IN_A_BOX.get(kind, "lettering")


def unread(kind: Kind, detectors: Collection[str]) -> str:
    """What to say of wording where the detector that reads it does not look, "" where it does."""
    reader = reader_of(kind)
    return "" if reader in detectors else f"What reads this wording is switched off: add {reader} to detect.detectors."
