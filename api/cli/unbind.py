"""`idphoto roster unbind`: free a person's row, so that the right login can take it."""

from pathlib import Path

import click

from api.cli.refusal import Refusal
from api.cli.surroundings import open_house, var_option
from api.services.guards import find_campaign


@click.command()
@click.argument("student_number")
@click.option("--campaign", required=True, help="The campaign, by id or slug.")
@click.option("--staff", default="cli", show_default=True, help="Who decides; kept in the history.")
@var_option
def unbind(student_number: str, campaign: str, staff: str, var: Path | None) -> None:
    """Free the row of the person with STUDENT_NUMBER (学号) from the login that holds it.

    For a wrong person, or the right one with a new WeChat account. What that login had handed in is taken back.
    """
    with open_house(var) as house:
        with house.parts.database.read() as uow:
            row = uow.roster.by_student_number(find_campaign(uow, campaign).id, student_number)
        if row is None or row.student_id is None:
            raise Refusal("not_bound: nobody with this student number is bound\nSee `idphoto roster list`.")
        unbound = house.unbind_row(staff, row.id)
    click.echo("freed" + (f"; submission {unbound.taken_back.id} taken back" if unbound.taken_back else ""))
