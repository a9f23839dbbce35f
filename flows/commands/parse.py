"""`footprint parse`: what a platform's parser reads in a file, to see for oneself and to mend a parser."""

import json
import mimetypes
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from crawlers.bundle import opened
from crawlers.export import Export, Holder
from crawlers.handovers import export_names, export_of, recognised
from crawlers.parsing import NOWHERE, own_address, parse_answer
from crawlers.values import url_of
from flows.commands.context import bytes_of, plain
from flows.wiring import SpiderPlatforms
from footprint.errors import BadInput, SourceError
from footprint.posts import ObservedPost

AS_FOUND = "not checked: parsed from a file"


def parse(
    platform: Annotated[str, typer.Argument(help="A platform, or a format of exports such as x_archive.")],
    file: Annotated[Path, typer.Argument(help="A saved answer (JSON, HTML, XML), or an export.")],
    url: Annotated[str | None, typer.Option(help="Where the answer came from; it names the server.")] = None,
) -> None:
    """Print what a parser reads in a file: one JSON object a line for each post. Needs no settings and keeps nothing."""
    try:
        for post in _posts(platform, file, url):
            print(json.dumps(plain(post), ensure_ascii=False))
    except SourceError as error:
        raise BadInput(f"{file} was not read as {platform}: {error}{_mend(url)}") from error


def _mend(url: str | None) -> str:
    return "" if url else " Mend: name the platform that answered, and say with --url which address was asked."


def _posts(platform: str, file: Path, url: str | None) -> Iterator[ObservedPost]:
    if platform in export_names():
        yield from _exported(export_of(platform), file, "")
    elif platform not in SpiderPlatforms().names():
        there_are = ", ".join((*SpiderPlatforms().names(), *export_names()))
        raise BadInput(f"There is no platform or export '{platform}'. There is: {there_are}.")
    elif export := _export_at(file, platform):
        yield from _exported(export, file, platform)
    else:
        yield from parse_answer(platform, bytes_of(file), url=_address(file, url), content_type=_type_of(file))


def _export_at(file: Path, platform: str) -> Export | None:
    with opened(file) as bundle:
        return recognised(bundle, platform)


def _exported(export: Export, file: Path, platform: str) -> Iterator[ObservedPost]:
    with opened(file) as bundle:
        if not export.recognises(bundle):
            raise BadInput(f"{file} is no {export.FORMAT.title}: nothing in it is named as there.")
        if export.FORMAT.proves_public and not platform:
            raise BadInput(f"Name the platform whose answers {file} holds: footprint parse PLATFORM {file}")
        holder = Holder(
            platform=platform or export.FORMAT.platform or export.FORMAT.name,
            author=min(export.holders(bundle), default="holder"),
            address=NOWHERE if not export.FORMAT.proves_public else "",
            visibility=AS_FOUND,
        )
        unreadable = 0
        for part in export.read(bundle, holder):
            unreadable += part.unreadable
            yield from part.posts
        if unreadable:
            print(f"footprint: {unreadable} broken items were left out.", file=sys.stderr)


def _address(file: Path, url: str | None) -> str:
    if url is None:
        found = own_address(bytes_of(file)) or NOWHERE
        print(f"footprint: without --url, addresses are read as if {found} had answered.", file=sys.stderr)
        return found
    if url_of(url) is None:
        raise BadInput(f"--url '{url}' is no web address. One looks like https://social.example/@name.")
    return url


def _type_of(file: Path) -> str:
    return mimetypes.guess_type(file.name)[0] or ""
