"""What servers say about when to come back, heard and kept to."""

from datetime import UTC, datetime
from itertools import pairwise
from threading import Thread
from typing import Any

import pytest
from scrapy.http import Response

from crawlers.throttle import DEFAULT_PAUSE_S, TRIES, asked_pause_s
from crawlers.usage import WINDOW_S

NOW = datetime(2026, 5, 4, 12, 0, 0, tzinfo=UTC).timestamp()


def answer(status: int, **headers: str) -> Response:
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response("https://town.example/", status=status, headers=fields)


@pytest.mark.parametrize(
    ("response", "seconds"),
    [
        (answer(429, Retry_After="7"), 7.0),
        (answer(429, Retry_After="0"), 0.0),
        (answer(503, Retry_After="7"), 7.0),
        (answer(200, Retry_After="7"), 7.0),
        (answer(429, Retry_After="Mon, 04 May 2026 12:00:30 GMT"), 30.0),
        (answer(429, Retry_After="Mon, 04 May 2026 11:00:00 GMT"), 0.0),
        # The server's clock is an hour late; what counts is its own idea of now.
        (answer(429, Retry_After="Mon, 04 May 2026 11:00:30 GMT", Date="Mon, 04 May 2026 11:00:00 GMT"), 30.0),
        (answer(429, X_RateLimit_Reset=str(int(NOW) + 90)), 90.0),
        (answer(429, X_Rate_Limit_Reset=str(int(NOW) + 90)), 90.0),
        (answer(429, X_RateLimit_Reset="2026-05-04T12:01:30.000Z"), 90.0),
        (answer(429, RateLimit_Reset="90"), 90.0),
        (answer(429, X_RateLimit_Reset="0"), 0.0),
        (answer(503, X_RateLimit_Reset="90"), 90.0),
        (answer(200, X_RateLimit_Remaining="0", X_RateLimit_Reset="90"), 90.0),
        (answer(200, X_RateLimit_Remaining="1", X_RateLimit_Reset="90"), None),
        (answer(429), DEFAULT_PAUSE_S),
        (answer(429, X_RateLimit_Reset="soon"), DEFAULT_PAUSE_S),
        (answer(429, Retry_After="-5"), 0.0),
        (answer(429, Retry_After="nan"), 0.0),
        (answer(503), None),
        (answer(200), None),
        (answer(404), None),
        (answer(200, X_App_Usage='{"call_count":100,"total_time":3,"total_cputime":1}'), WINDOW_S),
        (answer(403, Retry_After="7200", X_App_Usage='{"call_count":100}'), 7200.0),
        (answer(200, X_Page_Usage='{"call_count":94,"total_time":94,"total_cputime":94}'), None),
    ],
)
def test_asked_pause(response: Response, seconds: float | None) -> None:
    """Every form of "come back later" is understood; what says nothing asks for nothing."""
    assert asked_pause_s(response, now=NOW) == seconds


def test_short_pause_is_sat_out(site: Any, house: Any) -> None:
    """A page that says to come back in a second is asked again after that second, and read."""
    site.says["/alice/posts"] = [site.answer(status=429, headers={"Retry-After": "1"}), site.page(site.post(1))]
    result = house.crawl()
    first, second = [asked.at for asked in site.asked if asked.path == "/alice/posts"]
    assert result.ok
    assert second - first >= 1.0
    assert house.outcomes() == {"/alice/posts": "fetched"}


def test_long_pause_defers_the_rest_of_the_account(site: Any, house: Any) -> None:
    """What would take too long is left for the next scan, which goes on there, and no other page is asked for."""
    site.says["/alice/posts"] = site.page(site.post(1), next=["/alice/2", "/alice/3"], state={"newest": 1})
    site.says["/alice/3"] = site.answer(status=429, headers={"Retry-After": "3600"})
    result = house.crawl()
    assert (result.finish_reason, result.ok) == ("rate_deferred", False)
    assert house.outcomes() == {
        "/alice/posts": "fetched",
        "/alice/2": "rate_deferred",
        "/alice/3": "rate_deferred",
    }
    assert site.paths() == ["/alice/posts", "/alice/3"]


