"""Measure a collection at a school's size.

`python -m benchmarks.collection` imports and exports 5,000, 10,000, 20,000 and 40,000 people, by command and as the
console does, each in a process of its own, and prints time and peak memory in one table: memory is to stay where it
is. `… sizes 5000 20000` chooses the sizes. `… resume 30000` exports with the product's own command, kills it (SIGKILL)
in the middle, goes on with the same command, and counts what is in the ZIP. Seconds are of processor time; the clock's
stand beside them.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from api.bootstrap import House
from benchmarks.collection_home import open_home, peak_mb_of, require, settled
from benchmarks.collection_resume import resume

SIZES = (5_000, 10_000, 20_000, 40_000)


def main(arguments: list[str]) -> None:
    """Run one measurement in this process, or several in others."""
    what, *rest = arguments or ["sizes"]
    if what in _ONE:
        print(json.dumps(_measured(_ONE[what], Path(rest[0]), Path(rest[1]))))
    elif what == "resume":
        resume(int(rest[0]) if rest else 30_000)
    else:
        _sizes([int(one) for one in rest] or list(SIZES))


def _sizes(sizes: list[int]) -> None:
    from benchmarks.collection_fill import fill
    from benchmarks.collection_roster import write_roster

    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for people in sizes:
            home, sheet = Path(folder) / str(people), Path(folder) / f"{people}.xlsx"
            write_roster(sheet, people)
            settled(home)
            rows += [(f"import {people:,}", _child("import", home, sheet))]
            rows += [(f"import {people:,} again", _child("import", home, sheet))]
        home = Path(folder) / str(max(sizes))
        for photos in sizes:
            fill(open_home(home), up_to=photos)
            rows.append((f"export {photos:,}", _child("export", home, Path(folder) / f"{photos}.zip")))
            rows.append((f"console's export {photos:,}", _child("console", home, Path(folder) / f"c{photos}.zip")))
    _show(rows)


def _child(what: str, home: Path, file: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.collection", what, str(home), str(file)]
    told: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return told


def _measured(act: Callable[[House, Path], dict[str, Any]], home: Path, file: Path) -> dict[str, Any]:
    house = open_home(home)
    before, clock, processor = peak_mb_of("self"), time.monotonic(), time.process_time()
    told = act(house, file)
    spent = {"seconds": time.process_time() - processor, "clock": time.monotonic() - clock}
    house.close()
    return {**spent, "before_mb": before, "peak_mb": peak_mb_of("self"), "what": told}


def _import(house: House, file: Path) -> dict[str, Any]:
    from api.adapters.roster_file import open_roster

    with open_roster(file) as opened:
        done = house.load_roster("hunan-pretco", opened.lines)
    return {"added": done.added, "unchanged": done.unchanged, "faults": len(done.faults)}


def _export(house: House, file: Path) -> dict[str, Any]:
    from api.adapters.export_zip import PhotoZip
    from api.services.export_photos import ExportWish

    begun = house.begin_export("benchmark", "hunan-pretco", ExportWish(), reason="measured")
    done = house.run_export(begun.id, PhotoZip(file, export_id=begun.id, layout=begun.layout))
    return {"photos": done.photos, "MB": round((done.bytes or 0) / 1e6, 1)}


def _console(house: House, file: Path) -> dict[str, Any]:
    """Ask as the office does on its pages, prepare as a worker does, fetch as a browser does."""
    from api.services.export_photos import ExportWish

    asked = house.office.ask_for_export("benchmark", "hunan-pretco", ExportWish(), reason="measured")
    house.office.work(asked.id)
    download = house.office.fetch_export("hunan-pretco", asked.id)
    with file.open("wb") as target:
        for piece in download.read(0, download.export.bytes or 0):
            target.write(piece)
    require(file.stat().st_size == download.export.bytes, "the ZIP is as long as was announced")
    return {"photos": download.export.photos, "MB": round(file.stat().st_size / 1e6, 1)}


_ONE = {"import": _import, "export": _export, "console": _console}


def _show(rows: list[tuple[str, dict[str, Any]]]) -> None:
    table = Table("what", "processor s", "clock s", "peak MB", "before MB", "came of it")
    for what, told in rows:
        came = ", ".join(f"{count} {name}" for name, count in told["what"].items())
        table.add_row(
            what,
            f"{told['seconds']:.1f}",
            f"{told['clock']:.1f}",
            f"{told['peak_mb']:.0f}",
            f"{told['before_mb']:.0f}",
            came,
        )
    Console(width=120).print(table)


if __name__ == "__main__":
    os.environ.setdefault("PYTHONWARNINGS", "ignore")
    main(sys.argv[1:])
