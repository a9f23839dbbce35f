"""A second look at a window: cut out of the picture and seen by the network at one size."""

import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from detectors import _network, _views
from detectors._network import CHANNELS, HEAD_CHANNELS, Maps, Network
from detectors._windows import Place

Floats = NDArray[np.float32]
Picture = NDArray[np.uint8]
Box = tuple[float, float, float, float]

SIDE_PX = 224
PARTS = 4
WIDTH = HEAD_CHANNELS + PARTS**2 * CHANNELS


def looks(network: Network, rgb: Picture, boxes: Sequence[Box]) -> Floats:
    """What the boxes of a picture hold: the mean of the head and the means of 4 x 4 parts, each of length 1, shape (n, WIDTH)."""
    rows = np.empty((len(boxes), WIDTH), np.float32)
    for row, box in zip(rows, boxes, strict=True):
        cut = _views.cut(rgb, box, side_px=SIDE_PX)
        mid, head = (maps[0] for maps in network.run(_network.prepared(cut[None])))
        edges = [round(i * mid.shape[1] / PARTS) for i in range(PARTS + 1)]
        spans = [slice(a, b) for a, b in itertools.pairwise(edges)]
        parts = np.stack([mid[:, down, across].mean(axis=(1, 2)) for down in spans for across in spans], axis=1)
        whole = head.mean(axis=(1, 2))
        row[:HEAD_CHANNELS] = whole / max(float(np.linalg.norm(whole)), 1e-9)
        row[HEAD_CHANNELS:] = parts.ravel() / max(float(np.linalg.norm(parts)), 1e-9)
    return rows


def at(network: Network, rgb: Picture, pyramid: Sequence[Maps], places: Sequence[Place]) -> Floats:
    """What windows of a picture hold."""
    return looks(network, rgb, [p.box(pyramid[p.level]) for p in places])
