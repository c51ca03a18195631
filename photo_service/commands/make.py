"""`idphoto make`: selfies to photos, one or a directory full."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

import click

from photo_service.commands.parts import (
    all_option,
    any_path,
    engine_option,
    exit_status,
    known_spec,
    lang_option,
    report_option,
    show_report,
    spec_option,
    studio_settings,
    told_in_a_line,
)

if TYPE_CHECKING:
    from photo_service.commands.batch import Done, Order, StudioSettings
    from photo_service.commands.outputs import Job
    from photo_service.spec import Spec

_TRANSPARENT: Final = "transparent"


@click.command()
@click.argument("selfies", nargs=-1, required=True, type=any_path, metavar="SELFIE...")
@spec_option
@click.option("-o", "--output", type=any_path, help="File for one selfie, directory for several.")
@click.option(
    "--background", metavar="COLOUR", help="One that the spec takes: #438EDB, white, blue, red, 白, 蓝, 红; gradient."
)
@click.option(
    "--transparent", "background", flag_value=_TRANSPARENT, help="The person alone, as PNG; not for handing in."
)
@click.option("--explain", type=any_path, help="Also draw what was measured over the selfie: PNG, or a directory.")
@report_option
@all_option
@engine_option
@click.option("--jobs", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes at work at once.")
@lang_option
def make(
    selfies: tuple[Path, ...],
    spec_id: str,
    output: Path | None,
    background: str | None,
    explain: Path | None,
    report: str,
    shown: int,
    engine: str,
    jobs: int,
    lang: str,
) -> NoReturn:
    """Turn selfies into photos.

    A SELFIE may be a directory: every picture in and below it, with a manifest.csv beside the photos. Without -o
    photos are written beside their selfies as STEM-SPEC.jpg, those of a directory into DIR-SPEC/. Gradients are
    #TOP..#BOTTOM and radial:#MIDDLE,#CORNERS.

    Exit status: 0 all compliant; 1 some rejected (reasons are printed, no photo is written for them); 2 a file that
    is no usable picture, or a wrong command line.
    """
    from photo_service.commands.batch import Order

    _known_background(known_spec(spec_id), background)
    suffix = ".png" if background == _TRANSPARENT else ".jpg"
    planned = _planned(selfies, output=output, spec_id=spec_id, suffix=suffix, explain=explain)
    finished: list[Done] = []
    done_one_by_one = _rendered(planned, Order(spec_id, background), studio_settings(engine, lang), jobs)
    with told_in_a_line():
        for done in _with_progress(done_one_by_one, planned):
            finished.append(done)
            show_report(done.report, report, lang, shown=shown, photo=done.photo)
        _list(planned, finished, lang)
    sys.exit(exit_status(done.report for done in finished))


def _known_background(spec: "Spec", background: str | None) -> None:
    """Refuse a background before any work is done. Raises UsageError with what the spec takes."""
    if background in {None, _TRANSPARENT}:
        return
    from photo_service.backdrop import BackgroundRefused, backdrop_of
    from photo_service.wording import Wording

    try:
        backdrop_of(spec, background)
    except BackgroundRefused as error:
        raise click.UsageError(Wording.load("en").error(error.code, **error.facts)[0]) from error


def _planned(
    selfies: tuple[Path, ...], *, output: Path | None, spec_id: str, suffix: str, explain: Path | None
) -> list["Job"]:
    from photo_service.commands.outputs import BadRequestError, plan_explanations, plan_jobs

    try:
        planned = plan_jobs(selfies, output=output, spec_id=spec_id, suffix=suffix)
        return plan_explanations(planned, explain) if explain else planned
    except BadRequestError as error:
        raise click.UsageError(str(error)) from error


def _rendered(jobs: list["Job"], order: "Order", settings: "StudioSettings", processes: int) -> "Iterator[Done]":
    from photo_service.commands.batch import render_all

    return render_all(jobs, order=order, settings=settings, processes=processes)


def _with_progress(done: "Iterator[Done]", jobs: list["Job"]) -> "Iterator[Done]":
    """Show a bar on a terminal's stderr while a directory is worked through."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    shown = console.is_terminal and any(job.listed_in for job in jobs)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    one_screen = sys.stdout.isatty()  # otherwise reports go to a file, and the bar must not draw them to itself
    with Progress(*columns, console=console, disable=not shown, redirect_stdout=one_screen) as bar:
        yield from bar.track(done, total=len(jobs), description="Rendering")


def _list(jobs: list["Job"], finished: list["Done"], lang: str) -> None:
    """Write the manifest of each directory and say where it is."""
    from photo_service.commands.manifest import write_manifest

    for folder in sorted({job.listed_in for job in jobs if job.listed_in}):
        path = write_manifest(folder, [done for done in finished if done.job.listed_in == folder], lang=lang)
        click.echo(f"{path}", err=True)
