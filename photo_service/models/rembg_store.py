"""Keep rembg's models, each beside a record of what was installed, and know whether it still is.

HOME/rembg/NAME.onnx  the model
HOME/rembg/NAME.json  our manifest of it: sha256, size, source, licence and whether its conditions were accepted

One record a model, so that two of them can come and go without touching each other.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from photo_service.models.checksum import file_checksum
from photo_service.models.errors import LicenceNotAcceptedError, ModelCorruptError, ModelMissingError
from photo_service.models.part_file import PartFile, only_one_in
from photo_service.models.rembg_catalogue import Catalogue, usable
from photo_service.models.rembg_notes import note_on
from photo_service.models.store import ModelRecord, State, rembg_path, write_atomically

FAMILY = "rembg"
_SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Installed:
    """What was installed: `declared` is the checksum rembg names, `source` an address or the file carried by hand."""

    name: str
    size: int
    sha256: str
    declared: str
    source: str
    rembg: str
    licence: str
    accepted: bool


def record_installed(home: Path, installed: Installed) -> None:
    """Write a model's record; only then does its file count."""
    content = {"schema": _SCHEMA, **asdict(installed)}
    write_atomically(_record_path(home, installed.name), (json.dumps(content, indent=2) + "\n").encode())


def read_installed(home: Path, name: str) -> Installed | None:
    """Read a model's record: None when it is absent, broken or of another version."""
    try:
        content = json.loads(_record_path(home, name).read_bytes())
        if content.pop("schema") != _SCHEMA or content["name"] != name:
            return None
        return Installed(**content)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def rembg_records(home: Path, catalogue: Catalogue) -> list[ModelRecord]:
    """List every model of rembg's that can serve here, each with the state it is in."""
    return [rembg_record(home, model.name) for model in usable(catalogue)]


def rembg_record(home: Path, name: str) -> ModelRecord:
    """Look at one model. A file nobody recorded is "outdated": it may be anything."""
    path, installed, licence = rembg_path(home, name), read_installed(home, name), note_on(name).licence
    if not path.is_file():
        return ModelRecord(name, path, 0, "", "missing", licence, FAMILY)
    found = file_checksum(path).digest
    state: State = "outdated" if installed is None else "ok" if installed.sha256 == found else "corrupt"
    return ModelRecord(name, path, path.stat().st_size, found, state, licence, FAMILY)


def verified_rembg_path(home: Path, name: str) -> Path:
    """Give the verified file of one model.

    Raises ModelMissingError, ModelCorruptError, LicenceNotAcceptedError.
    """
    record, advice = rembg_record(home, name), f"Run: idphoto models install {name}"
    if record.state == "missing":
        raise ModelMissingError(f"The engine rembg:{name} is not installed: there is no {record.path}", advice=advice)
    if record.state == "outdated":
        raise ModelCorruptError(f"{record.path} has no record of where it came from", advice=advice)
    if record.state == "corrupt":
        raise ModelCorruptError(f"{record.path} has been changed or damaged (sha256 {record.sha256})", advice=advice)
    installed = read_installed(home, name)
    require_licence(name, accepted=installed is not None and installed.accepted)
    return record.path


def require_licence(name: str, *, accepted: bool) -> None:
    """Raise LicenceNotAcceptedError where a licence has conditions and nobody has accepted them."""
    note = note_on(name)
    if note.conditions and not accepted:
        raise LicenceNotAcceptedError(
            f"The licence of {name} ({note.licence}) has conditions: {note.conditions}",
            advice=f"If they are met here, run: idphoto models install {name} --accept-licence",
        )


def forget(home: Path, name: str) -> bool:
    """Remove a model, its record and what has come of a download; tell whether the model was there.

    Raises InstallBusyError, OSError.
    """
    path = rembg_path(home, name)
    with only_one_in(path.parent):
        was_there = path.is_file()
        _record_path(home, name).unlink(missing_ok=True)
        path.unlink(missing_ok=True)
        PartFile(path).discard()
    return was_there


def _record_path(home: Path, name: str) -> Path:
    return rembg_path(home, name).with_suffix(".json")
