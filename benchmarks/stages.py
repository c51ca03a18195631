"""Time of each stage from bytes to bytes, at one thread, models warm."""

import statistics
import time
from typing import Any

from benchmarks.portraits import as_phone_selfie
from photo_service.pipeline import Studio

RUNS = 15
MEGAPIXELS = (0.5, 2.0, 12.0, 48.0)
SPEC = "one-inch"


def measure(studio: Studio) -> list[dict[str, Any]]:
    """Return one row a picture size: median milliseconds of each stage, and of Pillow alone."""
    return [_row(studio, megapixels) for megapixels in MEGAPIXELS]


def _row(studio: Studio, megapixels: float) -> dict[str, Any]:
    selfie = as_phone_selfie(megapixels)
    rendered = [studio.render(selfie, spec=SPEC, source="astronaut") for _ in range(RUNS + 2)][2:]
    timings = [one.report.timings_ms for one in rendered]
    stages = {name: round(statistics.median(t[name] for t in timings), 1) for name in timings[0]}
    return {
        "megapixels": megapixels,
        "kilobytes": round(len(selfie) / 1000),
        "verdict": str(rendered[0].report.verdict),
        **stages,
        "pillow_alone": round(statistics.median(_pillow_alone(selfie) for _ in range(RUNS)), 1),
    }


def _pillow_alone(selfie: bytes) -> float:
    """Return the milliseconds that Pillow takes to decode in draft mode and save 180 x 240: the least it could cost."""
    import io

    from PIL import Image

    started = time.perf_counter()
    with Image.open(io.BytesIO(selfie)) as picture:
        picture.draft("RGB", (1125, 1500))
        small = picture.convert("RGB").resize((180, 240), Image.Resampling.LANCZOS)
    small.save(io.BytesIO(), "JPEG", quality=95)
    return (time.perf_counter() - started) * 1000
