"""
A canary for each platform: one answer as its servers give it, and the posts on it. `footprint doctor` parses them all.

A parser that no longer reads its canary is broken here (a library was upgraded, a file is damaged), not changed there. Canaries are made from
the cases of the tests, which are not installed: `python -m crawlers.canary tests/cases`.
"""

import json
import sys
import tomllib
from contextlib import suppress
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from crawlers.fields import paths_in
from crawlers.parsing import parse_answer
from footprint.digests import canonical, digest
from footprint.errors import BadConfiguration, SourceError
from footprint.posts import ObservedPost, body


def canary_of(platform: str) -> Traversable:
    """The file of a platform's canary, which may be missing."""
    return files("crawlers") / "canaries" / f"{platform}.json"


def check(platform: str) -> int:
    """Parse a platform's canary. Returns how many posts it has, 0 where there is no canary. Raises BadConfiguration where it reads otherwise."""
    file = canary_of(platform)
    if not file.is_file():
        return 0
    canary = json.loads(file.read_text(encoding="utf-8"))
    try:
        found = parse_answer(platform, canary["answer"].encode(), url=canary["url"])
    except SourceError as error:
        raise _broken(platform, str(error)) from error
    if _said(found) != canary["said"]:
        raise _broken(platform, f"{len(found)} posts, or others than the {canary['posts']} that there are")
    return len(found)


def _broken(platform: str, found: str) -> BadConfiguration:
    return BadConfiguration(
        f"The parser of {platform} does not read its canary: {found}. Mend: install Footprint anew, with its locked libraries."
    )


def _said(posts: list[ObservedPost]) -> str:
    return digest([body(post).decode() for post in posts])


def make(cases: Path, platform: str) -> bytes:
    """The canary of a platform, from that of its cases that shows most posts and media and needs nothing but its address."""
    found: list[tuple[int, dict[str, Any]]] = []
    for case in sorted((cases / platform).iterdir()):
        arguments = tomllib.loads((case / "case.toml").read_text(encoding="utf-8"))
        if arguments.keys() != {"url"} or "posts" not in json.loads((case / "expected.json").read_text("utf-8")):
            continue
        with suppress(UnicodeDecodeError):
            answer = next(case.glob("input.*")).read_bytes().decode()
            posts = parse_answer(platform, answer.encode(), url=arguments["url"])
            canary = {"url": arguments["url"], "answer": answer, "posts": len(posts), "said": _said(posts)}
            found.append((len(posts) + sum(len(post.media) for post in posts), canary))
    return canonical(max(found, key=lambda pair: pair[0])[1]) + b"\n"


def fields(cases: Path, platform: str) -> bytes:
    """The paths of all fields in a platform's cases, one a line; b"" where it answers with no JSON."""
    answers = (file.read_bytes() for file in (cases / platform).glob("*/input.*"))
    found = sorted(frozenset[str]().union(*map(paths_in, answers)))
    return "".join(f"{path}\n" for path in found).encode()


def main(cases: Path, *platforms: str) -> None:
    """Write the canaries of platforms, or of all that have cases, into this package, and the fields that are known."""
    folder = Path(__file__).parent / "canaries"
    for name in platforms or sorted(path.name for path in cases.iterdir() if path.is_dir()):
        (folder / f"{name}.json").write_bytes(make(cases, name))
        if known := fields(cases, name):
            (folder / f"{name}.fields").write_bytes(known)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
