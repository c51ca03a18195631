"""rembg's engines, and a school's own models, cut people out through the same port; what cannot serve is refused."""

import json
import shutil
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest
from click.testing import CliRunner
from made_networks import always, bright_is_person, broken_where_dark, in_u2nets_clothes, network
from model_server import Answer, ModelServer, model_server
from onnx import TensorProto, helper
from PIL import Image

from benchmarks.portraits import astronaut as portrait_of_an_astronaut
from photo_service.cli import main
from photo_service.compliance import inspect
from photo_service.models.catalogue import SELFIE_SEGMENTATION
from photo_service.models.checksum import file_checksum
from photo_service.models.custom_model import custom_session
from photo_service.models.download import Downloader
from photo_service.models.errors import EngineUnsuitableError, ModelUnloadableError
from photo_service.models.guarded_network import GuardedNetwork, NobodySeen
from photo_service.models.load import load_segmenter
from photo_service.models.ports import Rgb
from photo_service.models.rembg_catalogue import ModelFile, RembgModel, read_catalogue, usable
from photo_service.models.rembg_door import import_sessions
from photo_service.models.rembg_install import Installer
from photo_service.pipeline import open_studio
from photo_service.specs import load_catalogue

NAME = "u2net_human_seg"
URL = f"https://github.com/danielgatis/rembg/releases/download/v0.0.0/{NAME}.onnx"


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with model_server() as running:
        yield running


def kept(folder: Path, content: bytes) -> Path:
    file = folder / "own.onnx"
    file.write_bytes(content)
    return file


def half_bright() -> Rgb:
    """Dark on the left, bright on the right, wider than high."""
    picture = np.zeros((60, 80, 3), np.uint8)
    picture[:, 40:] = 255
    return picture


