"""
Reads a file of PyTorch weights without PyTorch, and without running anything that it asks for.

The format is that of `torch.save` before 1.6: four pickles (magic number, protocol, machine, the named tensors), one pickle with the keys
of the storages, then each storage as a count of 8 bytes and its numbers, little-endian.
"""

import io
import pickle
import struct
from collections import OrderedDict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from footprint.errors import BadConfiguration

MAGIC = 0x1950A86A20F9469CFC6C
_TYPES = {"FloatStorage": np.dtype("<f4"), "LongStorage": np.dtype("<i8")}


def tensors(content: bytes) -> dict[str, NDArray[Any]]:
    """Named arrays of a state dictionary. Raises BadConfiguration where the file is anything else."""
    stream = io.BytesIO(content)
    types: dict[str, np.dtype[Any]] = {}
    try:
        magic = _Reader(stream, types).load()
        if magic != MAGIC:
            raise BadConfiguration("These weights are not in PyTorch's older format.")
        _Reader(stream, types).load()  # protocol
        _Reader(stream, types).load()  # machine
        named = _Reader(stream, types).load()
        keys = _Reader(stream, types).load()
        storages = {key: _storage(stream, types[key]) for key in keys}
        return {name: _view(storages[key], offset, size, stride) for name, (key, offset, size, stride) in named.items()}
    except (pickle.UnpicklingError, EOFError, KeyError, ValueError, TypeError, AttributeError, struct.error) as error:
        raise BadConfiguration(f"These weights cannot be read: {error}") from error


class _Reader(pickle.Unpickler):
    """Knows the three names that a state dictionary needs, and refuses any other."""

    def __init__(self, stream: io.BytesIO, types: dict[str, np.dtype[Any]]) -> None:
        super().__init__(stream)
        self._types = types

    def find_class(self, module: str, name: str) -> Any:
        allowed: dict[tuple[str, str], Any] = {
            ("collections", "OrderedDict"): OrderedDict,
            ("torch._utils", "_rebuild_tensor_v2"): _described,
            **{("torch", storage): dtype for storage, dtype in _TYPES.items()},
        }
        if (module, name) not in allowed:
            raise pickle.UnpicklingError(f"{module}.{name} has no place in a file of weights")
        return allowed[module, name]

    def persistent_load(self, pid: Any) -> str:
        _, dtype, key, *_ = pid
        self._types[key] = dtype
        return str(key)


def _described(
    key: str, offset: int, size: tuple[int, ...], stride: tuple[int, ...], *_: Any
) -> tuple[str, int, tuple[int, ...], tuple[int, ...]]:
    return key, offset, size, stride


def _storage(stream: io.BytesIO, dtype: np.dtype[Any]) -> NDArray[Any]:
    (count,) = struct.unpack("<q", stream.read(8))
    return np.frombuffer(stream.read(count * dtype.itemsize), dtype, count=count)


def _view(storage: NDArray[Any], offset: int, size: tuple[int, ...], stride: tuple[int, ...]) -> NDArray[Any]:
    last = offset + sum((n - 1) * step for n, step in zip(size, stride, strict=True))
    if min((offset, *stride)) < 0 or min(size, default=1) < 1 or last >= len(storage):
        raise ValueError("a tensor that does not lie in its storage")
    strides = tuple(step * storage.itemsize for step in stride)
    return np.ascontiguousarray(np.lib.stride_tricks.as_strided(storage[offset:], size, strides, writeable=False))
