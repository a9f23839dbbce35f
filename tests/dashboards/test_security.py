"""What every answer carries, and what every form must prove."""

from collections.abc import Callable
from typing import Any

import pytest

from dashboards.security import POLICY


@pytest.mark.parametrize("path", ["/signin", "/static/page.css", "/nowhere", "/"])
def test_every_answer_carries_the_policy(path: str, stranger: Any) -> None:
    """Pages, files, redirects and errors alike."""
    headers = stranger.get(path).headers
    assert headers["content-security-policy"] == POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "private, no-store"


def test_the_policy_allows_own_files_and_nothing_inline() -> None:
    """Nothing but own pictures, styles and scripts; no frame, no foreign form, nothing inline."""
    assert "default-src 'none'" in POLICY
    assert "frame-ancestors 'none'" in POLICY
    assert "unsafe" not in POLICY


def test_a_form_without_the_token_is_refused(signed_in: Callable[[str], Any]) -> None:
    """A foreign page can make a browser send a form, but does not know the token."""
    rosa = signed_in("rosa")
    assert rosa.client.post("/signout", data={}).status_code == 403
    assert rosa.get("/").status_code == 200


def test_a_token_of_another_session_is_refused(signed_in: Callable[[str], Any]) -> None:
    """Each session has a token of its own."""
    rosa, theo = signed_in("rosa"), signed_in("theo")
    assert rosa.client.post("/signout", data={"csrf": theo.token()}).status_code == 403


def test_the_way_in_has_a_token_too(stranger: Any) -> None:
    """Nobody can be signed in by a foreign page."""
    answer = stranger.client.post("/signin", data={"name": "rosa", "password": "correct horse rosa"})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "same-origin", "origin": "https://proxied.example"}, 303),
        ({"origin": "http://testserver"}, 303),
        ({}, 303),
    ],
)
def test_what_the_browser_says_about_a_form_counts(
    headers: dict[str, str], status: int, signed_in: Callable[[str], Any]
) -> None:
    """A form that the browser calls foreign is refused even with the token."""
    rosa = signed_in("rosa")
    assert rosa.client.post("/signout", data={"csrf": rosa.token()}, headers=headers).status_code == status


def test_a_form_that_is_too_long_is_refused_before_it_is_read(signed_in: Callable[[str], Any]) -> None:
    """A plain form is bounded, whoever sends it."""
    rosa = signed_in("rosa")
    answer = rosa.client.post("/search/purpose", data={"csrf": rosa.token(), "purpose": "x" * 100_000})
    assert answer.status_code == 413


def test_a_body_without_a_length_is_bounded_as_well(signed_in: Callable[[str], Any]) -> None:
    """Chunks are counted as they come."""
    rosa = signed_in("rosa")
    chunks = (b"x" * 20_000 for _ in range(10))
    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert rosa.client.post("/search/purpose", content=chunks, headers=headers).status_code == 413


def test_a_stranger_s_body_is_not_read_at_all(stranger: Any) -> None:
    """Who is not signed in is sent to the way in, whatever they send."""
    answer = stranger.client.post("/identifiers/star-badge/exemplars", files={"picture": ("x", b"x" * 10_000_000)})
    assert answer.headers["location"].startswith("/signin")


def test_a_page_that_is_not_there_says_so(stranger: Any, signed_in: Callable[[str], Any]) -> None:
    """In words, signed in or not."""
    assert "Not there" in stranger.get("/nowhere").text
    answer = signed_in("rosa").get("/nowhere")
    assert answer.status_code == 404
    assert "Not there" in answer.text


def test_a_refusal_is_logged_and_said_in_words(
    signed_in: Callable[[str], Any], events: Callable[[str], list[Any]]
) -> None:
    """Who tries what is not for them finds out for whom it is, and the auditor finds out who tried."""
    answer = signed_in("vera").get("/review")
    assert "This page is for reviewer." in answer.text
    assert [(event.actor, event.subject) for event in events("access.refused")] == [("vera", "/review")]
