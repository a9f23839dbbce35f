"""What the command line loads before it begins."""

import subprocess
import sys

SLOW = (
    "scipy.signal",
    "onnx",
    "onnxruntime",
    "pypdf",
    "rapidocr",
    "sklearn",
    "skimage",
    "prefect",
    "fastapi",
    "alembic",
)


def test_a_command_waits_for_nothing_that_it_does_not_need() -> None:
    """What takes seconds to load is loaded by the commands that need it, when they do."""
    program = "import sys, flows.cli; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert "typer" in loaded
    assert sorted({*SLOW} & {*loaded}) == []
