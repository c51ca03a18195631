"""Look whether a school's own model can serve, before the first photo meets it.

`rembg:custom:/path.onnx` is run by rembg's sessions for custom models: a network of 320 x 320 (or of any size) as
U-2-Net (means 0.485, 0.456, 0.406, deviations 0.229, 0.224, 0.225), one of 1024 x 1024 as IS-Net (mean 0.5, deviation
1). Either stretches the mask itself.
"""

from pathlib import Path
from typing import Any, Final

import numpy as np
import onnxruntime as ort

from photo_service.models.errors import EngineUnsuitableError, ModelMissingError, ModelUnloadableError
from photo_service.models.sessions import PROVIDERS, session_options

_SESSIONS: Final = {320: "u2net_custom", 1024: "dis_custom"}
_ADVICE: Final = (
    "Export it anew: one float32 input 1 x 3 x 320 x 320 (or 1 x 3 x 1024 x 1024), first output a mask 1 x 1 x H x W"
)


def custom_path(path: str) -> Path:
    """Find a model given by path. Raises ModelMissingError."""
    if not Path(path).is_file():
        raise ModelMissingError(f"There is no model file {path}", advice="Give the path of an ONNX file after custom:")
    return Path(path).resolve()


def custom_session(path: Path, *, threads: int) -> str:
    """Try a model on a made-up picture, and name the session of rembg's that fits it.

    Raises ModelUnloadableError when onnxruntime cannot load it, EngineUnsuitableError when it does not take one
    picture or does not give one mask.
    """
    try:
        session = ort.InferenceSession(str(path), sess_options=session_options(threads), providers=PROVIDERS)
    except Exception as error:  # onnxruntime raises a dozen unrelated types of its own
        raise ModelUnloadableError(f"onnxruntime cannot load {path}: {error}", advice="Export it anew") from error
    side = _side(session, path)
    _try(session, path, side)
    return _SESSIONS[side]


def _side(session: Any, path: Path) -> int:
    """Read from the model's inputs how large a picture it takes."""
    inputs = session.get_inputs()
    if len(inputs) != 1:
        raise _unsuitable(path, f"has {len(inputs)} inputs")
    shape = list(inputs[0].shape)
    if inputs[0].type != "tensor(float)":
        raise _unsuitable(path, f"takes {inputs[0].type}, not float32")
    if len(shape) != 4 or not _fits(shape[0], 1) or not _fits(shape[1], 3):
        raise _unsuitable(path, f"takes {_written(shape)}, not one picture as 1 x 3 x height x width")
    side = next((side for side in _SESSIONS if _fits(shape[2], side) and _fits(shape[3], side)), None)
    if side is None:
        raise _unsuitable(path, f"takes pictures of {_written(shape[2:])}")
    return side


def _try(session: Any, path: Path, side: int) -> None:
    """Run the model once: only so does it show what it really gives."""
    light = np.linspace(-2.0, 2.0, side, dtype=np.float32)
    picture = np.broadcast_to(light, (1, 3, side, side)).copy()
    try:
        mask = np.asarray(session.run(None, {session.get_inputs()[0].name: picture})[0])
    except Exception as error:  # as above
        raise _unsuitable(path, f"cannot be run on a picture: {error}") from error
    if mask.ndim != 4 or mask.shape[:2] != (1, 1):
        raise _unsuitable(path, f"gives {_written(mask.shape)}, not one mask")
    if not np.isfinite(np.asarray(mask, np.float32)).all():
        raise _unsuitable(path, "gives a mask with values that are no numbers")


def _fits(dimension: object, wanted: int) -> bool:
    """A dimension left open has a name, or None, in place of a number."""
    return not isinstance(dimension, int) or dimension == wanted


def _written(shape: Any) -> str:
    return " x ".join(str(dimension) for dimension in shape) or "a single number"


def _unsuitable(path: Path, what: str) -> EngineUnsuitableError:
    return EngineUnsuitableError(f"The model {path} {what}", advice=_ADVICE)
