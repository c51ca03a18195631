"""A campaign's people on the command line."""

from pathlib import Path

import click

from api.cli.refusal import Refusal
from api.cli.roster_file import RosterFault, read_people
from api.cli.surroundings import open_house, var_option
from api.cli.tables import show
from api.services.guards import find_campaign

campaign_option = click.option("--campaign", required=True, help="The campaign, by id or slug.")


@click.group()
def roster() -> None:
    """The people a campaign is for."""


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
@var_option
def import_roster(file: Path, campaign: str, var: Path | None) -> None:
    """Add the people of a CSV file; those already on the roster stay as they are.

    Columns, in any order, by these names or the Chinese ones: name 姓名, id_number 身份证号, student_number 学号,
    college 院系, grade 年级, major 专业, class 班级. UTF-8, or GB 18030 as Excel writes it.
    """
    try:
        people = read_people(file.read_bytes())
    except RosterFault as fault:
        raise Refusal(f"roster_unreadable: {fault}\nNothing was imported. Correct the file and try again.") from fault
    with open_house(var) as house:
        added = house.import_roster(campaign, people)
    click.echo(f"{len(people)} people read, {len(added)} added, {len(people) - len(added)} were there already")
