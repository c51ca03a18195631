"""What a photo is saved as: the spec's name, and never a way out of the header or the folder."""

import re

from hypothesis import given
from hypothesis import strategies as st
from werkzeug.http import parse_options_header

from api.web.files import disposition


def test_plain_names_stay_plain() -> None:
    """An ID number needs no encoding."""
    assert disposition("430000200403120012.jpg") == 'attachment; filename="430000200403120012.jpg"'


def test_chinese_names_are_given_both_ways() -> None:
    """RFC 5987 for those who read it, underscores for the rest."""
    header = disposition("张示例 2022.jpg")
    assert header.startswith("attachment; filename=\"___ 2022.jpg\"; filename*=UTF-8''%E5%BC%A0")
    assert parse_options_header(header)[1]["filename"] == "张示例 2022.jpg"


@given(st.text(max_size=80))
def test_no_name_breaks_out(name: str) -> None:
    """No line end, no quote, no slash, nothing outside ASCII; always a name."""
    header = disposition(name)
    assert re.fullmatch(r"attachment; filename=\"[\x20-\x7e]+\"(; filename\*=UTF-8''[A-Za-z0-9%._~-]+)?", header)
    kind, options = parse_options_header(header)
    assert kind == "attachment"
    assert not set(options["filename"]) & set('/\\"\r\n\x00')
    assert options["filename"] not in {"", ".", ".."}


def test_a_header_in_a_name_stays_in_the_name() -> None:
    """The classic trick."""
    header = disposition('a.jpg"\r\nSet-Cookie: x=1')
    assert "\r" not in header
    assert "\n" not in header
    assert header.count('"') == 2
