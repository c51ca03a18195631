"""Time of all checks together, OFIQ's scores and the plan of the crop among them, on a 12-megapixel selfie.

Three specs in full, and of all others the dearest ones.
"""

import statistics
import time
from typing import Any, Final

from benchmarks.portraits import as_phone_selfie
from photo_service.photo import Matted
from photo_service.pipeline import Studio
from photo_service.stages.assess import assess
from photo_service.stopwatch import Stopwatch

RUNS: Final = 60
MEGAPIXELS: Final = 12.0
SPECS: Final = ("hunan-pretco", "one-inch", "cqwu-xuegong")
RUNS_OF_OTHERS, DEAREST = 10, 3


def measure(studio: Studio) -> list[dict[str, Any]]:
    """Return one row a spec: milliseconds of one processor and by the clock, one thread, warm.

    The least is what the work costs; the median is what it costs beside whatever else the machine does.
    """
    matted = studio.matted(as_phone_selfie(MEGAPIXELS), Stopwatch())
    others = [_row(studio, matted, spec, runs=RUNS_OF_OTHERS) for spec in studio.catalogue if spec not in SPECS]
    dearest = sorted(others, key=lambda row: -row["processor_least"])[:DEAREST]
    return [_row(studio, matted, spec, runs=RUNS) for spec in (*SPECS, *(row["spec"] for row in dearest))]


def _row(studio: Studio, matted: Matted, spec: str, *, runs: int) -> dict[str, Any]:
    processor, clock = [], []
    for _ in range(runs):
        spent, started = time.process_time(), time.perf_counter()
        assess(matted, studio.catalogue[spec], studio.wording)
        processor.append((time.process_time() - spent) * 1000)
        clock.append((time.perf_counter() - started) * 1000)
    return {
        "spec": spec,
        "megapixels": MEGAPIXELS,
        "processor_least": round(min(processor), 1),
        "processor_median": round(statistics.median(processor), 1),
        "clock_least": round(min(clock), 1),
        "clock_median": round(statistics.median(clock), 1),
    }
