"""`python -m benchmarks.calibrate`: measure, print, write calibration.json, docs/checks.md and the sheet of curves."""

import argparse
import json
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from benchmarks.calibrate.measure import measure
from benchmarks.calibrate.page import page
from benchmarks.calibrate.plot import draw
from photo_service.models.store import models_home
from photo_service.pipeline import open_studio

ROOT: Final = Path(__file__).resolve().parents[2]
FIGURES: Final = ROOT / "benchmarks" / "calibration.json"
PAGE: Final = ROOT / "docs" / "checks.md"
SHEET: Final = ROOT / "var" / "bench" / "calibration.png"
ELSEWHERE: Final = ROOT / "var" / "bench" / "calibration.json"


def main() -> int:
    """Measure and write, or with --docs only write the page anew from calibration.json; exit 0."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.calibrate", description=__doc__)
    parser.add_argument("--docs", action="store_true", help="only write docs/checks.md from calibration.json")
    if parser.parse_args().docs:
        PAGE.write_text(page(json.loads(FIGURES.read_text(encoding="utf-8"))), encoding="utf-8")
        return 0
    console, started = Console(width=140), time.monotonic()
    figures = measure(open_studio(models_home(os.environ), threads=1))
    _show(console, figures)
    draw(figures, SHEET)
    spent = f"{time.process_time():.0f} s of one processor, {time.monotonic() - started:.0f} s by the clock"
    console.print(f"Curves: {SHEET}. Measured in {spent}.")
    for path in _written(figures):
        console.print(f"Written to {path}")
    return 0


def _written(figures: Mapping[str, Any]) -> tuple[Path, ...]:
    """Write the figures; those that are kept only where the labelled photos were there to be measured."""
    text = json.dumps(figures, indent=1, ensure_ascii=False) + "\n"
    if not figures["labelled_photos"]:
        ELSEWHERE.parent.mkdir(parents=True, exist_ok=True)
        ELSEWHERE.write_text(text, encoding="utf-8")
        return (ELSEWHERE,)
    FIGURES.write_text(text, encoding="utf-8")
    PAGE.write_text(page(figures), encoding="utf-8")
    return FIGURES, PAGE


def _show(console: Console, figures: Mapping[str, Any]) -> None:
    if not figures["labelled_photos"]:
        console.print("The labelled photos are not here (../shared/photos): the astronaut picture's degradations only")
    for source in ("labelled", "degraded"):
        table = Table(
            "check", "limit", "bad", "good", "recall", "precision", "area", "limit: bad/good refused", title=source
        )
        for code, figure in figures["checks"].items():
            tally = figure[source]
            if tally:
                counts = [tally[key] for key in ("bad", "good", "recall", "precision", "area")]
                table.add_row(code, f"{figure['limit']:g}", *[str(count) for count in counts], _curve(tally["roc"]))
        console.print(table)
    for code, figure in figures["held_out"].items():
        console.print(f"On photos not used to choose the limit, {code}: {figure}")
    for spec, refused in figures["phones"]["refused"].items():
        console.print(f"As phones make them, {spec}, refused of {figures['phones']['n'][spec]}: {refused}")
    console.print(f"Roll: {figures['roll_error_deg']}")
    held = figures["steadiness"]
    for spec, share in held["share"].items():
        console.print(f"Verdicts that hold, {spec}: {share} of {held['n']} photos x {len(held['held'][spec])} changes")


def _curve(points: list[dict[str, float]]) -> str:
    shown = points[:: max(1, len(points) // 5)]
    return "  ".join(f"{p['limit']:g}: {p['refused_bad']:.2f}/{p['refused_good']:.2f}" for p in shown)


if __name__ == "__main__":
    sys.exit(main())
