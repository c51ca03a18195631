"""Run an ONNX network on the CPU.

A session belongs to the process that built it: build after forking, once, and keep it. Running one is
safe from several threads at a time.
"""

from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from photo_service.models.catalogue import EmbeddedModel
from photo_service.models.errors import ModelUnloadableError
from photo_service.models.store import REINSTALL, embedded_path

PROVIDERS = ["CPUExecutionProvider"]
_ERRORS_ONLY = 3


class Network:
    """One network, ready to run, around an onnxruntime session with one input."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self._input = str(session.get_inputs()[0].name)

    def run(self, values: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        """Give the outputs for one input, in the order the network names them."""
        outputs: list[NDArray[np.float32]] = self._session.run(None, {self._input: values})
        return outputs


def open_network(path: Path, *, threads: int) -> Network:
    """Open an ONNX file.

    Raises ModelUnloadableError when onnxruntime cannot make sense of it.
    """
    try:
        session = ort.InferenceSession(str(path), sess_options=session_options(threads), providers=PROVIDERS)
    except Exception as error:  # onnxruntime raises a dozen unrelated types of its own
        raise ModelUnloadableError(f"onnxruntime cannot load {path}: {error}", advice=REINSTALL) from error
    return Network(session)


def session_options(threads: int) -> Any:
    """Set onnxruntime up for a host shared with other workers: a fixed number of threads, none spinning idle."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.execution_mode = ort.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = _ERRORS_ONLY
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return options


def open_embedded(home: Path, model: EmbeddedModel, *, threads: int) -> Network:
    """Open one network of the embedded family, its checksum verified.

    Raises ModelMissingError, ModelCorruptError, ModelUnloadableError.
    """
    return open_network(embedded_path(home, model), threads=threads)
