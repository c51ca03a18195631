"""A machine without a Chinese font still explains, in codes."""

from pathlib import Path

from photo_service.drawing.column import wrapped
from photo_service.drawing.fonts import Fonts, find_fonts, installed_fonts

ASCII_ONLY = Fonts(None)


def nobody() -> str:
    return ""


def test_without_any_font_only_western_letters_are_written(tmp_path: Path):
    """And there is a font for those all the same."""
    fonts = find_fonts([str(tmp_path / "none.ttc")], ask=nobody)

    assert fonts == ASCII_ONLY
    assert fonts.can_write("head_covered [fail]: 0.41, 3°")
    assert not fonts.can_write("戴了帽子")
    assert fonts.at(18).getlength("head_covered") > 60


def test_a_file_that_is_no_font_is_passed_over(tmp_path: Path):
    """At a usual place or where fontconfig points."""
    (tmp_path / "broken.ttc").write_bytes(b"not a font")

    assert find_fonts([str(tmp_path / "broken.ttc")], ask=lambda: str(tmp_path / "broken.ttc")) == ASCII_ONLY


def test_what_this_machine_has_is_used():
    """Where it has a Chinese font, Chinese is written with it; where not, nothing breaks."""
    fonts = installed_fonts()

    assert fonts.can_write("头顶") is fonts.chinese
    assert fonts.at(20).getlength("abc") > 10


def test_lines_are_broken_to_the_width():
    """No line is wider, no word is torn, and nothing is lost."""
    text = "Hold the phone further away and leave room above and beside the head"

    lines = wrapped(text, 160, ASCII_ONLY, 17)

    assert " ".join(lines) == text
    assert all(ASCII_ONLY.at(17).getlength(line) <= 160 for line in lines)


def test_chinese_is_broken_anywhere_but_before_a_full_stop():
    """As it is set in books."""
    lines = wrapped("请把手机拿远一点，头顶的头发、两耳和下巴都要在画面里。" * 2, 200, installed_fonts(), 17)

    assert "".join(lines) == "请把手机拿远一点，头顶的头发、两耳和下巴都要在画面里。" * 2
    assert len(lines) > 1
    assert not any(line.startswith(("，", "、", "。")) for line in lines)


def test_no_text_is_one_empty_line():
    """A finding without advice does not break the column."""
    assert wrapped("", 100, ASCII_ONLY, 17) == [""]
