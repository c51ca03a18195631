"""A report as people read it in a terminal: the verdict, the reasons with what to do, the facts."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from photo_service.contract import Output, Report, Severity, Verdict
from photo_service.wording import Wording

AT_ONCE: Final = 3
"""Reasons shown before "more": who is told everything that could be better changes nothing."""


def report_text(report: Report, wording: Wording, *, photo: Path | None = None, shown: int = AT_ONCE) -> str:
    """Write one report out in the language of `wording`: its first `shown` findings, the most useful ones, and how many
    more there are. `photo` is the file that was written, if any."""
    return "\n".join(_lines(report, wording, photo, shown))


def _lines(report: Report, wording: Wording, photo: Path | None, shown: int) -> Iterator[str]:
    word = wording.word
    if report.error:
        yield f"{report.source}: {word('unusable')} [{report.error.code}]"
        yield f"  {report.error.message}"
        yield f"    {word('advice')}: {report.error.advice}"
        return
    yield f"{report.source}: {word('pass' if report.verdict is Verdict.PASS else 'fail')} ({report.spec})"
    for finding in report.findings[:shown]:
        mark = "✗" if finding.severity is Severity.FAIL else "!"
        yield f"  {mark} {finding.message} [{finding.code}, {word(f'severity_{finding.severity}')}]"
        yield f"    {word('advice')}: {finding.advice}"
    if len(report.findings) > shown:
        yield f"  {word('more')}: {len(report.findings) - shown} (--all)"
    if report.output:
        yield f"  {_facts(report.output)}"
    if photo is not None:
        yield f"  {word('saved')}: {photo}"


def _facts(output: Output) -> str:
    quality = f", Q{output.quality}" if output.quality else ""
    size = f"{output.width}x{output.height} px, {output.dpi} dpi, {output.bytes:,} bytes"
    background = f", {output.background}" if output.background else ""
    return f"{size}, {output.format} {output.mode}{quality}{background}"
