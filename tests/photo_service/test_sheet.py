"""A print sheet holds as many photos as its paper takes, each at its true size, and no line crosses a face."""

import io
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from photo_service.sheet import (
    MARGIN_MM,
    PAPERS,
    Marks,
    SheetError,
    as_jpeg,
    as_pdf,
    deal,
    draw_sheet,
    lay_out,
    paper_pixels,
    to_pixels,
)

SIDES, PHOTO_SIDES = st.integers(1, 400), st.integers(25, 400)
ROOMS = st.integers(0, 40)
RED = (200, 30, 30)


@pytest.mark.parametrize(
    ("paper", "pixels"), [("5in", (1051, 1500)), ("6in", (1205, 1795)), ("a4", (2480, 3508)), ("a6", (1240, 1748))]
)
def test_papers_are_what_a_laboratory_prints(paper: str, pixels: tuple[int, int]):
    """89 x 127, 102 x 152, 210 x 297 and 105 x 148 mm at 300 dpi."""
    assert paper_pixels(paper, 300) == pixels


def test_every_paper_is_given_narrow_side_first():
    """So that turning it is one rule."""
    assert all(narrow < long for narrow, long in PAPERS.values())


def test_the_documents_table_of_papers_is_true():
    """Millimetres, pixels and how many one-inch photos fit, for every paper that there is."""
    text = (Path(__file__).parents[2] / "docs" / "photos.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)`[^|]*\| (\d+) × (\d+) \| (\d+) × (\d+) \| (\d+) \|$", text, re.MULTILINE)

    told = {row[0]: tuple(int(value) for value in row[1:]) for row in rows}
    assert told.keys() == PAPERS.keys()
    for paper, sides_mm in PAPERS.items():
        pixels = paper_pixels(paper, 300)
        layout = lay_out(pixels, (295, 413), margin=to_pixels(MARGIN_MM, 300), gap=to_pixels(2, 300))
        assert told[paper] == (*sides_mm, *pixels, len(layout.places))


class TestLayout:
    @settings(deadline=None)  # the machine may be busy
    @given(paper=st.tuples(SIDES, SIDES), photo=st.tuples(PHOTO_SIDES, PHOTO_SIDES), margin=ROOMS, gap=ROOMS)
    def test_no_two_photos_overlap_and_none_leaves_the_margin(self, paper, photo, margin: int, gap: int):
        """Whatever the sizes; or it is said that none fits."""
        try:
            layout = lay_out(paper, photo, margin=margin, gap=gap)
        except SheetError:
            assert all(not fits(sides, photo, margin) for sides in (paper, paper[::-1]))
            return
        places = layout.places
        assert len(places) == layout.columns * layout.rows >= 1
        assert sorted((layout.width, layout.height)) == sorted(paper)
        for place in places:
            assert (place.width, place.height) == photo
            assert margin <= place.left
            assert margin <= place.top
            assert place.right <= layout.width - margin
            assert place.bottom <= layout.height - margin
        for number, one in enumerate(places):
            assert not any(overlap(one, other, gap) for other in places[number + 1 :])

    @settings(deadline=None)  # the machine may be busy
    @given(paper=st.tuples(SIDES, SIDES), photo=st.tuples(PHOTO_SIDES, PHOTO_SIDES), margin=ROOMS, gap=ROOMS)
    def test_one_more_column_or_row_would_not_fit(self, paper, photo, margin: int, gap: int):
        """Neither as the paper lies nor turned: the count is the most a grid can hold."""
        counts = [most(sides, photo, margin, gap) for sides in (paper, paper[::-1])]
        if max(counts) == 0:
            return
        layout = lay_out(paper, photo, margin=margin, gap=gap)

        assert len(layout.places) == max(counts)

    def test_nine_one_inch_photos_fit_on_a_five_inch_paper(self):
        """Standing: three rows of three; lying it would be eight."""
        layout = lay_out(paper_pixels("5in", 300), (295, 413), margin=to_pixels(3, 300), gap=to_pixels(2, 300))

        assert (layout.columns, layout.rows) == (3, 3)

    def test_the_paper_is_turned_where_more_fit_so(self):
        """A wide photo on a narrow paper."""
        layout = lay_out((100, 200), (190, 40), margin=2, gap=2)

        assert (layout.width, layout.height, len(layout.places)) == (200, 100, 2)

    def test_a_photo_larger_than_the_paper_is_refused(self):
        """With what to do."""
        with pytest.raises(SheetError, match="larger"):
            lay_out((100, 100), (101, 10), margin=0, gap=0)


def fits(paper, photo, margin: int) -> bool:
    return photo[0] <= paper[0] - 2 * margin and photo[1] <= paper[1] - 2 * margin


def overlap(one, other, gap: int) -> bool:
    """Whether two places come nearer than the gap."""
    beside = one.right + gap <= other.left or other.right + gap <= one.left
    below = one.bottom + gap <= other.top or other.bottom + gap <= one.top
    return not (beside or below)


def most(paper, photo, margin: int, gap: int) -> int:
    """Count by adding one after the other, as one would by hand."""
    counts = []
    for room, side in zip((paper[0] - 2 * margin, paper[1] - 2 * margin), photo, strict=True):
        count, used = 0, side
        while used <= room:
            count, used = count + 1, used + gap + side
        counts.append(count)
    return counts[0] * counts[1]


