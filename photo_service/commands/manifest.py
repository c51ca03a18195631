"""The list that goes with a directory of photos: one row a selfie, for a spreadsheet."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from photo_service.commands.batch import Done
from photo_service.contract import Severity
from photo_service.models.store import write_atomically
from photo_service.wording import Wording

MANIFEST: Final = "manifest.csv"
HEADINGS: Final = {
    "en": (
        *("source", "verdict", "photo", "reasons", "advice", "warnings"),
        *("codes", "width", "height", "dpi", "bytes", "background", "sha256"),
    ),
    "zh-CN": (
        *("自拍", "结论", "照片", "不合格原因", "怎么办", "提醒"),
        *("代码", "宽（像素）", "高（像素）", "dpi", "字节", "背景", "SHA-256"),
    ),
}
_MEASURED: Final = ("width", "height", "dpi", "bytes", "background", "sha256")
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What spreadsheets begin a formula with, full-width forms included (OWASP, CSV Injection)."""


def write_manifest(folder: Path, done: Iterable[Done], *, lang: str) -> Path:
    """Write the list into the photos' folder, readable by Excel in Chinese (UTF-8 with its mark)."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADINGS[lang])
    wording = Wording.load(lang)
    writer.writerows([_cell(value) for value in _row(folder, one, wording)] for one in done)
    path = folder / MANIFEST
    write_atomically(path, text.getvalue().encode("utf-8-sig"))
    return path


def _row(folder: Path, done: Done, wording: Wording) -> tuple[str, ...]:
    report, output = done.report, done.report.output
    reasons = [finding for finding in report.findings if finding.severity is Severity.FAIL]
    warnings = [finding.message for finding in report.findings if finding.severity is Severity.WARN]
    told = [report.error] if report.error else reasons
    source = done.job.selfie.relative_to(done.job.found_in) if done.job.found_in else done.job.selfie
    photo = str(done.photo.relative_to(folder)) if done.photo else ""
    verdict = "unusable" if report.error else report.verdict.value
    measured = [getattr(output, name) if output else None for name in _MEASURED]
    between = wording.word("semicolon")
    return (
        *(str(source), wording.word(verdict), photo),
        *(between.join(one.message for one in told), between.join(dict.fromkeys(one.advice for one in told))),
        *(between.join(warnings), " ".join(one.code for one in told)),
        *("" if value is None else str(value) for value in measured),
    )


def _cell(value: str) -> str:
    """Keep a file name from being run as a formula by the spreadsheet that opens the list."""
    return f"'{value}" if value.lstrip(" ").startswith(_FORMULA_STARTS) else value
