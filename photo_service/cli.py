"""The photo service's commands: `idphoto make`, `sheet`, `check`, `specs`, `models`, `doctor`, `photo-service`.

Everything heavy is imported inside the command that needs it, so that `idphoto specs` answers at once.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from photo_service.commands.make import make
from photo_service.commands.parts import (
    all_option,
    any_path,
    engine_option,
    exit_status,
    home_of_models,
    known_spec,
    lang_option,
    report_option,
    show_report,
    spec_option,
    studio_settings,
    told_in_a_line,
)
from photo_service.commands.sheet import sheet
from photo_service.commands.specs import specs
from photo_service.models.commands import models

if TYPE_CHECKING:
    from photo_service.commands.batch import Checker, StudioSettings


@click.group()
def main() -> None:
    """Make and check ID photos."""


@main.command()
@click.argument("photos", nargs=-1, required=True, type=any_path, metavar="PHOTO...")
@spec_option
@report_option
@all_option
@engine_option
@lang_option
def check(photos: tuple[Path, ...], spec_id: str, report: str, shown: int, engine: str, lang: str) -> NoReturn:
    """Say whether finished photos are compliant: the file itself, and the face in it.

    Exit status as for make.
    """
    from photo_service.commands.batch import check_file

    known_spec(spec_id)
    reports = []
    with told_in_a_line():
        checker = _checker(studio_settings(engine, lang))
        for photo in photos:
            reports.append(check_file(checker, photo, spec=spec_id, engine=engine))
            show_report(reports[-1], report, lang, shown=shown)
    sys.exit(exit_status(reports))


for _command in (make, sheet, specs, models):
    main.add_command(_command)


@main.command()
def doctor() -> NoReturn:
    """Say what is wrong with this installation, and what to do. Exit status 1 if anything is."""
    from photo_service.doctor import examine

    ill = 0
    for symptom in examine(home_of_models()):
        click.echo(str(symptom))
        ill += not symptom.well
    sys.exit(1 if ill else 0)


@main.command("photo-service")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8002, show_default=True, type=click.IntRange(0, 65535))
@engine_option
@click.option("--threads", default=1, show_default=True, type=click.IntRange(1, 64), help="Threads of the networks.")
@click.option("--at-once", default=2, show_default=True, type=click.IntRange(1, 64), help="Renderings at once.")
def photo_service(host: str, port: int, engine: str, threads: int, at_once: int) -> None:
    """Serve rendering over HTTP. The port opens when the networks are loaded."""
    from photo_service.pipeline import open_studio
    from photo_service.server import serve

    with told_in_a_line():
        studio = open_studio(home_of_models(), engine=engine, threads=threads)
        serve(studio, host=host, port=port, at_once=at_once, say=lambda text: click.echo(text, err=True))


def _checker(settings: "StudioSettings") -> "Checker":
    """Open the studio; without networks only the file itself can be checked, and that is said."""
    from photo_service.file_check import FileDesk
    from photo_service.models.errors import ModelMissingError

    try:
        return settings.open()
    except ModelMissingError as error:
        click.echo(f"Only the file itself is checked, not the face in it. {error}", err=True)
        return FileDesk.open(settings.lang)


if __name__ == "__main__":
    main()
