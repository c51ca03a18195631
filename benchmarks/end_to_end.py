"""What a student waits: upload to photo through HTTP, queue and a worker of its own process."""

import os
import statistics
import tempfile
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from rich.console import Console

from api.cli.demo.student import DemoStudent
from api.cli.stack import Plan, Stack
from benchmarks.portraits import as_phone_selfie
from photo_service.models.store import models_home

RUNS = 20
AT_ONCE = 10
SPEC = "one-inch"


def measure(console: Console) -> list[dict[str, Any]]:
    """Return median, 95th percentile and largest of the time from upload to photo: alone, and in a crowd."""
    selfie = as_phone_selfie(2.0)
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "IDPHOTO_MODELS": str(models_home(os.environ))}
        with Stack(Plan(Path(folder), 0, env), say=console.print) as stack:
            _wait_for_photo(stack.url, selfie, "warm-up")
            alone = [_wait_for_photo(stack.url, selfie, "alone") for _ in range(RUNS)]
            with ThreadPoolExecutor(AT_ONCE) as crowd:
                started = time.perf_counter()
                together = list(crowd.map(lambda n: _wait_for_photo(stack.url, selfie, f"crowd {n}"), range(AT_ONCE)))
                took = time.perf_counter() - started
    return [
        _row("one student at a time", alone, len(alone) / sum(alone) * 1000),
        _row(f"{AT_ONCE} students at once", together, AT_ONCE / took),
    ]


def _row(what: str, waits_ms: list[float], per_second: float) -> dict[str, Any]:
    ordered = sorted(waits_ms)
    return {
        "what": what,
        "photos": len(ordered),
        "median": round(statistics.median(ordered)),
        "p95": round(ordered[max(0, round(len(ordered) * 0.95) - 1)]),
        "longest": round(ordered[-1]),
        "photos_per_second": round(per_second, 1),
    }


def _wait_for_photo(url: str, selfie: bytes, name: str) -> float:
    """Return the milliseconds from sending the selfie to holding the photo's bytes."""
    student = DemoStudent(url, while_waiting=lambda: None)
    try:
        student.log_in(f"{name} {uuid.uuid4().hex[:8]}")
        student.give_consents()
        started = time.perf_counter()
        queued = student.send_selfie(selfie, key=uuid.uuid4().hex, spec=SPEC)
        student.verdict(queued["id"])
        student.image(queued["id"])
        return (time.perf_counter() - started) * 1000
    finally:
        student.close()
