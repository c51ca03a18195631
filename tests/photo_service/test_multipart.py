"""A report and a photo travel in one answer, and arrive as they were sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.formparser import parse_form_data

from photo_service.multipart import BrokenMultipartError, Part, read_parts, write_parts

AWKWARD = st.one_of(st.binary(max_size=200), st.text("\r\n-a", max_size=60).map(str.encode))
PARTS = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=8),
    st.builds(Part, st.sampled_from(["image/jpeg", "application/json"]), AWKWARD),
    min_size=1,
    max_size=4,
)


@given(parts=PARTS)
def test_parts_come_back_as_they_were(parts: dict[str, Part]):
    """Any bytes, line ends and dashes included."""
    assert read_parts(*write_parts(parts)) == parts


@given(parts=PARTS)
def test_others_read_them_too(parts: dict[str, Part]):
    """Werkzeug's own reader is the oracle."""
    content_type, body = write_parts(parts)
    environ = {"REQUEST_METHOD": "POST", "CONTENT_TYPE": content_type, "CONTENT_LENGTH": str(len(body))}
    import io

    _, form, files = parse_form_data({**environ, "wsgi.input": io.BytesIO(body)})

    read = {name: value.encode("utf-8", "surrogateescape") for name, value in form.items()}
    read |= {name: file.read() for name, file in files.items()}
    assert read.keys() == parts.keys()


def test_the_same_parts_give_the_same_bytes():
    """An answer can be compared with another."""
    parts = {"report": Part("application/json", b"{}")}

    assert write_parts(parts) == write_parts(parts)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("text/plain", b"hello"),
        ("multipart/form-data", b"--x--"),
        ("multipart/form-data; boundary=x", b""),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\ncut off'),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\nnameless\r\n--x--\r\n"),
        ("multipart/form-data; boundary=x", b"--x\r\nno gap\r\n--x--\r\n"),
    ],
)
def test_a_broken_body_is_told(content_type: str, body: bytes):
    """Half an answer is no answer."""
    with pytest.raises(BrokenMultipartError):
        read_parts(content_type, body)


@given(body=st.binary(max_size=200))
def test_any_body_is_read_or_told(body: bytes):
    """Never another exception."""
    try:
        parts = read_parts("multipart/form-data; boundary=x", b"--x" + body)
    except BrokenMultipartError:
        return
    assert all(part.content in body for part in parts.values())
