"""The list that goes with a directory of photos: one row a selfie, for a spreadsheet."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from photo_service.batch import Done
from photo_service.contract import Severity
from photo_service.models.store import write_atomically

MANIFEST: Final = "manifest.csv"
COLUMNS: Final = ("source", "verdict", "photo", "codes", "reasons", "width", "height", "dpi", "bytes", "sha256")
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def write_manifest(folder: Path, done: Iterable[Done]) -> Path:
    """Write the list into the photos' folder, readable by Excel in Chinese (UTF-8 with its mark)."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([_cell(value) for value in _row(folder, one)] for one in done)
    path = folder / MANIFEST
    write_atomically(path, text.getvalue().encode("utf-8-sig"))
    return path


def _row(folder: Path, done: Done) -> tuple[str, ...]:
    report, output = done.report, done.report.output
    reasons = [finding for finding in report.findings if finding.severity is Severity.FAIL]
    codes = [report.error.code] if report.error else [finding.code for finding in reasons]
    messages = [report.error.message] if report.error else [finding.message for finding in reasons]
    source = done.job.selfie.relative_to(done.job.found_in) if done.job.found_in else done.job.selfie
    photo = str(done.photo.relative_to(folder)) if done.photo else ""
    measured = [output.width, output.height, output.dpi, output.bytes, output.sha256] if output else [""] * 5
    verdict = "unusable" if report.error else report.verdict.value
    return (str(source), verdict, photo, " ".join(codes), "；".join(messages), *map(str, measured))


def _cell(value: str) -> str:
    """Keep a file name from being run as a formula by the spreadsheet that opens the list."""
    return f"'{value}" if value.startswith(_FORMULA_STARTS) else value