def test_a_selfie_goes_all_the_way_through_an_installed_rembg_engine(
    server: ModelServer, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fetched from a mirror over a line that breaks, verified, recorded; then `idphoto make` makes a compliant photo.

    The model is the embedded segmenter as a network of u2net's shape, so the mask is a true one.
    """
    content = in_u2nets_clothes(home / SELFIE_SEGMENTATION.file)
    server.will(Answer(content, stop_after=len(content) // 3), Answer(content))
    models = Path(shutil.copytree(home, tmp_path / "models"))
    declared = ModelFile(URL, file_checksum(kept(tmp_path, content), "md5"))
    installer = Installer(
        home=models,
        catalogue={NAME: RembgModel(NAME, local=True, file=declared)},
        downloader=Downloader(lambda: httpx.Client(trust_env=False), sleep=lambda _: None),
        mirror=server.url,
        say=lambda _: None,
        meter=lambda *_: None,
    )
    assert installer.install(NAME).ok
    portrait_of_an_astronaut().crop((90, 0, 360, 360)).save(tmp_path / "selfie.jpg", quality=95)
    monkeypatch.setenv("IDPHOTO_MODELS", str(models))

    made = CliRunner().invoke(
        main,
        ["make", str(tmp_path / "selfie.jpg"), "--engine", f"rembg:{NAME}", "--report", "json"],
    )

    assert made.exit_code == 0, made.output
    report = json.loads(made.stdout)
    photo = tmp_path / "selfie-one-inch.jpg"
    assert (report["engine"], report["verdict"]) == (f"rembg:{NAME}", "pass")
    assert inspect(photo.read_bytes(), load_catalogue()["one-inch"]) == []
    corners = np.asarray(Image.open(photo).convert("RGB"))[:20, [0, -1]]
    assert corners.min() > 250


def test_what_was_read_of_rembg_is_what_rembg_says_of_itself() -> None:
    """Names and locality agree with its own registry."""
    import_sessions()
    from rembg.sessions import sessions

    catalogue = read_catalogue()
    assert catalogue.keys() == sessions.keys()
    assert {name: model.local for name, model in catalogue.items()} == {
        name: session.is_local() for name, session in sessions.items()
    }
    assert {model.name for model in usable(catalogue)} <= sessions.keys()


@pytest.mark.parametrize(
    "takes",
    [(1, 3, 320, 320), ("batch", 3, "height", "width"), (1, 3, 1024, 1024)],
    ids=["as u2net", "of any size", "as isnet"],
)
def test_a_schools_own_model_cuts_people_out(tmp_path: Path, takes: tuple[int | str, ...]) -> None:
    """Given by path, wherever it lies; what it takes for the person is the foreground, at the picture's own size."""
    engine = f"rembg:custom:{kept(tmp_path, bright_is_person(takes=takes, gives=(takes[0], 1, *takes[2:])))}"
    segmenter = load_segmenter(tmp_path / "models", engine)
    alpha = segmenter.segment(half_bright())
    assert segmenter.name == engine
    assert (alpha.dtype, alpha.shape) == (np.float32, (60, 80))
    assert alpha[:, :30].max() < 0.1
    assert alpha[:, 50:].min() > 0.9


def test_an_engine_of_rembgs_opens_without_the_library_that_compiles_itself(tmp_path: Path) -> None:
    """Nobody waits a minute for functions never called; whoever imports rembg itself later finds nothing half done."""
    script = """
import sys
from pathlib import Path
from photo_service.models.load import load_segmenter
print(load_segmenter(Path("nowhere"), sys.argv[1]).name)
sys.exit(", ".join({"rembg", "numba", "pymatting"} & set(sys.modules)))
"""
    engine = f"rembg:custom:{kept(tmp_path, bright_is_person())}"
    run = subprocess.run([sys.executable, "-c", script, engine], capture_output=True, text=True, check=False)
    assert (run.stdout.strip(), run.stderr.strip()) == (engine, "")


PASSED_ON = [helper.make_node("Identity", ["image"], ["mask"])]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (network(PASSED_ON, takes=(1, 320, 320, 3), gives=(1, 320, 320, 3)), "1 x 320 x 320 x 3"),
        (network(PASSED_ON, takes=(1, 1, 320, 320), gives=(1, 1, 320, 320)), "1 x 1 x 320 x 320"),
        (network(PASSED_ON, takes=(3, 320, 320), gives=(3, 320, 320)), "3 x 320 x 320"),
        (bright_is_person(takes=(1, 3, 512, 512), gives=(1, 1, 512, 512)), "512 x 512"),
        (network(PASSED_ON, takes=(1, 3, 320, 320), gives=(1, 3, 320, 320)), "gives 1 x 3 x 320 x 320"),
        (
            network(PASSED_ON, takes=(1, 3, 320, 320), gives=(1, 3, 320, 320), kind=TensorProto.FLOAT16),
            "not float32",
        ),
        (
            network(
                [helper.make_node("ReduceMean", ["image"], ["mask"], keepdims=0)],
                gives=(),
            ),
            "gives a single number",
        ),
        (
            network(
                [helper.make_node("Mul", ["image", "strength"], ["mask"])],
                gives=(1, 3, 320, 320),
                also_takes=("strength",),
            ),
            "2 inputs",
        ),
        (broken_where_dark(), "no numbers"),
        (
            network(
                [helper.make_node("Reshape", ["image", "shape"], ["mask"])],
                takes=(1, 3, "height", "width"),
                gives=(1, 1, 9, 9),
                weights={"shape": np.array([1, 1, 9, 9], np.int64)},
            ),
            "cannot be run",
        ),
    ],
    ids=["NHWC", "grey", "no batch", "512", "three masks", "float16", "number", "two inputs", "NaN", "fails"],
)
def test_a_model_that_cannot_serve_is_refused_before_the_first_photo(
    tmp_path: Path, content: bytes, fault: str
) -> None:
    """What is wrong with it is said, and what it should be exported as."""
    with pytest.raises(EngineUnsuitableError, match=fault) as raised:
        custom_session(kept(tmp_path, content), threads=1)
    assert "1 x 3 x 320 x 320" in raised.value.advice


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    """A PyTorch file renamed, or a download cut short."""
    with pytest.raises(ModelUnloadableError, match=r"own\.onnx"):
        load_segmenter(tmp_path, f"rembg:custom:{kept(tmp_path, b'not a model')}")


