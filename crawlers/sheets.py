"""
Pages of boards: the posts on them, and what they say in place of any.

A post is read where it stands in full, on the page of its thread. Quotes of other people are not its author's words.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from crawlers.answers import decoded, readable, tree_of
from crawlers.boards import Board
from crawlers.claims import words_of
from crawlers.local_times import Told, time_in
from crawlers.markup import read_element, titled
from crawlers.selectors import Item, find, find_all, gather
from crawlers.sites import Site
from crawlers.values import KIND_OF_SUFFIX, distinct, host_of, medium, text_of, url_of, without_fragment
from footprint.errors import NotPublic, SourceError, SourceGone
from footprint.posts import MediaKind, ObservedMedia, ObservedPost, PostKind

NUMBER = re.compile(r"(\d{1,18})\D?$")
ORDINAL = re.compile(r"#?\d{1,9}")
FIRST = frozenset(("1", "#1"))
SUFFIX = re.compile(r"\.([A-Za-z0-9]{2,5})(?:\s*\(.*)?$")

# A session that a board puts into addresses for those without cookies: another one each time.
SESSION = re.compile(r"(?<=[?&])(?:sid|s|PHPSESSID)=[0-9a-f]{32}(?:&|(?=#|$))")
LOOSE_END = re.compile(r"[?&]+(?=#|$)")

GUESTS = "shown by the board to guests, read without signing in"

# What boards say in place of a page, in English, with HTTP 200.
GONE = re.compile(
    r"\b(post|thread|topic|message)s? (you (have )?(requested|specified) )?(does|do|could) not (exist|be found)"
    r"|\binvalid (post|thread|topic|message)\b|\bno (post|thread|topic|message) specified\b",
    re.IGNORECASE,
)
SIGN_IN = re.compile(
    r"\b(log|sign)(ged)?[ -]?in\b|\bregistered\b|\bnot (have permission|authori[sz]ed)\b", re.IGNORECASE
)

# Where boards write what they have to say in place of a page.
NOTICES = ".message-title, .panel p, .blockMessage, .p-body-pageContent, .standard_error, .trow1, .alert, .error, .login-title"
MOST_NOTICES = 100


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One page of a board. `url` is where it came from, `seen_at` when."""

    platform: str
    board: Board
    tree: Any
    url: str
    site: Site
    seen_at: datetime | None

    @classmethod
    def of(
        cls,
        body: bytes,
        *,
        platform: str,
        board: Board,
        url: str,
        content_type: str = "",
        site: Site | None = None,
        seen_at: datetime | None = None,
    ) -> "Sheet":
        """A page out of its bytes. Raises SourceError where they are none."""
        tree = tree_of(decoded(body, content_type))
        if tree is None:
            raise SourceError(f"{url} did not answer with a page.")
        known = site or Site()
        return cls(platform=platform, board=board.on(known), tree=tree, url=url, site=known, seen_at=seen_at)

    @cached_property
    def base(self) -> str:
        """Where the board's addresses begin, without a slash at the end."""
        parts = urlsplit(self.url)
        found = self.board.place.match(parts.path)
        return f"{parts.scheme}://{host_of(self.url)}{found[1] if found else ''}"

    @cached_property
    def forum(self) -> str:
        """The board's name in ids: its host and folder."""
        return self.base.partition("://")[2]

    @cached_property
    def items(self) -> list[Item]:
        """The posts on the page, unread."""
        names = ("author", "time", "body", "edited", "attached", "link", "ordinal")
        parts = {name: selector for name in names if (selector := getattr(self.board, name))}
        return gather(self.tree, self.board.posts, parts, inside="body")

    @cached_property
    def canonical(self) -> str:
        """The address that the page gives itself, on its own host."""
        told = next((link.get("href") for link in self.tree.iter("link") if link.get("rel") == "canonical"), None)
        address = url_of(told, self.url)
        return self.address(address if address and host_of(address) == host_of(self.url) else self.url)

    @cached_property
    def is_later(self) -> bool:
        """Whether the thread begins on another page."""
        here = next(filter(str.isdecimal, map(words_of, find(self.tree, self.board.current))), None)
        return here != "1" if here else bool(self.board.later_page.search(self.canonical))

    @cached_property
    def foreign(self) -> frozenset[Any]:
        """The elements that hold other people's words, and posts that stand where a post should have none."""
        return frozenset(find_all(self.tree, self.board.foreign)) | frozenset(find_all(self.tree, self.board.posts))

    def address(self, url: str) -> str:
        """An address of the board without the session in it."""
        return LOOSE_END.sub("", SESSION.sub("", url))

    def link(self, element: Any | None) -> str | None:
        """Where a link leads."""
        url = None if element is None else url_of(element.get("href") or element.get("content"), self.url)
        return self.address(url) if url else None

    def own_link(self, item: Item) -> str | None:
        """The address that a post gives itself."""
        return self.link(item.first("link"))

    def number(self, item: Item) -> str:
        """The number of a post, "" where it tells none."""
        told = [item.element.get(name, "") for name in self.board.attributes]
        found = map(NUMBER.search, (*told, (self.own_link(item) or "").rstrip("/")))
        return next((match[1] for match in found if match), "")

    def posts(self) -> tuple[list[ObservedPost], int]:
        """
        Everybody's posts on the page, and how many could not be read.

        Raises NotPublic for a page that asks to sign in, SourceGone for one that says in words that there is no such thread.
        """
        if not self.items:
            self.require_something()
        return readable(enumerate(self.items), self._post)

    def require_something(self) -> None:
        """Raise what a page without posts says in their place, if it says anything."""
        places = (*self.tree.iter("title", "h1", "h2"), *find_all(self.tree, NOTICES))
        words = " ".join(words for place in islice(places, MOST_NOTICES) for words in islice(place.itertext(), 50))
        if GONE.search(words):
            raise SourceGone(f"{self.url} says that there is no such post.")
        if SIGN_IN.search(words):
            raise NotPublic(f"{self.url} asks to sign in.")

    def _post(self, numbered: tuple[int, Item]) -> ObservedPost:
        index, item = numbered
        number, body = self.number(item), item.first("body")
        told = self.time(item.parts.get("time", ()), self.board.time_words)
        if not number or body is None or told is None:
            raise SourceError(f"{self.url} shows a post without number, words or time.")
        content = read_element(body, self.url, skip=lambda element: element is not body and element in self.foreign)
        is_topic = self._is_topic(index, item)
        edited = self.time(item.parts.get("edited", ()), self.board.edited_words)
        thread = next(filter(None, map(self.board.thread.search, (self.canonical, self.url))), None)
        return ObservedPost(
            platform=self.platform,
            native_id=f"{self.forum}/{number}",
            author=self._author(item.first("author")),
            kind=PostKind.TOPIC if is_topic else PostKind.REPLY,
            parent_id=None if is_topic or thread is None else f"{self.forum}/t/{thread[1]}",
            permalink=self._permalink(item, number),
            text=titled(self._title(), content.text) if is_topic else content.text,
            created_at=told.at,
            edited_at=edited.at if edited and edited.at > told.at else None,
            visibility=GUESTS + ("; the time has no zone and was read as UTC" if told.is_assumed else ""),
            media=distinct(
                replace(medium, key=self.address(medium.key), url=self.address(medium.url)) if medium else None
                for medium in (*content.media, *self._attached(item))
            ),
            links=tuple(dict.fromkeys(map(self.address, content.links))),
        )

    def time(self, elements: Iterable[Any], words: re.Pattern[str] | None) -> Told | None:
        """The time that the first of some elements tells that tells one."""
        told = (
            time_in(element, site=self.site, seen_at=self.seen_at, pattern=words) for element in islice(elements, 5)
        )
        return next(filter(None, told), None)

    def _author(self, element: Any | None) -> str | None:
        """Who wrote a post, by number or by name. One without a profile is a guest, who may call himself anything."""
        if element is None:
            return None
        name = words_of(element) or text_of(element.get("content"))
        if self.board.known_by == "name":
            return name or None
        found = self.board.member.search(self.link(element) or "")
        if found is None:
            return f"{name} (guest)@{self.forum}"
        return f"{name} ({found[1]})@{self.forum}" if self.board.known_by == "number" else f"{found[1]}@{self.forum}"

    def _is_topic(self, index: int, item: Item) -> bool:
        """Whether a post opens its thread: by its own number in it, else as the first one on the first page."""
        ordinals = [words for words in map(words_of, item.parts.get("ordinal", ())) if ORDINAL.fullmatch(words)]
        if ordinals:
            return ordinals[-1] in FIRST
        return index == 0 and not self.is_later

    def _title(self) -> str:
        return next(filter(None, map(words_of, find(self.tree, self.board.title))), "")

    def _permalink(self, item: Item, number: str) -> str:
        if self.board.permalink:
            return f"{self.base}{self.board.permalink.format(number=number)}"
        link = self.own_link(item)
        if link is None or host_of(link) != host_of(self.url):
            link = f"{without_fragment(self.address(self.url))}#{item.element.get('id', number)}"
        return url_of(link) or self.url

    def _attached(self, item: Item) -> Iterator[ObservedMedia | None]:
        """Files below a post: the original where a small picture leads to one."""
        for part in item.parts.get("attached", ()):
            originals = set()
            for anchor in part.iter("a"):
                picture = anchor.find(".//img")
                name = words_of(anchor) or anchor.get("title", "")
                suffix = SUFFIX.search(name)
                told = KIND_OF_SUFFIX.get(suffix[1].lower(), MediaKind.UNKNOWN) if suffix else MediaKind.UNKNOWN
                kind = MediaKind.IMAGE if picture is not None else told
                if kind is not MediaKind.UNKNOWN:
                    originals.add(picture)
                    alt = name if picture is None else picture.get("alt") or picture.get("title")
                    yield medium(anchor.get("href"), self.url, kind=kind, alt=alt)
            yield from (
                medium(picture.get("src"), self.url, kind=MediaKind.IMAGE, alt=picture.get("alt"))
                for picture in part.iter("img")
                if picture not in originals
            )
