"""Words: how text is cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footprint.words import LONGEST_WORD, words


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("", ()),
        ("Town Fair, 2026!", ("town", "fair", "2026")),
        ("the Department's K-9", ("the", "department", "s", "k", "9")),
        ("snake_case @user #tag", ("snake", "case", "user", "tag")),
        ("Fiancé CAFÉ e\u0301", ("fiance", "cafe", "e")),
        ("ﬁne Straße ①", ("fine", "strasse", "1")),
        ("ΣΊΣΥΦΟΣ", ("σισυφοσ",)),
        ("警察 カー", ("警", "察", "カ", "ー")),
        ("😀 — …", ()),
    ],
)
def test_words_are_folded_runs_of_letters_and_digits(text: str, cut: tuple[str, ...]) -> None:
    """Case, accents and compatibility forms are folded; signs separate; Han and kana stand one by one."""
    assert words(text) == cut


def test_a_long_word_is_cut() -> None:
    """A word that no index could hold is cut to the length that all can."""
    assert words("a" * 5000) == ("a" * LONGEST_WORD,)


@given(st.text())
def test_cutting_twice_is_cutting_once(text: str) -> None:
    """Words joined by blanks are cut into the same words again, so that an index need only cut at blanks."""
    cut = words(text)
    assert words(" ".join(cut)) == cut
    assert all(not any(character.isspace() or character == '"' for character in word) for word in cut)
