"""Exemplars that are text: the wording by which an identifier is known."""

from collections.abc import Collection

from footprint.errors import BadInput, UnreadableMedia
from footprint.identifiers import Exemplar
from footprint.words import words

MIME = "text/plain"
LONGEST = 120
LEAST_LETTERS = 3
READ_BY = frozenset({"lettering", "vehicles", "uniforms"})
"""The detectors that read."""


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


def unread(detectors: Collection[str]) -> str:
    """What to say of wording where none of the detectors that look can read, "" where one can."""
    reads = READ_BY & set(detectors)
    return "" if reads else f"No detector that reads is switched on: add {_listed()} to detect.detectors."


def _listed() -> str:
    *most, last = sorted(READ_BY)
    return f"{', '.join(most)} or {last}"
