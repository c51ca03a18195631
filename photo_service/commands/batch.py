"""Render selfie after selfie, here or in several processes; one that fails never stops the others."""

import logging
import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from photo_service.commands.outputs import Job
from photo_service.contract import Problem, Rendered, Report, SpecError, UploadTooLarge, Verdict
from photo_service.explain import explain
from photo_service.models.store import write_atomically
from photo_service.pipeline import Studio, open_studio
from photo_service.stages.decode import Limits
from photo_service.wording import Wording

_MEGABYTE = 1024 * 1024
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StudioSettings:
    """What a process needs to open a studio of its own."""

    models_home: Path
    engine: str
    lang: str

    def open(self) -> Studio:
        """Open the studio; one thread, because several selfies at once use the cores better. Raises ModelError."""
        return open_studio(self.models_home, engine=self.engine, threads=1, lang=self.lang)


class Checker(Protocol):
    """Whoever can check a finished file: the studio, or the file desk where no networks are installed."""

    @property
    def limits(self) -> Limits: ...

    @property
    def wording(self) -> Wording: ...

    def check(self, photo: bytes, *, spec: str, source: str) -> Report: ...


@dataclass(frozen=True, slots=True)
class Order:
    """What is wanted of every selfie; `background` as `Studio.render` takes it, None for the spec's own."""

    spec: str
    background: str | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """What came of one job, not yet written: the photo with its report, and the picture that explains it."""

    rendered: Rendered
    explanation: bytes | None


@dataclass(frozen=True, slots=True)
class Done:
    """One job's end: `photo` is the file written, None where there is none."""

    job: Job
    report: Report
    photo: Path | None


def render_all(jobs: Iterable[Job], *, order: Order, settings: StudioSettings, processes: int = 1) -> Iterator[Done]:
    """Render each job and write its photo if it passed, in the order given, as soon as each is done.

    Raises ModelError, SpecError, BrokenProcessPool when a process was killed (out of memory).
    """
    if processes <= 1:
        studio = settings.open()
        for job in jobs:
            yield _finish(job, make_one(studio, job, order))
        return
    settings.open()  # a missing model is told once and at once, not by each process
    context = multiprocessing.get_context("spawn")  # networks must not be carried over a fork
    waiting = list(jobs)
    with ProcessPoolExecutor(processes, mp_context=context, initializer=_open, initargs=(settings,)) as pool:
        made = pool.map(_make, waiting, [order] * len(waiting))
        for job, one in zip(waiting, made, strict=True):
            yield _finish(job, one)


def make_one(studio: Studio, job: Job, order: Order) -> Made:
    """Render one file; whatever happens there is a report. Raises SpecError.

    A file that cannot be decoded has no explanation: there is nothing to draw over.
    """

    drawn: list[bytes] = []

    def render(data: bytes) -> Rendered:
        rendered = studio.render(data, spec=order.spec, source=job.source, background=order.background)
        if job.explanation and not rendered.report.error:
            drawn.append(explain(studio, data, rendered))
        return rendered

    rendered = _guarded(studio, job.selfie, order.spec, studio.networks.segmenter.name, render)
    return Made(rendered, drawn[0] if drawn else None)


def check_file(checker: Checker, photo: Path, *, spec: str, engine: str) -> Report:
    """Check one finished file; whatever happens there is a report. Raises SpecError."""

    def check(data: bytes) -> Rendered:
        return Rendered(checker.check(data, spec=spec, source=str(photo)), None)

    return _guarded(checker, photo, spec, engine, check).report


def _guarded(desk: Studio | Checker, file: Path, spec: str, engine: str, work: Callable[[bytes], Rendered]) -> Rendered:
    def unusable(code: str, facts: Mapping[str, object]) -> Rendered:
        problem = Problem(code, *desk.wording.error(code, **facts))
        return Rendered(Report(spec, Verdict.FAIL, str(file), engine, error=problem), None)

    try:
        return work(_content(file, desk.limits))
    except UploadTooLarge as fault:
        return unusable(fault.code, fault.facts)
    except OSError as error:
        log.warning("cannot read %s: %s", file, error.strerror)
        return unusable("unreadable_image", {})
    except SpecError:
        raise
    except Exception:  # a defect of ours must not cost the rest of a batch
        log.exception("rendering failed")
        return unusable("internal_error", {})


def _content(file: Path, limits: Limits) -> bytes:
    """Read a file, unless it is longer than is read. Raises UploadTooLarge, OSError.

    Its size is not believed alone: a device has none and never ends.
    """
    with file.open("rb") as opened:
        size = max(file.stat().st_size, len(content := opened.read(limits.max_bytes + 1)))
    if size > limits.max_bytes:
        raise UploadTooLarge(megabytes=round(size / _MEGABYTE, 1), limit=limits.max_bytes // _MEGABYTE)
    return content


def _finish(job: Job, made: Made) -> Done:
    rendered = made.rendered
    if job.explanation and made.explanation:
        write_atomically(job.explanation, made.explanation)
    if rendered.photo is None:
        return Done(job, rendered.report, None)
    write_atomically(job.photo, rendered.photo)
    return Done(job, rendered.report, job.photo)


_studios: list[Studio] = []
"""The one studio of a child process: a process pool has no other place to keep what its initializer made."""


def _open(settings: StudioSettings) -> None:
    _studios.append(settings.open())


def _make(job: Job, order: Order) -> Made:
    return make_one(_studios[0], job, order)
