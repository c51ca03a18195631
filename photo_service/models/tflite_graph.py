"""Read a TFLite flatbuffer into plain records.

Shapes and constants are left as TFLite keeps them: NHWC activations, OHWI weights.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import tflite
from numpy.typing import NDArray

from photo_service.models.errors import UnreadableNetworkError

_TFLITE_MARK = b"TFL3"
_OPTIONS = {
    "CONV_2D": "Conv2DOptions",
    "DEPTHWISE_CONV_2D": "DepthwiseConv2DOptions",
    "ADD": "AddOptions",
    "MUL": "MulOptions",
    "MAX_POOL_2D": "Pool2DOptions",
    "AVERAGE_POOL_2D": "Pool2DOptions",
    "CONCATENATION": "ConcatenationOptions",
    "RESIZE_BILINEAR": "ResizeBilinearOptions",
}
_OPTION_FIELDS = (
    "Axis", "Padding", "StrideH", "StrideW", "DilationHFactor", "DilationWFactor", "FilterHeight", "FilterWidth",
    "FusedActivationFunction", "AlignCorners", "HalfPixelCenters",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tensor:
    """One value of the graph; `constant` is set when the file carries it."""

    name: str
    shape: tuple[int, ...]
    constant: NDArray[Any] | None


@dataclass(frozen=True, slots=True)
class Operator:
    """One step; `kind` is TFLite's name, or the custom operator's own. Inputs and outputs are tensor numbers."""

    kind: str
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    options: Mapping[str, int] = field(default_factory=dict)
    custom_options: bytes = b""


@dataclass(frozen=True, slots=True)
class Graph:
    tensors: tuple[Tensor, ...]
    operators: tuple[Operator, ...]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]


def read_graph(content: bytes) -> Graph:
    """Read the one subgraph of a TFLite file.

    Raises UnreadableNetworkError for bytes that are not TFLite or hold several subgraphs.
    """
    if content[4:8] != _TFLITE_MARK:
        raise UnreadableNetworkError("These bytes are not a TFLite network", advice="Use the files of the pinned wheel")
    model = tflite.Model.GetRootAsModel(content, 0)
    if model.SubgraphsLength() != 1:
        raise UnreadableNetworkError(
            f"The TFLite file holds {model.SubgraphsLength()} subgraphs, one is expected",
            advice="Use the files of the pinned wheel",
        )
    subgraph = model.Subgraphs(0)
    return Graph(
        tensors=tuple(_tensor(model, subgraph.Tensors(i)) for i in range(subgraph.TensorsLength())),
        operators=tuple(_operator(model, subgraph.Operators(i)) for i in range(subgraph.OperatorsLength())),
        inputs=_numbers(subgraph.InputsAsNumpy()),
        outputs=_numbers(subgraph.OutputsAsNumpy()),
    )


def _numbers(array: Any) -> tuple[int, ...]:
    """Turn what flatbuffers gives for a vector (an array, or 0 when it is empty) into a tuple."""
    return tuple(int(number) for number in np.atleast_1d(array)) if isinstance(array, np.ndarray) else ()


def _tensor(model: Any, tensor: Any) -> Tensor:
    shape = _numbers(tensor.ShapeAsNumpy())
    return Tensor(tensor.Name().decode(), shape, _constant(model, tensor, shape))


def _constant(model: Any, tensor: Any, shape: tuple[int, ...]) -> NDArray[Any] | None:
    buffer = model.Buffers(tensor.Buffer())
    kinds = {
        tflite.TensorType.FLOAT32: np.float32,
        tflite.TensorType.FLOAT16: np.float16,
        tflite.TensorType.INT32: np.int32,
    }
    if not buffer.DataLength():
        return None
    if tensor.Type() not in kinds:
        raise UnreadableNetworkError(
            f"Tensor {tensor.Name().decode()} is of TFLite type {tensor.Type()}",
            advice="Only float32, float16 and int32 constants are converted",
        )
    values: NDArray[Any] = buffer.DataAsNumpy().view(kinds[tensor.Type()]).reshape(shape)
    return values


def _operator(model: Any, operator: Any) -> Operator:
    code = model.OperatorCodes(operator.OpcodeIndex())
    kind = _kind(code)
    custom = operator.CustomOptionsAsNumpy()
    return Operator(
        kind=kind,
        inputs=_numbers(operator.InputsAsNumpy()),
        outputs=_numbers(operator.OutputsAsNumpy()),
        options=_options(kind, operator),
        custom_options=custom.tobytes() if isinstance(custom, np.ndarray) else b"",
    )


def _kind(code: Any) -> str:
    """Name an operator; old files keep its number in the deprecated field, new ones in the other."""
    if code.CustomCode():
        return str(code.CustomCode().decode())
    number = max(code.BuiltinCode(), code.DeprecatedBuiltinCode())
    names: dict[int, str] = {number: name for name, number in vars(tflite.BuiltinOperator).items() if name.isupper()}
    return names.get(number, f"BUILTIN_{number}")


def _options(kind: str, operator: Any) -> dict[str, int]:
    table = operator.BuiltinOptions()
    if kind not in _OPTIONS or table is None:
        return {}
    options = getattr(tflite, _OPTIONS[kind])()
    options.Init(table.Bytes, table.Pos)
    return {name: int(getattr(options, name)()) for name in _OPTION_FIELDS if hasattr(options, name)}
