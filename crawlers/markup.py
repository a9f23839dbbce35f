"""What HTML from strangers says and shows: plain text, media and links. It is never shown as HTML."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from crawlers.answers import tree_of
from crawlers.values import distinct, host_of, media_kind, medium, text_of, url_of, without_fragment
from footprint.posts import MediaKind, ObservedMedia

UNREAD = frozenset(("script", "style", "template", "noscript", "head", "svg", "form", "button", "select", "textarea"))
PARAGRAPHS = frozenset(
    ("p", "blockquote", "pre", "ul", "ol", "dl", "table", "figure", "h1", "h2", "h3", "h4", "h5", "h6")
)
LINES = frozenset(
    (
        "div",
        "li",
        "tr",
        "dt",
        "dd",
        "section",
        "article",
        "main",
        "header",
        "footer",
        "nav",
        "aside",
        "figcaption",
        "hr",
    )
)
# Begins a line unless one has just begun; no text holds it, because controls do not get through.
NEW_LINE = "\x1f"

SPACES = dict.fromkeys(PARAGRAPHS, "\n\n") | dict.fromkeys(LINES, NEW_LINE) | dict.fromkeys(("td", "th"), " ")
BEACON_SIDES = ("0", "1", "0px", "1px")
ICONS = frozenset(("emoji", "wp-smiley", "avatar", "site-icon"))

# Where galleries and lazy loaders keep the address of the picture that `src` only stands in for.
SOURCES = ("data-src", "data-lazy-src", "data-original", "data-orig-file", "src")
CANDIDATE = re.compile(r"([^\s,]\S*[^\s,])(?:\s+(\d+(?:\.\d+)?)[wx])?\s*(?:,|$)")

LONGEST_ALT = 4000
LONGEST_SRCSET = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Fragment:
    """What a piece of HTML says and shows: plain text with a blank line between paragraphs, media in order, links in order."""

    text: str = ""
    media: tuple[ObservedMedia, ...] = ()
    links: tuple[str, ...] = ()


def keep_all(element: Any) -> bool:
    """Skips nothing."""
    return False


def read_html(text: str, base: str, *, skip: Callable[[Any], bool] = keep_all) -> Fragment:
    """Read an HTML fragment; addresses in it are relative to `base`. Elements that `skip` picks are not the author's words."""
    root = tree_of(text) if "<" in text or "&" in text else None
    return Fragment(text=plain([text_of(text)])) if root is None else read_element(root, base, skip=skip)


def read_element(root: Any, base: str, *, skip: Callable[[Any], bool] = keep_all) -> Fragment:
    """Read one element of a parsed document, like `read_html`."""
    reader = _Reader(base)
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        if event == "end":
            reader.leave(element, is_root=element is root)
        elif element.tag in UNREAD or "hidden" in element.attrib or skip(element):
            reader.link(element.get("data-onebox-src"))
            walker.skip_subtree()
        elif element.tag in ("video", "audio"):
            reader.play(element)
            walker.skip_subtree()
        else:
            reader.enter(element)
    return Fragment(text=plain(reader.pieces), media=distinct(reader.media), links=tuple(reader.links))


def titled(title: str, text: str) -> str:
    """A title above its text, unless the text begins with it: titles of short posts are their own first words, cut off."""
    if text.startswith(title.rstrip("….").rstrip()):
        return text
    return "\n\n".join(filter(None, (title, text)))


def plain(pieces: Iterable[str]) -> str:
    """Join pieces of text: white space runs become one space, blank lines one blank line, NEW_LINE a line break where there is none."""
    lines: list[str] = []
    for block in "".join(pieces).split(NEW_LINE):
        found = [" ".join(line.split()) for line in block.split("\n")]
        has_begun = bool(lines) and not lines[-1]
        lines[len(lines) - has_begun :] = found
    kept = [line for line, before in zip(lines, ["", *lines], strict=False) if line or before]
    return "\n".join(kept).strip()


