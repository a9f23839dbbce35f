"""How text is cut into the words that search knows. One place, so that every index answers alike."""

import re
import unicodedata

LONGEST_WORD = 100
"""Characters from which on words are no longer told apart. Below every index's own limit."""

_SPACELESS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f"
_WORD = re.compile(f"[{_SPACELESS}]|[^\\W_{_SPACELESS}]+")


def words(text: str) -> tuple[str, ...]:
    """
    The words of a text, in order, as they are compared: without case and accents.

    A word is a run of letters and digits of any script; kana and Han characters, written without spaces, are words one by one.
    Compatibility forms are unified and case is folded as in Unicode's NFKC_Casefold; then accents are dropped ("Fiancé" is "fiance",
    "ﬁne" is "fine"). There is no stemming and there are no stop words: a phrase finds exactly what it says.
    """
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = "".join(character for character in folded if not unicodedata.combining(character))
    return tuple(word[:LONGEST_WORD] for word in _WORD.findall(plain))
