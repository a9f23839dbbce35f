"""What a person sent: typed, bounded, and refused in words."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from typing import TypeVar

from starlette.datastructures import UploadFile
from starlette.requests import Request

from footprint.errors import BadInput

E = TypeVar("E", bound=StrEnum)

MAX_FIELDS = 100
LONGEST_TEXT = 2000


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was sent with a form."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form. Every reader raises BadInput that names the field as the page does."""

    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files: Mapping[str, Upload] = field(default_factory=dict)
    zone: tzinfo = UTC

    def text(self, name: str) -> str:
        """What was typed, without space around it; "" where nothing was."""
        text = next(iter(self.texts.get(name, ())), "").strip()
        if len(text) > LONGEST_TEXT:
            raise BadInput(f"That is longer than {LONGEST_TEXT} characters. Say it shorter.")
        return text

    def required(self, name: str, label: str) -> str:
        text = self.text(name)
        if not text:
            raise BadInput(f"{label} is missing.")
        return text

    def many(self, name: str) -> tuple[str, ...]:
        """All values that were ticked or selected."""
        return tuple(text for text in self.texts.get(name, ()) if text)

    def choice(self, name: str, kind: type[E], label: str) -> E:
        try:
            return kind(self.text(name))
        except ValueError as error:
            raise BadInput(f"{label}: choose one of {', '.join(kind)}.") from error

    def choices(self, name: str, kind: type[E], label: str) -> tuple[E, ...]:
        try:
            return tuple(kind(text) for text in self.many(name))
        except ValueError as error:
            raise BadInput(f"{label}: choose among {', '.join(kind)}.") from error

    def number(self, name: str, label: str) -> float:
        """A finite number."""
        try:
            number = float(self.required(name, label))
        except ValueError as error:
            raise BadInput(f"{label}: write a number such as 0.8.") from error
        if not math.isfinite(number):
            raise BadInput(f"{label}: write a number such as 0.8.")
        return number

    def day(self, name: str, label: str) -> datetime:
        """The moment at which a day begins in the Department's zone, in UTC."""
        day = self.optional_day(name, label)
        if day is None:
            raise BadInput(f"{label} is missing.")
        return day

    def optional_day(self, name: str, label: str) -> datetime | None:
        text = self.text(name)
        try:
            return datetime.fromisoformat(text[:10]).replace(tzinfo=self.zone).astimezone(UTC) if text else None
        except (ValueError, OverflowError) as error:
            raise BadInput(f"{label}: write the day as 2026-01-31.") from error

    def file(self, name: str, label: str) -> Upload:
        upload = self.files.get(name)
        if upload is None or not upload.data:
            raise BadInput(f"{label}: choose a file.")
        return upload


async def read_form(request: Request, zone: tzinfo) -> Form:
    """Read a form of either encoding. Files come into memory: the caller has bounded the request."""
    texts: dict[str, tuple[str, ...]] = {}
    files: dict[str, Upload] = {}
    async with request.form(max_files=2, max_fields=MAX_FIELDS) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                files[name] = Upload(value.filename or "", await value.read())
            else:
                texts[name] = (*texts.get(name, ()), value)
    return Form(texts, files, zone)
