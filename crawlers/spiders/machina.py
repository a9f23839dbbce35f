"""
Forums of django-machina.

The address of an account is its profile, `https://forum.example/forum/member/profile/310731/`. Times stand in the site's own zone: name it
in the boards file, or they are read as UTC. https://django-machina.readthedocs.io
"""

import re
from datetime import date

from crawlers.account_spider import AccountSpider
from crawlers.boards import Board, board_manifest
from crawlers.forum import Forum

MANIFEST = board_manifest(
    name="machina",
    title="django-machina forum",
    terms_url="https://django-machina.readthedocs.io/",
    terms_reviewed_on=date(2026, 11, 25),
    requests_per_minute=30,
)

BOARD = Board(
    place=re.compile(r"(.*?)/(?:forum/[^/]+-\d+/topic|member)/"),
    member=re.compile(r"/member/profile/(\d+)/"),
    thread=re.compile(r"/topic/(?:[^/]*-)?(\d+)/"),
    later_page=re.compile(r"[?&]page=(?:[2-9]|1\d)"),
    posts="div.post",
    author=".username a, .username b, .post-content-wrapper p small a",
    time=".post-content-wrapper p small",
    time_words=re.compile(r".*\bon (.+)", re.DOTALL),
    body=".post-content",
    edited=".edit-info small",
    edited_words=re.compile(r".*\bon (.+?), edited", re.DOTALL),
    foreign="blockquote",
    attached=".attachments",
    link=".subject a",
    title="h1",
    next=".pagination a",
    next_words=frozenset(("»", "Next")),
    entries=".member-posts .post",
    entry_link=".subject a",
    entry_time="p small",
    entry_words=re.compile(r".*\bon (.+)", re.DOTALL),
    entry_number=re.compile(r"[?&]post=(\d+)"),
)

FORUM = Forum(
    manifest=MANIFEST,
    board=BOARD,
    profile=re.compile(r"(?P<folder>.*?)/member/profile/(?P<name>\d{1,18})(?:/.*)?"),
    example="https://forum.example/forum/member/profile/310731/",
    lists=("/member/profile/{member}/posts/",),
)

native_id, start, read, parse_posts, is_author, look_up = FORUM.functions()


class MachinaSpider(AccountSpider):
    """Reads one member of a forum of django-machina."""

    name = "machina"
