"""Kill an export of a whole university in the middle, go on with the same command, and count what is in the ZIP."""

import csv
import hashlib
import io
import os
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.collection_fill import CAMPAIGN, fill, made_photo
from benchmarks.collection_home import open_home, peak_mb_of, require, settled
from benchmarks.collection_roster import write_roster

_LOOK_EVERY_S = 0.02
_COMMAND = (sys.executable, "-c", "from api.cli import main; main()", "export", CAMPAIGN, "--reason", "measured")


@dataclass(frozen=True, slots=True)
class _Run:
    """One run of the command: seconds of the processor and of the clock, peak memory, what it said."""

    status: int
    seconds: float
    clock: float
    peak_mb: float
    said: str

    def __str__(self) -> str:
        return f"{self.seconds:.1f} s of processor, {self.clock:.1f} s, peak {self.peak_mb:.0f} MB"


def resume(photos: int) -> None:
    """Measure and print. Raises Broken where a photo is lost, doubled or changed."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        _prepare(home, photos)
        whole = _export(home, home / "whole.zip")
        print(f"undisturbed: {whole}")
        out = home / "out.zip"
        log = home / "out.zip.part.log"
        killed = _export(home, out, kill_when=lambda: _lines(log) > photos // 2)
        require(os.WTERMSIG(killed.status) == signal.SIGKILL, f"it was killed: {killed.said}")
        print(f"killed by SIGKILL with {_lines(log) - 1:,} of {photos:,} photos in the log: {killed}")
        rest = _export(home, out)
        require(rest.status == 0, f"it went on: {rest.said}")
        print(f"the same command again: {rest}\n  {rest.said}")
        _count(out, photos)


def _prepare(home: Path, photos: int) -> None:
    from api.adapters.roster_file import open_roster

    write_roster(home / "roster.xlsx", photos)
    settled(home)
    house = open_home(home)
    with open_roster(home / "roster.xlsx") as opened:
        house.load_roster(CAMPAIGN, opened.lines)
    fill(house, up_to=photos)


def _export(home: Path, out: Path, *, kill_when: Callable[[], bool] = lambda: False) -> _Run:
    """Run `idphoto export`, to its end or until it is to be killed."""
    started = time.monotonic()
    with (home / "said").open("w+", encoding="utf-8") as said:
        process = subprocess.Popen([*_COMMAND, "--var", str(home), "-o", str(out)], stdout=said, stderr=said)
        ended, peak_mb = 0, 0.0
        while not ended:
            peak_mb = max(peak_mb, peak_mb_of(process.pid))
            if kill_when():
                process.kill()
            time.sleep(_LOOK_EVERY_S)
            ended, status, used = os.wait4(process.pid, os.WNOHANG)
        process.returncode = status
        said.seek(0)
        words = " ".join(said.read().split())
    return _Run(status, used.ru_utime + used.ru_stime, time.monotonic() - started, peak_mb, words)


def _lines(log: Path) -> int:
    if not log.exists():
        return 0
    with log.open("rb") as file:
        return sum(1 for _ in file)


def _count(out: Path, photos: int) -> None:
    """Hold the ZIP against the manifest, the checksums and the photos themselves."""
    with zipfile.ZipFile(out) as archive:
        require(archive.testzip() is None, "every photo has its CRC")
        names = [name for name in archive.namelist() if name.startswith("photos/")]
        sums = [line.split("  ") for line in archive.read("SHA256SUMS").decode().splitlines()]
        digests = {name: hashlib.sha256(archive.read(name)).hexdigest() for name in names}
        lines = list(csv.DictReader(io.StringIO(archive.read("manifest.csv").decode("utf-8-sig"))))
    wanted = {f"photos/{line['身份证号']}.jpg": hashlib.sha256(made_photo(line["学号"])).hexdigest() for line in lines}
    require(len(names) == len(set(names)) == len(lines) == photos, "everyone is in it, once")
    require(Counter(name for _, name in sums) == Counter(names), "SHA256SUMS names each photo once")
    require({name: digest for digest, name in sums} == digests, "SHA256SUMS is right")
    require(digests == wanted, "each photo is its own person's, unchanged")
    print(f"{len(names):,} photos, none lost, none twice; every checksum is right")
