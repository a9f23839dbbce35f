"""
What a network sees in a picture: EfficientNet-Lite2 (Tan and Le 2019; the Lite variant by TensorFlow's authors) on onnxruntime.

The graph is made in memory from the weights when a process builds its detectors, some 0.3 s, and is the same in every process. It takes
pictures of any size and gives three maps: 120 channels at stride 16, how things look in detail; at stride 32 the 352 channels of the last
block and the 1280 of the head that its classifier would see, what they are.
"""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from detectors import _checkpoint, models
from detectors.detector import Frame

Floats = NDArray[np.float32]

STRIDE_PX, HEAD_STRIDE_PX = 16, 32
CHANNELS, DEEP_CHANNELS, HEAD_CHANNELS = 120, 352, 1280
SIDES_PX = (960, 680, 480, 340, 240, 170)
"""Longer sides that a picture is looked at in."""
_BLOCKS = (
    (1, 3, 1, 1, 16),
    (3, 3, 2, 6, 24),
    (3, 5, 2, 6, 48),
    (4, 3, 2, 6, 88),
    (4, 5, 1, 6, 120),
    (5, 5, 2, 6, 208),
    (1, 3, 1, 6, 352),
)
"""Repeats, side of the kernel, stride of the first, expansion, channels out."""
_EPSILON = 1e-3
_MEAN, _DEVIATION = 127.0, 128.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Maps:
    """
    A picture through the network. `mid` (120, h, w) at stride 16, `deep` (352, h / 2, w / 2) at stride 32, float32.

    `scale_x`, `scale_y` take pixels of the picture to pixels that the network saw.
    """

    mid: Floats
    deep: Floats
    scale_x: float
    scale_y: float


class Network:
    """EfficientNet-Lite2 without its classifier. Runs on one thread unless told; results do not depend on it beyond rounding."""

    def __init__(self, *, threads: int = 1) -> None:
        """Build the graph. Raises NetworkUnusable with the mend where the weights are missing."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # the address space of a detecting process is limited
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(_graph(), options, providers=["CPUExecutionProvider"])
        self._only = onnxruntime.RunOptions()
        self._only.only_execute_path_to_fetches = True

    def run(self, batch: Floats) -> tuple[Floats, Floats]:
        """`mid` and `head` of pictures, (n, 3, height, width) RGB as `prepared` gives it; sides are multiples of 32."""
        mid, head = self._session.run(["mid", "head"], {"picture": batch})
        return mid, head

    def maps(self, rgb: NDArray[np.uint8], *, side_px: int) -> Maps:
        """One picture with its longer side brought to `side_px`, each side to the nearest multiple of 32."""
        small = _fitted(rgb, side_px)
        seen = self.seen(small)
        scale_x, scale_y = small.shape[1] / rgb.shape[1], small.shape[0] / rgb.shape[0]
        return Maps(mid=seen.mid, deep=seen.deep, scale_x=scale_x, scale_y=scale_y)

    def look(self, rgb: NDArray[np.uint8], *, side_px: int) -> Floats:
        """What one picture looks like as a whole, brought to `side_px` as in `maps`: the mean of `head`, shape (1280,)."""
        _, head = self.run(prepared(_fitted(rgb, side_px)[None]))
        return np.asarray(head[0].mean(axis=(1, 2)), np.float32)

    def seen(self, rgb: NDArray[np.uint8]) -> Maps:
        """A picture as it is; its sides are multiples of 32."""
        mid, deep = self._session.run(["mid", "deep"], {"picture": prepared(rgb[None])}, self._only)
        return Maps(mid=mid[0], deep=deep[0], scale_x=1.0, scale_y=1.0)

    def pyramid(self, frame: Frame) -> tuple[Maps, ...]:
        """A frame at every size of SIDES_PX up to 1.5 times its own, worked out once for all detectors."""
        key = "lite2 pyramid"
        if key not in frame.shared:
            frame.shared[key] = tuple(self.maps(frame.rgb, side_px=side) for side in _sides(frame.rgb))
        known: tuple[Maps, ...] = frame.shared[key]
        return known


@lru_cache(maxsize=1)
def network() -> Network:
    """The network of this process. Raises NetworkUnusable with the mend where the weights are missing."""
    return Network()


def _fitted(rgb: NDArray[np.uint8], side_px: int) -> NDArray[np.uint8]:
    height, width = rgb.shape[:2]
    scale = side_px / max(height, width)
    size = _multiple(width * scale), _multiple(height * scale)
    how = cv2.INTER_AREA if size[0] < width else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(rgb, size, interpolation=how), dtype=np.uint8)


def prepared(rgb: NDArray[np.uint8]) -> Floats:
    """Pictures (n, height, width, 3) as the network takes them."""
    return np.ascontiguousarray(((rgb.astype(np.float32) - _MEAN) / _DEVIATION).transpose(0, 3, 1, 2))


def _sides(rgb: NDArray[np.uint8]) -> tuple[int, ...]:
    longer = max(rgb.shape[:2])
    return tuple(side for side in SIDES_PX if side <= 2.0 * longer) or SIDES_PX[-1:]


def _multiple(side: float) -> int:
    return max(1, math.floor(side / HEAD_STRIDE_PX + 0.5)) * HEAD_STRIDE_PX


@lru_cache(maxsize=1)
def _graph() -> bytes:
    """The graph as ONNX; normalisation folded into the convolutions, padding as TensorFlow's SAME."""
    writer = _Writer(_checkpoint.tensors(models.content_of(models.LITE2)))
    x = writer.convolution("picture", "_conv_stem", "_bn0", stride=2)
    index, channels, mid = 0, 32, ""
    for repeats, _, first_stride, expansion, out in _BLOCKS:
        for turn in range(repeats):
            stride = first_stride if turn == 0 else 1
            x = writer.block(x, index, stride=stride, expansion=expansion, channels=channels, out=out)
            index, channels = index + 1, out
        if out == CHANNELS:
            mid = x
    return writer.model(mid, x, writer.convolution(x, "_conv_head", "_bn1"))


