"""What the crawlers must not be able to do, read from their source."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import crawlers
import pipelines
from crawlers import at_records
from crawlers.platforms import platform_of
from footprint.plugins import names

FOLDERS = [Path(package.__path__[0]) for package in (crawlers, pipelines)]
SOURCES = sorted(file for folder in FOLDERS for file in folder.rglob("*.py"))

# Lists of people (guardrail G2), in the paths of the platforms' addresses.
PEOPLE = re.compile(
    r"/(followers|following|friends|favourites|favorites|likes|liked|reblogged_by|favourited_by|retweeters|connections"
    r"|members|contacts|suggestions|search|directory|relationships|mutual\w*)\b",
    re.IGNORECASE,
)
# Boards call one member's profile "members/name", and list the posts of one member by a search that names the member. These are all such
# strings: the searches, an example of a profile, and the pattern by which a link to one is known.
OF_ONE_MEMBER = {
    "/search.php?author_id={member}&sr=posts",
    "/search.php?action=finduser&uid={member}",
    "/search.php?do=finduser&userid={member}&contenttype=vBForum_Post&showposts=1",
    "/search/member?user_id={member}&content=post",
    "https://forum.example/members/dana-reed.310731/",
    r"/members/(?:[^/]*\.)?(\d+)(?:/|$)",
}

# Every address that a platform's module can build itself, `{}` for what it fills in; all others are links on pages that it read. A new
# one belongs here only if it shows the account's own posts.
ADDRESSES = {
    "activitypub": set(),  # the actor's own page names its outbox
    "bluesky": {"{}/xrpc/{}?{}", "{}/xrpc/com.atproto.sync.getBlob?{}"},
    "city": {"/sitemap.xml"},
    "discourse": {
        "{}/user_actions.json?username={}&filter=4,5&offset={}",
        "{}/posts/{}.json",
        "/posts/{}.json",
        "/posts/by_number/{}/1.json",
        "{}/t/{}/{}",
        "{}/t/{}/{}/{}",
    },
    "feeds": set(),
    "facebook": {"{}/published_posts", "{}/video_reels", "/video_reels"},
    "flickr": set(),
    "instagram": {"{}/media"},
    "linkedin": {"{}/organizations?q=vanityName&vanityName={}", "{}/posts/{}", "{}/posts?{}"},
    "reddit": {"{}/api/info?id={}&raw_json=1", "{}/user/{}/overview?{}"},
    "threads": set(),
    "tiktok": {"{}/user/info/?fields=username", "{}/video/list/?{}#{}", "{}/video/query/?{}#{}"},
    "tumblr": {"{}/{}.tumblr.com/posts/{}", "{}/{}.tumblr.com/posts?{}"},
    "x": {"{}/tweets/{}", "{}/users/by/username/{}?{}", "{}/users/{}/tweets"},
    "youtube": {"{}/{}?{}"},
    "flarum": {"{}/api/posts?{}&page[limit]={}&page[offset]={}", "{}/api/posts/{}", "{}/d/{}", "{}/d/{}/{}"},
    "flaskbb": {"/user/{member}/posts", "/post/{number}"},
    "forum": set(),
    "machina": {"/member/profile/{member}/posts/"},
    "ghost": {"{}/ghost/api/content/posts/?{}", "/ghost/api/"},
    "lemmy": {"{}/api/v3/{}?id={}", "{}/api/{}/{}", "{}/comment/{}", "{}/post/{}", "{}/{}/{}"},
    "mastodon": {
        "{}/api/v1/accounts/lookup?acct={}",
        "{}/api/v1/accounts/{}/statuses?limit=40",
        "{}/api/v1/statuses/{}",
        "{}/@{}/{}",
    },
    "misago": {"{}/api/users/{}/posts/?start={}", "{}/t/{}"},
    "mybb": {
        "/search.php?action=finduser&uid={member}",
        "/showthread.php?pid={number}",
        "/showthread.php?pid={number}#pid{number}",
    },
    "nodebb": {"{}/api/user/{}/posts?page={}", "{}/api/v3/posts/{}", "{}/post/{}", "{}/t/{}"},
    "phpbb": {
        "/search.php?author_id={member}&sr=posts",
        "/viewtopic.php?p={number}",
        "/viewtopic.php?p={number}#p{number}",
    },
    "vbulletin": {"/search.php?do=finduser&userid={member}&contenttype=vBForum_Post&showposts=1"},
    "xenforo": {"/search/member?user_id={member}&content=post", "/posts/{number}/"},
    "mediawiki": {
        "{}/api.php?{}&rvslots=main&format=json&formatversion=2",
        "{}/index.php?oldid={}",
        "{}/index.php?title=Special:FilePath/{}",
        "/api.php",
        "/index.php",
        "/w",
        "/{}",
    },
    "wordpress": {"{}/wp-json/wp/v2/{}?{}", "/wp-json/", r"/wp-json/|/\?rest_route="},
}
# What the addresses of some of these are filled in with, by how such a word is known.
CALLS = {
    "bluesky": (
        r"(com\.atproto|app\.bsky)\.\w+\.\w+",
        {
            "com.atproto.identity.resolveHandle",
            "com.atproto.repo.describeRepo",
            "com.atproto.repo.getRecord",
            "com.atproto.repo.listRecords",
            "com.atproto.sync.getLatestCommit",
            "app.bsky.feed.getPosts",
            "app.bsky.feed.post",
            "app.bsky.actor.profile",
        },
    ),
    "lemmy": (
        r"(user|person/content)\?.*",
        {"user?username={}&sort=New&limit={}", "person/content?username={}&type_=all&limit={}"},
    ),
    "mediawiki": (r"usercontribs|all\w+|users|search", {"usercontribs"}),
    "wordpress": (r"users|posts|pages|comments|search", {"users", "posts", "pages"}),
}
ADDRESS = re.compile(r"(\{\})?/[@\w{}/-]*[\w}][^ ()]*")
PARTS = {"/posts/", "{}/{}", "{}/cover", "/api/"}
"""Pieces of the addresses above."""

# Ways round a site's own wishes (guardrails G4, G7, G8).
EVASIONS = re.compile(
    r"dont_obey_robotstxt|captcha|proxy_?(pool|rotat)|rotat\w*_?proxy|fake_?user_?agent|undetected|stealth",
    re.IGNORECASE,
)


def strings(file: Path) -> Iterator[str]:
    """The strings of a module that are no docstrings or comments, f-strings with their holes as `{}`."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(p.value if isinstance(p, ast.Constant) else "{}" for p in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose | inside:
            yield node.value


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_no_address_lists_people(file: Path) -> None:
    """No module can build the address of a list of followers, friends or likes, or of a search for people."""
    assert [text for text in strings(file) if PEOPLE.search(text) and text not in OF_ONE_MEMBER] == []


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_no_module_goes_round_a_sites_wishes(file: Path) -> None:
    """No switch for robots.txt, no captcha solver, no proxy pool, no disguise."""
    assert [text for text in strings(file) if EVASIONS.search(text)] == []


