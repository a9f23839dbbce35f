"""The way in and out: sessions, slow guesses, nothing said about who exists."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from dashboards.signin import REFUSED
from dashboards.throttle import FREE_FAILURES
from footprint.acts import users
from footprint.audit import AuditEvent
from footprint.digests import sha256
from footprint.ports import Record
from footprint.settings import Dashboard, Settings
from footprint.users import Session, User

Events = Callable[[str], list[AuditEvent]]


def test_who_gives_the_right_password_comes_in(stranger: Any, events: Events) -> None:
    """A name and its password open a session, which the audit log names."""
    response = stranger.sign_in("rosa")
    assert response.headers["location"] == "/"
    assert stranger.get("/").status_code == 200
    assert [event.subject for event in events("session.opened")] == ["rosa"]


def test_the_record_does_not_hold_the_token(stranger: Any, record: Record) -> None:
    """Who reads the record cannot take over a session: it holds the hash of what the browser holds."""
    stranger.sign_in("rosa")
    token = stranger.client.cookies["footprint_session"]
    assert [session.id for session in record.select(Session)] == [sha256(token.encode())]


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(stranger: Any) -> None:
    """The session's cookie is HttpOnly and SameSite; without TLS in the settings it is not marked Secure."""
    cookie = stranger.sign_in("rosa").headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" not in cookie


def test_behind_tls_the_cookie_is_secure(serve: Callable[..., FastAPI], settings: Settings) -> None:
    """With https_only the cookie never travels in the clear."""
    secured = serve(settings=settings.model_copy(update={"dashboard": Dashboard(https_only=True)}))
    answer = TestClient(secured, base_url="https://testserver").get("/signin")
    assert "secure" in answer.headers["set-cookie"].lower()


@pytest.mark.parametrize(
    ("name", "password"), [("rosa", "wrong horse battery"), ("nobody", "correct horse rosa"), ("", ""), ("rosa", "")]
)
def test_wrong_name_and_wrong_password_are_refused_in_the_same_words(
    name: str, password: str, stranger: Any, events: Events
) -> None:
    """An answer does not tell whether a name exists."""
    answer = stranger.send("/signin", page="/signin", name=name, password=password)
    assert answer.status_code == 401
    assert REFUSED in answer.text
    assert "footprint_session" not in stranger.client.cookies


def test_a_failure_is_logged_but_a_name_that_nobody_has_is_not_written_down(stranger: Any, events: Events) -> None:
    """People type passwords into the field of the name, so only known names enter the log."""
    stranger.sign_in("rosa", "wrong horse battery")
    stranger.sign_in("my secret password")
    assert [event.subject for event in events("session.refused")] == ["rosa", "unknown"]


def test_after_five_failures_a_name_waits(stranger: Any, clock: Any) -> None:
    """The sixth try is refused without looking at the password, and works after the wait."""
    for _ in range(FREE_FAILURES):
        assert stranger.sign_in("rosa", "wrong horse battery").status_code == 401
    answer = stranger.sign_in("rosa")
    assert answer.status_code == 429
    assert "Try again in" in answer.text
    clock.pass_by(timedelta(minutes=1))
    assert stranger.sign_in("rosa").status_code == 303


def test_an_address_that_fails_over_many_names_waits_too(stranger: Any) -> None:
    """Trying one password on many names is slowed down by the address."""
    for number in range(FREE_FAILURES):
        stranger.sign_in(f"name{number}", "correct horse rosa")
    assert stranger.sign_in("theo").status_code == 429


def test_without_a_session_every_page_leads_to_the_way_in(stranger: Any) -> None:
    """The way in remembers where somebody wanted to go."""
    answer = stranger.get("/search?q=state:open")
    assert answer.headers["location"] == "/signin?next=%2Fsearch%3Fq%3Dstate%3Aopen"


def test_who_comes_in_goes_on_to_where_they_wanted(stranger: Any) -> None:
    """A link from a message works after signing in."""
    answer = stranger.send("/signin", page="/signin", name="rosa", password="correct horse rosa", next="/review")
    assert answer.headers["location"] == "/review"


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example", "/\\evil.example", "evil", "/a\nb", ""])
def test_the_way_in_leads_to_no_other_site(wanted: str, stranger: Any) -> None:
    """Only a path of this site is gone on to."""
    answer = stranger.send("/signin", page="/signin", name="rosa", password="correct horse rosa", next=wanted)
    assert answer.headers["location"] == "/"


def test_a_session_expires(signed_in: Callable[[str], Any], clock: Any, settings: Settings) -> None:
    """After the minutes of the settings the browser is a stranger again."""
    rosa = signed_in("rosa")
    clock.pass_by(timedelta(minutes=settings.dashboard.session_minutes, seconds=-1))
    assert rosa.get("/").status_code == 200
    clock.pass_by(timedelta(seconds=1))
    assert rosa.get("/").headers["location"].startswith("/signin")


def test_signing_out_ends_the_session_on_the_server(signed_in: Callable[[str], Any], events: Events) -> None:
    """A copied cookie is worth nothing afterwards."""
    rosa = signed_in("rosa")
    token = rosa.client.cookies["footprint_session"]
    rosa.send("/signout")
    rosa.client.cookies.set("footprint_session", token)
    assert rosa.get("/").headers["location"].startswith("/signin")
    assert [event.actor for event in events("session.closed")] == ["rosa"]


def test_a_change_to_a_user_ends_their_sessions(
    signed_in: Callable[[str], Any], record: Record, clock: Any, person: Callable[[str], User]
) -> None:
    """Who loses a role, or is switched off, is out at once."""
    theo = signed_in("theo")
    clock.pass_by(timedelta(minutes=1))
    users.change_user(record, "theo", actor=person("admin"), at=clock(), is_active=False)
    assert theo.get("/").headers["location"].startswith("/signin")
    assert theo.sign_in("theo").status_code == 401


def test_a_password_is_changed_by_who_knows_it(signed_in: Callable[[str], Any], stranger: Any, clock: Any) -> None:
    """The new password works, the old one does not, and the session has ended."""
    rosa = signed_in("rosa")
    clock.pass_by(timedelta(seconds=1))
    new = "battery staple rosa"
    rosa.send("/password", password="correct horse rosa", new_password=new, new_password_again=new)
    assert rosa.get("/").status_code == 303
    assert stranger.sign_in("rosa").status_code == 401
    assert stranger.sign_in("rosa", new).status_code == 303


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (
            {"password": "wrong", "new_password": "battery staple x", "new_password_again": "battery staple x"},
            "another one",
        ),
        ({"password": "correct horse rosa", "new_password": "battery staple x", "new_password_again": "y"}, "differ"),
        ({"password": "correct horse rosa", "new_password": "short", "new_password_again": "short"}, "at least 12"),
    ],
)
def test_a_password_is_not_changed_by_mistake(
    fields: dict[str, str], words: str, signed_in: Callable[[str], Any]
) -> None:
    """The page says what was wrong, and shows no password again."""
    rosa = signed_in("rosa")
    page = rosa.follow(rosa.send("/password", **fields)).text
    assert words in page
    assert "battery staple" not in page
