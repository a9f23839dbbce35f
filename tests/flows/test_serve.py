"""`footprint serve`, as who starts it sees it."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.request import urlopen

Footprint = Callable[..., tuple[int, str, str]]


def test_serving_says_where_and_how_it_ends(department: Footprint, tmp_path: Path) -> None:
    """The address answers once it is told, of a free port too, and Ctrl-C ends it as a success."""
    command = [sys.executable, "-m", "flows", "serve", "--port", "0"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True, env={**os.environ}) as serving:
        try:
            told = serving.stdout.readline() if serving.stdout else ""
            address = next(word for word in told.split() if word.startswith("http://")).rstrip(".")
            with urlopen(address, timeout=30) as answer:
                assert (answer.status, "Ctrl-C ends it" in told) == (200, True)
        finally:
            serving.send_signal(signal.SIGINT)
    assert serving.returncode == 0
