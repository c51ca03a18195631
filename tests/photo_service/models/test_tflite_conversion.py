"""The converted networks are the original ones, whichever machine converts them."""

from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
from ai_edge_litert.interpreter import Interpreter
from onnx import TensorProto, helper
from PIL import Image

from photo_service.models.catalogue import EMBEDDED, EmbeddedModel
from photo_service.models.converter import convert
from photo_service.models.enlarging import enlarged_late
from photo_service.models.errors import UnreadableNetworkError, UnsupportedOperatorError
from photo_service.models.onnx_ops import Writer, write_operator
from photo_service.models.ports import Rgb
from photo_service.models.sessions import session_options
from photo_service.models.store import sha256_of, source_path
from photo_service.models.tflite_graph import Graph, Operator, Tensor

ABSOLUTE, RELATIVE = 1e-4, 1e-5
"""Outputs reach 150, where float32 itself resolves 1.5e-5; what is left is the order of summation."""

DEEPER = {"palm_detection": 2e-4}
"""Absolute tolerance of networks with more layers than the four of the contract: palm detection sums some 60 layers up
to outputs of 130, and two of its 36,288 values differ from LiteRT's by 1.4e-4, a millionth of that."""

by_name = pytest.mark.parametrize("model", EMBEDDED, ids=lambda model: model.name)


def inputs_for(shape: tuple[int, ...], picture: Rgb) -> list[np.ndarray[Any, np.dtype[np.float32]]]:
    """One real picture and one of noise, both 0 to 1."""
    face = Image.fromarray(picture).crop((160, 50, 300, 190)).resize((shape[2], shape[1]))
    noise = np.random.default_rng(7).random(shape, dtype=np.float32)
    return [np.asarray(face, np.float32)[None] / 255.0, noise]


@by_name
def test_a_converted_network_gives_what_litert_gives(model: EmbeddedModel, home: Path, astronaut: Rgb) -> None:
    """Google's own interpreter, run on the file from the wheel, is the judge of every output."""
    content = source_path(home, model).read_bytes()
    reference = Interpreter(model_content=content, num_threads=1)
    reference.allocate_tensors()
    (asked,) = reference.get_input_details()
    ours = onnxruntime.InferenceSession((home / model.file).read_bytes(), session_options(1))
    for values in inputs_for(tuple(asked["shape"]), astronaut):
        reference.set_tensor(asked["index"], values)
        reference.invoke()
        expected = {tuple(d["shape"]): reference.get_tensor(d["index"]) for d in reference.get_output_details()}
        outputs = ours.run(None, {ours.get_inputs()[0].name: values})
        assert len(outputs) == len(expected)
        for output in outputs:
            np.testing.assert_allclose(
                output, expected[output.shape], rtol=RELATIVE, atol=DEEPER.get(model.name, ABSOLUTE)
            )


@by_name
def test_the_same_network_converts_to_the_same_bytes(model: EmbeddedModel, home: Path) -> None:
    """Two schools that install on two days hold the same file, so a checksum can be compared over the phone."""
    content = source_path(home, model).read_bytes()
    converted = convert(content, name=model.name)
    assert sha256_of(converted) == sha256_of(convert(content, name=model.name))
    assert sha256_of(converted) == sha256_of((home / model.file).read_bytes())


def test_an_operator_the_converter_does_not_know_is_named() -> None:
    """Whoever tries another network learns which operator stands in the way, not that "something failed"."""
    values = Tensor("values", (1, 4), None)
    softmax = Operator("SOFTMAX", inputs=(0,), outputs=(1,))
    graph = Graph((values, values), (softmax,), inputs=(0,), outputs=(1,))
    with pytest.raises(UnsupportedOperatorError, match="SOFTMAX") as raised:
        write_operator(Writer(graph), softmax)
    assert raised.value.code == "unsupported_operator"


def test_an_option_the_converter_does_not_know_is_refused_not_ignored() -> None:
    """A fused activation that went unnoticed would give a network that is subtly another one."""
    values = Tensor("values", (1, 4), None)
    addition = Operator("ADD", inputs=(0, 0), outputs=(1,), options={"FusedActivationFunction": 1})
    graph = Graph((values, values), (addition,), inputs=(0,), outputs=(1,))
    with pytest.raises(UnsupportedOperatorError, match="ADD uses a fused activation"):
        write_operator(Writer(graph), addition)


