"""
Finds the parts of a page by CSS selectors, in time that grows with the page and not faster, whatever the page nests.

A selector is a list of alternatives, "h4 a, .author": the first that finds anything counts. Each alternative is a chain of steps, an
element inside of another; a step names an element, classes, an id and attributes, and nothing else.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import Any

from cssselect import HTMLTranslator, SelectorError
from cssselect.parser import Attrib, Class, Element, Hash, parse
from lxml import etree

from footprint.errors import BadConfiguration

Step = Any
"""A compiled XPath that yields every element that a step names, in document order."""

MOST_ITEMS = 500
"""No board shows as many posts on one page."""

SIMPLE = (Element, Class, Hash, Attrib)


@dataclass(frozen=True, slots=True)
class Item:
    """One post, or one entry of a list: its element, and the elements of its parts."""

    element: Any
    parts: dict[str, list[Any]] = field(default_factory=dict)

    def first(self, name: str) -> Any | None:
        """The first element of a part."""
        return next(iter(self.parts.get(name, ())), None)


@cache
def compiled(selector: str) -> tuple[tuple[Step, ...], ...]:
    """The alternatives of a selector, each as its steps. Raises BadConfiguration for what is none."""
    chains = [chain.split() for chain in selector.split(",")]
    if not all(chains):
        raise BadConfiguration(f"'{selector}' is no selector. Mend: write one such as \"article .author a, h4 a\".")
    return tuple(tuple(_step(step, selector) for step in chain) for chain in chains)


def gather(root: Any, items: str, parts: Mapping[str, str], *, inside: str = "") -> list[Item]:
    """
    The items of a page with their parts. What lies in several items that are nested belongs to the innermost.

    What looks like an item within the part `inside` of another is something that its author put there, and no item.
    """
    starts = {element for found in _alternatives(root, items, ()) for element in found}
    marks: dict[Any, list[tuple[str, int]]] = {}
    for name, selector in parts.items():
        for rank, found in enumerate(_alternatives(root, selector, starts)):
            for element in found:
                marks.setdefault(element, []).append((name, rank))
    return [_ranked(*item) for item in islice(_items(root, starts, marks, inside), MOST_ITEMS)]


def find(root: Any, selector: str) -> list[Any]:
    """The elements of a page that a selector finds, none for the selector ""."""
    found = _alternatives(root, selector, ()) if selector else ()
    return next((elements for elements in found if elements), [])


def find_all(root: Any, selector: str) -> list[Any]:
    """The elements of a page that any alternative of a selector finds, none for the selector ""."""
    return [element for found in _alternatives(root, selector, ()) for element in found] if selector else []


def _step(step: str, selector: str) -> Step:
    try:
        (parsed,) = parse(step)
        tree = parsed.parsed_tree
        while not isinstance(tree, Element):
            if not isinstance(tree, SIMPLE):
                raise SelectorError(f"'{step}' is more than names, classes, ids and attributes")
            tree = tree.selector
        return etree.XPath(HTMLTranslator().css_to_xpath(step, prefix="descendant-or-self::"))
    except (SelectorError, etree.XPathError, ValueError) as error:
        raise BadConfiguration(f"'{selector}' is no selector: {error}. Mend that place.") from error


def _alternatives(root: Any, selector: str, starts: Collection[Any]) -> Iterator[list[Any]]:
    for chain in compiled(selector):
        *outer, last = ([*step(root)] for step in chain)
        yield _within(root, [{*found} for found in outer], last, starts) if outer else last


def _within(root: Any, outer: list[set[Any]], last: list[Any], starts: Collection[Any]) -> list[Any]:
    """Those of the last elements that lie in a chain of the outer ones; a chain does not reach into an item from without."""
    wanted, kept = {*last}, []
    depths = [0]
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            depths.pop()
            continue
        depth = 0 if element in starts else depths[-1]
        if depth == len(outer) and element in wanted:
            kept.append(element)
        depths.append(depth + (depth < len(outer) and element in outer[depth]))
    return kept


def _items(
    root: Any, starts: Collection[Any], marks: Mapping[Any, list[tuple[str, int]]], inside: str
) -> Iterator[tuple[Any, dict[tuple[str, int], list[Any]]]]:
    open_items: list[tuple[Any, dict[tuple[str, int], list[Any]]]] = []
    closed: list[Any] = []
    bodies: list[Any] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            if bodies and bodies[-1] is element:
                bodies.pop()
            if open_items and open_items[-1][0] is element:
                open_items.pop()
            continue
        if element in starts and not bodies:
            open_items.append((element, {}))
            closed.append(open_items[-1])
        if not open_items:
            continue
        told = marks.get(element, ())
        for mark in told:
            open_items[-1][1].setdefault(mark, []).append(element)
        if any(name == inside for name, _ in told):
            bodies.append(element)
    yield from closed


def _ranked(element: Any, found: Mapping[tuple[str, int], list[Any]]) -> Item:
    """An item with those elements of each part that its first successful alternative found."""
    item = Item(element)
    for name, rank in sorted(found):
        item.parts.setdefault(name, found[name, rank])
    return item
