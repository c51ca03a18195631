"""A network is run only if it is, byte for byte, the one that was installed."""

import shutil
from pathlib import Path

import pytest

from photo_service.models.catalogue import EMBEDDED, FACE_MESH
from photo_service.models.errors import ModelCorruptError, ModelMissingError, ModelUnloadableError
from photo_service.models.load import load_networks
from photo_service.models.sessions import open_network
from photo_service.models.store import (
    MANIFEST,
    embedded_path,
    installed,
    models_home,
    verify,
    write_atomically,
    write_manifest,
)


@pytest.fixture
def copy(home: Path, tmp_path: Path) -> Path:
    """A models' home of one's own to spoil."""
    return Path(shutil.copytree(home, tmp_path / "models"))


def test_an_operator_sees_every_network_with_its_checksum_and_licence(copy: Path) -> None:
    """`idphoto models list` names all four, sound, with what an auditor asks for."""
    records = installed(copy)
    assert [record.name for record in records] == [model.name for model in EMBEDDED]
    assert all(record.ok and record.licence == "Apache-2.0" and record.family == "embedded" for record in records)
    assert all(record.size == record.path.stat().st_size and len(record.sha256) == 64 for record in records)
    assert verify(copy) == records


def test_a_network_changed_by_one_byte_is_refused_by_name(copy: Path) -> None:
    """A disk fault, or someone's tampering, stops the start and says which file and what to do."""
    file = copy / FACE_MESH.file
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    with pytest.raises(ModelCorruptError, match=r"face_mesh\.onnx") as raised:
        load_networks(copy)
    assert "idphoto models install" in raised.value.advice
    assert [record.name for record in installed(copy) if not record.ok] == ["face_mesh"]


def test_a_network_that_is_not_there_is_named_with_what_to_do(tmp_path: Path) -> None:
    """A fresh machine says "run idphoto models install" instead of a stack trace."""
    with pytest.raises(ModelMissingError, match=r"face_detection\.onnx.*idphoto models install"):
        load_networks(tmp_path)
    assert {record.state for record in installed(tmp_path)} == {"missing"}


def test_networks_without_their_manifest_do_not_count(copy: Path) -> None:
    """An installation cut short before the manifest, its last step, is taken for what it is."""
    (copy / MANIFEST).unlink()
    with pytest.raises(ModelCorruptError, match="manifest"):
        verify(copy)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"schema": 99, "converter": 1, "models": []}'])
def test_a_broken_manifest_is_no_manifest(copy: Path, content: bytes) -> None:
    """Whatever a crash left in it, the answer is to install again, not a stack trace."""
    (copy / MANIFEST).write_bytes(content)
    assert {record.state for record in installed(copy)} == {"outdated"}


def test_a_file_that_onnxruntime_cannot_load_is_named(tmp_path: Path) -> None:
    """Even where the checksum agrees, bytes that are no network give our error and not onnxruntime's."""
    file = tmp_path / FACE_MESH.file
    file.write_bytes(b"not a network")
    write_manifest(tmp_path, {model.name: installed(tmp_path)[1].sha256 for model in EMBEDDED})
    with pytest.raises(ModelUnloadableError, match=r"face_mesh\.onnx"):
        open_network(embedded_path(tmp_path, FACE_MESH), threads=1)


def test_a_write_that_fails_leaves_the_old_file_and_no_remains(tmp_path: Path) -> None:
    """Nobody finds half a network, nor a folder filling up with temporary files."""
    target = tmp_path / "network.onnx"
    target.mkdir()
    (target / "kept").write_text("as it was")
    with pytest.raises(OSError, match="network"):
        write_atomically(target, b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["network.onnx"]
    assert (target / "kept").read_text() == "as it was"


def test_the_models_home_is_the_one_asked_for(tmp_path: Path) -> None:
    """IDPHOTO_MODELS wins, so that machines can share one read-only folder."""
    assert models_home({"IDPHOTO_MODELS": str(tmp_path)}) == tmp_path


def test_a_checkout_keeps_its_networks_to_itself() -> None:
    """A clone installs under its own var/, and deleting the clone deletes everything."""
    checkout = Path(__file__).resolve().parents[3]
    assert models_home({}) == checkout / "var" / "models"
