"""Bring the embedded segmenter and rembg's own engines under one port.

Importing this module imports rembg. The default engine does without it; `load.py` comes here only for an engine of the
rembg family, and by `rembg_door`, which spares half a minute of compiling the first time.
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
    ModelUnloadableError,
    UnknownEngineError,
)
from photo_service.models.guarded_network import GuardedNetwork, NobodySeen
from photo_service.models.ports import Alpha, Rgb
from photo_service.models.selfie_segmenter import SELFIE_ENGINE, SelfieSegmenter
from photo_service.models.sessions import PROVIDERS, Network, session_options
from photo_service.models.store import embedded_path


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
        """Separate the person from the background, at the picture's own size; all background where nobody is seen.

        Raises EngineUnsuitableError when the engine answers with anything but one mask.
        """
        try:
            masks = self._session.predict(Image.fromarray(picture))
        except NobodySeen:
            return np.zeros(picture.shape[:2], np.float32)
        if len(masks) != 1:
            raise EngineUnsuitableError(
                f"The engine {self._name} gave {len(masks)} masks, one is needed", advice="Use another engine"
            )
        return np.asarray(masks[0].convert("L"), np.float32) / np.float32(255.0)


def open_rembg_segmenter(session_name: str, path: Path, *, engine: str, threads: int) -> RembgSegmenter:
    """Run a model file that is there by one of rembg's session classes; `engine` is what `--engine` was given.

    Raises UnknownEngineError, EngineNotLocalError, ModelUnloadableError.
    """
    if session_name not in rembg_sessions:
        raise UnknownEngineError(f"This rembg has no session {session_name}", advice="Run: make setup")
    session_class = rembg_sessions[session_name]
    if not session_class.is_local():  # asked of the class itself too, whatever its source was read to say
        raise EngineNotLocalError(
            f"The engine {session_name} sends the photo to a third party", advice="Use one that runs on this machine"
        )
    return RembgSegmenter(_open(session_class, path, threads=threads), name=engine)


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
        session = pinned(session_class.name(), session_options(threads), model_path=str(path), providers=PROVIDERS)
    except Exception as error:  # onnxruntime raises a dozen unrelated types of its own
        raise ModelUnloadableError(
            f"onnxruntime cannot load {path}: {error}", advice="Install or export it anew"
        ) from error
    session.inner_session = GuardedNetwork(session.inner_session, logits=hasattr(session_class, "sigmoid"))
    return session
