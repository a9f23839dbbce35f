"""Arrays in a file that others may read at any moment."""

import io
import os
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

TORN = (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile)
"""What reading a file raises that is not there, not whole, or not of this kind."""


def keep(file: Path, **arrays: NDArray[Any]) -> None:
    """Write a file for `numpy.load`, whole or not at all."""
    held = io.BytesIO()
    np.savez(held, allow_pickle=False, **arrays)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=file.name)
    with os.fdopen(handle, "wb") as stream:
        stream.write(held.getvalue())
    Path(name).replace(file)
