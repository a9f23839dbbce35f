"""
Shares.csv of "Get a copy of your data" of LinkedIn: https://www.linkedin.com/help/linkedin/answer/a1339364

Its column Visibility says MEMBER_NETWORK for most posts that anybody could read: it proves neither that a post was public nor that it
was not, so that the operator attests.
"""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from crawlers.answers import readable
from crawlers.bundle import Bundle
from crawlers.export import Format, Holder, Part
from crawlers.exports.members import parts
from crawlers.exports.table import rows
from crawlers.values import distinct, id_of, medium, time_of, url_of
from footprint.errors import SourceError
from footprint.posts import ObservedPost

FORMAT = Format(
    name="linkedin_export",
    title="LinkedIn export",
    reads="posts that the holder shared, from Shares.csv",
    platform="linkedin",
)

SHARES = r"(?:.*/)?Shares(_\d+)?\.csv"
URN = re.compile(r"urn:li:(?:share|ugcPost|activity):[0-9]{1,25}")


def recognises(bundle: Bundle) -> bool:
    return bool(bundle.find(SHARES))


def holders(bundle: Bundle) -> frozenset[str]:
    """The table does not name the holder."""
    return frozenset()


def read(bundle: Bundle, holder: Holder) -> Iterator[Part]:
    for name in bundle.find(SHARES):
        shares = rows(bundle, name, needs=("Date", "ShareLink", "ShareCommentary"))
        posts, unreadable = readable(shares, lambda row: _post(row, holder))
        yield from parts(bundle, name, posts, lambda _, __: None, unreadable)


def _post(row: Mapping[str, str], holder: Holder) -> ObservedPost:
    link, created_at = url_of(row["ShareLink"]), time_of(row["Date"])
    if link is None or created_at is None:
        raise SourceError("A share without date or link.")
    urn = URN.search(unquote(link))
    audience = row.get("Visibility", "")
    return ObservedPost(
        platform=holder.platform,
        native_id=urn[0] if urn else id_of(link),
        author=holder.author,
        permalink=link,
        text=_lines(row["ShareCommentary"]),
        created_at=created_at,
        visibility=f"{holder.visibility}; the table says {audience}" if audience else holder.visibility,
        media=distinct([medium(row.get("MediaUrl", ""))]),
        links=tuple(filter(None, [url_of(row.get("SharedUrl", ""))])),
    )


def _lines(text: str) -> str:
    """Older tables put each line in quotes of its own, which doubles them at the breaks."""
    return re.sub(r'"\r?\n"', "\n", text).replace("\r\n", "\n").strip()
