"""Load every network the pipeline needs, once, in the process that will run them."""

from dataclasses import dataclass
from pathlib import Path

from photo_service.models.catalogue import FACE_DETECTION, FACE_MESH, IRIS, SELFIE_SEGMENTATION
from photo_service.models.errors import UnknownEngineError
from photo_service.models.face_detector import BlazeFaceFinder
from photo_service.models.face_mesh import MediaPipeMesher
from photo_service.models.iris import MediaPipeIrisFinder
from photo_service.models.ports import FaceFinder, FaceMesher, IrisFinder, Segmenter
from photo_service.models.selfie_segmenter import SELFIE_ENGINE, SelfieSegmenter
from photo_service.models.sessions import open_embedded

REMBG_PREFIX = "rembg:"


@dataclass(frozen=True, slots=True)
class Networks:
    """The four networks, behind the stages' ports."""

    finder: FaceFinder
    mesher: FaceMesher
    irises: IrisFinder
    segmenter: Segmenter


def load_networks(home: Path, *, threads: int = 1, engine: str = SELFIE_ENGINE) -> Networks:
    """Load the networks from the models' home, each checked against its recorded checksum.

    Call it after forking. `engine` is `selfie`, `rembg:NAME` or `rembg:custom:/path.onnx`; only the last two import
    rembg, which takes seconds. Nothing is ever downloaded.
    Raises ModelMissingError, ModelCorruptError, ModelUnloadableError, UnknownEngineError, EngineNotLocalError,
    EngineUnsuitableError.
    """
    return Networks(
        finder=BlazeFaceFinder(open_embedded(home, FACE_DETECTION, threads=threads)),
        mesher=MediaPipeMesher(open_embedded(home, FACE_MESH, threads=threads)),
        irises=MediaPipeIrisFinder(open_embedded(home, IRIS, threads=threads)),
        segmenter=load_segmenter(home, engine, threads=threads),
    )


def load_segmenter(home: Path, engine: str, *, threads: int = 1) -> Segmenter:
    """Load the segmenter of one engine alone; raises as load_networks does."""
    if engine == SELFIE_ENGINE:
        return SelfieSegmenter(open_embedded(home, SELFIE_SEGMENTATION, threads=threads))
    if engine.startswith(REMBG_PREFIX):
        from photo_service.models.rembg_session import load_rembg_segmenter  # seconds to import: only when asked for

        return load_rembg_segmenter(home, engine.removeprefix(REMBG_PREFIX), threads=threads)
    raise UnknownEngineError(
        f"There is no engine {engine!r}", advice="Use selfie, rembg:NAME or rembg:custom:/path/to/model.onnx"
    )
