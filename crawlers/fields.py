"""
Fields that are new in the answers of an API: a sign that the platform changed what it answers, and no error.

Known are those of the platform's cases, which stand beside the canaries, one path a line (`python -m crawlers.canary tests/cases`), and those that its
answers showed before, which lie in the budget's file. What it answers in the first weeks is learned without a word, since cases hold few of the fields
that parsers have no use for; what comes later is told once. No parser is asked. A path names the keys from the top, such as `account.acct`: lists are
what is in them, and `*` stands for a key that is a number.
"""

import json
import re
from collections.abc import Collection, Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from scrapy.settings import BaseSettings

from crawlers.budget import FILE_SETTING
from crawlers.shared_file import SharedFile

LEARNING_S = 14 * 86400.0
"""From the first answer of a platform on, how long its fields are learned and none is told."""

DEEPEST = 4
"""Keys below each other that are looked at."""

ITEMS = 100
"""Of each list, since those of one answer are alike."""

MOST = 5000
"""Paths that are learned of one platform; one that answers with more has keys that are no names."""

NAME = re.compile(r"[A-Za-z_][\w:-]{0,39}")

SCHEMA = """
CREATE TABLE IF NOT EXISTS field (platform TEXT NOT NULL, path TEXT NOT NULL, at REAL NOT NULL, PRIMARY KEY (platform, path));
"""


def paths_in(body: bytes) -> frozenset[str]:
    """The paths of a JSON answer; none for any other."""
    if body.lstrip()[:1] not in (b"{", b"["):
        return frozenset()
    try:
        return frozenset(_paths(json.loads(body), ()))
    except (ValueError, RecursionError):
        return frozenset()


def _paths(value: Any, above: tuple[str, ...]) -> Iterator[str]:
    if isinstance(value, list):
        for item in value[:ITEMS]:
            yield from _paths(item, above)
    elif isinstance(value, dict) and len(above) < DEEPEST:
        for key, inner in value.items():
            name = "*" if key.isdigit() else key
            if name == "*" or NAME.fullmatch(name):
                yield ".".join((*above, name))
                yield from _paths(inner, (*above, name))


def known_file(platform: str) -> Traversable:
    """The file with the paths of a platform's cases, which is missing where it answers with no JSON."""
    return files("crawlers") / "canaries" / f"{platform}.fields"


@cache
def known_to_cases(platform: str) -> frozenset[str]:
    """The paths of a platform's cases."""
    file = known_file(platform)
    return frozenset(file.read_text(encoding="utf-8").split()) if file.is_file() else frozenset()


class Fields(SharedFile):
    """The fields that answers showed so far."""

    what = "known fields"
    schema = SCHEMA

    def meet(self, platform: str, paths: Collection[str]) -> tuple[str, ...]:
        """Learn the paths of an answer. Returns the topmost of those that are new, none while the platform is being learned."""
        now = self._clock()
        rows = self._connection.execute("SELECT path, at FROM field WHERE platform = ?", (platform,)).fetchall()
        new = frozenset(paths) - known_to_cases(platform) - {path for path, _ in rows}
        if not new or len(rows) + len(new) > MOST:
            return ()
        self._connection.executemany(
            "INSERT OR IGNORE INTO field VALUES (?, ?, ?)", [(platform, path, now) for path in sorted(new)]
        )
        is_learning = now - min((at for _, at in rows), default=now) < LEARNING_S
        return () if is_learning else _topmost(new)


def fields_of(settings: BaseSettings) -> Fields:
    """The fields that a crawl's settings name: they lie beside the budgets."""
    return Fields(Path(settings[FILE_SETTING]))


def _topmost(paths: Collection[str]) -> tuple[str, ...]:
    """Those paths of which no beginning is among them."""
    return tuple(sorted(p for p in paths if not any(p[: dot.start()] in paths for dot in re.finditer(r"\.", p))))
