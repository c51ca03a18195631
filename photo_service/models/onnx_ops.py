"""Write one TFLite operator as ONNX nodes.

Inside the ONNX graph every activation of four dimensions is NCHW, which is what onnxruntime's kernels
want; weights are turned once, here. Values of other ranks keep TFLite's layout.
"""

import struct
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import NodeProto, TensorProto, helper, numpy_helper

from photo_service.models.errors import UnsupportedOperatorError
from photo_service.models.tflite_graph import Graph, Operator

TO_NCHW = (0, 3, 1, 2)
TO_NHWC = (0, 2, 3, 1)
_AXIS_IN_NCHW = (0, 2, 3, 1)
_SAME = 0
_CUSTOM_SAME = 1


class Writer:
    """Gather the nodes and constants of the ONNX graph being written.

    `constants` are the values known at conversion, by tensor number, float16 already widened.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.nodes: list[NodeProto] = []
        self.initializers: list[TensorProto] = []
        self.constants: dict[int, NDArray[Any]] = {
            number: tensor.constant for number, tensor in enumerate(graph.tensors) if tensor.constant is not None
        }

    def shape(self, number: int) -> tuple[int, ...]:
        return self.graph.tensors[number].shape

    def value(self, number: int) -> str:
        """Name a value for use as a node's input; a constant is laid down as an initializer first."""
        if number not in self.constants:
            return f"t{number}"
        constant = self.constants[number]
        turned = constant.transpose(TO_NCHW) if constant.ndim == 4 else constant
        return self.constant(f"t{number}", turned)

    def constant(self, name: str, array: NDArray[Any]) -> str:
        if all(initializer.name != name for initializer in self.initializers):
            self.initializers.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def node(self, kind: str, inputs: list[str], output: str, **attributes: Any) -> None:
        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, **attributes))


def write_operator(writer: Writer, operator: Operator) -> None:
    """Write one operator.

    Raises UnsupportedOperatorError, naming it, for one this converter does not know, in kind or in option.
    """
    write = _WRITERS.get(operator.kind)
    if write is None:
        raise UnsupportedOperatorError(
            f"The network uses the operator {operator.kind}, which the converter does not know",
            advice="Use the files of the pinned wheel",
        )
    if operator.options.get("FusedActivationFunction", 0):
        raise _unsupported_option(operator, "a fused activation")
    write(writer, operator)


def _unsupported_option(operator: Operator, what: str) -> UnsupportedOperatorError:
    return UnsupportedOperatorError(
        f"The operator {operator.kind} uses {what}, which the converter does not know",
        advice="Use the files of the pinned wheel",
    )


