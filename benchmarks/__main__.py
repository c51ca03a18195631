"""Run every benchmark, print its table, and write the figures as JSON under var/bench/."""

import json
import os
import platform
import resource
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks import (
    catalogue,
    checks,
    composites,
    end_to_end,
    fidelity,
    masks,
    must_show,
    sameness,
    sheets,
    speed,
    stages,
)
from photo_service.models.store import models_home
from photo_service.pipeline import Studio, open_studio


def main() -> int:
    """Measure, print and write; exit 0."""
    console = Console(width=140)
    studio = open_studio(models_home(os.environ), threads=1)
    figures: dict[str, Any] = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": "make bench",
        "machine": {"processors": os.cpu_count(), "python": platform.python_version(), "system": platform.platform()},
        "stages_ms": stages.measure(studio),
    }
    figures["peak_memory_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    _show(console, "Each stage, milliseconds, median of 15, one thread, warm", figures["stages_ms"])
    console.print(f"Peak memory of the process: {figures['peak_memory_mb']} MB\n")
    for key, title, measure in _photos(studio):
        figures[key] = rows = measure()
        _show(console, title, rows) if rows else console.print(f"{title}: not measured, the folder is not here\n")
    figures["must_show"] = must_show.verdicts(figures)
    _show(console, "What was asked of the photos", figures["must_show"])
    told = must_show.page(figures["must_show"], measured_at=figures["measured_at"], machine=figures["machine"])
    _folder().joinpath("must-show.md").write_text(told, encoding="utf-8")
    if "--photos" not in sys.argv:
        figures["end_to_end_ms"] = end_to_end.measure(console)
        _show(console, "Upload to photo through HTTP, queue and worker, milliseconds", figures["end_to_end_ms"])
    console.print(f"Written to {_write(figures)}")
    return 0


def _photos(studio: Studio) -> list[tuple[str, str, Callable[[], list[dict[str, Any]]]]]:
    """List what is measured on photos, in the order of the promises."""
    return [
        (
            "checks_ms",
            f"All checks with OFIQ's scores, milliseconds, {checks.RUNS} runs",
            partial(checks.measure, studio),
        ),
        ("masks", "Agreement with masks drawn by hand (../shared/matting)", partial(masks.measure, studio)),
        ("composites", "Edges on composites of known alpha (../shared/photos)", partial(composites.measure, studio)),
        ("fidelity", "Inside the face: similarity to Pillow's own resampling", partial(fidelity.measure, studio)),
        ("catalogue", "Every spec, measured by a stranger", partial(catalogue.measure, studio)),
        ("sheets", "Contact sheets", partial(sheets.draw, studio, Path("var/bench/sheets"))),
        ("sameness", "The same bytes out", partial(sameness.measure, studio)),
        ("speed", "From bytes to bytes, 12 megapixels, processor time at one thread", partial(speed.measure, studio)),
        ("memory", "Peak memory of a process of its own", speed.memory),
    ]


def _show(console: Console, title: str, rows: list[dict[str, Any]]) -> None:
    table = Table(*rows[0], title=title, title_justify="left")
    for row in rows:
        table.add_row(*[str(value) for value in row.values()])
    console.print(table)


def _write(figures: dict[str, Any]) -> Path:
    path = _folder() / "figures.json"
    path.write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def _folder() -> Path:
    folder = Path("var/bench")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


if __name__ == "__main__":
    sys.exit(main())
