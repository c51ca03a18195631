"""The photo service's commands: `idphoto make`, `check`, `specs`, `models`, `doctor`, `photo-service`.

Everything heavy is imported inside the command that needs it, so that `idphoto specs` answers at once.
"""

import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

import click

from photo_service.contract import Report, SpecError, Verdict
from photo_service.models.commands import models

if TYPE_CHECKING:
    from photo_service.batch import Checker, Done, StudioSettings
    from photo_service.outputs import Job
    from photo_service.spec import Spec

COMPLIANT, REJECTED, UNUSABLE = 0, 1, 2
DEFAULT_SPEC: Final = "one-inch"
"""The one that is no school's own: who needs a school's photo names the school's spec."""
_LANGUAGES: Final = ("zh-CN", "en")
_REPORTS: Final = ("text", "json")

_spec_option = click.option("--spec", "spec_id", default=DEFAULT_SPEC, show_default=True, help="Id of the spec.")
_report_option = click.option(
    "--report", type=click.Choice(_REPORTS), default="text", show_default=True, help="json: JSON Lines on stdout."
)
_engine_option = click.option("--engine", default="selfie", show_default=True, help="Who cuts out: selfie, rembg:NAME.")
_lang_option = click.option(
    "--lang", type=click.Choice(_LANGUAGES), default="zh-CN", show_default=True, help="Language of the reasons."
)
_files = click.Path(path_type=Path)


@click.group()
def main() -> None:
    """Make and check ID photos."""


@main.command()
@click.argument("selfies", nargs=-1, required=True, type=_files, metavar="SELFIE...")
@_spec_option
@click.option("-o", "--output", type=_files, help="File for one selfie, directory for several.")
@_report_option
@_engine_option
@click.option("--jobs", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes at work at once.")
@_lang_option
def make(
    selfies: tuple[Path, ...], spec_id: str, output: Path | None, report: str, engine: str, jobs: int, lang: str
) -> NoReturn:
    """Turn selfies into photos.

    A SELFIE may be a directory: every picture in and below it, with a manifest.csv beside the photos. Without -o
    photos are written beside their selfies as STEM-SPEC.jpg, those of a directory into DIR-SPEC/.

    Exit status: 0 all compliant; 1 some rejected (reasons are printed, no photo is written for them); 2 a file that
    is no usable picture, or a wrong command line.
    """
    from photo_service.manifest import write_manifest
    from photo_service.outputs import BadRequestError, plan_jobs

    _known_spec(spec_id)
    try:
        planned = plan_jobs(selfies, output=output, spec_id=spec_id)
    except BadRequestError as error:
        raise click.UsageError(str(error)) from error
    settings = _settings(engine, lang)
    finished: list[Done] = []
    for done in _with_progress(_rendered(planned, spec_id, settings, jobs), planned):
        finished.append(done)
        _show(done.report, report, lang, photo=done.photo)
    for folder in sorted({job.listed_in for job in planned if job.listed_in}):
        path = write_manifest(folder, [done for done in finished if done.job.listed_in == folder])
        click.echo(f"{path}", err=True)
    sys.exit(_status(done.report for done in finished))


@main.command()
@click.argument("photos", nargs=-1, required=True, type=_files, metavar="PHOTO...")
@_spec_option
@_report_option
@_engine_option
@_lang_option
def check(photos: tuple[Path, ...], spec_id: str, report: str, engine: str, lang: str) -> NoReturn:
    """Say whether finished photos are compliant: the file itself, and the face in it.

    Exit status as for make.
    """
    from photo_service.batch import check_file

    _known_spec(spec_id)
    reports = []
    with _told_in_a_line():
        checker = _checker(_settings(engine, lang))
        for photo in photos:
            reports.append(check_file(checker, photo, spec=spec_id, engine=engine))
            _show(reports[-1], report, lang)
    sys.exit(_status(reports))


@main.command()
@click.argument("spec_id", required=False, metavar="[ID]")
@click.option("--json", "as_json", is_flag=True, help="As JSON, with every rule.")
def specs(spec_id: str | None, as_json: bool) -> None:
    """List the catalogue, or show one spec."""
    from photo_service.spec_json import spec_json

    catalogue = _catalogue()
    chosen = [_known_spec(spec_id)] if spec_id else list(catalogue.values())
    if as_json:
        bodies = [spec_json(spec) for spec in chosen]
        click.echo(json.dumps(bodies[0] if spec_id else bodies, ensure_ascii=False, indent=2))
    elif spec_id:
        click.echo(_in_full(chosen[0]))
    else:
        click.echo("\n".join(_in_a_line(spec) for spec in chosen))


main.add_command(models)


@main.command()
def doctor() -> NoReturn:
    """Say what is wrong with this installation, and what to do. Exit status 1 if anything is."""
    from photo_service.doctor import examine

    ill = 0
    for symptom in examine(_models_home()):
        click.echo(str(symptom))
        ill += not symptom.well
    sys.exit(1 if ill else 0)


@main.command("photo-service")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8002, show_default=True, type=click.IntRange(0, 65535))
@_engine_option
@click.option("--threads", default=1, show_default=True, type=click.IntRange(1, 64), help="Threads of the networks.")
@click.option("--at-once", default=2, show_default=True, type=click.IntRange(1, 64), help="Renderings at once.")
def photo_service(host: str, port: int, engine: str, threads: int, at_once: int) -> None:
    """Serve rendering over HTTP. The port opens when the networks are loaded."""
    from photo_service.pipeline import open_studio
    from photo_service.server import serve

    with _told_in_a_line():
        studio = open_studio(_models_home(), engine=engine, threads=threads)
        serve(studio, host=host, port=port, at_once=at_once, say=lambda text: click.echo(text, err=True))


