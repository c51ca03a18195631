"""`idphoto campaign remind`: a word through WeChat to who has not handed in, and a list of whom it cannot reach."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import click

from api.cli.review import as_option
from api.cli.surroundings import open_house, var_option
from api.cli.tables import show
from api.domain.reviewer import Scope
from api.domain.standing import Lack, Missing
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

    Whose photo was returned reads that, with the reason; who never submitted reads something else.

    Words go out by the workers, as WeChat messages. Who never logged in through WeChat, or has no message left that
    they agreed to, is counted, and named by --list: those are for the class teacher.
    """
    at = Scope(**place)
    with open_house(var) as house:
        if listing:
            ways = house.office.remind_missing.of(staff, wanted, place=at)
            missing = [one for one in house.show_progress.missing(wanted) if one.row.id in ways]
            show_missing(((one, (ways[one.row.id].value,)) for one in missing), more=("reached by",))
            return
        done = house.office.remind_missing(staff, wanted, place=at)
    left = ", ".join(f"{count} {way.value}" for way, count in sorted(done.ways.items()) if way is not Way.REACHABLE)
    told = ", ".join(f"{count} {lack.value}" for lack, count in sorted(done.owed.items()))
    click.echo(
        f"{done.told} of {done.people} missing are told"
        + (f" ({told})" if told else "")
        + (f"; not told: {left}" if left else "")
    )


def show_missing(missing: Iterable[tuple[Missing, tuple[str, ...]]], *, more: tuple[str, ...] = ()) -> None:
    """Print the missing, with what they lack and further columns; how many of each kind goes to standard error."""
    found = list(missing)
    columns = ("college", "grade", "major", "class", "student", "name", "state", *more)
    show(
        columns,
        [
            (row.college, row.grade, row.major, row.class_, row.student_number, row.name, one.lack.value, *rest)
            for one, rest in found
            for row in (one.row,)
        ],
    )
    counts = Counter(one.lack.value for one, _ in found)
    click.echo(f"{len(found)} missing: {', '.join(f'{counts[lack.value]} {lack.value}' for lack in Lack)}", err=True)
