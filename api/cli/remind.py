"""`idphoto campaign remind`: a word through WeChat to who has not handed in, and a list of whom it cannot reach."""

from pathlib import Path

import click

from api.cli.review import as_option
from api.cli.surroundings import open_house, var_option
from api.cli.tables import show
from api.domain.reviewer import Scope
from api.services.remind import Way


@click.command()
@click.argument("wanted", metavar="CAMPAIGN")
@click.option("--college", help="Only this college.")
@click.option("--grade", help="Only this grade.")
@click.option("--major", help="Only this major.")
@click.option("--class", "class_", help="Only this class.")
@click.option("--list", "listing", is_flag=True, help="Tell nobody: list the missing, and how each can be reached.")
@as_option
@var_option
def remind(wanted: str, listing: bool, staff: str, var: Path | None, **place: str | None) -> None:
    """Remind everyone of CAMPAIGN (id or slug) with nothing under review or approved, once a day at most.

    Words go out by the workers, as WeChat messages. Who never logged in through WeChat, or has no message left that
    they agreed to, is counted, and named by --list: those are for the class teacher.
    """
    at = Scope(**place)
    with open_house(var) as house:
        if listing:
            ways = house.office.remind_missing.of(staff, wanted, place=at)
            missing = [row for row in house.show_progress.missing(wanted) if row.id in ways]
            columns = ("college", "grade", "major", "class", "student", "name", "reached by")
            show(columns, [(row.college, row.grade, row.major, row.class_, row.student_number, row.name,
                            ways[row.id].value) for row in missing])  # fmt: skip
            return
        done = house.office.remind_missing(staff, wanted, place=at)
    left = ", ".join(f"{count} {way.value}" for way, count in sorted(done.ways.items()) if way is not Way.REACHABLE)
    click.echo(f"{done.told} of {done.people} missing are told" + (f"; not told: {left}" if left else ""))
