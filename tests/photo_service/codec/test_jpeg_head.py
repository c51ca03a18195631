"""What a JPEG says of itself is read before anything is decoded, and a lie in it is survived."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_pictures import exif, jpeg, quartered
from PIL import Image

from photo_service.codec.jpeg import bare, read_head
from photo_service.contract import UnreadableImage


@given(
    tail=st.binary(max_size=400), start=st.sampled_from([b"\xff\xd8", b"\xff\xd8\xff\xe0", b"\xff\xd8\xff\xc0\0\x0b"])
)
def test_any_bytes_are_read_or_refused(tail: bytes, start: bytes):
    """Never another exception than UnreadableImage."""
    try:
        head = read_head(start + tail)
    except UnreadableImage:
        return
    assert head.segments


@given(
    width=st.integers(1, 200),
    height=st.integers(1, 200),
    dpi=st.integers(1, 1200),
    quality=st.integers(2, 100),
    progressive=st.booleans(),
)
def test_what_pillow_wrote_is_read_back(width: int, height: int, dpi: int, quality: int, progressive: bool):
    """Size, density, quality, kind."""
    data = jpeg(Image.new("RGB", (width, height)), dpi=(dpi, dpi), quality=quality, progressive=progressive)

    head = read_head(data)

    assert (head.width, head.height, head.components, head.dpi) == (width, height, 3, dpi)
    assert head.quality == quality
    assert (head.frame_marker == 0xC2) is progressive


def test_the_bare_file_shows_the_same_picture_without_metadata():
    """What the decoder is given."""
    picture = quartered(80, 80)
    data = jpeg(picture, exif=exif(orientation=6), comment=b"hello", icc_profile=b"p" * 70_000)

    stripped = bare(data, read_head(data))

    assert len(stripped) < len(data) - 70_000
    with Image.open(io.BytesIO(stripped)) as again, Image.open(io.BytesIO(data)) as before:
        assert again.tobytes() == before.tobytes()
        assert not {"exif", "comment", "icc_profile"} & again.info.keys()


def test_a_long_profile_is_joined_in_its_order():
    """It does not fit into one segment."""
    profile = bytes(range(256)) * 300

    assert read_head(jpeg(quartered(), icc_profile=profile)).icc == profile


@pytest.mark.parametrize("cut", [2, 3, 10, 20, 150])
def test_headers_that_break_off_are_refused(cut: int):
    """Before the first scan there is nothing to show."""
    with pytest.raises(UnreadableImage):
        read_head(jpeg(quartered())[:cut])
