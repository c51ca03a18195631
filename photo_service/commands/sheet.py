"""`idphoto sheet`: finished photos on paper, ready for the printer."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from photo_service.commands.parts import NothingJudged, any_path

if TYPE_CHECKING:
    from PIL import Image

    from photo_service.sheet import Layout

_PAPERS: Final = ("5in", "6in", "7in", "a6", "a5", "a4")
_KINDS: Final = (".jpg", ".jpeg", ".pdf")


@click.command()
@click.argument("photos", nargs=-1, required=True, type=any_path, metavar="PHOTO...")
@click.option("--paper", type=click.Choice(_PAPERS), default="6in", show_default=True, help="五寸 is 5in, 六寸 6in.")
@click.option("-o", "--output", type=any_path, required=True, help="A .jpg, or a .pdf of true size.")
@click.option("--dpi", default=300, show_default=True, type=click.IntRange(72, 600), help="Density of the sheet.")
@click.option("--photo-dpi", type=click.IntRange(36, 1200), help="Density of the photos, instead of what they say.")
@click.option("--copies", type=click.IntRange(1, 500), help="Copies of each photo; without it one sheet is filled.")
@click.option(
    "--gap", "gap_mm", default=2.0, show_default=True, type=click.FloatRange(0, 50), help="Between photos, mm."
)
@click.option("--margin", "margin_mm", default=3.0, show_default=True, type=click.FloatRange(0, 50), help="Around, mm.")
@click.option("--cut-lines", "marks", flag_value="lines", help="Lines to cut along, from edge to edge.")
@click.option("--corner-marks", "marks", flag_value="corners", default="corners", help="Short marks; the default.")
@click.option("--no-marks", "marks", flag_value="none", help="Neither.")
def sheet(
    photos: tuple[Path, ...],
    paper: str,
    output: Path,
    dpi: int,
    photo_dpi: int | None,
    copies: int | None,
    gap_mm: float,
    margin_mm: float,
    marks: str,
) -> None:
    """Lay finished photos out on paper, as many as fit, each at the size that its own dpi gives it.

    A photo of 295 x 413 px at 300 dpi is printed 25 x 35 mm. Different photos share the sheet. Where they need several
    sheets, a PDF has several pages, and JPEGs are numbered: sheet-1.jpg, sheet-2.jpg. Exit status 2 where no sheet
    can be made.
    """
    from photo_service.commands.sheet_photos import read_photo
    from photo_service.sheet import Marks, SheetError, deal, draw_sheet, lay_out, paper_pixels, to_pixels

    if output.suffix.lower() not in _KINDS:
        raise click.UsageError(f"{output} must end in .jpg or .pdf")
    if output.resolve() in {photo.resolve() for photo in photos}:
        raise click.UsageError(f"{output} is one of the photos; name another file for the sheet")
    try:
        ready = [read_photo(path, dpi=dpi, says=photo_dpi) for path in photos]
        size = max(photo.width for photo in ready), max(photo.height for photo in ready)
        gap, margin = to_pixels(gap_mm, dpi), to_pixels(margin_mm, dpi)
        layout = lay_out(paper_pixels(paper, dpi), size, margin=margin, gap=gap)
    except SheetError as error:
        raise NothingJudged(str(error)) from error
    dealt = deal(len(ready), layout.columns * layout.rows, copies=copies)
    sheets = [draw_sheet(layout, [ready[number] for number in one], dpi=dpi, marks=Marks(marks)) for one in dealt]
    for path in _written(sheets, output, dpi):
        click.echo(f"{path}: {_told(layout, paper, dpi)}")


def _written(sheets: "list[Image.Image]", output: Path, dpi: int) -> list[Path]:
    from photo_service.models.store import write_atomically
    from photo_service.sheet import as_jpeg, as_pdf

    if output.suffix.lower() == ".pdf":
        files = {output: as_pdf(sheets, dpi=dpi)}
    elif len(sheets) == 1:
        files = {output: as_jpeg(sheets[0], dpi=dpi)}
    else:
        named = (output.with_stem(f"{output.stem}-{number}") for number in range(1, len(sheets) + 1))
        files = {path: as_jpeg(one, dpi=dpi) for path, one in zip(named, sheets, strict=True)}
    try:
        for path, content in files.items():
            write_atomically(path, content)
    except OSError as error:
        raise NothingJudged(f"{error.filename or output}: {error.strerror or error}") from error
    return list(files)


def _told(layout: "Layout", paper: str, dpi: int) -> str:
    from photo_service.sheet import MM_PER_INCH

    width, height = (side / dpi * MM_PER_INCH for side in (layout.place_width, layout.place_height))
    places = f"{layout.columns} x {layout.rows} places of {width:.0f} x {height:.0f} mm"
    return f"{paper}, {layout.width}x{layout.height} px, {dpi} dpi, {places}"