class _Writer:
    """Writes nodes one after the other."""

    def __init__(self, weights: dict[str, NDArray[Any]]) -> None:
        self._weights = weights
        self._nodes: list[Any] = []
        self._constants = [
            numpy_helper.from_array(np.array(0, np.float32), "low"),
            numpy_helper.from_array(np.array(6, np.float32), "high"),
        ]

    def block(self, x: str, index: int, *, stride: int, expansion: int, channels: int, out: int) -> str:
        """A mobile inverted bottleneck (Sandler et al. 2018)."""
        name, y = f"_blocks.{index}.", x
        if expansion > 1:
            y = self.convolution(y, f"{name}_expand_conv", f"{name}_bn0")
        y = self.convolution(y, f"{name}_depthwise_conv", f"{name}_bn1", stride=stride, groups=channels * expansion)
        y = self.convolution(y, f"{name}_project_conv", f"{name}_bn2", bounded=False)
        if stride != 1 or channels != out:
            return y
        return self._node("Add", [x, y])

    def convolution(
        self, x: str, name: str, norm: str, *, stride: int = 1, groups: int = 1, bounded: bool = True
    ) -> str:
        """A convolution with its normalisation, bounded to [0, 6] unless said otherwise."""
        kernel = self._weights[f"{name}.weight"]
        gain = self._weights[f"{norm}.weight"] / np.sqrt(self._weights[f"{norm}.running_var"] + _EPSILON)
        shift = self._weights[f"{norm}.bias"] - self._weights[f"{norm}.running_mean"] * gain
        self._constants += [
            numpy_helper.from_array((kernel * gain[:, None, None, None]).astype(np.float32), f"{name}.w"),
            numpy_helper.from_array(shift.astype(np.float32), f"{name}.b"),
        ]
        side = kernel.shape[2]
        y = self._node(
            "Conv",
            [x, f"{name}.w", f"{name}.b"],
            kernel_shape=[side, side],
            strides=[stride, stride],
            group=groups,
            auto_pad="SAME_UPPER",
        )
        return self._node("Clip", [y, "low", "high"]) if bounded else y

    def _node(self, operator: str, inputs: list[str], **attributes: Any) -> str:
        output = f"{operator}.{len(self._nodes)}"
        self._nodes.append(helper.make_node(operator, inputs, [output], **attributes))
        return output

    def model(self, mid: str, deep: str, head: str) -> bytes:
        """The whole graph, serialised, with its outputs named."""
        outputs = {"mid": (mid, CHANNELS), "deep": (deep, DEEP_CHANNELS), "head": (head, HEAD_CHANNELS)}
        self._nodes += [helper.make_node("Identity", [y], [name]) for name, (y, _) in outputs.items()]
        real = TensorProto.FLOAT
        graph = helper.make_graph(
            self._nodes,
            "efficientnet-lite2",
            [helper.make_tensor_value_info("picture", real, ["n", 3, "height", "width"])],
            [
                helper.make_tensor_value_info(name, real, ["n", channels, f"{name}_height", f"{name}_width"])
                for name, (_, channels) in outputs.items()
            ],
            self._constants,
        )
        made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
        return bytes(made.SerializeToString())