def test_deferred_domain_is_not_asked_by_the_next_crawl(site: Any, house: Any) -> None:
    """The pause outlives the process that was told: the next crawl makes no request, not even for robots.txt."""
    site.says["/alice/posts"] = site.answer(status=429, headers={"Retry-After": "3600"})
    house.crawl()
    asked = len(site.asked)
    assert house.crawl().coverage == {"rate_deferred": 1}
    assert len(site.asked) == asked


def test_spent_limit_ends_the_crawl_before_it_is_refused(site: Any, house: Any) -> None:
    """An answer that says that a limit is spent is read; nothing more is asked, and not by the next crawl either."""
    spent = {"X-Business-Use-Case-Usage": '{"17": [{"call_count": 100, "estimated_time_to_regain_access": 40}]}'}
    page = site.page(site.post(1), next=["/alice/2"])
    site.says["/alice/posts"] = site.answer(page.body, headers=page.headers | spent)
    assert house.crawl().finish_reason == "rate_deferred"
    assert house.outcomes() == {"/alice/posts": "fetched", "/alice/2": "rate_deferred"}
    asked = len(site.asked)
    house.crawl()
    assert len(site.asked) == asked


def test_wait_that_an_answer_asks_for_in_its_body_binds_the_next_crawl(site: Any, house: Any) -> None:
    """A platform that refuses with HTTP 200 and a code is left alone by every crawl, as if it had said so in a header."""
    site.says["/alice/posts"] = site.page(wait_s=3600)
    assert house.crawl().finish_reason == "rate_deferred"
    asked = len(site.asked)
    assert house.crawl().coverage == {"rate_deferred": 1}
    assert len(site.asked) == asked


def test_wait_that_a_look_up_is_told_binds_the_next_crawl(site: Any, house: Any) -> None:
    """So it is with the answer to a direct look-up."""
    nothing = site.page(covers=["2026-01-01T00:00:00+00:00", "2026-02-01T00:00:00+00:00"])
    site.says |= {"/alice/posts": [site.page(site.post(1)), nothing], "/post/1": site.page(wait_s=3600)}
    house.crawl()
    assert house.crawl().finish_reason == "rate_deferred"
    asked = len(site.asked)
    house.crawl()
    assert (site.paths()[-1], len(site.asked)) == ("/post/1", asked)


def test_request_is_not_repeated_for_ever(site: Any, house: Any) -> None:
    """A server that always says "in a moment" is believed only so often."""
    site.says["/alice/posts"] = site.answer(status=503, headers={"Retry-After": "0"})
    assert house.crawl().finish_reason == "rate_deferred"
    assert site.paths() == ["/alice/posts"] * TRIES


def test_domain_that_refuses_three_times_is_left_alone(site: Any, house: Any) -> None:
    """After three refusals in a row nothing more is asked, though there would be pages."""
    names = [f"/alice/{n}" for n in range(6)]
    site.says["/alice/posts"] = site.page(site.post(1), next=names)
    site.says |= dict.fromkeys(names, site.answer(status=403))
    assert house.crawl().finish_reason == "rate_deferred"
    assert len(site.paths()) == 1 + 3
    assert sorted(house.outcomes().values()) == ["fetched"] + ["not_public"] * 3 + ["rate_deferred"] * 3


def test_two_crawls_share_the_budget_of_a_domain(sites: Any, houses: Any) -> None:
    """Crawls in two processes at once keep the delay between them. Without it some gap were half of it or less."""
    delay_s, site = 0.6, sites()
    site.says["/alice/posts"] = site.page(site.post(1), next=["/alice/2"])
    site.says["/alice/2"] = site.page(site.post(2))
    one, other = houses(site), houses(site)
    one.folder.joinpath("work").mkdir()
    other.folder.joinpath("work").symlink_to(one.folder / "work")
    crawls = [Thread(target=house.crawl, kwargs={"delay_s": delay_s}) for house in (one, other)]
    for crawl in crawls:
        crawl.start()
    for crawl in crawls:
        crawl.join()
    times = sorted(asked.at for asked in site.asked)
    assert len(times) == 2 * 3
    assert min(after - before for before, after in pairwise(times)) > delay_s / 2
