"""Tell the parts of a face apart with a network of one's own: 19 classes in CelebAMask's order, as OFIQ uses.

None is embedded: the known ones (BiSeNet and its kin) are trained on pictures whose licence is for research. A school
that may use one names its ONNX file in IDPHOTO_PARSER, or installs it: `idphoto models install parser --from FILE`.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnxruntime as ort
from PIL import Image

from photo_service.geometry import Anatomy
from photo_service.models.errors import (
    EngineUnsuitableError,
    ModelCorruptError,
    ModelMissingError,
    ModelUnloadableError,
)
from photo_service.models.parsing_square import parsing_square
from photo_service.models.ports import Parsing
from photo_service.models.roi import cut
from photo_service.models.sessions import PROVIDERS, session_options
from photo_service.models.store import ModelRecord, sha256_of, write_atomically

PARSER: Final = "parser"
"""The name under which it is installed and removed."""
_LICENCE: Final = "as its maker says"
_CLASSES: Final = 19
_USUAL_SIDE: Final = 400
_SIDES: Final = range(64, 1025)
_MEAN = np.array([0.485, 0.456, 0.406], np.float32)
_DEVIATION = np.array([0.229, 0.224, 0.225], np.float32)
_ADVICE: Final = (
    "Export it anew: one float32 input 1 x 3 x S x S (RGB, normalised as ImageNet), first output 1 x 19 x H x W"
)


class OnnxFaceParser:
    """Parse faces with an ONNX network (see FaceParser). Safe to call from several threads."""

    def __init__(self, session: Any, side: int) -> None:
        self._session = session
        self._input = str(session.get_inputs()[0].name)
        self._side = side

    def parse(self, picture: Image.Image, anatomy: Anatomy) -> Parsing:
        """Cut the levelled square around the head out, and say of each of its pixels what it is."""
        square = cut(picture, parsing_square(anatomy), size_px=self._side)
        values = (square.astype(np.float32) / 255.0 - _MEAN) / _DEVIATION
        scores = np.asarray(self._session.run(None, {self._input: values.transpose(2, 0, 1)[None]})[0])
        return Parsing(scores[0].argmax(axis=0).astype(np.uint8))


def open_parser(path: Path, *, threads: int) -> OnnxFaceParser:
    """Open a parsing network and try it on a made-up picture, before the first photo meets it.

    Raises ModelMissingError, ModelUnloadableError; EngineUnsuitableError when it does not take one picture or does not
    give 19 classes.
    """
    if not path.is_file():
        raise ModelMissingError(f"There is no parsing network {path}", advice="Give the path of an ONNX file")
    try:
        session = ort.InferenceSession(str(path), sess_options=session_options(threads), providers=PROVIDERS)
    except Exception as error:  # onnxruntime raises a dozen unrelated types of its own
        raise ModelUnloadableError(f"onnxruntime cannot load {path}: {error}", advice="Export it anew") from error
    side = _side(session, path)
    _try(session, path, side)
    return OnnxFaceParser(session, side)


def parser_path(home: Path, env: Mapping[str, str]) -> Path | None:
    """Find the parsing network that is to be used: IDPHOTO_PARSER, or the installed one, or none.

    Raises ModelCorruptError when the installed one is not what was installed.
    """
    if named := env.get("IDPHOTO_PARSER"):
        return Path(named).expanduser()
    path = installed_parser(home)
    if not path.is_file():
        return None
    if sha256_of(path.read_bytes()) != _recorded(home):
        raise ModelCorruptError(f"{path} has been changed or damaged", advice="Install it again, or remove it")
    return path


def install_parser(home: Path, file: Path) -> Path:
    """Put a parsing network into the models' home once it has been seen to work. Raises as open_parser does."""
    open_parser(file, threads=1)
    content = file.read_bytes()
    write_atomically(installed_parser(home), content)
    write_atomically(_record(home), (json.dumps({"sha256": sha256_of(content)}) + "\n").encode())
    return installed_parser(home)


def parser_record(home: Path) -> ModelRecord:
    """Say whether a parsing network is installed, and whether it is still what was installed."""
    path = installed_parser(home)
    if not path.is_file():
        return ModelRecord(PARSER, path, 0, "", "missing", _LICENCE, PARSER)
    content = path.read_bytes()
    found = sha256_of(content)
    return ModelRecord(
        PARSER, path, len(content), found, "ok" if found == _recorded(home) else "corrupt", _LICENCE, PARSER
    )


def remove_parser(home: Path) -> bool:
    """Take the installed one away; tell whether there was one."""
    there = installed_parser(home).is_file()
    for path in (_record(home), installed_parser(home)):
        path.unlink(missing_ok=True)
    return there


def installed_parser(home: Path) -> Path:
    return home / "parser" / "parser.onnx"


def _record(home: Path) -> Path:
    return home / "parser" / "parser.json"


def _recorded(home: Path) -> str:
    try:
        return str(json.loads(_record(home).read_bytes())["sha256"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _side(session: Any, path: Path) -> int:
    """Read how large a square the network takes; one that takes any gets OFIQ's 400."""
    inputs = session.get_inputs()
    shape = list(inputs[0].shape)
    if len(inputs) != 1 or inputs[0].type != "tensor(float)" or len(shape) != 4:
        raise _unsuitable(path, "does not take one float32 picture")
    height, width = shape[2:]
    if not isinstance(height, int) or not isinstance(width, int):
        return _USUAL_SIDE
    if height != width or height not in _SIDES:
        raise _unsuitable(path, f"takes pictures of {height} x {width}")
    return height


def _try(session: Any, path: Path, side: int) -> None:
    picture = np.broadcast_to(np.linspace(-2.0, 2.0, side, dtype=np.float32), (1, 3, side, side)).copy()
    try:
        scores = np.asarray(session.run(None, {session.get_inputs()[0].name: picture})[0])
    except Exception as error:  # as above
        raise _unsuitable(path, f"cannot be run on a picture: {error}") from error
    if scores.ndim != 4 or scores.shape[:2] != (1, _CLASSES):
        shape = " x ".join(str(length) for length in scores.shape)
        raise _unsuitable(path, f"gives {shape}, not 1 x {_CLASSES} classes")


def _unsuitable(path: Path, what: str) -> EngineUnsuitableError:
    return EngineUnsuitableError(f"The parsing network {path} {what}", advice=_ADVICE)
