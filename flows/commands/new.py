"""`footprint new`: a skeleton for who extends Footprint."""

import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from crawlers.scaffold import scaffold

new = typer.Typer(no_args_is_help=True, help="Write a skeleton into a checkout.")


@new.callback()
def parts() -> None:
    """Write a skeleton into a checkout."""


@new.command("platform")
def platform(
    name: Annotated[str, typer.Argument(help="Small letters and digits, such as 'board'.")],
    title: Annotated[str, typer.Option(help="As people call it; none: the name.")] = "",
    checkout: Annotated[Path, typer.Option(help="The checkout to write into.")] = Path(),
) -> None:
    """Write spider, manifest, cases and test of a new platform. They pass the contract suite before anything is changed."""
    files = scaffold(checkout, name, title=title or name.capitalize(), today=date.today())  # noqa: DTZ011 - a day of the calendar on the wall
    made = subprocess.run(
        [sys.executable, "-m", "crawlers.canary", "tests/cases", name], cwd=checkout, check=False, capture_output=True
    )
    for file in files:
        print(file)
    if made.returncode:
        print("No canary was made; once the parser works: python -m crawlers.canary tests/cases", file=sys.stderr)
    print(f"Next: docs/new-platform.md, and pytest tests/crawlers/spiders -k {name}")
