"""The way in and out."""

from typing import Any


def test_who_gives_the_right_password_comes_in(stranger: Any) -> None:
    """A name and its password open a session, and the first page answers."""
    response = stranger.sign_in("rosa")
    assert response.headers["location"] == "/"
    assert "Today" in stranger.get("/").text
