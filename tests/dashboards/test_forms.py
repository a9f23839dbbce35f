"""What a person sends is read in types, or refused in words."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from dashboards.forms import LONGEST_TEXT, Form
from footprint.errors import BadInput
from footprint.identifiers import Kind


def _form(**texts: str) -> Form:
    return Form({name: (text,) for name, text in texts.items()}, {}, ZoneInfo("America/Los_Angeles"))


def test_a_day_begins_in_the_department_s_zone() -> None:
    """Midnight in winter is eight hours later in Greenwich."""
    assert _form(day="2026-01-31").day("day", "Day") == datetime(2026, 1, 31, 8, tzinfo=UTC)


def test_a_day_may_be_left_out_where_it_may() -> None:
    """An empty field is no day."""
    assert _form(day="").optional_day("day", "Day") is None


@pytest.mark.parametrize("text", ["31.1.2026", "2026-02-30", "soon", "0001-01-01"])
def test_what_is_no_day_is_refused(text: str) -> None:
    """The refusal names the field and how a day is written; a day beyond all calendars is none."""
    form = Form({"day": (text,)}, {}, ZoneInfo("Asia/Tokyo"))
    with pytest.raises(BadInput, match="Day: write the day as 2026-01-31"):
        form.day("day", "Day")


def test_a_choice_is_one_of_those_there_are() -> None:
    """The refusal lists them."""
    assert _form(kind="patch").choice("kind", Kind, "Kind") is Kind.PATCH
    with pytest.raises(BadInput, match="Kind: choose one of logo, emblem"):
        _form(kind="hat").choice("kind", Kind, "Kind")


def test_all_choices_are_of_those_there_are() -> None:
    """One wrong one is enough."""
    form = Form({"kinds": ("patch", "hat")})
    with pytest.raises(BadInput, match="Kinds: choose among"):
        form.choices("kinds", Kind, "Kinds")


def test_a_text_is_bounded() -> None:
    """Longer texts are refused, not cut."""
    with pytest.raises(BadInput, match="longer than"):
        _form(note="x" * (LONGEST_TEXT + 1)).text("note")


@pytest.mark.parametrize("text", ["", "   "])
def test_what_is_needed_must_be_there(text: str) -> None:
    """Blanks are nothing."""
    with pytest.raises(BadInput, match="Name is missing"):
        _form(name=text).required("name", "Name")


def test_an_empty_file_is_none() -> None:
    """A form whose file was not chosen is refused."""
    with pytest.raises(BadInput, match="Document: choose a file"):
        _form().file("document", "Document")
