"""What a backup is on the disk, and how long it lives.

FOLDER/20261122T041500Z/manifest.json     when, until when, which schema, the dump's checksum
                        database.dump     SQLite's file, or pg_dump's custom format
                        pictures.jsonl    one line a file: name, photo, end date; nobody's name
                        pictures/ab/cd/…  the files, sealed as they lay there

A file that an older backup in the same folder holds already is the same file (a hard link), so that a night costs what
the day brought.
"""

import base64
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

MANIFEST, DUMP, LIST, PICTURES = "manifest.json", "database.dump", "pictures.jsonl", "pictures"
CONTEXT = "backup"
_FORMAT = 1
_UNFINISHED = ".part-"
_ABANDONED = timedelta(days=1)
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is in a backup. `proof` is sealed with the data key, so that a restore knows whether it has the right one.

    `gone` is how many files ended while the backup was made.
    """

    made_at: str
    delete_after: str
    program: str
    revision: str
    database: str
    sha256: str
    pictures: int
    gone: int
    proof: str
    format: int = _FORMAT

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=2)

    def sealed_proof(self) -> bytes:
        return base64.b64decode(self.proof)


@dataclass(frozen=True, slots=True)
class Picture:
    """One file: under which name it lies, whose photo's it is (by id), when its life ends."""

    name: str
    photo_id: str
    ends_at: datetime


def read_manifest(folder: Path) -> Manifest:
    """Read a backup's manifest. Raises OSError, or ValueError for what is no backup of ours."""
    told: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
    if told.get("format") != _FORMAT:
        raise ValueError(f"{folder} is no backup that this program reads")
    return Manifest(**told)


def write_pictures(folder: Path, pictures: Iterable[Picture]) -> None:
    """Write the list of files."""
    lines = (json.dumps([one.name, one.photo_id, one.ends_at.isoformat()]) for one in pictures)
    (folder / LIST).write_text("".join(f"{line}\n" for line in lines), "ascii")


def read_pictures(folder: Path) -> Iterator[Picture]:
    """Read the list of files. Raises OSError, ValueError."""
    for line in (folder / LIST).read_text("ascii").splitlines():
        name, photo_id, ends_at = json.loads(line)
        yield Picture(name, photo_id, datetime.fromisoformat(ends_at))


def path_of(folder: Path, name: str) -> Path:
    """Return where a file lies in a backup."""
    return folder / PICTURES / name[:2] / name[2:4] / name


def sha256_of(file: Path) -> str:
    """Return the checksum of a file that may be larger than memory."""
    digest = hashlib.sha256()
    with file.open("rb") as opened:
        while piece := opened.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def earlier(home: Path) -> list[Path]:
    """Return the finished backups in a folder, newest first."""
    return sorted((folder for folder in home.glob("*Z") if (folder / MANIFEST).is_file()), reverse=True)


def begin(home: Path, *, now: datetime) -> tuple[Path, Path]:
    """Make the folder of a new backup under a passing name; return it and the name it will have."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = f"{now:%Y%m%dT%H%M%SZ}"
    unfinished = home / f"{_UNFINISHED}{name}-{os.getpid()}"
    unfinished.mkdir(mode=0o700)
    return unfinished, home / name


def end_old(home: Path, *, now: datetime) -> list[str]:
    """Delete backups whose day has come, and what killed runs left; return the names of the backups."""
    for left in home.glob(f"{_UNFINISHED}*"):
        if now - datetime.fromtimestamp(left.stat().st_mtime, UTC) > _ABANDONED:
            shutil.rmtree(left)
    old = [folder for folder in earlier(home) if datetime.fromisoformat(read_manifest(folder).delete_after) <= now]
    for folder in old:
        (folder / MANIFEST).unlink()
        shutil.rmtree(folder)
    return [folder.name for folder in old]


def forget(folders: Iterable[Path], *, erased: frozenset[str], now: datetime) -> int:
    """Take out of earlier backups every file of an erased photo and every one past its end date; return how many."""
    count = 0
    for folder in folders:
        for picture in read_pictures(folder):
            file = path_of(folder, picture.name)
            if (picture.photo_id in erased or picture.ends_at <= now) and file.exists():
                file.unlink()
                count += 1
    return count