def _models_home() -> Path:
    from photo_service.models.store import models_home

    return models_home(os.environ)


def _settings(engine: str, lang: str) -> "StudioSettings":
    from photo_service.batch import StudioSettings

    return StudioSettings(_models_home(), engine, lang)


def _checker(settings: "StudioSettings") -> "Checker":
    """Open the studio; without networks only the file itself can be checked, and that is said."""
    from photo_service.file_check import FileDesk
    from photo_service.models.errors import ModelMissingError

    try:
        return settings.open()
    except ModelMissingError as error:
        click.echo(f"Only the file itself is checked, not the face in it. {error}", err=True)
        return FileDesk.open(settings.lang)


def _catalogue() -> "dict[str, Spec]":
    from photo_service.specs import load_catalogue

    try:
        return dict(load_catalogue())
    except SpecError as error:
        raise _NothingJudged(str(error)) from error


def _known_spec(spec_id: str) -> "Spec":
    from photo_service.specs import get_spec
    from photo_service.wording import Wording

    try:
        return get_spec(_catalogue(), spec_id)
    except SpecError as error:
        raise click.UsageError(Wording.load("en").error(error.code, **error.facts)[0]) from error


class _NothingJudged(click.ClickException):
    """The command could not do its work at all."""

    exit_code = UNUSABLE


@contextmanager
def _told_in_a_line() -> Iterator[None]:
    """Turn what an operator must see to into one line on stderr instead of a traceback."""
    from concurrent.futures.process import BrokenProcessPool

    from photo_service.models.errors import ModelError

    try:
        yield
    except (ModelError, SpecError) as error:
        raise _NothingJudged(str(error)) from error
    except BrokenProcessPool as error:
        raise _NothingJudged("A process was killed, probably for lack of memory. Use fewer --jobs") from error
    except OSError as error:
        raise _NothingJudged(f"{error.filename or 'system'}: {error.strerror or error}") from error


def _rendered(jobs: list["Job"], spec_id: str, settings: "StudioSettings", processes: int) -> "Iterator[Done]":
    from photo_service.batch import render_all

    with _told_in_a_line():
        yield from render_all(jobs, spec=spec_id, settings=settings, processes=processes)


def _with_progress(done: "Iterator[Done]", jobs: list["Job"]) -> "Iterator[Done]":
    """Show a bar on a terminal's stderr while a directory is worked through."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    shown = console.is_terminal and any(job.listed_in for job in jobs)
    with Progress(console=console, disable=not shown) as bar:
        yield from bar.track(done, total=len(jobs), description="Rendering")


def _show(report: Report, form: str, lang: str, *, photo: Path | None = None) -> None:
    from photo_service.text_report import report_text
    from photo_service.wording import Wording

    if form == "json":
        click.echo(json.dumps(report.to_json(), ensure_ascii=False))
    else:
        click.echo(report_text(report, Wording.load(lang), photo=photo))


def _status(reports: Iterable[Report]) -> int:
    """Sum all reports up in one exit status: the worst decides."""
    status = COMPLIANT
    for report in reports:
        ended = UNUSABLE if report.error else COMPLIANT if report.verdict is Verdict.PASS else REJECTED
        status = max(status, ended)
    return status


def _in_a_line(spec: "Spec") -> str:
    size = f"{spec.size.max_width}x{spec.size.max_height}"
    return f"{spec.id:14} {size:>9} px {spec.dpi:>4} dpi  < {spec.window.high:>9,} bytes  {spec.name}"


def _in_full(spec: "Spec") -> str:
    from photo_service.spec_json import spec_json

    body: dict[str, Any] = spec_json(spec)
    note = body.pop("note")
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in body.items()]
    return "\n".join([*lines, "", note])


if __name__ == "__main__":
    main()
