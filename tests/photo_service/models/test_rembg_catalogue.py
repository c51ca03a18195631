"""What rembg has is read from rembg itself, without importing it, and what may not serve is refused by name."""

import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from photo_service.models.checksum import Checksum
from photo_service.models.errors import EngineNotLocalError, EngineUnsuitableError, ModelError, UnknownEngineError
from photo_service.models.rembg_catalogue import Catalogue, ModelFile, find_file, read_catalogue, usable
from photo_service.models.rembg_notes import NOTES, note_on

MD5, SHA256 = "md5:" + "0" * 32, "sha256:" + "a" * 64
ENGINES_MD = Path(__file__).resolve().parents[3] / "docs" / "engines.md"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read_catalogue()


def session(name: str, *lines: str, local: str = "True") -> str:
    """Write a session class as rembg writes them."""
    body = "\n".join(f"        {line}" for line in lines) or "        pass"
    return dedent(f"""
class Session{abs(hash(name))}(BaseSession):
    @classmethod
    def download_models(cls, *args, **kwargs):
{body}

    @classmethod
    def is_local(cls, *args, **kwargs):
        return {local}

    @classmethod
    def name(cls, *args, **kwargs):
        return {name!r}
""")


def written(folder: Path, *classes: str) -> Catalogue:
    (folder / "sessions.py").write_text("\n".join(classes))
    return read_catalogue(folder)


def test_the_installed_rembg_is_read(catalogue: Catalogue) -> None:
    """Every model a school may want is there with an address and a checksum."""
    names = {model.name for model in usable(catalogue)}
    assert {"u2net", "u2netp", "u2net_human_seg", "silueta", "isnet-general-use", "birefnet-portrait"} <= names
    assert {"birefnet-general", "birefnet-general-lite", "bria-rmbg"} <= names
    assert not names & {"sam", "u2net_cloth_seg", "u2net_custom", "withoutbg", "atlascloud"}
    files = [find_file(catalogue, name) for name in names]
    assert all(file.url.startswith("https://") and file.url.endswith(".onnx") for file in files)
    assert len({file.checksum for file in files}) == len(files)


def test_reading_it_does_not_import_it() -> None:
    """A mistyped name is answered in a moment, not after a minute of compiling."""
    script = """
import sys
from photo_service.models.load import load_segmenter
from photo_service.models.errors import UnknownEngineError
from pathlib import Path
try:
    load_segmenter(Path("nowhere"), "rembg:u2nett")
except UnknownEngineError as error:
    print(error.advice.split("?")[0])
sys.exit(", ".join({"rembg", "numba", "pymatting", "pooch"} & set(sys.modules)))
"""
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (run.stdout.strip(), run.stderr.strip()) == ("Did you mean u2net", "")


def test_each_way_of_declaring_a_checksum_is_understood(tmp_path: Path) -> None:
    """Plainly, or behind rembg's own switch: ours has no switch."""
    found = written(
        tmp_path,
        session("plain", f'pooch.retrieve("https://a.example/p.onnx", "{MD5}", fname="p")'),
        session("switched", f'pooch.retrieve("https://a.example/s.onnx", None if off() else "{SHA256}", fname="s")'),
    )
    assert found["plain"].file == ModelFile("https://a.example/p.onnx", Checksum.parse(MD5))
    assert found["switched"].file == ModelFile("https://a.example/s.onnx", Checksum.parse(SHA256))


@pytest.mark.parametrize(
    "lines",
    [
        ('pooch.retrieve("https://a.example/x.onnx", None)',),
        (f'pooch.retrieve(f"https://a.example/{{x}}.onnx", "{MD5}")',),
        (f'pooch.retrieve("https://a.example/1", "{MD5}")', f'pooch.retrieve("https://a.example/2", "{MD5}")'),
        ("return kwargs['path']",),
        ('pooch.retrieve("https://a.example/x.onnx")',),
    ],
    ids=["no checksum", "computed address", "two files", "no download", "no second argument"],
)
def test_a_model_without_one_file_and_one_checksum_is_not_installable(tmp_path: Path, lines: tuple[str, ...]) -> None:
    """Nothing is ever fetched that cannot be verified."""
    found = written(
        tmp_path, session("sound", f'pooch.retrieve("https://a.example/s", "{MD5}")'), session("odd", *lines)
    )
    assert [model.name for model in usable(found)] == ["sound"]
    with pytest.raises(EngineUnsuitableError, match="odd"):
        find_file(found, "odd")


@pytest.mark.parametrize("local", ["False", "ask_the_network()"])
def test_whoever_does_not_plainly_say_that_it_is_local_is_not(tmp_path: Path, local: str) -> None:
    """A sender that rembg adds tomorrow is refused without a change here."""
    sender = session("sender", f'pooch.retrieve("https://a.example/s", "{MD5}")', local=local)
    found = written(tmp_path, sender, session("sound", f'pooch.retrieve("https://a.example/s", "{MD5}")'))
    with pytest.raises(EngineNotLocalError, match="third party"):
        find_file(found, "sender")


@pytest.mark.parametrize(
    ("name", "error", "code"),
    [
        ("withoutbg", EngineNotLocalError, "engine_not_local"),
        ("atlascloud", EngineNotLocalError, "engine_not_local"),
        ("sam", EngineUnsuitableError, "engine_unsuitable"),
        ("u2net_cloth_seg", EngineUnsuitableError, "engine_unsuitable"),
        ("birefnet-general-fp16", EngineUnsuitableError, "engine_unsuitable"),
        ("u2net_custom", EngineUnsuitableError, "engine_unsuitable"),
        ("ben2", UnknownEngineError, "unknown_engine"),
    ],
)
def test_what_may_not_or_cannot_serve_is_refused_with_advice(
    catalogue: Catalogue, name: str, error: type[ModelError], code: str
) -> None:
    """Each refusal has a code for machines and a sentence for people."""
    with pytest.raises(error) as raised:
        find_file(catalogue, name)
    assert raised.value.code == code
    assert raised.value.advice


def test_a_rembg_that_cannot_be_read_is_said_to_be_so(tmp_path: Path) -> None:
    """Should rembg be written anew one day, the message names the folder."""
    with pytest.raises(UnknownEngineError, match=str(tmp_path)):
        read_catalogue(tmp_path)


def test_every_model_of_the_installed_rembg_has_been_looked_at(catalogue: Catalogue) -> None:
    """Licence, use and size are noted here and in docs/engines.md; a newer rembg's new models fail this sentence."""
    page = ENGINES_MD.read_text()
    names = {model.name for model in usable(catalogue)}
    assert names == NOTES.keys()
    assert [name for name in sorted(names) if f"`{name}`" not in page] == []


def test_a_model_nobody_has_looked_at_asks_for_its_licence_to_be_read() -> None:
    """Until someone here has read it, its licence counts as one with conditions."""
    assert note_on("newer-than-we").conditions
    assert [name for name, note in NOTES.items() if note.conditions] == ["bria-rmbg"]
