"""After a new data key: what still lies under the old ones, and sealing it anew."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.cli.progress import bar
from api.cli.surroundings import open_house, var_option
from api.cli.tables import show

if TYPE_CHECKING:
    from api.services.reseal import Left


@click.group()
def keys() -> None:
    """Data keys: what lies under others than the first of IDPHOTO_DATA_KEYS, and sealing it anew."""


@keys.command()
@var_option
def status(var: Path | None) -> None:
    """Count what the first key has not sealed, and say which key indexes. Exit status 1 while anything is left."""
    with open_house(var) as house:
        left = house.look_under_keys()
        newest = house.parts.vault.newest
    _tell(left, newest)
    sys.exit(0 if left.nothing else 1)


@keys.command()
@var_option
def reseal(var: Path | None) -> None:
    """Seal everything anew with the first of IDPHOTO_DATA_KEYS, and let it index and sign.

    With the new key first and the old ones behind it, and every host restarted with that. Students and staff go on
    meanwhile. Killed, it is begun again and goes on. Exit status 1 while anything is left; then the old keys stay.
    """
    with open_house(var) as house:
        with bar("sealing anew", house.look_under_keys().count) as progress:
            done = house.reseal(progress=progress)
        newest = house.parts.vault.newest
    rows = [(done.values, done.files, done.indexed, done.unopened)]
    show(("values", "files", "indexed", "do not open"), rows)
    _tell(done.left, newest)
    if done.left.nothing:
        click.echo(
            "The other keys open nothing here any more: see deploy/runbook.md, Rotate, before you take them away"
        )
    sys.exit(0 if done.left.nothing else 1)


def _tell(left: "Left", newest: str) -> None:
    rows = [*left.values.items(), ("files", left.files)] if left.count else []
    if rows:
        show(("not sealed by the first key", "left"), rows)
    if left.index:
        click.echo("Another key indexes and signs still")
    if left.nothing:
        click.echo(f"Everything lies under the first key ({newest})")
