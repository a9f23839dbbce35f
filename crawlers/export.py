"""
What a module in `crawlers/exports` offers: it reads a platform's own data export, as its holder handed it over.

They stand beside the spiders, since they yield the same normal form with the same care for hostile values; but they fetch nothing and are
handed a Bundle in place of a Page.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from crawlers.bundle import Bundle
from footprint.accounts import Account
from footprint.posts import ObservedPost


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """
    What an operator must know of an export. `platform` is that of the accounts whose export it is, "" for any.

    `proves_public` says whether it shows by itself that its posts were public; where it does not, a person must attest that.
    """

    name: str
    title: str
    reads: str
    platform: str = ""
    proves_public: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Whose export it is: how the posts name their author, where their profile is, and by what right they count as public."""

    platform: str
    author: str
    address: str
    visibility: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """
    Some posts of one member of an export, and how to read the media that lie beside it, by the address that the post gives them.

    `unreadable` counts items that were broken and left out. Media of the posts without a file are not in the export.
    """

    source: str
    posts: tuple[ObservedPost, ...]
    files: Mapping[str, Callable[[int], bytes]] = field(default_factory=dict)
    unreadable: int = 0


class Export(Protocol):
    """The functions of a module in `crawlers/exports`. `read` raises SourceError where a member is not what it should be."""

    FORMAT: Format

    def recognises(self, bundle: Bundle) -> bool:
        """Whether the members are named as in such an export."""

    def holders(self, bundle: Bundle) -> frozenset[str]:
        """Names and numbers, in lower case, under which the platform knows the holder; empty where the export does not say."""

    def read(self, bundle: Bundle, holder: Holder) -> Iterator[Part]: ...


def is_holders(export: Export, bundle: Bundle, account: Account) -> bool:
    """Whether an export is that of a registered account, as far as it says whose it is."""
    names = export.holders(bundle)
    last = account.address.rstrip("/").rpartition("/")[2].lstrip("@").lower()
    return not names or not names.isdisjoint({account.native_id.lower(), account.native_id.lower().lstrip("@"), last})
