"""Keep the networks on disk, and know whether each is still what was installed.

HOME/manifest.json            what was installed: sources, checksums, converter version, licence
HOME/face_detection.onnx …    the embedded family
HOME/sources/NAME.tflite      what they were converted from, so that they can be converted anew without a network
HOME/rembg/NAME.onnx, .json   engines of the rembg family, each with its record (see rembg_store)
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import platformdirs

from photo_service.models.catalogue import EMBEDDED, FAMILY, LICENCE, EmbeddedModel
from photo_service.models.converter_version import CONVERTER_VERSION
from photo_service.models.errors import ModelCorruptError, ModelMissingError

MANIFEST = "manifest.json"
REINSTALL = "Run: idphoto models install"
_SCHEMA = 1

State = Literal["ok", "missing", "corrupt", "outdated"]


@dataclass(frozen=True, slots=True)
class ModelRecord:
    """One network as it lies on disk. `size` in bytes and `sha256` of the file found; 0 and "" when missing."""

    name: str
    path: Path
    size: int
    sha256: str
    state: State
    licence: str
    family: str

    @property
    def ok(self) -> bool:
        return self.state == "ok"


def models_home(env: Mapping[str, str]) -> Path:
    """Find where networks are kept: IDPHOTO_MODELS, or the checkout's var/models, or the user's data directory."""
    if env.get("IDPHOTO_MODELS"):
        return Path(env["IDPHOTO_MODELS"]).expanduser().resolve()
    checkout = Path(__file__).resolve().parents[2]
    if (checkout / "pyproject.toml").is_file():
        return checkout / "var" / "models"
    return Path(platformdirs.user_data_dir("idphoto")) / "models"


def sha256_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that it is either wholly there or not at all, whatever happens meanwhile."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write_manifest(home: Path, onnx_sha256: Mapping[str, str]) -> None:
    """Record the embedded family as installed; `onnx_sha256` is by network name."""
    models = [
        {
            "name": model.name,
            "file": model.file,
            "tflite_sha256": model.tflite_sha256,
            "onnx_sha256": onnx_sha256[model.name],
            "licence": LICENCE,
            "source": model.source,
        }
        for model in EMBEDDED
    ]
    manifest = {"schema": _SCHEMA, "converter": CONVERTER_VERSION, "models": models}
    write_atomically(home / MANIFEST, (json.dumps(manifest, indent=2) + "\n").encode())


def installed(home: Path) -> list[ModelRecord]:
    """List the embedded networks, each with the state it is in."""
    expected = _expected_checksums(home)
    return [_record(home, model, expected.get(model.name)) for model in EMBEDDED]


def verify(home: Path) -> list[ModelRecord]:
    """List the embedded networks if all are as installed.

    Raises ModelMissingError or ModelCorruptError for the first that is not, naming its file.
    """
    records = installed(home)
    for record in records:
        _require_ok(record)
    return records


def embedded_path(home: Path, model: EmbeddedModel) -> Path:
    """Give the verified file of one network.

    Raises ModelMissingError, ModelCorruptError.
    """
    record = _record(home, model, _expected_checksums(home).get(model.name))
    _require_ok(record)
    return record.path


def source_path(home: Path, model: EmbeddedModel) -> Path:
    """Say where the TFLite file of a network is kept."""
    return home / "sources" / f"{model.name}.tflite"


def rembg_path(home: Path, name: str) -> Path:
    """Say where an engine of the rembg family lies once installed."""
    return home / "rembg" / f"{name}.onnx"


def _require_ok(record: ModelRecord) -> None:
    if record.state == "missing":
        raise ModelMissingError(
            f"The network {record.name} is not installed: there is no {record.path}", advice=REINSTALL
        )
    if record.state == "outdated":
        raise ModelCorruptError(
            f"{record.path} stands in no manifest of this version (sha256 {record.sha256})", advice=REINSTALL
        )
    if record.state == "corrupt":
        raise ModelCorruptError(f"{record.path} has been changed or damaged (sha256 {record.sha256})", advice=REINSTALL)


def _record(home: Path, model: EmbeddedModel, expected: str | None) -> ModelRecord:
    path = home / model.file
    content = path.read_bytes() if path.is_file() else b""
    checksum = sha256_of(content) if content else ""
    state: State = "ok" if checksum == expected else "corrupt"
    state = "outdated" if expected is None else state
    state = "missing" if not path.is_file() else state
    return ModelRecord(model.name, path, len(content), checksum, state, LICENCE, FAMILY)


def _expected_checksums(home: Path) -> dict[str, str]:
    """Read the checksums recorded at installation: none when the manifest is absent, broken or of another version."""
    try:
        manifest = json.loads((home / MANIFEST).read_bytes())
        if (manifest["schema"], manifest["converter"]) != (_SCHEMA, CONVERTER_VERSION):
            return {}
        sources = {model.name: model.tflite_sha256 for model in EMBEDDED}
        return {
            entry["name"]: entry["onnx_sha256"]
            for entry in manifest["models"]
            if sources.get(entry["name"]) == entry["tflite_sha256"]
        }
    except (OSError, ValueError, KeyError, TypeError):
        return {}
