"""From bytes to bytes at one thread, against what Pillow alone takes for the same file; and the memory that it takes.

Processor time of the process, taken in turns with the reference, so that a busy machine slows both alike. The
reference decodes in draft mode at the scale that the pipeline decodes at, shrinks to 180 x 240 and saves a JPEG.
"""

import io
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from benchmarks.fidelity import PHOTOS
from benchmarks.portraits import astronaut
from photo_service.codes import FILE_CODES
from photo_service.contract import Severity
from photo_service.pipeline import Studio

RUNS = 15
SPEC = "hunan-pretco"
ASKED_TIMES, ASKED_MB = 2.0, 400
GRAIN = 6.0
"""A phone's sensor: 12 megapixels at quality 90 come to 3.2 MB, as phones file them (2.5 to 5)."""
REAL = "good-d7eb3f65.jpg"
LARGE_MEGAPIXELS = 48.0
""""50 megapixel" phones make 48 to 51. The high-water mark is the kernel's own for that process: what getrusage tells
begins with the memory of the process that started it."""
MEASURES_ITSELF = """
import os, pathlib, sys
from photo_service.models.store import models_home
from photo_service.pipeline import open_studio
made = open_studio(models_home(os.environ), threads=1).render(
    pathlib.Path(sys.argv[1]).read_bytes(), spec="one-inch", source="selfie")
assert made.photo, made.report
status = pathlib.Path("/proc/self/status").read_text()
print(int(status.split("VmHWM:")[1].split()[0]) // 1024)
"""


def measure(studio: Studio) -> list[dict[str, Any]]:
    """Return one row a file: our milliseconds, Pillow's, and how many times as long that is."""
    files = {
        "portrait with a phone's grain": as_phone_files(12.0),
        "portrait without any grain": as_phone_files(12.0, grain=0.0),
    }
    real = PHOTOS / "dev" / REAL
    files |= {REAL: real.read_bytes()} if real.is_file() else {}
    lenient = _lenient(studio)
    return [_row(lenient, name, selfie) for name, selfie in files.items()]


def memory() -> list[dict[str, Any]]:
    """Return the peak memory of a process of its own that makes one photo of 48 megapixels, by format."""
    import pillow_heif

    picture, rows = _large(LARGE_MEGAPIXELS), []
    with tempfile.TemporaryDirectory() as folder:
        for kind in ("JPEG", "PNG", "HEIF"):
            file = Path(folder) / f"selfie.{kind.lower()}"
            if kind == "HEIF":
                pillow_heif.from_pillow(picture).save(file, quality=60)
            else:
                picture.save(file, kind, **({"quality": 90} if kind == "JPEG" else {"compress_level": 1}))
            command = [sys.executable, "-c", MEASURES_ITSELF, str(file)]
            told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=600)
            rows.append({"format": kind, "megapixels": LARGE_MEGAPIXELS, "peak_mb": int(told.stdout.split()[-1])})
    return rows


def as_phone_files(megapixels: float, *, grain: float = GRAIN) -> bytes:
    """Return the portrait as a phone would file it: quality 90, with the grain of its sensor."""
    picture = np.asarray(_large(megapixels), np.float32)
    noise = np.random.default_rng(5).normal(0, grain, picture.shape[:2]).astype(np.float32)[..., None]
    stream = io.BytesIO()
    seen = np.clip(picture + noise, 0, 255).astype(np.uint8)
    Image.fromarray(seen).save(stream, "JPEG", quality=90)
    return stream.getvalue()


def _large(megapixels: float) -> Image.Image:
    square = astronaut().crop((100, 0, 400, 400))
    width = round((megapixels * 1e6 * 3 / 4) ** 0.5)
    return square.resize((width, width * 4 // 3), Image.Resampling.BICUBIC)


def _lenient(studio: Studio) -> Studio:
    """Let the smiling portrait through: every check runs, none refuses."""
    spec = studio.catalogue[SPEC]
    warns = {code: severity if code in FILE_CODES else Severity.WARN for code, severity in spec.checks.items()}
    return replace(studio, catalogue={SPEC: replace(spec, checks=warns)})


def _row(studio: Studio, name: str, selfie: bytes) -> dict[str, Any]:
    made = studio.render(selfie, spec=SPEC, source="selfie")
    reduction = studio.judge(selfie, spec=SPEC).matted.located.upright.reduction
    pairs = [
        (
            _cpu_ms(lambda: studio.render(selfie, spec=SPEC, source="selfie")),
            _cpu_ms(lambda: _pillow(selfie, reduction)),
        )
        for _ in range(RUNS)
    ]
    ours, pillow = (statistics.median(times) for times in zip(*pairs, strict=True))
    return {
        "file": name,
        "kilobytes": round(len(selfie) / 1000),
        "photo": made.photo is not None,
        "ours_cpu_ms": round(ours, 1),
        "pillow_cpu_ms": round(pillow, 1),
        "times": round(statistics.median(mine / theirs for mine, theirs in pairs), 2),
    }


def _pillow(selfie: bytes, reduction: float) -> None:
    with Image.open(io.BytesIO(selfie)) as picture:
        picture.draft("RGB", (round(picture.width / reduction), round(picture.height / reduction)))
        small = picture.convert("RGB").resize((180, 240), Image.Resampling.LANCZOS)
    small.save(io.BytesIO(), "JPEG", quality=95)


def _cpu_ms(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return (time.process_time() - started) * 1000
