"""A finished picture to a JPEG whose bytes fall inside the spec's window, by choosing the quality and nothing else."""

import io
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from PIL import Image, ImageFile

from photo_service.contract import SpecUnattainable
from photo_service.photo import Composed, Encoded
from photo_service.spec import Spec

_USUAL_BEST: Final = 95
"""Above it a JPEG grows fast and looks no better: only used to reach a window's lower end."""
_BEST: Final = 100
_FULL_COLOUR: Final = "4:4:4"
_HALF_COLOUR: Final = "4:2:0"
_SMALL_PX: Final = 640 * 640
"""Up to this many pixels the outline of hair is a few pixels wide, and half colour would tint it."""

_HEADERS: Final = 1024
"""More than all headers of a JPEG of ours."""

_Write = Callable[[str, int], bytes]


class _Made(NamedTuple):
    data: bytes
    quality: int


def encode(composed: Composed, spec: Spec) -> Encoded:
    """Encode at the highest quality whose bytes are inside the spec's window, never padded.

    Baseline JPEG, optimised Huffman tables (but for pure noise), density in the JFIF header, no other metadata; the
    same picture gives the same bytes. A small photo keeps full colour resolution as long as the window allows.
    Raises SpecUnattainable when no quality from the spec's floor to 100 falls inside the window.
    """
    write = _writer(Image.fromarray(composed.picture), spec.dpi)
    small = composed.picture.shape[0] * composed.picture.shape[1] <= _SMALL_PX
    samplings = (_FULL_COLOUR, _HALF_COLOUR) if small else (_HALF_COLOUR, _FULL_COLOUR)
    made = next((found for sampling in samplings if (found := _search(write, sampling, spec))), None)
    if made is None:
        made = _any_at_all(write, samplings, spec)
    return Encoded(made.data, made.quality)


def _writer(picture: Image.Image, dpi: int) -> _Write:
    tried: dict[tuple[str, int], bytes] = {}

    def write(sampling: str, quality: int) -> bytes:
        if (sampling, quality) not in tried:
            tried[sampling, quality] = _jpeg(picture, sampling, quality, dpi)
        return tried[sampling, quality]

    return write


def _jpeg(picture: Image.Image, sampling: str, quality: int, dpi: int) -> bytes:
    """Write one JPEG, with optimised tables where Pillow can.

    Pillow gives libjpeg a fixed buffer for optimised files and fails, with words on stderr, when a noisy picture
    overflows it; the plain file, which has no such limit, tells beforehand whether it will.
    """
    buffer = max(ImageFile.MAXBLOCK, picture.width * picture.height * (2 if quality >= _USUAL_BEST else 1))
    plain = _saved(picture, quality=quality, subsampling=sampling, dpi=(dpi, dpi))
    if len(plain) + _HEADERS >= buffer:
        return plain
    return _saved(picture, quality=quality, subsampling=sampling, dpi=(dpi, dpi), optimize=True)


def _saved(picture: Image.Image, **options: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, "JPEG", **options)
    return file.getvalue()


def _search(write: _Write, sampling: str, spec: Spec) -> _Made | None:
    """Find the best quality up to the usual best; go beyond it only where the file would be too small otherwise."""
    usual = _largest_below(write, sampling, range(spec.quality_floor, _USUAL_BEST + 1), spec.window.high)
    if usual is None or len(usual.data) >= spec.window.low:
        return usual
    for quality in range(usual.quality + 1, _BEST + 1):
        data = write(sampling, quality)
        if spec.window.low <= len(data) < spec.window.high:
            return _Made(data, quality)
    return None


def _largest_below(write: _Write, sampling: str, qualities: range, high: int) -> _Made | None:
    """Bisect for the highest quality whose file has fewer than `high` bytes; None where none has.

    The best is tried first: in most windows it fits, and that is then the only encoding.
    """
    if len(data := write(sampling, qualities[-1])) < high:
        return _Made(data, qualities[-1])
    if len(write(sampling, qualities[0])) >= high:
        return None
    low, top = qualities[0], qualities[-1]  # low fits, top does not
    while top - low > 1:
        middle = (low + top) // 2
        low, top = (middle, top) if len(write(sampling, middle)) < high else (low, middle)
    return _Made(write(sampling, low), low)


def _any_at_all(write: _Write, samplings: tuple[str, ...], spec: Spec) -> _Made:
    """Try every quality before giving up: bytes do not grow strictly with quality, so a bisection may miss one.

    Raises SpecUnattainable with the size that came nearest.
    """
    window = spec.window
    made = [_Made(write(s, q), q) for s in samplings for q in range(_BEST, spec.quality_floor - 1, -1)]
    found = next((one for one in made if window.low <= len(one.data) < window.high), None)
    if found is None:
        nearest = min((len(one.data) for one in made), key=lambda size: max(window.low - size, size - window.high + 1))
        raise SpecUnattainable(spec=spec.id, bytes_min=window.low, bytes_max=window.high - 1, nearest=nearest)
    return found
