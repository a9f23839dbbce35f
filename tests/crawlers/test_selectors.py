"""Parts of a page by selectors: what belongs to whom, and what is no selector."""

from typing import Any

import pytest

from crawlers.answers import tree_of
from crawlers.selectors import MOST_ITEMS, Item, compiled, find, find_all, gather
from footprint.errors import BadConfiguration

PARTS = {"author": ".by a, .by", "body": ".words"}


def items(html: str) -> list[Item]:
    return gather(tree_of(html), ".post", PARTS, inside="body")


def said(item: Item, part: str) -> list[str]:
    return ["".join(element.itertext()) for element in item.parts.get(part, [])]


def test_each_post_has_its_own_parts() -> None:
    """A part belongs to the post that it stands in."""
    one, two = items(
        '<div class="post"><p class="by">Kim</p></div><div class="post"><p class="by">Dana</p><p class="words">Hi</p></div>'
    )
    assert (said(one, "author"), said(one, "body")) == (["Kim"], [])
    assert (said(two, "author"), said(two, "body")) == (["Dana"], ["Hi"])


def test_the_first_alternative_that_finds_anything_counts() -> None:
    """Alternatives are tried in order, for each post by itself."""
    one, two = items(
        '<div class="post"><p class="by">by <a>Kim</a></p></div><div class="post"><p class="by">Dana</p></div>'
    )
    assert said(one, "author") == ["Kim"]
    assert said(two, "author") == ["Dana"]


def test_parts_of_a_comment_are_not_those_of_the_post_around_it() -> None:
    """Of posts that are nested, the innermost has the part."""
    outer, inner = items('<div class="post"><div class="post"><p class="by">Kim</p></div><p class="by">Dana</p></div>')
    assert (said(outer, "author"), said(inner, "author")) == (["Dana"], ["Kim"])


def test_a_chain_does_not_reach_into_a_post_from_without() -> None:
    """What stands around a post is no step towards its parts."""
    (post,) = gather(tree_of('<div class="by"><div class="post"><a>x</a></div></div>'), ".post", {"author": ".by a"})
    assert post.parts == {}


def test_what_an_author_put_into_a_post_is_no_post() -> None:
    """A post inside of another's words would put words into somebody's mouth."""
    (post,) = items(
        '<div class="post"><p class="by">Kim</p><div class="words">Hi <div class="post"><p class="by">Dana</p></div></div></div>'
    )
    assert said(post, "author")[0] == "Kim"


def test_words_that_two_alternatives_find_end_once() -> None:
    """After a body that matches twice, the next post is one again."""
    html = '<div class="post"><div class="words text">a</div></div>' * 2
    assert len(gather(tree_of(html), ".post", {"body": ".text, .words"}, inside="body")) == 2


@pytest.mark.parametrize("html", ['<div class="post"><h4 class="by">' * 20_000, "<div class=post>x</div>" * 20_000])
def test_a_page_nested_or_filled_beyond_reason_is_read(html: str) -> None:
    """Time grows with the page, not with its square, and there is an end to posts."""
    assert 0 < len(items(html)) <= MOST_ITEMS


@pytest.mark.parametrize(
    ("selector", "found"),
    [
        ("b", ["1", "2"]),
        ("i, b", ["3"]),
        ('b[class="x"]', ["2"]),
        ("#a b", ["1"]),
        ("p.q i", ["3"]),
        ("u", []),
        ("", []),
    ],
)
def test_selectors_find_elements_in_order(selector: str, found: list[str]) -> None:
    """Names, classes, ids and attributes, one inside of another."""
    tree = tree_of('<p id="a"><b>1</b></p><p class="q"><b class="x">2</b><i>3</i></p>')
    assert [element.text for element in find(tree, selector)] == found


def test_all_alternatives_can_be_wanted() -> None:
    """Other people's words are those that any alternative finds."""
    tree = tree_of("<b>1</b><i>2</i>")
    assert [element.text for element in find_all(tree, "i, b, u")] == ["2", "1"]


@pytest.mark.parametrize(
    "selector", ["", ",", "a,", "a > b", "a + b", ":has(b)", "li:nth-child(2)", "a::text", "//a", "a["]
)
def test_what_is_no_selector_is_refused(selector: str) -> None:
    """What would cost more than one look at each element is no selector either."""
    with pytest.raises(BadConfiguration, match="selector"):
        compiled(selector)


def elements(tree: Any) -> int:
    return sum(1 for _ in tree.iter())


def test_the_page_is_not_changed() -> None:
    """Finding takes nothing out and puts nothing in."""
    tree = tree_of('<div class="post"><p class="by">Kim</p></div>')
    before = elements(tree)
    gather(tree, ".post", PARTS, inside="body")
    assert elements(tree) == before
