"""Several named parts in one body (multipart/form-data, RFC 7578), as the server answers and its client reads."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_BOUNDARY: Final = re.compile(r'multipart/form-data;\s*boundary="?([0-9A-Za-z\'()+_,./:=?-]{1,70})"?\s*$')
_NAME: Final = re.compile(r'name="([^"\r\n]*)"')


@dataclass(frozen=True, slots=True)
class Part:
    """One part: what kind it is and its bytes, untouched."""

    content_type: str
    content: bytes


class BrokenMultipartError(ValueError):
    """A body that is not what its content type says."""


def write_parts(parts: Mapping[str, Part]) -> tuple[str, bytes]:
    """Join parts under a boundary that occurs in none of them; give the content type and the body.

    The boundary is made from the content, so that the same answer has the same bytes.
    """
    digest = hashlib.sha256()
    for name, part in parts.items():
        digest.update(name.encode() + part.content)
    boundary = digest.hexdigest()
    while any(boundary.encode() in part.content for part in parts.values()):
        boundary = hashlib.sha256(boundary.encode()).hexdigest()
    body = b"".join(_written(name, part, boundary) for name, part in parts.items())
    return f"multipart/form-data; boundary={boundary}", body + f"--{boundary}--\r\n".encode()


def _written(name: str, part: Part, boundary: str) -> bytes:
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\nContent-Type: {part.content_type}\r\n\r\n'
    return head.encode() + part.content + b"\r\n"


def read_parts(content_type: str, body: bytes) -> dict[str, Part]:
    """Take a body apart again. Raises BrokenMultipartError."""
    found = _BOUNDARY.match(content_type)
    if not found:
        raise BrokenMultipartError(f"no boundary in {content_type!r}")
    mark = b"--" + found[1].encode()
    pieces = (b"\r\n" + body).split(b"\r\n" + mark)
    if len(pieces) < 2 or not pieces[-1].startswith(b"--"):
        raise BrokenMultipartError("the body has no end")
    return dict(_read(piece) for piece in pieces[1:-1])


def _read(piece: bytes) -> tuple[str, Part]:
    head, gap, content = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
    lines = dict(_header(line) for line in head.decode("utf-8", "replace").split("\r\n"))
    name = _NAME.search(lines.get("content-disposition", ""))
    if not gap or not name:
        raise BrokenMultipartError("a part has no name")
    return name[1], Part(lines.get("content-type", "application/octet-stream"), content)


def _header(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name.strip().lower(), value.strip()