def _pads(writer: Writer, operator: Operator, kernel: tuple[int, int]) -> list[int]:
    """Spell out TFLite's padding, for which SAME puts the odd pixel at the end: top, left, bottom, right."""
    if operator.options["Padding"] != _SAME:
        return [0, 0, 0, 0]
    strides = (operator.options["StrideH"], operator.options["StrideW"])
    inner, outer = writer.shape(operator.inputs[0])[1:3], writer.shape(operator.outputs[0])[1:3]
    totals = [
        max((out - 1) * stride + size - length, 0)
        for length, out, stride, size in zip(inner, outer, strides, kernel, strict=True)
    ]
    begins = [total // 2 for total in totals]
    return begins + [total - begin for total, begin in zip(totals, begins, strict=True)]


def _strides(operator: Operator) -> list[int]:
    return [operator.options["StrideH"], operator.options["StrideW"]]


def _convolution(writer: Writer, operator: Operator, weights: NDArray[Any], *, groups: int) -> None:
    """Write a convolution whose weights are already OIHW."""
    if (operator.options["DilationHFactor"], operator.options["DilationWFactor"]) != (1, 1):
        raise _unsupported_option(operator, "dilation")
    kernel = (weights.shape[2], weights.shape[3])
    writer.node(
        "Conv",
        [
            writer.value(operator.inputs[0]),
            writer.constant(f"t{operator.inputs[1]}", weights),
            writer.value(operator.inputs[2]),
        ],
        f"t{operator.outputs[0]}",
        kernel_shape=list(kernel),
        strides=_strides(operator),
        pads=_pads(writer, operator, kernel),
        group=groups,
    )


def _conv_2d(writer: Writer, operator: Operator) -> None:
    _convolution(writer, operator, writer.constants[operator.inputs[1]].transpose(0, 3, 1, 2), groups=1)


def _depthwise_conv_2d(writer: Writer, operator: Operator) -> None:
    weights = writer.constants[operator.inputs[1]].transpose(3, 0, 1, 2)
    _convolution(writer, operator, weights, groups=writer.shape(operator.inputs[0])[3])


def _transposed_convolution(writer: Writer, operator: Operator) -> None:
    """Write MediaPipe's Convolution2DTransposeBias: its options are padding, stride width and height as int32."""
    weights = writer.constants[operator.inputs[1]]
    padding, stride_w, stride_h = struct.unpack("<3i", operator.custom_options[:12])
    if padding == _CUSTOM_SAME and weights.shape[1:3] != (stride_h, stride_w):
        raise _unsupported_option(operator, "SAME padding with a kernel other than its stride")
    writer.node(
        "ConvTranspose",
        [
            writer.value(operator.inputs[0]),
            writer.constant(f"t{operator.inputs[1]}", weights.transpose(3, 0, 1, 2)),
            writer.value(operator.inputs[2]),
        ],
        f"t{operator.outputs[0]}",
        kernel_shape=list(weights.shape[1:3]),
        strides=[stride_h, stride_w],
    )


def _prelu(writer: Writer, operator: Operator) -> None:
    """Write PRELU as x + (1 - slope) relu(-x).

    onnxruntime keeps each of these in its blocked layout, and does them in two walks over the values; its own PRelu is
    not vectorised, and max(x, slope x), which it must unblock for, took half as long again for face mesh and iris.
    """
    slopes = writer.constants[operator.inputs[1]].transpose(2, 0, 1)
    source, target, number = writer.value(operator.inputs[0]), f"t{operator.outputs[0]}", operator.inputs[1]
    writer.node("Mul", [source, writer.constant(f"t{number}_minus", np.full_like(slopes, -1))], f"{target}_turned")
    writer.node("Relu", [f"{target}_turned"], f"{target}_below")
    writer.node("Mul", [f"{target}_below", writer.constant(f"t{number}_rest", 1 - slopes)], f"{target}_rest")
    writer.node("Add", [source, f"{target}_rest"], target)


def _same_named(kind: str) -> Callable[[Writer, Operator], None]:
    """Write an element-wise operator, whose operands TFLite gives in shapes that broadcast alike in NCHW."""

    def write(writer: Writer, operator: Operator) -> None:
        ranks = {len(writer.shape(number)) for number in operator.inputs}
        if len(ranks) != 1:
            raise _unsupported_option(operator, "operands of different ranks")
        writer.node(kind, [writer.value(number) for number in operator.inputs], f"t{operator.outputs[0]}")

    return write


def _pad(writer: Writer, operator: Operator) -> None:
    """Write a padding; further channels, all zero, as a convolution that hands each channel on as it is.

    A Pad would take the values out of onnxruntime's blocked layout, and all that is added to them after it: the palm
    network takes a fifth less time without.
    """
    pairs = writer.constants[operator.inputs[1]][list(TO_NCHW)]
    (source, target), more = (operator.inputs[0], operator.outputs[0]), pairs[1][1]
    if pairs.sum() == more:
        given = writer.shape(source)[3]
        same = np.eye(given + more, given, dtype=np.float32)[..., None, None]
        kernel = writer.constant(f"t{target}_same", same)
        return writer.node("Conv", [writer.value(source), kernel], f"t{target}", kernel_shape=[1, 1])
    amounts = writer.constant(f"t{target}_pads", pairs.T.reshape(-1).astype(np.int64))
    return writer.node("Pad", [writer.value(source), amounts], f"t{target}")


def _pool(kind: str) -> Callable[[Writer, Operator], None]:
    """Write a pooling; an average over the whole picture has a kernel of its own, far faster."""

    def write(writer: Writer, operator: Operator) -> None:
        kernel = (operator.options["FilterHeight"], operator.options["FilterWidth"])
        source, target = writer.value(operator.inputs[0]), f"t{operator.outputs[0]}"
        if kind == "AveragePool" and kernel == writer.shape(operator.inputs[0])[1:3]:
            return writer.node("GlobalAveragePool", [source], target)
        pads = _pads(writer, operator, kernel)
        return writer.node(kind, [source], target, kernel_shape=list(kernel), strides=_strides(operator), pads=pads)

    return write


def _resize_bilinear(writer: Writer, operator: Operator) -> None:
    mode = "align_corners" if operator.options["AlignCorners"] else "asymmetric"
    mode = "half_pixel" if operator.options["HalfPixelCenters"] else mode
    batch, height, width, channels = writer.shape(operator.outputs[0])
    sizes = writer.constant(f"t{operator.outputs[0]}_sizes", np.array([batch, channels, height, width], np.int64))
    writer.node(
        "Resize",
        [writer.value(operator.inputs[0]), "", "", sizes],
        f"t{operator.outputs[0]}",
        mode="linear",
        coordinate_transformation_mode=mode,
    )


def _reshape(writer: Writer, operator: Operator) -> None:
    """Write a reshape, which sees the values in TFLite's order: turn back before it, and again after it."""
    (source, target), shape = (operator.inputs[0], operator.outputs[0]), writer.shape(operator.outputs[0])
    name = writer.value(source)
    if len(writer.shape(source)) == 4:
        writer.node("Transpose", [name], f"t{target}_nhwc", perm=list(TO_NHWC))
        name = f"t{target}_nhwc"
    sizes = writer.constant(f"t{target}_shape", np.array(shape, np.int64))
    if len(shape) != 4:
        return writer.node("Reshape", [name, sizes], f"t{target}")
    writer.node("Reshape", [name, sizes], f"t{target}_reshaped")
    return writer.node("Transpose", [f"t{target}_reshaped"], f"t{target}", perm=list(TO_NCHW))


def _concatenation(writer: Writer, operator: Operator) -> None:
    rank = len(writer.shape(operator.outputs[0]))
    axis = operator.options["Axis"] % rank
    writer.node(
        "Concat",
        [writer.value(number) for number in operator.inputs],
        f"t{operator.outputs[0]}",
        axis=_AXIS_IN_NCHW[axis] if rank == 4 else axis,
    )


def _dequantize(writer: Writer, operator: Operator) -> None:
    """Widen a float16 constant now; a value computed at run time is not widened by these networks."""
    constant = writer.constants.get(operator.inputs[0])
    if constant is None or constant.dtype != np.float16:
        raise _unsupported_option(operator, "a value that is not a float16 constant")
    writer.constants[operator.outputs[0]] = constant.astype(np.float32)


_WRITERS: dict[str, Callable[[Writer, Operator], None]] = {
    "ADD": _same_named("Add"),
    "AVERAGE_POOL_2D": _pool("AveragePool"),
    "CONCATENATION": _concatenation,
    "CONV_2D": _conv_2d,
    "Convolution2DTransposeBias": _transposed_convolution,
    "DEPTHWISE_CONV_2D": _depthwise_conv_2d,
    "DEQUANTIZE": _dequantize,
    "HARD_SWISH": _same_named("HardSwish"),
    "LOGISTIC": _same_named("Sigmoid"),
    "MAX_POOL_2D": _pool("MaxPool"),
    "MUL": _same_named("Mul"),
    "PAD": _pad,
    "PRELU": _prelu,
    "RELU": _same_named("Relu"),
    "RESHAPE": _reshape,
    "RESIZE_BILINEAR": _resize_bilinear,
}
