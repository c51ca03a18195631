"""Measure a collection at a school's size: `python -m benchmarks.collection [PEOPLE] [PHOTOS]`.

Imports an XLSX of invented PEOPLE (20,000 unless told otherwise) and exports PHOTOS (5,000) approved photos of 30 kB,
each in a process of its own, and prints time and peak memory of each.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from api.bootstrap import House, build
from api.cli.surroundings import embedded
from api.config import Settings
from api.domain.id_number import check_digit

_PHOTO = b"\xff\xd8" + bytes(range(256)) * 117 + b"\xff\xd9"
_START = datetime(2004, 1, 1, tzinfo=UTC)


def main(arguments: list[str]) -> None:
    """Run one measurement in this process, or all of them in others."""
    if arguments[:1] in (["import"], ["export"]):
        print(json.dumps(_import(Path(arguments[1]), Path(arguments[2])) if arguments[0] == "import"
                         else _export(Path(arguments[1]), Path(arguments[2]))))  # fmt: skip
        return
    people = int(arguments[0]) if arguments else 20_000
    photos = int(arguments[1]) if len(arguments) > 1 else 5_000
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        sheet = home / "roster.xlsx"
        write_roster(sheet, people)
        house = _house(home)
        house.seed_sample(registry_url="http://127.0.0.1:9/hook")
        house.close()
        for again in ("first time", "again, nothing changed"):
            print(f"import {people} people, {again}: {_measured('import', home, sheet)}")
        _fill(home, photos)
        print(f"export {photos} photos: {_measured('export', home, home / 'out.zip')}")


def write_roster(path: Path, people: int) -> None:
    """Write a sheet of people who do not exist: their region is a whole province's code."""
    from openpyxl import Workbook  # type: ignore[import-untyped] # as in api.adapters

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(["学号", "姓名", "身份证号", "院系", "年级", "专业", "班级"])
    for number in range(people):
        day = (_START + timedelta(days=number // 900)).strftime("%Y%m%d")
        body = f"430000{day}{number % 900 + 100:03d}"
        place = [f"学院{number % 12}", "2023", f"专业{number % 40}", f"{number % 400}班"]
        sheet.append([f"S{number:08d}", f"示例{number}", body + check_digit(body), *place])
    book.save(path)


def _measured(what: str, home: Path, file: Path) -> str:
    command = [sys.executable, "-m", "benchmarks.collection", what, str(home), str(file)]
    told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    peak, before = told.pop("peak_mb"), told.pop("before_mb")
    return f"{told.pop('seconds'):.1f} s, peak {peak:.0f} MB ({before:.0f} MB before it began), {told}"


def _house(home: Path) -> House:
    return build(Settings.from_env(embedded({"IDPHOTO_LOG_FORMAT": "json"}, home=home)))


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _import(home: Path, file: Path) -> dict[str, Any]:
    from api.adapters.roster_file import open_roster

    house = _house(home)
    before, started = _peak_mb(), time.monotonic()
    with open_roster(file) as opened:
        done = house.load_roster("hunan-pretco", opened.lines)
    told = {"added": done.added, "unchanged": done.unchanged, "faults": len(done.faults)}
    return {"seconds": time.monotonic() - started, "before_mb": before, "peak_mb": _peak_mb(), **told}


def _fill(home: Path, photos: int) -> None:
    """Approve a photo of each of the first people, as if they had all been through the house."""
    from benchmarks.collection_fill import fill

    house = _house(home)
    fill(house, photos, jpeg=_PHOTO)
    house.close()


def _export(home: Path, file: Path) -> dict[str, Any]:
    from api.adapters.export_zip import PhotoZip
    from api.services.export_photos import ExportWish

    house = _house(home)
    before, started = _peak_mb(), time.monotonic()
    begun = house.begin_export("benchmark", "hunan-pretco", ExportWish(), reason="measured")
    done = house.run_export(begun.id, PhotoZip(file, export_id=begun.id, layout=begun.layout))
    told = {"photos": done.photos, "megabytes": round((done.bytes or 0) / 1e6, 1)}
    return {"seconds": time.monotonic() - started, "before_mb": before, "peak_mb": _peak_mb(), **told}


if __name__ == "__main__":
    os.environ.setdefault("PYTHONWARNINGS", "ignore")
    main(sys.argv[1:])