BESIDE = {"bluesky": (Path(at_records.__file__),)}
"""Modules that hold addresses of a platform beside its own."""


def test_addresses_are_those_that_were_agreed() -> None:
    """A platform asks for the posts of its account, by the addresses in the list above and no others."""
    files = {
        name: (Path(platform_of(name).__file__), *BESIDE.get(name, ()))
        for name in names("crawlers.spiders", offers="MANIFEST")
    }
    found = {
        name: {text for file in own for text in strings(file) if ADDRESS.fullmatch(text)} - PARTS
        for name, own in files.items()
    }
    assert found == ADDRESSES


@pytest.mark.parametrize("name", CALLS)
def test_addresses_are_filled_in_with_what_was_agreed(name: str) -> None:
    """Where one address serves many calls, the calls are those in the list above and no others."""
    pattern, agreed = CALLS[name]
    assert {text for text in strings(Path(platform_of(name).__file__)) if re.fullmatch(pattern, text)} == agreed


@pytest.mark.parametrize("text", ["{}/api/v1/accounts/{}/followers", "/users/{}/following?page=1", "/u/{}/likes.json"])
def test_rule_about_people_knows_their_lists(text: str) -> None:
    """The check would see what it is there to see."""
    assert PEOPLE.search(text)


def test_sources_are_found() -> None:
    """The check reads the spiders, and their strings."""
    files = {file.name: file for file in SOURCES}
    assert {"mastodon.py", "discourse.py", "feeds.py", "city.py", "items.py"} <= files.keys()
    assert any("/api/v1/accounts/" in text for text in strings(files["mastodon.py"]))
