"""Hold a finished file against a spec, by its bytes alone."""

import hashlib
import io
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, JpegImagePlugin

from photo_service.codec import jpeg
from photo_service.codec.sniff import sniff
from photo_service.codec.still import Still, open_still, refuse_pixels
from photo_service.contract import Output, PhotoServiceError, SelfieError, UnreadableImage
from photo_service.spec import Spec

Colour = tuple[int, int, int]

CORNER_PX: Final = 4
COLOUR_TOLERANCE: Final = 6
"""How far a channel may be from the background colour after JPEG: flat colours come back within 3 at quality 60."""


class Fault(NamedTuple):
    """One number of the file that is not the spec's: what was measured and what it is held against.

    wrong_size: pixels of the side that is off; wrong_dpi: dots per inch; file_too_small and file_too_large: bytes;
    wrong_background: the largest difference of a channel, 0 to 255; wrong_format: neither.
    """

    code: str
    value: float | None
    limit: float | None


class NotCompliant(PhotoServiceError):
    """A file that was just made does not measure up: a fault of this program, never of the student. Facts: `faults`."""

    code = "not_compliant"


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A file as measured on its own bytes. `corners` are both upper corners' pixels, `dpi` is 0 where JFIF has none."""

    output: Output
    corners: NDArray[np.uint8]
    metadata: tuple[str, ...]


def inspect(data: bytes, spec: Spec) -> list[Fault]:
    """List the faults of a finished file: format, size, density, bytes, background.

    The background is held against the colour of the spec, or the nearest of its choices, at both upper corners.
    Raises SelfieError when the file is no picture at all.
    """
    return faults_of(measure(data), spec)


def faults_of(facts: FileFacts, spec: Spec) -> list[Fault]:
    """Hold measured facts against the spec."""
    faults = [_format(facts.output), _size(facts.output, spec), _dpi(facts.output, spec), _bytes(facts.output, spec)]
    return [fault for fault in (*faults, _background(facts.corners, spec)) if fault is not None]


def measure(data: bytes) -> FileFacts:
    """Read back everything that a spec speaks of.

    Raises SelfieError when the file is no picture at all, or too large to be a finished photo.
    """
    kind = sniff(data)
    try:
        still = open_still(data, kind)
        refuse_pixels(still)
        return _measured(data, still)
    except SelfieError:
        raise
    except Exception as error:  # decoders raise some twenty unrelated types on broken files
        raise UnreadableImage(format=kind) from error


def _measured(data: bytes, still: Still) -> FileFacts:
    picture = _as_any_program_reads_it(data, still)
    head = jpeg.read_head(data) if still.format == "JPEG" else None
    output = Output(
        width=still.width,
        height=still.height,
        dpi=head.dpi if head else 0,
        bytes=len(data),
        format=still.format,
        mode=picture.mode,
        sha256=hashlib.sha256(data).hexdigest(),
        quality=still.jpeg_quality,
    )
    return FileFacts(output, corners_of(picture), _metadata(head))


def _as_any_program_reads_it(data: bytes, still: Still) -> Image.Image:
    """Decode in full with nothing taken out before: a JPEG exactly as Pillow alone would."""
    if still.format != "JPEG":
        return still.load(1)
    picture = JpegImagePlugin.JpegImageFile(io.BytesIO(data))
    picture.load()
    return picture


def corners_of(picture: Image.Image) -> NDArray[np.uint8]:
    """Return the pixels of both upper corners, one a row."""
    rgb = picture.convert("RGB")
    boxes = ((0, 0, CORNER_PX, CORNER_PX), (rgb.width - CORNER_PX, 0, rgb.width, CORNER_PX))
    return np.concatenate([np.asarray(rgb.crop(box)).reshape(-1, 3) for box in boxes])


def _metadata(head: jpeg.JpegHead | None) -> tuple[str, ...]:
    """Name every segment that carries anything beside the picture; JFIF alone is meant to be there."""
    if head is None:
        return ()
    extra = (s for s in head.segments if s.marker == jpeg.COM or jpeg.APP0 <= s.marker <= jpeg.APP15)
    return tuple(f"{s.marker:02X}" for s in extra if not (s.marker == jpeg.APP0 and s.body.startswith(b"JFIF\0")))


def _format(output: Output) -> Fault | None:
    return None if (output.format, output.mode) == ("JPEG", "RGB") else Fault("wrong_format", None, None)


def _size(output: Output, spec: Spec) -> Fault | None:
    """Name the side that is outside, or the width where only the proportion is wrong by more than a rounded pixel."""
    size, width, height = spec.size, output.width, output.height
    if not size.min_width <= width <= size.max_width:
        return Fault("wrong_size", width, size.min_width if width < size.min_width else size.max_width)
    if not size.min_height <= height <= size.max_height:
        return Fault("wrong_size", height, size.min_height if height < size.min_height else size.max_height)
    due = height * size.max_width / size.max_height
    return Fault("wrong_size", width, round(due)) if abs(width - due) > 1 else None


def _dpi(output: Output, spec: Spec) -> Fault | None:
    return None if output.dpi == spec.dpi else Fault("wrong_dpi", output.dpi, spec.dpi)


def _bytes(output: Output, spec: Spec) -> Fault | None:
    if output.bytes < spec.window.low:
        return Fault("file_too_small", output.bytes, spec.window.low)
    return Fault("file_too_large", output.bytes, spec.window.high) if output.bytes >= spec.window.high else None


def _background(corners: NDArray[np.uint8], spec: Spec) -> Fault | None:
    if spec.background.colour is None:
        return None
    distance = min(background_distance(corners, colour) for colour in spec.background.choices)
    if spec.background.any_colour:
        distance = min(distance, _unevenness(corners))
    return Fault("wrong_background", distance, COLOUR_TOLERANCE) if distance > COLOUR_TOLERANCE else None


def background_distance(corners: NDArray[np.uint8], colour: Colour | NDArray[np.uint8]) -> int:
    """Measure how far the corners are from a colour, or from the pixels that are due there: the largest difference of
    any channel of any pixel."""
    return int(np.abs(corners.astype(np.int16) - np.array(colour, np.int16)).max())


def _unevenness(corners: NDArray[np.uint8]) -> int:
    """Measure how far a corner is from one even colour; a gradient is even as far as a corner reaches."""
    halves = np.split(corners.astype(np.int16), 2)
    return max(int((half.max(axis=0) - half.min(axis=0)).max()) // 2 for half in halves)
