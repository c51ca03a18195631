"""Load every network the pipeline needs, once, in the process that will run them."""

from dataclasses import dataclass
from pathlib import Path

from photo_service.models.catalogue import FACE_DETECTION, FACE_MESH, IRIS, PALM_DETECTION, SELFIE_SEGMENTATION
from photo_service.models.custom_model import custom_path, custom_session
from photo_service.models.errors import UnknownEngineError
from photo_service.models.face_detector import BlazeFaceFinder
from photo_service.models.face_mesh import MediaPipeMesher
from photo_service.models.face_parser import open_parser
from photo_service.models.hand_finder import BlazePalmFinder
from photo_service.models.iris import MediaPipeIrisFinder
from photo_service.models.ports import FaceFinder, FaceMesher, FaceParser, HandFinder, IrisFinder, Segmenter
from photo_service.models.rembg_catalogue import find_file, read_catalogue
from photo_service.models.rembg_door import import_sessions
from photo_service.models.rembg_store import verified_rembg_path
from photo_service.models.selfie_segmenter import SELFIE_ENGINE, SelfieSegmenter
from photo_service.models.sessions import open_embedded

REMBG_PREFIX = "rembg:"
CUSTOM_PREFIX = "rembg:custom:"


@dataclass(frozen=True, slots=True)
class Networks:
    """The five networks, and a parsing network where there is one, behind the stages' ports."""

    finder: FaceFinder
    mesher: FaceMesher
    irises: IrisFinder
    hands: HandFinder
    segmenter: Segmenter
    parser: FaceParser | None = None


def load_networks(home: Path, *, threads: int = 1, engine: str = SELFIE_ENGINE, parser: Path | None = None) -> Networks:
    """Load the networks from the models' home, each checked against its recorded checksum.

    Call it after forking. `engine` is `selfie`, `rembg:NAME` or `rembg:custom:/path.onnx`; only the last two import
    what they need of rembg. `parser` is a parsing network's file (see face_parser). Nothing is ever downloaded.
    Raises ModelMissingError, ModelCorruptError, ModelUnloadableError, UnknownEngineError, EngineNotLocalError,
    EngineUnsuitableError, LicenceNotAcceptedError.
    """
    return Networks(
        finder=BlazeFaceFinder(open_embedded(home, FACE_DETECTION, threads=threads)),
        mesher=MediaPipeMesher(open_embedded(home, FACE_MESH, threads=threads)),
        irises=MediaPipeIrisFinder(open_embedded(home, IRIS, threads=threads)),
        hands=BlazePalmFinder(open_embedded(home, PALM_DETECTION, threads=threads)),
        segmenter=load_segmenter(home, engine, threads=threads),
        parser=open_parser(parser, threads=threads) if parser else None,
    )


def load_segmenter(home: Path, engine: str, *, threads: int = 1) -> Segmenter:
    """Load the segmenter of one engine alone; raises as load_networks does."""
    if engine == SELFIE_ENGINE:
        return SelfieSegmenter(open_embedded(home, SELFIE_SEGMENTATION, threads=threads))
    if engine.startswith(REMBG_PREFIX):
        return _load_rembg(home, engine, threads=threads)
    raise UnknownEngineError(
        f"There is no engine {engine!r}", advice="Use selfie, rembg:NAME or rembg:custom:/path/to/model.onnx"
    )


def _load_rembg(home: Path, engine: str, *, threads: int) -> Segmenter:
    """Find the model's file first, and import rembg only for one that can serve: a wrong name is answered at once."""
    if engine.startswith(CUSTOM_PREFIX):
        path = custom_path(engine.removeprefix(CUSTOM_PREFIX))
        session = custom_session(path, threads=threads)
    else:
        session = engine.removeprefix(REMBG_PREFIX)
        find_file(read_catalogue(), session)
        path = verified_rembg_path(home, session)
    import_sessions()
    from photo_service.models.rembg_session import open_rembg_segmenter  # needs rembg, and half a second

    return open_rembg_segmenter(session, path, engine=engine, threads=threads)
