"""
Runs a command that ends when whoever asked for it is gone, however it went: `python -m flows.leash COMMAND...`, with a pipe as standard input.

The asker keeps the other end of the pipe and never writes. The kernel closes it with the asker's process, even after `kill -9`, and then
the command is told to stop.
"""

import os
import subprocess
import sys
import threading
from collections.abc import Sequence

STOP_S = 10.0


def leashed(command: Sequence[str], *, is_quiet: bool = False) -> "subprocess.Popen[bytes]":
    """Start a command that lives no longer than this process. Close the `stdin` of what is returned to stop it before."""
    return subprocess.Popen(
        [sys.executable, "-m", "flows.leash", *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL if is_quiet else None,
    )


def let_go(child: "subprocess.Popen[bytes]") -> None:
    """Stop what `leashed` started, and wait for its end."""
    assert child.stdin is not None
    child.stdin.close()
    child.wait()


def main() -> None:
    """Run the command until it ends, or until standard input does."""
    child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)
    threading.Thread(target=_stop_at_the_end_of_input, args=(child,), daemon=True).start()
    sys.exit(child.wait())


def _stop_at_the_end_of_input(child: "subprocess.Popen[bytes]") -> None:
    while os.read(0, 1):
        pass
    child.terminate()
    try:
        child.wait(STOP_S)
    except subprocess.TimeoutExpired:
        child.kill()


if __name__ == "__main__":
    main()
