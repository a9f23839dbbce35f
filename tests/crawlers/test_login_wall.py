"""A login wall is told from a public page, and leaves nothing behind."""

from typing import Any

import pytest
from scrapy.http import HtmlResponse, Response, TextResponse

from crawlers.login_wall import wall

SECRET = "what-members-see"
FORM = '<form><input name="user"><input type="Password" name="p"><button>Go</button></form>'
LONG = "<p>" + "The council met and talked about the new bridge. " * 100 + "</p>"


def html(body: str, url: str = "https://town.example/news") -> Response:
    return HtmlResponse(url, body=f"<!doctype html><html>{body}</html>".encode())


def redirect(location: str, status: int = 302) -> Response:
    return Response("https://town.example/alice", status=status, headers={"Location": location})


@pytest.mark.parametrize(
    "response",
    [
        Response("https://town.example/", status=401),
        Response("https://town.example/", status=403),
        redirect("/login"),
        redirect("/login?next=%2Falice"),
        redirect("https://sso.town.example/sso/start"),
        redirect("/users/sign_in", 303),
        redirect("/auth/sign-in.php", 307),
        redirect("/wp-login.php?redirect_to=x", 301),
        redirect("/sessions/new"),
        redirect("/ucp.php?mode=login", 302),
        html(f"<title>Log in to Town</title><body>{FORM}</body>"),
        html(f"<body><h1>Sign In</h1>{FORM}</body>"),
        html("<body><p>Log in to continue</p></body>"),
        html(f"<body><p>Please sign in to view this profile.</p>{LONG}{FORM}</body>"),
        html(f"<body><h2>Log in to see more</h2>{LONG}</body>"),
        html("<body>The board requires you to be registered and logged in to view profiles.</body>"),
        html("<head><meta http-equiv='Refresh' content='0; url=/login?next=x'></head><body></body>"),
        TextResponse("https://town.example/", body=b"  <html><body>You must log in to continue.</body></html>"),
    ],
)
def test_walls(response: Response) -> None:
    """Refusals, redirects to a login page, login forms, pages that ask to sign in, refreshes to a login page."""
    assert wall(response)


@pytest.mark.parametrize(
    "response",
    [
        Response("https://town.example/", status=404),
        redirect("/alice/"),
        redirect("/news/how-to-log-in-to-the-library"),
        redirect("/council/sessions"),
        html(f"<title>News</title><body>{LONG}</body>"),
        html(f"<title>News</title><body>{LONG}<a href='/login'>Log in</a></body>"),
        html(f"<title>News</title><body>{LONG}<p>You must be logged in to post a comment.</p></body>"),
        html("<title>News</title><body><p>Short.</p><p>You must be logged in to post a comment.</p></body>"),
        html(f"<title>Board</title><body>{LONG}<div class='quick-login'>{FORM}</div></body>"),
        html("<head><meta http-equiv='refresh' content='300'></head><body>News</body>"),
        html("<body><script>var text = 'log in to continue'</script>News</body>"),
        TextResponse("https://town.example/", body=b'{"text": "log in to continue <html>"}'),
        Response("https://town.example/a.png", body=b"\x89PNG log in to continue"),
    ],
)
def test_public_pages(response: Response) -> None:
    """A link to the login page, a comment form, a login box beside the news: none of them is a wall."""
    assert wall(response) == ""


@pytest.fixture(scope="module")
def walled(sites: Any, houses: Any) -> Any:
    """One crawl whose pages and pictures lie behind every kind of wall; behind them are posts and pages that name a secret."""
    site = sites()
    members = f"<p>{SECRET}</p>"
    posts = site.page(site.post(9, text=SECRET)).body
    walls = {
        "/alice/401": site.answer(posts, status=401),
        "/alice/403": site.answer(posts, status=403),
        "/alice/redirect": site.answer(posts, status=302, headers={"Location": f"/login?{SECRET}"}),
        "/alice/form": site.answer(html(f"<title>Sign in</title>{members}{FORM}").body, headers={"Content-Type": "text/html"}),
        "/alice/phrase": site.answer(html(f"<p>Log in to continue</p>{members}").body, headers={"Content-Type": "text/html"}),
        "/alice/refresh": site.answer(
            html(f"<meta http-equiv=refresh content='0;url=/login'>{members}").body, headers={"Content-Type": "text/html"}
        ),
    }  # fmt: skip
    # Something public lies between two walls, or the domain would be left alone after the third.
    doors = {f"{path}?door": site.page() for path in walls} | {f"{path}?picture": site.picture() for path in walls}
    media = {f"{path}?{what}": f"{site.origin}{path}?{what}" for path in walls for what in ("media", "picture")}
    site.says |= walls | doors | {f"{path}?media": answer for path, answer in walls.items()}
    site.says["/alice/posts"] = site.page(
        site.post(1, media=media), next=[page for path in walls for page in (path, f"{path}?door")]
    )
    site.says[f"/login?{SECRET}"] = site.answer(posts)
    house = houses(site)
    house.crawl()
    return site, house, walls


def test_nothing_from_behind_a_wall_is_kept(walled: Any) -> None:
    """Not a byte of it lies in the record, among the blobs, in a capture or in a detail."""
    assert SECRET.encode() not in walled[1].kept_bytes()


def test_walls_are_on_record(walled: Any) -> None:
    """Each page and each medium behind a wall ends as not public."""
    _, house, walls = walled
    expected = {path: "not_public" for wall in walls for path in (wall, f"{wall}?media")}
    outcomes = house.outcomes()
    assert {path: outcome for path, outcome in outcomes.items() if outcome != "fetched"} == expected


def test_refusals_in_a_row_are_enough(site: Any, house: Any) -> None:
    """A domain that asks who we are three times in a row is left alone, though there would be pages."""
    names = [f"/alice/{n}" for n in range(6)]
    site.says["/alice/posts"] = site.page(site.post(1), next=names)
    site.says |= dict.fromkeys(names, site.answer(status=401))
    assert house.crawl().finish_reason == "rate_deferred"
    assert len(site.paths()) == 1 + 3


def test_login_page_is_not_asked_for(walled: Any) -> None:
    """A redirect to a login page is not followed."""
    assert not [path for path in walled[0].paths() if path.startswith("/login")]


def test_pages_for_members_keep_nobody_from_the_others(site: Any, house: Any) -> None:
    """A site that sends us to its login page three times in a row is still asked for what it shows to everybody."""
    names = [f"/alice/{n}" for n in range(4)]
    site.says["/alice/posts"] = site.page(site.post(1), next=[*names, "/alice/open"])
    site.says |= dict.fromkeys(names, site.answer(status=302, headers={"Location": "/login"}))
    site.says["/alice/open"] = site.page(site.post(2))
    house.crawl()
    assert "/alice/open" in site.paths()