@pytest.mark.parametrize(
    "content",
    [always(0.0), always(0.3), always(1.0), always(0.01, tilt=0.02), always(0.2, tilt=0.25)],
    ids=["nothing", "flat", "all", "noise", "nowhere likely"],
)
def test_a_picture_of_nobody_gives_an_empty_mask_and_not_a_stretched_one(tmp_path: Path, content: bytes) -> None:
    """rembg would stretch 0.01 to 0.03 over the full range, and divide zero by zero where all is alike."""
    segmenter = load_segmenter(tmp_path, f"rembg:custom:{kept(tmp_path, content)}")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        alpha = segmenter.segment(half_bright())
    assert (alpha.shape, alpha.max()) == ((60, 80), 0.0)


def test_an_engine_that_finds_nobody_where_there_is_a_face_makes_no_photo(home: Path, tmp_path: Path) -> None:
    """The face is located by its own network; the empty mask is a reason for the student, not a crash."""
    studio = open_studio(home, engine=f"rembg:custom:{kept(tmp_path, always(0.0))}")
    file = tmp_path / "selfie.jpg"
    portrait_of_an_astronaut().crop((90, 0, 360, 360)).save(file, quality=95)
    made = studio.render(file.read_bytes(), spec="one-inch", source="selfie")
    assert made.photo is None
    assert made.report.error is None
    assert "background_unclear" in {finding.code for finding in made.report.findings}


def test_a_sure_mask_is_stretched_as_rembg_does(tmp_path: Path) -> None:
    """Only nobody is told apart: a mask that finds someone is rembg's own."""
    segmenter = load_segmenter(tmp_path, f"rembg:custom:{kept(tmp_path, always(0.1, tilt=0.7))}")
    alpha = segmenter.segment(half_bright())
    assert alpha.min() < 0.02
    assert alpha.max() > 0.98


class MadeSession:
    """An onnxruntime session that answers with a mask made up beforehand."""

    def __init__(self, mask: object) -> None:
        self._mask = np.asarray(mask, np.float32).reshape(1, 1, 1, -1)

    def run(self, *_: object) -> list[np.ndarray]:
        return [self._mask, np.zeros(1, np.float32)]


@pytest.mark.parametrize(
    ("mask", "expected"),
    [
        ([0.1, np.nan, 0.9], [0.1, 0.1, 0.9]),
        ([np.inf, 0.2, 0.9], [0.9, 0.2, 0.9]),
        ([-np.inf, 0.2, 0.9], [0.2, 0.2, 0.9]),
        ([-300.0, np.nan, 250.0], [-300.0, -300.0, 250.0]),
    ],
)
def test_what_is_no_number_is_background(mask: list[float], expected: list[float]) -> None:
    """A single NaN would make rembg's whole mask NaN, and what a NaN becomes in 8 bits differs by machine."""
    found, other = GuardedNetwork(MadeSession(mask), logits=False).run(None, {})
    np.testing.assert_array_equal(found.ravel(), np.asarray(expected, np.float32))
    assert other.shape == (1,)


@pytest.mark.parametrize(
    ("mask", "logits"),
    [([-4.0, -1.0], True), ([np.nan, np.nan], False), ([np.inf, -np.inf], True), ([0.2, 0.4999], False), ([], False)],
)
def test_a_mask_that_finds_nobody_likely_says_so(mask: list[float], logits: bool) -> None:
    """Likely begins at nought for BiRefNet, which answers in logits, and at half for those that answer in chances."""
    with pytest.raises(NobodySeen):
        GuardedNetwork(MadeSession(mask), logits=logits).run(None, {})


def test_values_that_are_neither_logits_nor_probabilities_are_left_as_they_are() -> None:
    """A school's own model may answer from -3 to -1: the stretch is all that gives it meaning."""
    found, _ = GuardedNetwork(MadeSession([-3.0, -1.0]), logits=False).run(None, {})
    assert found.ravel().tolist() == [-3.0, -1.0]
