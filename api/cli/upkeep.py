"""What the worker does by itself every few seconds or minutes, done now."""

from dataclasses import asdict
from pathlib import Path

import click

from api.cli.surroundings import open_house, var_option
from api.cli.tables import show


@click.command()
@var_option
def sweep(var: Path | None) -> None:
    """Put back lost leases and bells, and ring for deliveries that are due."""
    with open_house(var) as house:
        swept = asdict(house.sweep())
    show(tuple(swept), [tuple(swept.values())])


@click.command()
@var_option
def purge(var: Path | None) -> None:
    """Delete expired selfies, photos, sessions, attempts, uploaded rosters and prepared exports."""
    with open_house(var) as house:
        purged = asdict(house.purge()) | {"office": house.office.forget()}
    show(tuple(purged), [tuple(purged.values())])
