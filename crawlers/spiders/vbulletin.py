"""
vBulletin boards of version 4, by their search for a member's posts where guests may use it.

The address of an account is its profile, `https://forum.example/member.php?310731-dana-reed`. Times stand in the board's own zone: name it in
the boards file, or they are read as UTC. Pages of version 5 are read too, but no address is known under which it lists a member's posts to
guests; docs/boards.md says how to read its threads. https://www.vbulletin.com/docs/
"""

import re
from datetime import date

from crawlers.account_spider import AccountSpider
from crawlers.boards import Board, board_manifest
from crawlers.forum import Forum

MANIFEST = board_manifest(
    name="vbulletin",
    title="vBulletin board",
    terms_url="https://www.vbulletin.com/docs/",
    terms_reviewed_on=date(2026, 11, 25),
    requests_per_minute=12,
)

BOARD = Board(
    place=re.compile(r"(.*?)/(?:(?:showthread|search|member)\.php|threads/|search(?:$|/)|forum/|node/)"),
    member=re.compile(r"/member(?:\.php\?(?:u=)?|s?/)(\d+)"),
    thread=re.compile(r"(?:showthread\.php\?(?:.*&)?(?:t=)?|/threads/|/)(\d+)-"),
    permalink="",
    later_page=re.compile(r"/page(?:[2-9]|1\d)|[?&]page=(?:[2-9]|1\d)"),
    posts="li.postcontainer, li.b-post",
    attributes=("data-node-id", "id"),
    author=".username_container a.username, a.username, .author a, .username",
    time=".b-post__timestamp time, .postdate .date, .postdate",
    body=".js-post__content-text, blockquote.restore, .postcontent",
    edited=".b-post__edit-note, .lastedited",
    edited_words=re.compile(r"; (.+?)(?:\.?\s*Reason:.*|\.)?$", re.DOTALL),
    foreign=".bbcode_container, .bbcode_quote, .lastedited, .b-post__edit-note",
    attached=".attachments, .b-post-attachments",
    link="a.postcounter, a.b-post__count",
    ordinal="a.postcounter, a.b-post__count",
    title=".threadtitle, .b-topic-title, h1.main-title, h1",
    next='a[rel="next"], a.js-pagenav-next-button, a.right-arrow',
    entries="li.postbit, li.b-post--search, .searchresult",
    entry_link=".posttitle a, .b-post__title a, h3 a",
    entry_time=".postdate .date, .postdate, .b-post__timestamp time",
    entry_number=re.compile(r"(?:[?&]p=|#post)(\d+)"),
)

FORUM = Forum(
    manifest=MANIFEST,
    board=BOARD,
    profile=re.compile(r"(?P<folder>.*?)/member\.php\?(?:u=)?(?P<name>\d{1,18})(?:[^\d].*)?"),
    example="https://forum.example/member.php?310731-dana-reed",
    lists=("/search.php?do=finduser&userid={member}&contenttype=vBForum_Post&showposts=1",),
)

native_id, start, read, parse_posts, is_author, look_up = FORUM.functions()


class VbulletinSpider(AccountSpider):
    """Reads one member of a vBulletin board."""

    name = "vbulletin"