def best_source(image: Mapping[str, str], base: str) -> str | None:
    """The largest version of a picture that an `img` offers, by its attributes."""
    for name in ("srcset", "data-srcset", "data-lazy-srcset"):
        found = CANDIDATE.findall(image.get(name, "")[:LONGEST_SRCSET])
        for address, _ in sorted(found, key=lambda candidate: -float(candidate[1] or 1)):
            if url := url_of(address, base):
                return url
    return next((url for name in SOURCES if (url := url_of(image.get(name), base))), None)


class _Reader:
    """Gathers what a walk over elements passes."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.pieces: list[str] = []
        self.media: list[ObservedMedia | None] = []
        self.links: dict[str, None] = {}
        self.anchor: str | None = None
        self.figure: Any | None = None
        self.caption = ""

    def enter(self, element: Any) -> None:
        self.pieces.append(SPACES.get(element.tag, ""))
        match element.tag:
            case "br":
                self.pieces.append("\n")
            case "a":
                self.anchor = self.link(element.get("href"))
            case "img":
                self._picture(element)
            case "iframe" | "embed":
                self.link(element.get("src"))
        self._add(element.get("data-video-src"), MediaKind.VIDEO)
        self._add(element.get("data-thumbnail-src"), MediaKind.IMAGE)
        self._write(element.text)

    def leave(self, element: Any, *, is_root: bool) -> None:
        self.pieces.append(SPACES.get(element.tag, ""))
        if element.tag == "a":
            self._close_anchor(classes_of(element))
        if not is_root:
            self._write(element.tail)

    def play(self, player: Any) -> None:
        """Take the first version of a video or sound that has a usable address; what stands inside is for old browsers."""
        sources = (element.get(name) for element in (player, *player.iter("source")) for name in ("src", "data-src"))
        self._add(
            next(filter(None, (url_of(s, self.base) for s in sources)), None),
            MediaKind(player.tag),
            player.get("title"),
        )
        self._add(player.get("poster"), MediaKind.IMAGE)

    def link(self, address: Any) -> str | None:
        """Note a link; returns where it leads."""
        url = url_of(address, self.base)
        if url and without_fragment(url) != without_fragment(self.base):
            self.links.setdefault(url)
        return url

    def _write(self, text: str | None) -> None:
        self.pieces.append(text_of(text).replace("\n", " "))

    def _picture(self, image: Any) -> None:
        if not ICONS.isdisjoint(classes_of(image)):
            self._write(image.get("alt"))
        elif image.get("width") not in BEACON_SIDES and image.get("height") not in BEACON_SIDES:
            original = self.anchor if self.anchor and media_kind(self.anchor) is MediaKind.IMAGE else None
            words = dict.fromkeys(filter(None, (image.get("alt"), self._caption_around(image))))
            self._add(original or best_source(image.attrib, self.base), MediaKind.IMAGE, "\n".join(words)[:LONGEST_ALT])

    def _caption_around(self, image: Any) -> str:
        figure = next(image.iterancestors("figure"), None)
        if figure is not self.figure:
            self.figure, self.caption = figure, "" if figure is None else caption_of(figure)
        return self.caption

    def _close_anchor(self, classes: frozenset[str]) -> None:
        """A linked file counts as shown where it is the author's: uploaded as an attachment, or to the very site."""
        target, self.anchor = self.anchor, None
        if target is None or media_kind(target) is MediaKind.UNKNOWN:
            return
        if "attachment" in classes or host_of(target) == host_of(self.base):
            self._add(target, MediaKind.UNKNOWN)

    def _add(self, source: Any, kind: MediaKind, alt: Any = "") -> None:
        if source:
            self.media.append(medium(source, self.base, kind=kind, alt=alt))


def classes_of(element: Any) -> frozenset[str]:
    """The classes of an element."""
    return frozenset(element.get("class", "").split())


def caption_of(figure: Any) -> str:
    """What the caption of a figure says, "" where it has none."""
    caption = figure.find("figcaption")
    return "" if caption is None else " ".join("".join(caption.itertext()).split())[:LONGEST_ALT]
