"""Run every benchmark, print its table, and write the figures as JSON under var/bench/."""

import json
import os
import platform
import resource
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks import checks, composites, end_to_end, masks, stages
from photo_service.models.store import models_home
from photo_service.pipeline import open_studio


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
    for key, title, rows in (
        ("checks_ms", f"All checks with OFIQ's scores, milliseconds, {checks.RUNS} runs", checks.measure(studio)),
        ("masks", "Agreement with masks drawn by hand (../shared/matting)", masks.measure(studio)),
        ("composites", "Edges on composites of known alpha (../shared/photos)", composites.measure(studio)),
    ):
        figures[key] = rows
        _show(console, title, rows) if rows else console.print(f"{title}: not measured, the folder is not here\n")
    figures["end_to_end_ms"] = end_to_end.measure(console)
    _show(console, "Upload to photo through HTTP, queue and worker, milliseconds", figures["end_to_end_ms"])
    console.print(f"Written to {_write(figures)}")
    return 0


def _show(console: Console, title: str, rows: list[dict[str, Any]]) -> None:
    table = Table(*rows[0], title=title, title_justify="left")
    for row in rows:
        table.add_row(*[str(value) for value in row.values()])
    console.print(table)


def _write(figures: dict[str, Any]) -> Path:
    folder = Path("var/bench")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "figures.json"
    path.write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


if __name__ == "__main__":
    sys.exit(main())
