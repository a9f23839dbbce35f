"""Bylines: who a page or an entry names as its authors, and whether the registered holder is among them."""

from collections.abc import Iterable

from footprint.accounts import Account
from footprint.posts import ObservedPost

SEPARATOR = "; "


def byline(names: Iterable[str]) -> str | None:
    """Several names as one text, None for nobody."""
    return SEPARATOR.join(dict.fromkeys(name.replace(";", ",") for name in names if name)) or None


def names_holder(post: ObservedPost, account: Account) -> bool:
    """Everything at an address is the holder's, unless the registration names an author; then only what bears that name."""
    if account.author is None:
        return True
    names = (post.author or "").casefold().split(SEPARATOR)
    return account.author.strip().casefold() in names


def names_account(post: ObservedPost, account: Account) -> bool:
    """On a site, as `names_holder` says; for one author of it, what bears the author's own id, `name@host`."""
    if "@" not in account.native_id:
        return names_holder(post, account)
    return account.native_id.casefold() in (post.author or "").casefold().split(SEPARATOR)
