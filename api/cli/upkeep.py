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
@click.option(
    "--clock-is-right",
    is_flag=True,
    help="Believe this machine's clock from now on: after a holiday, a restore, or a clock that was wrong.",
)
@var_option
def purge(clock_is_right: bool, var: Path | None) -> None:
    """Delete expired selfies, photos, sessions, attempts, uploaded rosters and prepared exports.

    Refused, and nothing deleted, while the clock is days ahead of the last purge: it may be wrong.
    """
    with open_house(var) as house:
        if clock_is_right:
            before = house.trusted_clock.believe()
            click.echo(f"The clock is believed: {before.now:%Y-%m-%d %H:%M:%S}Z", err=True)
        elif (stand := house.trusted_clock.look()).behind:
            click.echo(f"The clock is behind the last purge: it says {stand.now:%Y-%m-%d %H:%M}Z", err=True)
        purged = asdict(house.purge()) | {"office": house.office.forget()}
    show(tuple(purged), [tuple(purged.values())])
