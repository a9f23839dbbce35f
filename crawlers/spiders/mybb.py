"""
MyBB boards, by their search for a member's posts.

The address of an account is its profile, `https://forum.example/member.php?action=profile&uid=310731`, or the pretty one,
`https://forum.example/user-310731.html`. Times stand in the board's own zone and without it: name it in the boards file, or they are read
as UTC. https://docs.mybb.com
"""

import re
from datetime import date

from crawlers.account_spider import AccountSpider
from crawlers.boards import Board, board_manifest
from crawlers.forum import Forum

MANIFEST = board_manifest(
    name="mybb",
    title="MyBB board",
    terms_url="https://docs.mybb.com/1.8/",
    terms_reviewed_on=date(2026, 11, 25),
    requests_per_minute=12,
)

BOARD = Board(
    place=re.compile(r"(.*?)/(?:showthread\.php|search\.php|(?:thread|post)-)"),
    member=re.compile(r"(?:[?&]uid=|/user-)(\d+)"),
    thread=re.compile(r"(?:[?&]tid=|/thread-)(\d+)"),
    permalink="/showthread.php?pid={number}#pid{number}",
    later_page=re.compile(r"[?&]page=(?:[2-9]|1\d)|-page-(?:[2-9]|1\d)"),
    posts="div.post[id]",
    author=".author_information .largetext a, .author_information a, .author_information .largetext",
    time=".post_date",
    time_words=re.compile(r"([^(]+)"),  # the note of an edit stands behind it in brackets
    body=".post_body",
    edited=".edited_post",
    edited_words=re.compile(r"modified: (.+?) by\b"),
    foreign="blockquote.mycode_quote, blockquote, .codeblock .title",
    attached=".post_content fieldset",
    ordinal=".post_head .float_right a, .post_head strong a",
    title="td.thead strong, .navigation .active",
    next="a.pagination_next",
    entries="tr.inline_row",
    entry_link='a[href*="pid="], a[href*="#pid"]',
    entry_time=".smalltext",
    entry_number=re.compile(r"(?:[?&]pid=|#pid)(\d+)"),
)

FORUM = Forum(
    manifest=MANIFEST,
    board=BOARD,
    profile=re.compile(r"(?P<folder>.*?)/(?:member\.php\?(?:.*&)?uid=|user-)(?P<name>\d{1,18})(?:&.*|\.html)?"),
    example="https://forum.example/member.php?action=profile&uid=310731",
    lists=("/search.php?action=finduser&uid={member}",),
    by_number="/showthread.php?pid={number}",
)

native_id, start, read, parse_posts, is_author, look_up = FORUM.functions()


class MybbSpider(AccountSpider):
    """Reads one member of a MyBB board."""

    name = "mybb"
