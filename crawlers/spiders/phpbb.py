"""
phpBB boards, by what their search lists of a member to guests.

The address of an account is its profile, `https://forum.example/memberlist.php?mode=viewprofile&u=310731`, which itself is for members only.
A board that lets guests read but not search answers that it asks to sign in: https://www.phpbb.com/support/docs/
"""

import re
from datetime import date

from crawlers.account_spider import AccountSpider
from crawlers.boards import Board, board_manifest
from crawlers.forum import Forum

MANIFEST = board_manifest(
    name="phpbb",
    title="phpBB board",
    terms_url="https://www.phpbb.com/support/docs/en/3.3/ug/",
    terms_reviewed_on=date(2026, 11, 25),
    requests_per_minute=12,  # searches of one guest are 15 s apart by default
)

BOARD = Board(
    place=re.compile(r"(.*?)/(?:viewtopic|search)\.php"),
    member=re.compile(r"[?&]u=(\d+)"),
    thread=re.compile(r"[?&]t=(\d+)"),
    permalink="/viewtopic.php?p={number}#p{number}",
    later_page=re.compile(r"[?&]start=[1-9]"),
    posts="div.post[id]",
    author=".author a.username, .author a.username-coloured, .postprofile a.username, .postprofile a.username-coloured,"
    " .author span.username, .postprofile span.username",
    time=".author time, .author",
    time_words=re.compile(r"» (.+)"),
    body="div.content",
    edited="div.notice",
    edited_words=re.compile(r".*\bon (.+?), edited", re.DOTALL),
    foreign="blockquote, .codebox p, .inline-attachment dd",
    attached="dl.attachbox, .inline-attachment",
    title=".topic-title, #page-body h2",
    entries="div.search.post",
    entry_link=".searchresults a, h3 a",
    entry_time=".search-result-date",
    entry_number=re.compile(r"viewtopic\.php\?(?:.*&)?p=(\d+)"),
)

FORUM = Forum(
    manifest=MANIFEST,
    board=BOARD,
    profile=re.compile(r"(?P<folder>.*?)/memberlist\.php\?(?:.*&)?u=(?P<name>\d{1,18})(?:&.*)?"),
    example="https://forum.example/memberlist.php?mode=viewprofile&u=310731",
    lists=("/search.php?author_id={member}&sr=posts",),
    by_number="/viewtopic.php?p={number}",
)

native_id, start, read, parse_posts, is_author, look_up = FORUM.functions()


class PhpbbSpider(AccountSpider):
    """Reads one member of a phpBB board."""

    name = "phpbb"
