"""A campaign's people on the command line."""

import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import click

from api.adapters.roster_file import RosterUnreadable, open_roster
from api.cli.refusal import Refusal
from api.cli.review import as_option
from api.cli.surroundings import open_house, var_option
from api.cli.tables import show
from api.cli.times import beijing
from api.cli.unbind import unbind
from api.domain.record_error import FIELD_NAMES
from api.domain.roster import RosterImport
from api.services.guards import find_campaign
from api.services.load_roster import ImportWish

_SHOWN = 10

campaign_option = click.option("--campaign", required=True, help="The campaign, by id or slug.")


@click.group()
def roster() -> None:
    """The people a campaign is for."""


roster.add_command(unbind)


@roster.command("list")
@campaign_option
@var_option
def list_roster(campaign: str, var: Path | None) -> None:
    """List a campaign's people; ID numbers are masked."""
    with open_house(var) as house, house.parts.database.read() as uow:
        rows = uow.roster.of_campaign(find_campaign(uow, campaign).id)
    show(
        ("student", "name", "ID number", "college", "grade", "major", "class", "bound"),
        [
            (
                row.student_number,
                row.name,
                row.masked_id_number,
                row.college,
                row.grade,
                row.major,
                row.class_,
                "yes" if row.student_id else "no",
            )
            for row in rows
        ],
    )


@roster.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@campaign_option
@click.option("--dry-run", is_flag=True, help="Only tell what would be done, and every fault.")
@click.option("--remove-missing", is_flag=True, help="Take off the roster who is not in the file.")
@var_option
def import_roster(file: Path, campaign: str, dry_run: bool, remove_missing: bool, var: Path | None) -> None:
    """Bring the people of an XLSX or CSV file in: all of them, or with any fault nobody.

    Columns, in any order, by their usual Chinese names or in English: name 姓名, id_number 身份证号, student_number
    学号, college 院系, grade 年级, major 专业, class 班级. CSV in UTF-8, or GB 18030 as Excel writes it. People on the
    roster already are updated, found by ID number or by student number and name. What the file is called does not
    matter. Lines of totals (合计) are passed over and told.
    """
    wish = ImportWish(dry_run=dry_run, remove_missing=remove_missing)
    with open_house(var) as house:
        try:
            with open_roster(file) as opened, _bar(opened.expected) as step:
                done = house.load_roster(campaign, opened.lines, wish=wish, progress=step)
        except RosterUnreadable as fault:
            raise Refusal(
                f"roster_unreadable: {fault}\nNothing was imported. Correct the file and try again."
            ) from fault
    _tell(done, dry_run=dry_run)


@roster.command()
@click.argument("student_number", metavar="STUDENT_NUMBER")
@campaign_option
@var_option
def remove(student_number: str, campaign: str, var: Path | None) -> None:
    """Take one person off the roster, unless they proved to be on it or have submitted."""
    with open_house(var) as house:
        gone = house.remove_from_roster(campaign, student_number)
    if not gone:
        raise Refusal("roster_row_in_use: this person proved to be on the roster, or has submitted\nThey stay.")
    click.echo("removed")


@roster.group()
def errors() -> None:
    """What students say is wrong in their record (学籍信息有误)."""


@errors.command("list")
@click.option("--campaign", help="Only this campaign, by id or slug.")
@click.option("--all", "everything", is_flag=True, help="Settled ones too.")
@as_option
@var_option
def list_errors(campaign: str | None, everything: bool, staff: str, var: Path | None) -> None:
    """List the reports; piped into a file it is tab-separated, for the office."""
    with open_house(var) as house:
        found = house.find_record_errors(staff, campaign=campaign, only_open=not everything)
        with house.parts.database.read() as uow:
            rows = {one.id: uow.roster.get(one.roster_row_id) if one.roster_row_id else None for one in found}
    show(
        ("id", "student", "name", "college", "class", "about", "message", "reported", "answer"),
        [
            (
                one.id,
                *((row.student_number, row.name, row.college, row.class_) if (row := rows[one.id]) else [None] * 4),
                FIELD_NAMES[one.about],
                one.message,
                beijing(one.created_at),
                one.answer,
            )
            for one in found
        ],
    )


@errors.command()
@click.argument("report", metavar="REPORT")
@click.option("--answer", required=True, help="What the student reads, in Chinese.")
@as_option
@var_option
def settle(report: str, answer: str, staff: str, var: Path | None) -> None:
    """Answer a report."""
    with open_house(var) as house:
        house.settle_record_error(staff, report, answer)
    click.echo(f"{report} settled")


def _bar(expected: int | None) -> AbstractContextManager[Callable[[int], Any]]:
    """Answer a progress bar on standard error for a person at a terminal, and silence for a program."""
    if not sys.stderr.isatty():
        return nullcontext(lambda _read: None)
    from api.cli.progress import bar

    return bar("reading", expected)


def _tell(done: RosterImport, *, dry_run: bool) -> None:
    if done.faults:
        lines = "\n".join(f"  line {one.line}, {one.column}: {one.message}" for one in done.faults)
        raise Refusal(
            f"roster_faulty: {len(done.faults)} faults in {done.read} people\n{lines}\n"
            "Nothing was imported. Correct the file and try again."
        )
    if done.totals:
        click.echo(f"passed over, for they sum others up (合计): {_numbered(done.totals)}", err=True)
    would = "would be " if dry_run else ""
    parts = [f"{done.added} {would}added", f"{done.changed} {would}updated", f"{done.unchanged} unchanged"]
    if done.removed or done.kept:
        parts += [f"{done.removed} {would}removed", f"{done.kept} missing from the file kept: bound or submitted"]
    click.echo(f"{done.read} people read: {', '.join(parts)}")


def _numbered(lines: Sequence[int]) -> str:
    shown = ", ".join(map(str, lines[:_SHOWN]))
    more = f" and {len(lines) - _SHOWN} more" if len(lines) > _SHOWN else ""
    return f"line{'s' if len(lines) > 1 else ''} {shown}{more}"
