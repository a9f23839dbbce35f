"""
XenForo 2 boards, by their search for a member's posts where guests may use it.

The address of an account is its profile, `https://forum.example/members/dana-reed.310731/`. https://xenforo.com/docs/
"""

import re
from datetime import date

from crawlers.account_spider import AccountSpider
from crawlers.boards import Board, board_manifest
from crawlers.forum import Forum

MANIFEST = board_manifest(
    name="xenforo",
    title="XenForo board",
    terms_url="https://docs.xenforo.com/",
    terms_reviewed_on=date(2026, 11, 25),
    requests_per_minute=20,
)

BOARD = Board(
    place=re.compile(r"(.*?)/(?:index\.php/)?(?:threads|posts|search|members)/"),
    member=re.compile(r"/members/(?:[^/]*\.)?(\d+)(?:/|$)"),
    thread=re.compile(r"/threads/(?:[^/]*\.)?(\d+)(?:/|$)"),
    permalink="/posts/{number}/",
    later_page=re.compile(r"/page-(?:[2-9]|1\d)"),
    posts="article.message--post",
    attributes=("data-content", "id"),
    author=".message-name a.username, .message-userDetails a.username, .message-name",
    time=".message-attribution-main time, .message-attribution time, time.u-dt",
    body=".message-body .bbWrapper, .message-body",
    edited=".message-lastEdit time",
    foreign="blockquote, .bbCodeBlock--quote, .bbCodeBlock--unfurl, .js-selectToQuoteEnd, .message-lastEdit, .message-signature",
    attached=".message-attachments",
    ordinal=".message-attribution-opposite a",
    title=".p-title-value",
    next="a.pageNav-jump--next",
    entries="li.block-row",
    entry_link=".contentRow-title a",
    entry_time=".contentRow-minor time, time",
    entry_number=re.compile(r"(?:/post-|#post-|/posts/)(\d+)"),
)

FORUM = Forum(
    manifest=MANIFEST,
    board=BOARD,
    profile=re.compile(r"(?P<folder>.*?)/(?:index\.php/)?members/(?:[^/]*\.)?(?P<name>\d{1,18})(?:/[^/]*)*"),
    example="https://forum.example/members/dana-reed.310731/",
    lists=("/search/member?user_id={member}&content=post",),
    by_number="/posts/{number}/",
)

native_id, start, read, parse_posts, is_author, look_up = FORUM.functions()


class XenforoSpider(AccountSpider):
    """Reads one member of a XenForo board."""

    name = "xenforo"
