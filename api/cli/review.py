"""The counsellor's desk on the command line."""

import getpass
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from api.cli.refusal import Refusal
from api.cli.surroundings import open_house, var_option
from api.cli.tables import show
from api.cli.times import beijing
from api.domain.media_check import MediaCheck, MediaCheckState
from api.domain.submission import SubmissionView
from api.plain_words import words_of
from api.services.review_batch import Choice, Outcome

as_option = click.option("--as", "staff", default=lambda: f"cli:{getpass.getuser()}", help="Who decides. [cli:you]")


@click.group()
def review() -> None:
    """Look at submissions and decide on them."""


def filters(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options submissions are filtered by."""
    for name in ("class", "major", "grade", "college"):
        command = click.option(f"--{name}", "class_" if name == "class" else name, help=f"Only this {name}.")(command)
    command = click.option("--campaign", help="Only this campaign, by id or slug.")(command)
    return click.option("--state", help="submitted, approved, returned or revoked.")(command)


@review.command("list")
@filters
@var_option
def list_submissions(var: Path | None, **wanted: Any) -> None:
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
        found = house.read_submission("office", submission)
    show(("field", "value"), _fields(found))


@review.command()
@click.argument("submission")
@var_option
def history(submission: str, var: Path | None) -> None:
    """Show who did what with a submission, when and why, those it came after included."""
    with open_house(var) as house:
        steps = house.read_history("office", submission)
    show(
        ("submission", "version", "state", "by", "when", "why"),
        [(one.submission_id, one.version, one.state.value, one.by, beijing(one.at), one.reason) for one in steps],
    )


@review.command()
@click.argument("submissions", nargs=-1, required=True)
@as_option
@var_option
def approve(submissions: tuple[str, ...], staff: str, var: Path | None) -> None:
    """Approve one or more submissions; each registry's event is owed from then on."""
    with open_house(var) as house:
        _tell(house.approve_many(staff, [Choice(one) for one in submissions]))


@review.command("return")
@click.argument("submissions", nargs=-1, required=True)
@click.option("--reason", required=True, help="What the students are told, in Chinese.")
@as_option
@var_option
def return_(submissions: tuple[str, ...], reason: str, staff: str, var: Path | None) -> None:
    """Give one or more submissions back to their students."""
    with open_house(var) as house:
        _tell(house.return_many(staff, [Choice(one) for one in submissions], reason))


@review.command()
@click.argument("submissions", nargs=-1, required=True)
@as_option
@var_option
def undo(submissions: tuple[str, ...], staff: str, var: Path | None) -> None:
    """Take an approval or a return of one's own back, within ten minutes; the submission is under review again.

    What nobody was told yet is not told; a registry that may have heard of an approval is told to delete the photo.
    """
    with open_house(var) as house:
        _tell(house.review.undo_many(staff, [Choice(one) for one in submissions]))


@review.command()
@click.argument("submission")
@click.option("--reason", required=True, help="Why, for the history and the student.")
@as_option
@var_option
def revoke(submission: str, reason: str, staff: str, var: Path | None) -> None:
    """Take back a submission that is under review or approved; the registry is told to delete the photo."""
    with open_house(var) as house:
        click.echo(f"{submission} {house.revoke(staff, submission, reason).state.value}")


def _tell(outcomes: tuple[Outcome, ...]) -> None:
    """Print what was decided, then refuse with the rest."""
    for one in outcomes:
        if one.submission is not None:
            click.echo(f"{one.submission_id} {one.submission.state.value}")
    refused = [(one.submission_id, words_of(one.refusal)) for one in outcomes if one.refusal is not None]
    if len(outcomes) == 1 and refused:
        raise Refusal(refused[0][1])
    if refused:
        raise Refusal("\n".join(f"{submission}: {words.splitlines()[0]}" for submission, words in refused))


def _fields(view: SubmissionView) -> list[tuple[str, object]]:
    submission, row = view.submission, view.row
    report = view.photo.report or {}
    output = report.get("output") or {}
    findings = "；".join(finding["message"] for finding in report.get("findings", ()))
    return [
        ("id", submission.id),
        ("state", submission.state.value),
        ("version", submission.version),
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
        *_opinion(view.media_check),
    ]


def _opinion(check: MediaCheck | None) -> list[tuple[str, object]]:
    """Return WeChat's opinion of the content; no line at all where nobody asks WeChat."""
    if check is None:
        return []
    waiting = {
        MediaCheckState.PENDING: "not asked yet",
        MediaCheckState.ASKED: "asked, no answer yet",
        MediaCheckState.UNCHECKED: "not checked: WeChat did not look at it",
    }
    return [("WeChat's check", waiting.get(check.state) or f"{check.suggest} (label {check.label})")]
