"""
FlaskBB boards.

The address of an account is its profile, `https://forum.example/user/dana_reed`. The list of a member's posts leads to each, in versions
before 2.2 to their threads only, so that those with new or young ones are read through. https://flaskbb.readthedocs.io
"""

import re
from datetime import date

from crawlers.account_spider import AccountSpider
from crawlers.boards import Board, board_manifest
from crawlers.forum import Forum

MANIFEST = board_manifest(
    name="flaskbb",
    title="FlaskBB board",
    terms_url="https://flaskbb.readthedocs.io/",
    terms_reviewed_on=date(2026, 11, 25),
    requests_per_minute=30,
)

BOARD = Board(
    place=re.compile(r"(.*?)/(?:topic|user|post)/"),
    member=re.compile(r"/user/([^/?#]+)"),
    known_by="link",
    thread=re.compile(r"/topic/(\d+)"),
    permalink="/post/{number}",
    later_page=re.compile(r"[?&]page=(?:[2-9]|1\d)"),
    posts=".post-row",
    author=".author-name a, .author-name",
    time=".post-meta time, .post-meta .pull-left a, .post-meta a",
    body=".post-content",
    edited=".post-meta small time, .post-meta small",
    edited_words=re.compile(r"[Mm]odified:? (.+?) by\b"),
    foreign="blockquote, .post-signature, .alert",
    ordinal=".post-meta strong",
    title=".topic-head a, .topic-head",
    next=".pagination a",
    next_words=frozenset(("»", "Next")),
    entries=".profile-content .page, .page-panel",
    entry_link=".page-header a, .page-head a",
    entry_time=".topic-created time, .topic-created",
    entry_number=re.compile(r"/post/(\d+)"),
)

FORUM = Forum(
    manifest=MANIFEST,
    board=BOARD,
    profile=re.compile(r"(?P<folder>.*?)/user/(?P<name>[^/?#]+)(?:/(?:posts|topics)?)?"),
    example="https://forum.example/user/dana_reed",
    lists=("/user/{member}/posts",),
    by_number="/post/{number}",
)

native_id, start, read, parse_posts, is_author, look_up = FORUM.functions()


class FlaskbbSpider(AccountSpider):
    """Reads one member of a FlaskBB board."""

    name = "flaskbb"
