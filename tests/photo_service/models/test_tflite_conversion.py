"""The converted networks are the original ones, whichever machine converts them."""

from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
from ai_edge_litert.interpreter import Interpreter
from PIL import Image

from photo_service.models.catalogue import EMBEDDED, EmbeddedModel
from photo_service.models.converter import convert
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


def test_bytes_that_are_not_tflite_are_refused() -> None:
    """An HTML page saved in place of a network is recognised as such."""
    with pytest.raises(UnreadableNetworkError):
        convert(b"<html>not found</html>", name="page")
