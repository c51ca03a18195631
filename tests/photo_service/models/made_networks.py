"""Real ONNX networks made for tests: small segmenters, and ones that cannot serve."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
from onnx import NodeProto, TensorProto, helper, numpy_helper

IMAGENET_MEAN, IMAGENET_DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
Shape = Sequence[int | str]


def network(
    nodes: Sequence[NodeProto],
    *,
    takes: Shape = (1, 3, 320, 320),
    gives: Shape = (1, 1, 320, 320),
    weights: dict[str, np.ndarray] | None = None,
    kind: int = TensorProto.FLOAT,
    also_takes: Sequence[str] = (),
) -> bytes:
    """Build a network from "image" to "mask"."""
    graph = helper.make_graph(
        list(nodes),
        "made",
        [
            helper.make_tensor_value_info("image", kind, takes),
            *(helper.make_tensor_value_info(name, TensorProto.FLOAT, [1]) for name in also_takes),
        ],
        [helper.make_tensor_value_info("mask", kind, gives)],
        [numpy_helper.from_array(value, name) for name, value in (weights or {}).items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return bytes(model.SerializeToString())


def bright_is_person(*, takes: Shape = (1, 3, 320, 320), gives: Shape = (1, 1, 320, 320)) -> bytes:
    """A convolution of one pixel and a sigmoid: what is bright is the person."""
    return network(
        [
            helper.make_node("Conv", ["image", "weight", "bias"], ["logit"]),
            helper.make_node("Sigmoid", ["logit"], ["mask"]),
        ],
        takes=takes,
        gives=gives,
        weights={"weight": np.full((1, 3, 1, 1), 4.0, np.float32), "bias": np.zeros(1, np.float32)},
    )


def always(value: float, *, tilt: float = 0.0) -> bytes:
    """Whatever the picture, the mask is `value`, rising by `tilt` from left to right."""
    ramp = np.broadcast_to(np.linspace(value, value + tilt, 320, dtype=np.float32), (1, 1, 320, 320)).copy()
    return network(
        [
            helper.make_node("ReduceMean", ["image"], ["light"], axes=[1], keepdims=1),
            helper.make_node("Mul", ["light", "zero"], ["nothing"]),
            helper.make_node("Add", ["nothing", "ramp"], ["mask"]),
        ],
        weights={"ramp": ramp, "zero": np.zeros(1, np.float32)},
    )


def broken_where_dark() -> bytes:
    """Bright is the person, and the logarithm of what is dark is no number."""
    return network(
        [
            helper.make_node("ReduceMean", ["image"], ["light"], axes=[1], keepdims=1),
            helper.make_node("Log", ["light"], ["unclear"]),
            helper.make_node("Sigmoid", ["unclear"], ["mask"]),
        ]
    )


def in_u2nets_clothes(selfie_segmentation: Path) -> bytes:
    """The embedded segmenter as a network of u2net's shape: a true segmentation, for a whole run through rembg."""
    model = onnx.load(str(selfie_segmentation))
    graph = model.graph
    inside, outside = graph.input[0].name, graph.output[0].name
    weights = {
        "deviation": np.array(IMAGENET_DEVIATION, np.float32).reshape(1, 3, 1, 1),
        "mean": np.array(IMAGENET_MEAN, np.float32).reshape(1, 3, 1, 1),
        "small": np.array([1, 3, 256, 256], np.int64),
        "large": np.array([1, 1, 320, 320], np.int64),
    }
    before = [
        helper.make_node("Mul", ["image", "deviation"], ["scaled"]),
        helper.make_node("Add", ["scaled", "mean"], ["light"]),
        helper.make_node("Resize", ["light", "", "", "small"], ["square"], mode="linear"),
        helper.make_node("Transpose", ["square"], [inside], perm=[0, 2, 3, 1]),
    ]
    after = [
        helper.make_node("Transpose", [outside], ["plane"], perm=[0, 3, 1, 2]),
        helper.make_node("Resize", ["plane", "", "", "large"], ["mask"], mode="linear"),
    ]
    nodes = [*before, *graph.node, *after]
    joined = helper.make_graph(
        nodes,
        "dressed",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, 320, 320])],
        [helper.make_tensor_value_info("mask", TensorProto.FLOAT, [1, 1, 320, 320])],
        [*graph.initializer, *(numpy_helper.from_array(value, name) for name, value in weights.items())],
    )
    dressed = helper.make_model(joined, opset_imports=model.opset_import, ir_version=model.ir_version)
    return bytes(dressed.SerializeToString())
