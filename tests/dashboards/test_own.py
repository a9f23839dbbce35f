"""What an employee sees of themselves."""

from collections.abc import Callable
from typing import Any


def test_one_s_own_registration_and_what_was_confirmed(signed_in: Callable[[str], Any], town: Any) -> None:
    """Account, basis, notice, and the one finding that two people confirmed; nobody else's."""
    page = signed_in("eva").get("/own").text
    assert "mastodon:@ada" in page
    assert "signed consent" in page
    assert town.findings["fair star-badge"] in page
    assert town.findings["fair shoulder-patch-2019"] not in page
    assert "R-0102" not in page


def test_who_has_no_registration_is_told_so(signed_in: Callable[[str], Any]) -> None:
    """An employee without accounts sees that nothing of theirs is read."""
    page = signed_in("emil").get("/own").text
    assert "No account is registered for you, so nothing of yours is read." in page
    assert "Nothing was confirmed about you." in page
