"""A command on a leash ends when whoever asked for it is gone."""

import subprocess
import sys

from flows.leash import leashed, let_go

PATIENCE_S = 60
SLEEPER = "import time; print('up', flush=True); time.sleep(600)"
ASKER = f"""
import sys, time
from flows.leash import leashed
held = leashed([sys.executable, "-c", {SLEEPER!r}])
time.sleep(600)
"""


def test_it_ends_with_an_asker_that_is_killed() -> None:
    """After `kill -9` of the asker nothing holds its standard output any more: leash and command have ended."""
    asker = subprocess.Popen([sys.executable, "-c", ASKER], stdout=subprocess.PIPE)
    assert asker.stdout is not None
    assert asker.stdout.readline() == b"up\n"
    asker.kill()
    assert asker.communicate(timeout=PATIENCE_S) == (b"", None)


def test_it_ends_when_it_is_let_go() -> None:
    """Whoever asked can stop it."""
    child = leashed([sys.executable, "-c", SLEEPER], is_quiet=True)
    assert child.poll() is None
    let_go(child)
    assert child.returncode is not None


def test_it_ends_with_the_command() -> None:
    """A command that ends by itself hands its exit code on."""
    assert leashed([sys.executable, "-c", "raise SystemExit(3)"]).wait(PATIENCE_S) == 3
