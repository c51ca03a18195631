"""The person before nothing, as a PNG: for layouts and cards of one's own, never for handing in."""

import hashlib
import io
from typing import Final

from PIL import Image, PngImagePlugin

from photo_service.backdrop import TRANSPARENT
from photo_service.compliance import Fault, NotCompliant, faults_of, measure
from photo_service.contract import Output, SelfieError
from photo_service.photo import Composed
from photo_service.spec import Spec

_CHUNKS: Final = {b"IHDR", b"pHYs", b"IDAT", b"IEND"}
_OF_ANY_FILE: Final = frozenset({"wrong_size"})
"""What of a spec a file that is no JPEG can meet, besides its density."""


def encode_transparent(composed: Composed, spec: Spec) -> bytes:
    """Write a cutout (four channels) as a PNG with the spec's density; the same cutout gives the same bytes."""
    file = io.BytesIO()
    Image.fromarray(composed.picture, "RGBA").save(file, "PNG", dpi=(spec.dpi, spec.dpi), optimize=True)
    return file.getvalue()


def verify_transparent(data: bytes, spec: Spec) -> Output:
    """Open the finished bytes again: size and density are the spec's, the four channels are there, and nothing else.

    Raises NotCompliant with every fault: a defect of this program.
    """
    try:
        output = measure(data)
        picture = PngImagePlugin.PngImageFile(io.BytesIO(data))
        picture.load()
    except SelfieError as error:
        raise NotCompliant(faults=(Fault("wrong_format", None, None),)) from error
    dpi = round(picture.info.get("dpi", (0.0, 0.0))[0])
    faults = [fault for fault in faults_of(output, spec) if fault.code in _OF_ANY_FILE]
    faults += [Fault("wrong_format", None, None)] if picture.mode != "RGBA" else []
    faults += [Fault("wrong_dpi", dpi, spec.dpi)] if dpi != spec.dpi else []
    faults += [Fault("metadata", len(extra), 0)] if (extra := _chunks(data) - _CHUNKS) else []
    if faults:
        raise NotCompliant(faults=tuple(faults))
    digest = hashlib.sha256(data).hexdigest()
    size = picture.width, picture.height
    return Output(*size, dpi, len(data), "PNG", picture.mode, digest, quality=None, background=TRANSPARENT)


def _chunks(data: bytes) -> set[bytes]:
    """Name the parts of a PNG: eight bytes of signature, then length, name, body and checksum each."""
    names, at = set(), 8
    while at + 8 <= len(data):
        names.add(data[at + 4 : at + 8])
        at += 12 + int.from_bytes(data[at : at + 4], "big")
    return names
