"""`idphoto backup` and `idphoto restore`."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.cli.refusal import Refusal, telling_refusals
from api.cli.surroundings import environment, open_house, var_option

if TYPE_CHECKING:
    from api.cli.backup.restoring import Restored

_KEEP_DAYS = 14
_MOST_DAYS = 90


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--keep-days",
    default=_KEEP_DAYS,
    show_default=True,
    type=click.IntRange(1, _MOST_DAYS),
    help="After how many days this backup is deleted, by a later run.",
)
@var_option
def backup(folder: Path, keep_days: int, var: Path | None) -> None:
    """Write a backup into FOLDER: the database, and every picture that is kept, sealed as it lies there.

    The installation goes on meanwhile. The data keys are NOT in it: keep them somewhere else, or it opens nothing.
    Pictures that were erased, or have reached their end date, are taken out of the earlier backups in FOLDER too.
    """
    with open_house(var) as house, _told():
        from api.adapters.database.engine import open_engine
        from api.cli.backup.making import make_backup

        engine = open_engine(house.settings.database_url)
        try:
            made = make_backup(house, engine, folder, keep_days=keep_days)
        finally:
            engine.dispose()
    told = made.manifest
    click.echo(f"{made.folder}: {told.database} at {told.revision}, {told.pictures} pictures ({made.linked} unchanged)")
    click.echo(f"To be deleted after {told.delete_after[:16]}Z")
    if made.forgotten:
        click.echo(f"{made.forgotten} pictures that were erased or have ended were taken out of earlier backups")
    if made.ended:
        click.echo(f"Deleted: {', '.join(made.ended)}")


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Delete the database and the pictures that are there.")
@var_option
def restore(folder: Path, replace: bool, var: Path | None) -> None:
    """Bring the installation back from a backup. Stop every service first.

    FOLDER is one backup, or what `idphoto backup` writes into: then the newest is taken. Exit status 1 if a picture in
    it does not open; everything else is restored all the same.
    """
    with telling_refusals(), _told():
        from api.adapters.database.engine import open_engine
        from api.cli.backup.folder import earlier
        from api.cli.backup.restoring import restore_backup
        from api.config import Settings

        settings = Settings.from_env(environment(os.environ, var=var))
        engine = open_engine(settings.database_url)
        try:
            restored = restore_backup(settings, engine, next(iter(earlier(folder)), folder), replace=replace)
        finally:
            engine.dispose()
    _tell(restored)


@contextmanager
def _told() -> Iterator[None]:
    from api.adapters.database.dumping import DumpFailed

    try:
        yield
    except DumpFailed as fault:
        raise Refusal(f"dump_failed: {fault}") from fault
    except OSError as fault:
        raise Refusal(f"disk: {fault.strerror}: {fault.filename}") from fault


def _tell(restored: "Restored") -> None:
    told = restored.manifest
    click.echo(f"Restored what was there at {told.made_at[:19]}Z: {restored.pictures} pictures, each opened")
    click.echo(f"{restored.ended} pictures have ended since and stay away; {restored.strays} strays were deleted")
    click.echo("Whatever was erased after that backup must be erased again: see deploy/runbook.md, After a restore")
    if restored.damaged:
        raise click.ClickException(f"{restored.damaged} pictures are damaged and do not open; the rest is restored")
