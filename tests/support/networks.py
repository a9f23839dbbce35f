"""Networks as an operator may name them, small enough to be made for a test."""

from collections.abc import Sequence

import numpy as np
from onnx import TensorProto, helper, numpy_helper

TAKES = (1, 3, 320, 320)


def constant(answer: np.ndarray, *, takes: Sequence[int] = TAKES, of: int = TensorProto.FLOAT) -> bytes:
    """An ONNX network that gives one answer, whatever it is shown."""
    tensor = numpy_helper.from_array(answer.astype(np.float32), "answer")
    graph = helper.make_graph(
        [helper.make_node("Constant", [], ["out"], value=tensor)],
        "constant",
        [helper.make_tensor_value_info("images", of, list(takes))],
        [helper.make_tensor_value_info("out", TensorProto.FLOAT, list(answer.shape))],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    return bytes(made.SerializeToString())
