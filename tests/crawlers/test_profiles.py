"""Addresses of accounts on sites that anybody can run."""

import re

import pytest

from crawlers.profiles import Profiles
from footprint.errors import BadInput

MEMBERS = Profiles(
    what="profile",
    example="https://forum.example/u/dana",
    path=re.compile(r"(?P<folder>.*?)/u/(?P<name>[^/?]+)(?:[/?].*)?"),
)
SITES = Profiles(
    what="site",
    example="https://city.example/",
    path=re.compile(r"(?P<folder>[^?]*?)(?:/author/(?P<name>[^/?]+))?/*"),
)


@pytest.mark.parametrize(
    ("address", "native_id"),
    [
        ("https://Forum.example/u/Dana%20Reed", "dana reed@forum.example"),
        ("https://forum.example:8443/board/u/dana/posts?page=2#top", "dana@forum.example:8443/board"),
    ],
)
def test_an_account_is_a_name_at_a_place(address: str, native_id: str) -> None:
    """The host, its port and the folder of the site are the place; what follows the name is none of it."""
    assert MEMBERS.native_id(address) == native_id


@pytest.mark.parametrize("address", ["https://city.example", "https://city.example/", "https://city.example//"])
def test_a_site_is_the_same_however_it_ends(address: str) -> None:
    """A slash more or less makes no other account."""
    assert SITES.native_id(address) == "city.example"


def test_one_author_of_a_site_is_an_account_of_its_own() -> None:
    """The site's addresses begin above its authors."""
    assert SITES.home("https://city.example/blog/author/Dana/") == ("https://city.example/blog", "dana")


def test_the_name_is_there_as_it_was_typed() -> None:
    """Some sites tell capitals apart."""
    assert MEMBERS.as_typed("https://forum.example/u/Dana") == ("https://forum.example", "Dana")


@pytest.mark.parametrize("address", ["", "https://", "https://forum.example/", "https://forum.example/u/a%2Fb"])
def test_what_is_no_address_of_an_account_is_refused_with_an_example(address: str) -> None:
    """The person who typed it sees what one looks like."""
    with pytest.raises(BadInput, match=r"is no profile\. One looks like https://forum\.example/u/dana\."):
        MEMBERS.native_id(address)


def test_no_address_is_no_site() -> None:
    """Where a whole site can be an account, an empty text is still none."""
    with pytest.raises(BadInput):
        SITES.native_id("")
