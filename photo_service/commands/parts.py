"""What the photo commands share: their options, the studio they open, how a report is shown, the exit status."""

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from photo_service.contract import Report, SpecError, Verdict

if TYPE_CHECKING:
    from photo_service.commands.batch import StudioSettings
    from photo_service.spec import Spec

COMPLIANT, REJECTED, UNUSABLE = 0, 1, 2
DEFAULT_SPEC: Final = "one-inch"
"""The one that is no school's own: who needs a school's photo names the school's spec."""
_LANGUAGES: Final = ("zh-CN", "en")
_REPORTS: Final = ("text", "json")

spec_option = click.option("--spec", "spec_id", default=DEFAULT_SPEC, show_default=True, help="Id of the spec.")
report_option = click.option(
    "--report", type=click.Choice(_REPORTS), default="text", show_default=True, help="json: JSON Lines on stdout."
)
engine_option = click.option("--engine", default="selfie", show_default=True, help="Who cuts out: selfie, rembg:NAME.")
lang_option = click.option(
    "--lang", type=click.Choice(_LANGUAGES), default="zh-CN", show_default=True, help="Language of the reasons."
)
all_option = click.option(
    "--all",
    "shown",
    flag_value=10_000,
    default=3,
    type=int,
    show_default=False,
    help="All reasons, not the first three.",
)


class AnyPath(click.Path):
    """A path that need not exist; an empty one is a shell variable that was never set, not this folder."""

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == "":
            self.fail("the path is empty (a shell variable that is not set?)", param, ctx)
        return super().convert(value, param, ctx)  # type: ignore[arg-type]  # click's own signature is narrower


any_path = AnyPath(path_type=Path)


class NothingJudged(click.ClickException):
    """The command could not do its work at all."""

    exit_code = UNUSABLE


def home_of_models() -> Path:
    """Return where the networks are kept on this machine."""
    from photo_service.models.store import models_home

    return models_home(os.environ)


def studio_settings(engine: str, lang: str) -> "StudioSettings":
    """Say which studio to open, without opening it."""
    from photo_service.commands.batch import StudioSettings

    return StudioSettings(home_of_models(), engine, lang)


def whole_catalogue() -> "dict[str, Spec]":
    """Read every spec. Raises NothingJudged where a spec file is bad."""
    from photo_service.specs import load_catalogue

    try:
        return dict(load_catalogue())
    except SpecError as error:
        raise NothingJudged(str(error)) from error


def known_spec(spec_id: str) -> "Spec":
    """Find a spec by its id. Raises UsageError with the nearest ids."""
    from photo_service.specs import get_spec
    from photo_service.wording import Wording

    try:
        return get_spec(whole_catalogue(), spec_id)
    except SpecError as error:
        raise click.UsageError(Wording.load("en").error(error.code, **error.facts)[0]) from error


@contextmanager
def told_in_a_line() -> Iterator[None]:
    """Turn what an operator must see to into one line on stderr instead of a traceback."""
    from concurrent.futures.process import BrokenProcessPool

    from photo_service.models.errors import ModelError

    try:
        yield
    except (ModelError, SpecError) as error:
        raise NothingJudged(str(error)) from error
    except BrokenProcessPool as error:
        raise NothingJudged("A process was killed, probably for lack of memory. Use fewer --jobs") from error
    except OSError as error:
        raise NothingJudged(f"{error.filename or 'system'}: {error.strerror or error}") from error


def show_report(report: Report, form: str, lang: str, *, shown: int, photo: Path | None = None) -> None:
    """Print one report, for people with the first `shown` reasons, or as one JSON document in a line with all of them.

    `photo` is the file that was written, if any.
    """
    from photo_service.commands.text_report import report_text
    from photo_service.wording import Wording

    if form == "json":
        click.echo(json.dumps(report.to_json(), ensure_ascii=False))
    else:
        click.echo(report_text(report, Wording.load(lang), photo=photo, shown=shown))


def exit_status(reports: Iterable[Report]) -> int:
    """Sum all reports up in one exit status: the worst decides."""
    status = COMPLIANT
    for report in reports:
        ended = UNUSABLE if report.error else COMPLIANT if report.verdict is Verdict.PASS else REJECTED
        status = max(status, ended)
    return status