class TestDealing:
    @settings(deadline=None)  # the machine may be busy
    @given(photos=st.integers(1, 30), places=st.integers(1, 30))
    def test_photos_share_a_sheet_fairly(self, photos: int, places: int):
        """Nobody has two copies fewer than another; nobody is left out, and no place either."""
        dealt = deal(photos, places)
        counts = np.bincount([number for one in dealt for number in one], minlength=photos)

        assert counts.max() - counts.min() <= 1
        assert counts.min() >= 1
        assert all(len(one) == places for one in dealt[:-1])
        assert photos > places or [len(one) for one in dealt] == [places]

    def test_so_many_copies_of_each_take_as_many_sheets_as_they_need(self):
        """Four copies of three students on sheets of nine."""
        assert deal(3, 9, copies=4) == [(0, 0, 0, 0, 1, 1, 1, 1, 2), (2, 2, 2)]

    def test_copies_of_one_photo_lie_together(self):
        """They are cut as one strip."""
        assert deal(2, 5) == [(0, 0, 0, 1, 1)]


class TestDrawing:
    @settings(deadline=None)  # the machine may be busy
    @given(marks=st.sampled_from(list(Marks)), gap=st.integers(0, 12), margin=st.integers(0, 12))
    def test_no_mark_ever_lies_on_a_photo(self, marks: Marks, gap: int, margin: int):
        """Not even where photos touch each other."""
        layout = lay_out((120, 160), (33, 44), margin=margin, gap=gap)
        photo = Image.new("RGB", (33, 44), RED)

        sheet = np.asarray(draw_sheet(layout, [photo] * len(layout.places), dpi=300, marks=marks))

        for place in layout.places:
            assert (sheet[place.top : place.bottom, place.left : place.right] == RED).all()

    def test_cutting_lines_run_to_the_papers_edge(self):
        """Along both sides of every photo, one pixel beside it."""
        layout = lay_out((120, 160), (33, 44), margin=10, gap=6)
        sheet = np.asarray(draw_sheet(layout, [Image.new("RGB", (33, 44), RED)] * 2, dpi=300, marks=Marks.LINES))
        first = layout.places[0]

        assert (sheet[0, first.left - 1] < 200).all()
        assert (sheet[-1, first.right] < 200).all()
        assert (sheet[first.top - 1, 0] < 200).all()
        assert (sheet[first.bottom, -1] < 200).all()

    def test_corner_marks_are_short(self):
        """White photos on white paper can be cut all the same, and the middle of an edge is clean."""
        layout = lay_out((1205, 1795), (295, 413), margin=35, gap=24)
        sheet = np.asarray(draw_sheet(layout, [Image.new("RGB", (295, 413), "white")], dpi=300, marks=Marks.CORNERS))
        first = layout.places[0]

        assert (sheet[first.top - 10, first.left - 1] < 200).all()
        assert (sheet[first.top + 200, first.left - 1] == 255).all()

    def test_without_marks_there_is_nothing_but_photos(self):
        """On white."""
        layout = lay_out((120, 160), (33, 44), margin=10, gap=6)
        sheet = np.asarray(draw_sheet(layout, [Image.new("RGB", (33, 44), "white")], dpi=300, marks=Marks.NONE))

        assert (sheet == 255).all()

    def test_a_smaller_photo_lies_in_the_middle_of_its_place(self):
        """Different sizes share a sheet."""
        layout = lay_out((120, 160), (33, 44), margin=10, gap=6)
        sheet = np.asarray(draw_sheet(layout, [Image.new("RGB", (11, 22), RED)], dpi=300, marks=Marks.NONE))
        first = layout.places[0]

        assert (sheet[first.top + 11 : first.top + 33, first.left + 11 : first.left + 22] == RED).all()
        assert (sheet != 255).any(axis=2).sum() == 11 * 22


class TestFiles:
    def test_a_jpeg_says_its_density(self):
        """In the JFIF header, so that a printer gives it its true size."""
        with Image.open(io.BytesIO(as_jpeg(Image.new("RGB", (1051, 1500), "white"), dpi=300))) as file:
            assert (file.size, file.info["dpi"], file.info["jfif_unit"]) == ((1051, 1500), (300, 300), 1)

    def test_a_pdf_page_is_as_large_as_the_paper(self):
        """Within half a pixel of 89 x 127 mm, one page a sheet."""
        pages = [Image.new("RGB", paper_pixels("5in", 300), colour) for colour in ("white", "red")]

        boxes = re.findall(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", as_pdf(pages, dpi=300))

        assert len(boxes) == 2
        assert [float(side) / 72 * 25.4 for side in boxes[0]] == pytest.approx([89, 127], abs=25.4 / 300 / 2)

    def test_the_same_sheet_gives_the_same_file(self):
        """No date, no name."""
        sheet = Image.effect_noise((300, 200), 40).convert("RGB")

        assert as_pdf([sheet], dpi=300) == as_pdf([sheet], dpi=300)
        assert as_jpeg(sheet, dpi=300) == as_jpeg(sheet, dpi=300)
        assert b"CreationDate" not in as_pdf([sheet], dpi=300)
