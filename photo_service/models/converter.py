"""Convert a TFLite network to ONNX, so that onnxruntime alone runs everything.

The same TFLite bytes and the same `onnx` release give the same ONNX bytes: names come from tensor
numbers, and neither time nor version is recorded beyond the constants below.
"""

from onnx import ModelProto, TensorProto, ValueInfoProto, helper

from photo_service.models.converter_version import CONVERTER_VERSION
from photo_service.models.enlarging import enlarged_late
from photo_service.models.onnx_ops import TO_NCHW, TO_NHWC, Writer, write_operator
from photo_service.models.tflite_graph import Graph, read_graph

_OPSET = 17
_IR_VERSION = 8


def convert(tflite: bytes, *, name: str) -> bytes:
    """Convert a TFLite file to the bytes of an ONNX file.

    Inputs and outputs keep TFLite's names and layout (NHWC, float32). `name` names the graph.
    Raises UnsupportedOperatorError, UnreadableNetworkError.
    """
    graph = enlarged_late(read_graph(tflite))
    writer = Writer(graph)
    inputs = [_open_input(writer, number) for number in graph.inputs]
    for operator in graph.operators:
        write_operator(writer, operator)
    outputs = [_close_output(writer, number) for number in graph.outputs]
    onnx_graph = helper.make_graph(writer.nodes, name, inputs, outputs, writer.initializers)
    model: ModelProto = helper.make_model(
        onnx_graph,
        opset_imports=[helper.make_opsetid("", _OPSET)],
        ir_version=_IR_VERSION,
        producer_name="idphoto",
        producer_version=str(CONVERTER_VERSION),
    )
    content: bytes = model.SerializeToString(deterministic=True)
    return content


def _describe(graph: Graph, number: int) -> ValueInfoProto:
    tensor = graph.tensors[number]
    return helper.make_tensor_value_info(tensor.name, TensorProto.FLOAT, tensor.shape)


def _open_input(writer: Writer, number: int) -> ValueInfoProto:
    """Turn an NHWC input to the NCHW the graph works in."""
    tensor = writer.graph.tensors[number]
    if len(tensor.shape) == 4:
        writer.node("Transpose", [tensor.name], f"t{number}", perm=list(TO_NCHW))
    else:
        writer.node("Identity", [tensor.name], f"t{number}")
    return _describe(writer.graph, number)


def _close_output(writer: Writer, number: int) -> ValueInfoProto:
    """Turn an output back to NHWC under TFLite's own name."""
    tensor = writer.graph.tensors[number]
    if len(tensor.shape) == 4:
        writer.node("Transpose", [f"t{number}"], tensor.name, perm=list(TO_NHWC))
    else:
        writer.node("Identity", [f"t{number}"], tensor.name)
    return _describe(writer.graph, number)
