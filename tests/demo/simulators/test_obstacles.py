"""The obstacles are what they are meant to be, and the hosts know what they were asked."""

import struct
from collections.abc import Callable
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest

from demo.city import FIRST_SCAN_DAY, City
from demo.simulators import hostile, town
from demo.simulators.server import Host, Stage

Get = Callable[..., Any]


@pytest.fixture
def fresh(city: City, pictures: Any) -> Any:
    """A stage of this test's own."""
    with town.town(city, pictures, day=FIRST_SCAN_DAY) as stage:
        yield stage


def test_a_host_without_rules_denies_everything(get: Get, stage: Stage) -> None:
    """robots.txt of one host answers 503: whatever else is asked there is counted as denied."""
    base = stage.bases["silent"]
    assert get(f"{base}/robots.txt").status == 503
    get(f"{base}/feed.xml")
    asked = [asked for asked in stage.log if asked.host == "silent"][-2:]
    assert [entry.denied for entry in asked] == [False, True]


def test_a_busy_host_asks_to_wait(get: Get, fresh: Stage) -> None:
    """The first requests are answered 429 with a second to wait, the next one as usual."""
    url = f"{fresh.bases['busy']}/api/v1/accounts/lookup?acct=mai"
    answers = [get(url) for _ in range(town.REFUSALS + 1)]
    assert [answer.status for answer in answers] == [429] * town.REFUSALS + [200]
    assert answers[0].headers["Retry-After"] == "1"


@pytest.mark.parametrize(
    ("host", "path", "status"),
    [
        ("closed", "/api/v1/accounts/lookup?acct=pavel", 401),
        ("members", "/user_actions.json?username=pvance", 403),
        ("gate", "/feed.xml", 403),
        ("cityhall", "/news/members.html", 200),
        ("cityhall", "/news/roster.html", 302),
        ("cityhall", "/news/archive.html", 401),
        ("cityhall", "/news/internal/roll-call.html", 200),
    ],
)
def test_walls_carry_words_of_their_own(get: Get, fresh: Stage, host: str, path: str, status: int) -> None:
    """Each wall and denied page says words that stand nowhere else, and the stage knows them."""
    answer = get(fresh.bases[host] + path)
    (secret,) = fresh.secrets.values()
    assert answer.status == status
    assert secret in answer.body


def test_words_behind_walls_differ(fresh: Stage) -> None:
    """No two places share their words."""
    assert fresh.secret("one") != fresh.secret("two")


def test_a_login_wall_is_a_form_with_a_password(get: Get, stage: Stage) -> None:
    """The form comes with HTTP 200 and asks for a password; the redirect leads to it."""
    base = stage.bases["cityhall"]
    assert b'type="password"' in get(f"{base}/news/members.html").body
    assert get(f"{base}/news/roster.html").headers["Location"] == "/login"
    assert get(f"{base}/login").status == 200


def test_denied_pages_are_listed_nevertheless(get: Get, stage: Stage) -> None:
    """The sitemap leads to a page below a denied path: a trap for whoever does not read robots.txt."""
    base = stage.bases["cityhall"]
    assert b"/news/internal/roll-call.html" in get(f"{base}/sitemap.xml").body
    assert b"/*/internal/" in get(f"{base}/robots.txt").body


@pytest.mark.parametrize(
    ("rule", "path", "denied"),
    [
        ("/private/", "/private/a.jpg", True),
        ("/private/", "/images/private/a.jpg", False),
        ("/*/internal/", "/news/internal/a.html", True),
        ("/*/internal/", "/news/a.html", False),
        ("", "/anything", False),
    ],
)
def test_denial_follows_the_rules(rule: str, path: str, denied: bool) -> None:
    """A rule is the beginning of paths, a star stands for anything, an empty rule for nothing."""
    robots = f"User-agent: *\nDisallow: {rule}\n"
    host = Host(name="h", address="127.0.0.1", answer=lambda query: pytest.fail("nobody asks"), robots=robots)
    assert host.denies(path) is denied


def test_a_feed_is_a_bomb(get: Get, stage: Stage) -> None:
    """The feed of one host declares entities that would grow to a gigabyte."""
    body = get(f"{stage.bases['bomb']}/feed.xml").body
    assert body.count(b"<!ENTITY") == 10
    assert len(body) < 2000


def test_a_picture_is_a_bomb(get: Get, stage: Stage) -> None:
    """A PNG of a few bytes declares 50000 pixels each way."""
    body = get(f"{stage.bases['carl']}/media/bomb.png").body
    assert struct.unpack(">II", body[16:24]) == (hostile.BOMB_SIDE_PX, hostile.BOMB_SIDE_PX)
    assert len(body) < 2000


def test_an_answer_announces_a_gigabyte(stage: Stage) -> None:
    """The header promises 2**30 bytes; hardly any come before the connection is closed."""
    connection = HTTPConnection(urlsplit(stage.bases["carl"]).netloc, timeout=10)
    connection.request("GET", "/media/endless.jpg")
    response = connection.getresponse()
    assert response.headers["Content-Length"] == str(hostile.ENDLESS_BYTES)
    assert len(response.read1(2**16)) <= 1000
    connection.close()


def test_a_picture_drips(stage: Stage) -> None:
    """One picture comes a byte at a time: the first read gets one byte, however much is asked for."""
    connection = HTTPConnection(urlsplit(stage.bases["carl"]).netloc, timeout=10)
    connection.request("GET", "/media/dripping.jpg")
    response = connection.getresponse()
    assert (response.headers["Content-Length"], len(response.read1(100))) == ("400", 1)
    connection.close()


@pytest.mark.parametrize(
    ("name", "location"),
    [("metadata", "http://169.254.169.254/latest/meta-data/"), ("private", "http://10.0.0.1/camera.jpg")],
)
def test_media_lead_into_private_networks(get: Get, stage: Stage, name: str, location: str) -> None:
    """Two pictures are redirects to addresses that no crawler may ask."""
    answer = get(f"{stage.bases['carl']}/media/{name}.jpg")
    assert (answer.status, answer.headers["Location"]) == (302, location)


def test_media_are_broken(get: Get, stage: Stage) -> None:
    """One JPEG ends in the middle, one is a web page, one is not there, one is on a denied path."""
    base = stage.bases["carl"]
    assert not get(f"{base}/media/truncated.jpg").body.endswith(b"\xff\xd9")
    assert get(f"{base}/media/mislabelled.jpg").body.startswith(b"<!doctype html>")
    assert get(f"{base}/media/missing.jpg").status == 404
    get(f"{base}/private/forbidden.jpg")
    assert stage.log[-1].denied


def test_hosts_know_who_asked(get: Get, stage: Stage) -> None:
    """The log holds host, path and User-Agent of each request."""
    get(f"{stage.bases['noor']}/sitemap.xml?x=1", User_Agent="Footprint (+https://example.org)")
    last = stage.log[-1]
    assert (last.host, last.path) == ("noor", "/sitemap.xml?x=1")
    assert last.user_agent == "Footprint (+https://example.org)"


def test_every_host_has_an_address_of_its_own(stage: Stage) -> None:
    """No two hosts share an address: budgets and rules of one say nothing about another."""
    addresses = [urlsplit(base).hostname for base in stage.bases.values()]
    assert len(set(addresses)) == len(addresses)
    assert all(address and address.startswith("127.0.0.") for address in addresses)
