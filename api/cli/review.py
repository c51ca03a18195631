"""The counsellor's desk on the command line."""

import getpass
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from api.cli.surroundings import open_house, var_option
from api.cli.tables import show
from api.domain.errors import NotFound
from api.domain.submission import SubmissionView

as_option = click.option("--as", "staff", default=lambda: f"cli:{getpass.getuser()}", help="Who decides. [cli:you]")


@click.group()
def review() -> None:
    """Look at submissions and decide on them."""


def filters(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options submissions are filtered by."""
    for name in ("class", "major", "grade", "college"):
        command = click.option(f"--{name}", "class_" if name == "class" else name, help=f"Only this {name}.")(command)
    command = click.option("--campaign", help="Only this campaign, by id.")(command)
    return click.option("--state", help="submitted, approved, returned or revoked.")(command)


@review.command("list")
@filters
@var_option
def list_submissions(var: Path | None, **wanted: str | None) -> None:
    """List submissions, oldest first."""
    with open_house(var) as house:
        views = house.find_submissions(**wanted)
    show(
        ("id", "state", "student", "name", "college", "grade", "major", "class", "submitted"),
        [
            (
                view.submission.id,
                view.submission.state.value,
                view.row.student_number,
                view.row.name,
                view.row.college,
                view.row.grade,
                view.row.major,
                view.row.class_,
                view.submission.created_at.isoformat(timespec="seconds"),
            )
            for view in views
        ],
    )


@review.command("show")
@click.argument("submission")
@var_option
def show_submission(submission: str, var: Path | None) -> None:
    """Show one submission and what was found on its photo."""
    with open_house(var) as house:
        found = next((view for view in house.find_submissions() if view.submission.id == submission), None)
        if found is None:
            raise NotFound(kind="submission", id=submission)
    show(("field", "value"), _fields(found))


@review.command()
@click.argument("submissions", nargs=-1, required=True)
@as_option
@var_option
def approve(submissions: tuple[str, ...], staff: str, var: Path | None) -> None:
    """Approve one or more submissions; each registry's event is owed from then on."""
    with open_house(var) as house:
        for submission in submissions:
            click.echo(f"{submission} {house.approve(staff, submission).state.value}")


@review.command("return")
@click.argument("submission")
@click.option("--reason", required=True, help="What the student is told, in Chinese.")
@as_option
@var_option
def return_(submission: str, reason: str, staff: str, var: Path | None) -> None:
    """Give a submission back to the student."""
    with open_house(var) as house:
        click.echo(f"{submission} {house.return_(staff, submission, reason).state.value}")


def _fields(view: SubmissionView) -> list[tuple[str, object]]:
    submission, row = view.submission, view.row
    report = view.photo.report or {}
    output = report.get("output") or {}
    findings = "；".join(finding["message"] for finding in report.get("findings", ()))
    return [
        ("id", submission.id),
        ("state", submission.state.value),
        ("reason", submission.reason),
        ("decided by", submission.decided_by),
        ("campaign", submission.campaign_id),
        ("student", row.student_number),
        ("name", row.name),
        ("ID number", row.masked_id_number),
        ("place", f"{row.college} {row.grade} {row.major} {row.class_}"),
        ("photo", submission.photo_id),
        ("file", f"{output.get('width')}x{output.get('height')} px, {output.get('bytes')} bytes"),
        ("findings", findings or "none"),
    ]