def test_more_channels_are_zeros_behind_the_ones_that_were_there() -> None:
    """A padding of channels is written as a convolution, which must neither mix nor lose any."""
    pads = Tensor("pads", (4, 2), np.array([[0, 0], [0, 0], [0, 0], [0, 3]], np.int32))
    graph = Graph((Tensor("few", (1, 4, 5, 2), None), pads, Tensor("more", (1, 4, 5, 5), None)), (), (0,), (2,))
    writer = Writer(graph)
    write_operator(writer, Operator("PAD", inputs=(0, 1), outputs=(2,)))
    values = np.random.default_rng(3).random((1, 2, 4, 5), dtype=np.float32)

    padded = outcome(writer, values, source="t0", target="t2", shape=[1, 5, 4, 5])
    np.testing.assert_array_equal(padded, np.pad(values, ((0, 0), (0, 3), (0, 0), (0, 0))))


@pytest.mark.parametrize("slopes", [(0.25, 0.0, -0.5), (1.0, 1.75, 0.1)])
def test_below_zero_each_channel_has_its_own_slope(slopes: tuple[float, ...]) -> None:
    """The networks learnt slopes above one and below none as well: each is what it was."""
    learnt = np.array(slopes, np.float32).reshape(1, 1, 3)
    graph = Graph(
        (Tensor("in", (1, 4, 5, 3), None), Tensor("slopes", (1, 1, 3), learnt), Tensor("out", (1, 4, 5, 3), None)),
        (),
        (0,),
        (2,),
    )
    writer = Writer(graph)
    write_operator(writer, Operator("PRELU", inputs=(0, 1), outputs=(2,)))
    values = np.random.default_rng(4).normal(size=(1, 3, 4, 5)).astype(np.float32)

    bent = outcome(writer, values, source="t0", target="t2", shape=[1, 3, 4, 5])
    sloped = values * np.array(slopes, np.float32)[None, :, None, None]
    np.testing.assert_allclose(bent, np.where(values > 0, values, sloped), atol=1e-6)


def test_what_mixes_channels_alone_is_done_before_enlarging() -> None:
    """Where something else reads the large picture too, or the mixing looks around itself, all stays as it is."""
    enlarging = Operator("RESIZE_BILINEAR", inputs=(0,), outputs=(1,))
    mixing = Operator("CONV_2D", inputs=(1, 2), outputs=(3,), options={"StrideH": 1, "StrideW": 1})
    tensors = tuple(
        Tensor(name, shape, None)
        for name, shape in (
            ("small", (1, 4, 4, 6)),
            ("large", (1, 8, 8, 6)),
            ("weights", (2, 1, 1, 6)),
            ("out", (1, 8, 8, 2)),
        )
    )
    first, then = enlarged_late(Graph(tensors, (enlarging, mixing), (0,), (3,))).operators
    assert (first.kind, first.inputs, then.kind, then.outputs) == ("CONV_2D", (0, 2), "RESIZE_BILINEAR", (3,))
    assert first.outputs == then.inputs

    read_twice = Graph(tensors, (enlarging, mixing, Operator("RELU", inputs=(1,), outputs=(3,))), (0,), (3,))
    assert enlarged_late(read_twice) == read_twice
    around = (*tensors[:2], Tensor("weights", (2, 3, 3, 6), None), tensors[3])
    assert enlarged_late(Graph(around, (enlarging, mixing), (0,), (3,))).operators[0] == enlarging


def outcome(writer: Writer, values: np.ndarray[Any, Any], *, source: str, target: str, shape: list[int]) -> Any:
    """Run the nodes that were written."""
    given, made = (
        helper.make_tensor_value_info(name, TensorProto.FLOAT, list(lengths))
        for name, lengths in ((source, values.shape), (target, shape))
    )
    graph = helper.make_graph(writer.nodes, "written", [given], [made], writer.initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return onnxruntime.InferenceSession(model.SerializeToString(), session_options(1)).run(None, {source: values})[0]


def test_bytes_that_are_not_tflite_are_refused() -> None:
    """An HTML page saved in place of a network is recognised as such."""
    with pytest.raises(UnreadableNetworkError):
        convert(b"<html>not found</html>", name="page")
