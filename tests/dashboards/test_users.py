"""Users, for the administrator."""

from collections.abc import Callable
from typing import Any

import pytest

from footprint.acts.users import find_user
from footprint.ports import Record
from footprint.users import Role


def test_a_user_is_added_and_signs_in(signed_in: Callable[[str], Any], stranger: Any) -> None:
    """With the first password that the administrator chose."""
    signed_in("admin").send("/users", name="nora", roles=["reviewer", "registrar"], password="a long enough one")
    assert stranger.sign_in("nora", "a long enough one").status_code == 303


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"roles": ["auditor", "reviewer"]}, "must be two people"),
        ({"password": "short"}, "at least 12 characters"),
        ({"roles": []}, "at least one role"),
        ({"name": "rosa"}, "There is a user rosa already"),
        ({"name": "two words"}, "one word"),
        ({"registrant_id": "R-9999"}, "There is no registrant R-9999"),
        ({"roles": ["king"]}, "choose among"),
    ],
)
def test_a_user_that_cannot_be_is_refused(
    fields: dict[str, Any], words: str, signed_in: Callable[[str], Any], record: Record
) -> None:
    """Toxic combinations above all (G25); the password does not come back with the form."""
    admin = signed_in("admin")
    form = {"name": "nora", "roles": ["reviewer"], "password": "a long enough one"} | fields
    page = admin.follow(admin.send("/users", **form)).text
    assert words in page
    assert "a long enough one" not in page
    assert find_user(record, "nora") is None


def test_roles_are_changed_within_the_rules(signed_in: Callable[[str], Any], record: Record, clock: Any) -> None:
    """Another role is a later version; a toxic pair is refused (G25)."""
    admin = signed_in("admin")
    assert "must be two people" in admin.follow(admin.send("/users/theo/roles", roles=["reviewer", "chief"])).text
    admin.send("/users/theo/roles", roles=["registrar"])
    theo = find_user(record, "theo")
    assert theo is not None
    assert theo.roles == (Role.REGISTRAR,)


def test_somebody_stays_administrator(signed_in: Callable[[str], Any], record: Record) -> None:
    """Nobody locks everybody out."""
    admin = signed_in("admin")
    assert "Somebody must stay administrator" in admin.follow(admin.send("/users/admin/active", active="no")).text


def test_a_user_without_roles_is_switched_off_instead(signed_in: Callable[[str], Any]) -> None:
    """The page says what to do."""
    admin = signed_in("admin")
    assert "or switch the user off" in admin.follow(admin.send("/users/theo/roles")).text


def test_nobody_is_deleted(signed_in: Callable[[str], Any], stranger: Any) -> None:
    """Who is switched off stays in the list, may not sign in, and can be switched on again."""
    admin = signed_in("admin")
    page = admin.follow(admin.send("/users/theo/active", active="no")).text
    assert "theo may not sign in." in page
    assert "Switch on again" in page
    assert stranger.sign_in("theo").status_code == 401
