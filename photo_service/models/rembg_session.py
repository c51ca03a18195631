"""Bring the embedded segmenter and rembg's own engines under one port.

Importing this module imports rembg: seconds when warm, nearly a minute the first time, as it compiles. The default
engine does without it; `load.py` comes here only for an engine of the rembg family.
"""

from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from rembg.sessions import sessions as rembg_sessions
from rembg.sessions.base import BaseSession

from photo_service.models.catalogue import SELFIE_SEGMENTATION
from photo_service.models.errors import (
    EngineNotLocalError,
    EngineUnsuitableError,
    ModelMissingError,
    ModelUnloadableError,
    UnknownEngineError,
)
from photo_service.models.ports import Alpha, Rgb
from photo_service.models.selfie_segmenter import SELFIE_ENGINE, SelfieSegmenter
from photo_service.models.sessions import PROVIDERS, Network, session_options
from photo_service.models.store import embedded_path, rembg_path

_CUSTOM_PREFIX = "custom:"
_CUSTOM_SESSION = "u2net_custom"
_NEEDS_A_PATH = frozenset({"u2net_custom", "dis_custom", "ben_custom"})
_NOT_ONE_PERSON_MASK = {"sam": "it needs a prompt", "u2net_cloth_seg": "it separates clothes, not the person"}


class SelfieSession(BaseSession):  # type: ignore[misc]  # rembg ships no types
    """The embedded segmenter as a rembg session: `SelfieSession("selfie", options, home=...)`.

    The open signatures are rembg's, which hands every keyword through to every method.
    """

    def __init__(self, model_name: str, sess_opts: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(model_name, sess_opts, *args, **{"providers": PROVIDERS, **kwargs})
        self._segmenter = SelfieSegmenter(Network(self.inner_session))

    def predict(self, img: Image.Image, *args: Any, **kwargs: Any) -> list[Image.Image]:  # noqa: ARG002  # rembg's signature
        """Give one mask, 8 bits, of the picture's own size."""
        alpha = self._segmenter.segment(np.asarray(img.convert("RGB")))
        return [Image.fromarray(np.rint(alpha * 255.0).astype(np.uint8))]

    @classmethod
    def download_models(cls, *args: Any, **kwargs: Any) -> str:  # noqa: ARG003  # rembg's signature
        """Give the file installed in `home`; raises ModelMissingError, ModelCorruptError. Downloads nothing."""
        return str(embedded_path(Path(kwargs["home"]), SELFIE_SEGMENTATION))

    @classmethod
    def name(cls, *args: Any, **kwargs: Any) -> str:  # noqa: ARG003  # rembg's signature
        return SELFIE_ENGINE


class RembgSegmenter:
    """Put any rembg session behind the Segmenter port; `name` is what `--engine` was given."""

    def __init__(self, session: Any, *, name: str) -> None:
        self._session = session
        self._name = name

    @property
    def name(self) -> str:
        """The engine's name as `--engine` takes it."""
        return self._name

    def segment(self, picture: Rgb) -> Alpha:
        """Separate the person from the background, at the picture's own size.

        Raises EngineUnsuitableError when the engine answers with anything but one mask.
        """
        masks = self._session.predict(Image.fromarray(picture))
        if len(masks) != 1:
            raise EngineUnsuitableError(
                f"The engine {self._name} gave {len(masks)} masks, one is needed", advice="Use another engine"
            )
        return np.asarray(masks[0].convert("L"), np.float32) / np.float32(255.0)


def load_rembg_segmenter(home: Path, name: str, *, threads: int) -> RembgSegmenter:
    """Load an installed engine of the rembg family: a name rembg knows, or `custom:/path/to/model.onnx`.

    Raises UnknownEngineError, EngineNotLocalError, EngineUnsuitableError, ModelMissingError, ModelUnloadableError.
    """
    if name.startswith(_CUSTOM_PREFIX):
        session_class = rembg_sessions[_CUSTOM_SESSION]
        path = _custom_path(name.removeprefix(_CUSTOM_PREFIX))
    else:
        session_class = _named_session(name)
        path = _installed_path(home, name, session_class)
    return RembgSegmenter(_open(session_class, path, threads=threads), name=f"rembg:{name}")


def _named_session(name: str) -> Any:
    """Look a session class up by rembg's name, and refuse those that may not or cannot serve."""
    if name not in rembg_sessions:
        refused = _NEEDS_A_PATH | _NOT_ONE_PERSON_MASK.keys()
        usable = sorted(key for key, value in rembg_sessions.items() if value.is_local() and key not in refused)
        raise UnknownEngineError(f"rembg has no engine {name!r}", advice=f"It has: {', '.join(usable)}")
    session_class = rembg_sessions[name]
    if not session_class.is_local():
        raise EngineNotLocalError(
            f"The engine {name} sends the photo to a third party",
            advice="Students agreed to no such thing: use an engine that runs on this machine",
        )
    if name in _NEEDS_A_PATH:
        raise EngineUnsuitableError(
            f"The engine {name} needs a model file", advice="Use rembg:custom:/path/to/model.onnx"
        )
    if name in _NOT_ONE_PERSON_MASK:
        raise EngineUnsuitableError(
            f"The engine {name} will not do: {_NOT_ONE_PERSON_MASK[name]}", advice="Use another"
        )
    return session_class


def _custom_path(path: str) -> Path:
    if not Path(path).is_file():
        raise ModelMissingError(f"There is no model file {path}", advice="Give the path of an ONNX file after custom:")
    return Path(path).resolve()


def _installed_path(home: Path, name: str, session_class: Any) -> Path:
    """Find an engine's file: in our own models' home, else where rembg itself keeps downloads."""
    own = rembg_path(home, name)
    kept_by_rembg = session_class.resolve_existing(own.name)
    if own.is_file():
        return own
    if kept_by_rembg is not None:
        return Path(kept_by_rembg)
    raise ModelMissingError(
        f"The engine rembg:{name} is not installed: there is no {own}", advice=f"Run: idphoto models install {name}"
    )


def _open(session_class: Any, path: Path, *, threads: int) -> Any:
    """Open a session on a file that is there.

    rembg's sessions download whatever their own lookup misses. A subclass that knows its file cannot: that no photo
    ever waits for a surprise download is then true by construction, also when the file vanishes meanwhile.
    """
    pinned = type(
        f"Installed{session_class.__name__}",
        (session_class,),
        {"download_models": classmethod(lambda cls, *args, **kwargs: str(path))},  # noqa: ARG005  # rembg's signature
    )
    try:
        return pinned(session_class.name(), session_options(threads), model_path=str(path), providers=PROVIDERS)
    except Exception as error:  # onnxruntime raises a dozen unrelated types of its own
        raise ModelUnloadableError(
            f"onnxruntime cannot load {path}: {error}", advice="Install or export it anew"
        ) from error
