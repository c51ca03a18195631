"""Hold every figure that was asked of the photos against what was measured: one line each, met or not."""

from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks import fidelity, speed

Rows = list[dict[str, Any]]

MEAN_IOU, LEAST_IOU = 0.972, 0.93
WITHIN, A_TENTH = 1.05, 0.1


def verdicts(figures: Mapping[str, Rows]) -> Rows:
    """Return one row a promise, in the order they were asked; what could not be measured here is left out."""
    rows = [*_masks(figures["masks"]), *_composites(figures["composites"]), *_fidelity(figures["fidelity"])]
    rows += [*_catalogue(figures["catalogue"]), *_sheets(figures["sheets"]), *_sameness(figures["sameness"])]
    return [*rows, *_speed(figures["speed"]), *_memory(figures["memory"])]


def page(rows: Rows, *, measured_at: str, machine: Mapping[str, Any]) -> str:
    """Write the promises as a page, with the command that makes it."""
    told = ", ".join(f"{key} {value}" for key, value in machine.items())
    how = "Made by `make bench` (these alone: `.venv/bin/python -m benchmarks --photos`), which writes it to"
    lines = ["# What was asked of the photos, and what was measured", ""]
    lines += [f"{how} `var/bench/must-show.md`; {measured_at}, {told}.", ""]
    lines += ["| no. | what | asked | measured | |", "|---|---|---|---|---|"]
    lines += ["| " + " | ".join(str(value) for value in row.values()) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _line(number: int, what: str, asked: str, measured: object, *, met: bool | None) -> dict[str, Any]:
    said = {True: "met", False: "NOT MET", None: "to look at"}[met]
    return {"no": number, "what": what, "asked": asked, "measured": str(measured), "verdict": said}


def _masks(rows: Rows) -> Iterator[dict[str, Any]]:
    found = {row["portrait"]: row for row in rows}
    for name, key, asked in (("mean", "iou", MEAN_IOU), ("least", "iou", LEAST_IOU)):
        if name in found:
            value = found[name][key]
            yield _line(1, f"{name} IoU on masks drawn by hand", f">= {asked}", value, met=value >= asked)
    if "mean" in found:
        yield _line(1, "mean boundary F-score there", "told", found["mean"]["boundary_f"], met=None)


def _composites(rows: Rows) -> Iterator[dict[str, Any]]:
    for spec in dict.fromkeys(row["spec"] for row in rows):
        ways = {row["way"]: row for row in rows if row["spec"] == spec}
        ours = ways.pop("ours")
        for key in ("alpha_error", "colour_error_de2000"):
            best = min(ways.values(), key=lambda row: row[key])
            times = ours["cpu_ms"] / max(best["cpu_ms"], 1e-9)
            met = ours[key] <= best[key] or (ours[key] <= WITHIN * best[key] and times <= A_TENTH)
            told = f"{ours[key]} against {best[key]} ({best['way']}), at {times:.2f} of its time"
            yield _line(2, f"{key} on composites, {spec}", "best, or within 5 % at a tenth of its time", told, met=met)


def _fidelity(rows: Rows) -> Iterator[dict[str, Any]]:
    for row in rows:
        for key in ("least_before_jpeg_luminance", "least_jpeg_luminance"):
            what = f"SSIM inside the face, {key.removeprefix('least_')}, {row['spec']}, {row['photos']} photos"
            yield _line(3, what, f">= {fidelity.ASKED}", row[key], met=row[key] >= fidelity.ASKED)


def _catalogue(rows: Rows) -> Iterator[dict[str, Any]]:
    for row in rows:
        told = f"{row['photos']} photos of {row['specs']} specs, {row['faults']} faults {row['first_fault']}"
        yield _line(4, "every spec, 20 selfies, measured by a stranger", "no fault", told, met=row["faults"] == 0)
        for key in ("least_before_jpeg", "least_jpeg"):
            if key in row:
                what = f"SSIM inside the face, {key.removeprefix('least_')}, {row['photos']} photos of every spec"
                below = f", {row['faces_below']} below: {row['specs_below']}" if row[key] < fidelity.ASKED else ""
                met = row[key] >= fidelity.ASKED
                yield _line(3, what, f">= {fidelity.ASKED}", f"{row[key]}{below}", met=met)
        if "mean_beside" in row:
            told = f"{row['mean_beside']} on average, {row['least_beside']} at least"
            yield _line(
                3, "SSIM of the person beside the face, the JPEG to what it was made of", "told", told, met=None
            )


def _sheets(rows: Rows) -> Iterator[dict[str, Any]]:
    if rows:
        told = f"{sum(row['photos'] for row in rows)} photos in {rows[0]['folder']}"
        yield _line(5, "contact sheets before white, blue and red", "looked at", told, met=None)


def _sameness(rows: Rows) -> Iterator[dict[str, Any]]:
    met = all(row["different_files"] == 1 and row["photo"] for row in rows)
    told = f"{max(row['different_files'] for row in rows)} different files of three"
    yield _line(6, "the same bytes out, twice and in two processes", "1 file", told, met=met)


def _speed(rows: Rows) -> Iterator[dict[str, Any]]:
    for row in rows:
        asked, what = f"<= {speed.ASKED_TIMES} times Pillow alone", f"12 megapixels to 180 x 240, {row['file']}"
        told = f"{row['times']} ({row['ours_cpu_ms']} against {row['pillow_cpu_ms']} ms, {row['kilobytes']} kB)"
        yield _line(7, what, asked, told, met=row["times"] <= speed.ASKED_TIMES and row["photo"])


def _memory(rows: Rows) -> Iterator[dict[str, Any]]:
    for row in rows:
        what = f"peak memory of a process, {row['megapixels']:g} megapixels {row['format']}"
        yield _line(7, what, f"< {speed.ASKED_MB} MB", row["peak_mb"], met=row["peak_mb"] < speed.ASKED_MB)
