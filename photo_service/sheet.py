"""Print sheets: finished photos on photographic paper, as many as fit, at their true size in millimetres.

Papers are photographic ones by their nominal sizes (ISO 1008; the Chinese trade's 五寸 and 六寸 are 3R and 4R) and the
A series of ISO 216. Everything is planned in whole pixels of the sheet before a pixel moves.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from PIL import Image, ImageDraw

from photo_service.photo import Box

MM_PER_INCH: Final = 25.4
PAPERS: Final = {
    "5in": (89.0, 127.0),
    "6in": (102.0, 152.0),
    "7in": (127.0, 178.0),
    "a6": (105.0, 148.0),
    "a5": (148.0, 210.0),
    "a4": (210.0, 297.0),
}
"""Narrow side, long side in millimetres."""
MARGIN_MM: Final = 3.0
"""Left free around everything: what a laboratory's machine cuts away, and what a printer cannot reach."""
_MARK_MM: Final = 2.5
_GREY: Final = (150, 150, 150)
_QUALITY: Final = 97


class Marks(StrEnum):
    """What shows where to cut: nothing, short marks at each corner, or lines from edge to edge."""

    NONE = "none"
    CORNERS = "corners"
    LINES = "lines"


class SheetError(Exception):
    """The sheet cannot be made; the message says why and what to change."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A sheet in its own pixels: `columns` x `rows` places of one size, centred on the paper."""

    width: int
    height: int
    columns: int
    rows: int
    place_width: int
    place_height: int
    gap: int

    @property
    def places(self) -> tuple[Box, ...]:
        """Every place, row by row."""
        return tuple(self._place(column, row) for row in range(self.rows) for column in range(self.columns))

    def _place(self, column: int, row: int) -> Box:
        left = (self.width - _run(self.columns, self.place_width, self.gap)) // 2
        top = (self.height - _run(self.rows, self.place_height, self.gap)) // 2
        left, top = left + column * (self.place_width + self.gap), top + row * (self.place_height + self.gap)
        return Box(left, top, left + self.place_width, top + self.place_height)


def paper_pixels(paper: str, dpi: int) -> tuple[int, int]:
    """Return a paper's pixels, narrow side first: 5in at 300 dpi is 1051 x 1500."""
    narrow, long = PAPERS[paper]
    return to_pixels(narrow, dpi), to_pixels(long, dpi)


def to_pixels(length_mm: float, dpi: int) -> int:
    return round(length_mm / MM_PER_INCH * dpi)


def lay_out(paper: tuple[int, int], photo: tuple[int, int], *, margin: int, gap: int) -> Layout:
    """Place as many photos as fit, all in pixels; the paper lies down where more fit so, and stands where it is a tie.

    Raises SheetError where not even one fits.
    """
    layouts = [_grid(sides, photo, margin=margin, gap=gap) for sides in (paper, (paper[1], paper[0]))]
    best = max(layouts, key=lambda layout: layout.columns * layout.rows)
    if best.columns * best.rows == 0:
        raise SheetError("a photo is larger than the paper: take larger paper, or say --photo-dpi")
    return best


def deal(photos: int, places: int, *, copies: int | None = None) -> list[tuple[int, ...]]:
    """Say which photo lies at which place, a tuple of photo numbers a sheet, copies of one photo beside each other.

    Without `copies` the photos share one sheet, the first ones get what is left over; more photos than places take
    as many sheets as they need, once each.
    """
    each = [copies] * photos if copies else [max(1, places // photos + (n < places % photos)) for n in range(photos)]
    line = [number for number, times in enumerate(each) for _ in range(times)]
    return [tuple(line[at : at + places]) for at in range(0, len(line), places)]


def draw_sheet(layout: Layout, photos: Sequence[Image.Image], *, dpi: int, marks: Marks) -> Image.Image:
    """Draw one sheet: the marks first, the photos over them, so that no line ever crosses a face.

    `photos` are RGB and no larger than a place; a smaller one lies in the middle of its place.
    """
    sheet = Image.new("RGB", (layout.width, layout.height), "white")
    pen = ImageDraw.Draw(sheet)
    boxes = [_centred(photo, place) for photo, place in zip(photos, layout.places, strict=False)]
    for box in boxes:
        _mark(pen, box, layout, dpi=dpi, marks=marks)
    for photo, box in zip(photos, boxes, strict=True):
        sheet.paste(photo, (box.left, box.top))
    return sheet


def as_jpeg(sheet: Image.Image, *, dpi: int) -> bytes:
    """Write a sheet as a JPEG whose JFIF header says its density."""
    file = io.BytesIO()
    sheet.save(file, "JPEG", quality=_QUALITY, subsampling=0, optimize=True, dpi=(dpi, dpi))
    return file.getvalue()


def as_pdf(sheets: Sequence[Image.Image], *, dpi: int) -> bytes:
    """Write the sheets as pages of true size; no date, so that the same sheets give the same bytes."""
    file = io.BytesIO()
    silent = dict.fromkeys(("title", "creationDate", "modDate"))
    options = {"quality": _QUALITY, "subsampling": 0, "dpi": (dpi, dpi), **silent}
    sheets[0].save(file, "PDF", save_all=True, append_images=list(sheets[1:]), **options)
    return file.getvalue()


def _grid(paper: tuple[int, int], photo: tuple[int, int], *, margin: int, gap: int) -> Layout:
    (width, height), (across, down) = paper, photo
    columns, rows = _fitting(width - 2 * margin, across, gap), _fitting(height - 2 * margin, down, gap)
    return Layout(width, height, columns, rows, across, down, gap)


def _fitting(room: int, side: int, gap: int) -> int:
    return max(0, (room + gap) // (side + gap))


def _run(count: int, side: int, gap: int) -> int:
    return count * side + (count - 1) * gap


def _centred(photo: Image.Image, place: Box) -> Box:
    left = place.left + (place.width - photo.width) // 2
    top = place.top + (place.height - photo.height) // 2
    return Box(left, top, left + photo.width, top + photo.height)


def _mark(pen: ImageDraw.ImageDraw, box: Box, layout: Layout, *, dpi: int, marks: Marks) -> None:
    """Draw the pixels just outside the photo's four edges, as far as the marks go."""
    if marks is Marks.NONE:
        return
    reach = max(layout.width, layout.height) if marks is Marks.LINES else to_pixels(_MARK_MM, dpi)
    thick = max(1, dpi // 300)
    for x in (box.left - thick, box.right):
        for start, end in _stretches(box.top, box.bottom, reach, whole=marks is Marks.LINES):
            pen.rectangle((x, start, x + thick - 1, end), fill=_GREY)
    for y in (box.top - thick, box.bottom):
        for start, end in _stretches(box.left, box.right, reach, whole=marks is Marks.LINES):
            pen.rectangle((start, y, end, y + thick - 1), fill=_GREY)


def _stretches(low: int, high: int, reach: int, *, whole: bool) -> Iterator[tuple[int, int]]:
    """Yield where a line along an edge is drawn: all along, or only outwards from both corners."""
    if whole:
        yield low - reach, high + reach
    else:
        yield low - reach, low
        yield high, high + reach
