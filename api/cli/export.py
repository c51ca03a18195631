"""`idphoto export`: a campaign's approved photos in a ZIP, with manifest and checksums."""

import sys
from contextlib import ExitStack
from pathlib import Path

import click

from api.adapters.export_zip import PhotoZip, begun_export
from api.bootstrap import House
from api.cli.refusal import Refusal
from api.cli.review import as_option
from api.cli.surroundings import open_house, var_option
from api.domain.errors import InvalidRequest
from api.domain.export import Export, Layout
from api.services.export_photos import ExportWish


@click.command()
@click.argument("campaign", metavar="CAMPAIGN")
@click.option("--reason", required=True, help="Why photos leave the house; kept on record.")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The ZIP to write."
)
@click.option("--college", help="Only this college.")
@click.option("--grade", help="Only this grade.")
@click.option("--major", help="Only this major.")
@click.option("--class", "class_", help="Only this class.")
@click.option(
    "--layout",
    type=click.Choice([one.value for one in Layout]),
    default=Layout.PLAIN.value,
    show_default=True,
    help="plain: photos/, manifest and checksums inside; cet: nothing but photos named by ID number, the rest beside.",
)
@as_option
@var_option
def export(
    campaign: str, reason: str, output: Path, layout: str, staff: str, var: Path | None, **filters: str | None
) -> None:
    """Write the approved photos of CAMPAIGN (id or slug), named by its pattern, with manifest and SHA256SUMS.

    Interrupted, the same command goes on where it stopped. The ZIP holds what was approved when it was begun.
    """
    wish = ExportWish(layout=Layout(layout), **filters)
    if output.exists():
        raise Refusal(f"file_exists: {output} is there already\nChoose another name, or delete it.")
    with open_house(var) as house:
        begun = _begun(house, output, campaign, wish) or house.begin_export(staff, campaign, wish, reason=reason)
        done = _run(house, begun, output)
    click.echo(f"{done.id}: {done.photos} photos in {output}, {done.bytes} bytes, sha256 {done.sha256}")


def _begun(house: House, output: Path, campaign: str, wish: ExportWish) -> Export | None:
    """Answer the export that was interrupted here. Raises Refusal where it was for something else."""
    export_id = begun_export(output)
    if export_id is None:
        return None
    known = {one.id: one for one in house.list_exports(campaign)}
    found = known.get(export_id)
    if found is None or found.filters != wish.filters or found.layout is not wish.layout:
        raise Refusal(
            f"other_export: {output}.part belongs to another export\nGive the same filters, or delete it and its log."
        )
    click.echo(f"going on with {export_id}", err=True)
    return found


def _run(house: House, begun: Export, output: Path) -> Export:
    sink = PhotoZip(output, export_id=begun.id, layout=begun.layout)
    with ExitStack() as stack:
        stack.callback(sink.close)
        progress = None
        if sys.stderr.isatty():
            from api.cli.progress import bar

            step = stack.enter_context(bar("exporting", None))
            progress = step
        try:
            return house.run_export(begun.id, sink, progress=lambda done, _all: progress(done) if progress else None)
        except InvalidRequest as fault:
            raise Refusal("nothing_to_export: no approved photo fits\nSee `idphoto campaign stats`.") from fault
