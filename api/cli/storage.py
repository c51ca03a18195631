"""Where files lie: is it as it must be, and take them somewhere else."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.cli.progress import bar
from api.cli.refusal import Refusal, telling_refusals
from api.cli.surroundings import environment, open_house, var_option
from api.cli.tables import show

if TYPE_CHECKING:
    from api.adapters.sealed_blobs import SealedBlobs
    from api.config_blobs import Place
    from api.domain.ports import Vault

_MOST_SHOWN = 20


@click.group()
def storage() -> None:
    """Files, sealed as they lie: check the store that BLOB_URL names, copy everything to another."""


@storage.command()
@var_option
def check(var: Path | None) -> None:
    """Write, read and delete a file of a few bytes; see whether versions are kept and strangers refused.

    Exit status 1 if anything is wrong.
    """
    from api.adapters.store_examination import examine_store

    ill = 0
    with open_house(var) as house, _opened(_own(var), house.parts.vault) as blobs:
        for observed in examine_store(blobs, house.settings.bucket):
            click.echo(f"{'✓' if observed.well else '✗'} {observed.part}: {observed.found}")
            for line in filter(None, (observed.why, observed.advice)):
                click.echo(f"    {line}.")
            ill += not observed.well
    sys.exit(1 if ill else 0)


@storage.command()
@click.option("--to", "target", required=True, metavar="URL", help="As BLOB_URL is written: file:/path or s3://…")
@var_option
def copy(target: str, var: Path | None) -> None:
    """Copy every file that the database knows from the store that BLOB_URL names to another.

    With API and workers stopped. Each file is read back; begun again, it goes on. Nothing is deleted at the source.
    Then set BLOB_URL to the other store and start again.
    """
    with telling_refusals():
        there = _place(target)
    own = _own(var)
    if there == own:
        raise Refusal("invalid_request: this is where the files lie already")
    with open_house(var) as house, _opened(own, house.parts.vault) as from_, _opened(there, house.parts.vault) as to:
        from api.services.copy_files import CopyFiles

        with bar("copying", None) as progress:
            copied = CopyFiles(database=house.parts.database)(from_, to, progress=progress)
    show(("copied", "already there", "missing"), [(copied.copied, copied.already, len(copied.missing))])
    if copied.missing:
        shown = "\n  ".join(copied.missing[:_MOST_SHOWN])
        raise Refusal(f"blob_missing: the database knows files that are not in the source:\n  {shown}")


def _own(var: Path | None) -> "Place":
    with telling_refusals():
        from api.config import Settings

        settings = Settings.from_env(environment(os.environ, var=var))
    return settings.bucket or settings.blob_dir


def _place(url: str) -> "Place":
    from api.config_blobs import read_place
    from api.config_reader import Reader

    reader = Reader(os.environ)
    place = read_place(reader, url, name="--to")
    reader.finish()
    return place


@contextmanager
def _opened(place: "Place", vault: "Vault") -> Iterator["SealedBlobs"]:
    from api.adapters.parts import open_blobs

    blobs = open_blobs(place, vault=vault)
    try:
        yield blobs
    finally:
        blobs.close()
