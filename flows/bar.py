"""How far something has come, on the terminal of the person who waits for it."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from pipelines import scan


@contextmanager
def bar() -> Iterator[scan.Progress]:
    """A line with a bar for each stage that is told of. Where nobody watches (no terminal), nothing is written."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    lines: dict[str, TaskID] = {}
    with Progress(*columns, console=console, disable=not console.is_terminal) as drawn:

        def tell(stage: str, done: int, total: int) -> None:
            if stage not in lines:
                lines[stage] = drawn.add_task(stage.capitalize(), total=total)
            drawn.update(lines[stage], completed=done, total=total)

        yield tell
