"""A finished picture to a JPEG whose bytes fall inside the spec's window, by choosing its fineness and nothing else.

The best usual quality first, as any program writes it. Where that has too many bytes, the face gets more of them than
what is around it (see face_first), and where there are too few bytes even for that, every number of the file is
weighed (see scarce). Where nobody knows where the face is, or that does not fit either, one quality for everything;
where the window is narrower than the step from one quality to the next, the same tables at scales between
them, one number after another where need be.
"""

import io
from bisect import bisect_left
from collections.abc import Callable, Iterator
from functools import cache, partial
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFile

from photo_service.codec.tables import Tables, between, ladder, quality_of
from photo_service.contract import SpecUnattainable
from photo_service.face_first import Portrait, fitted
from photo_service.models.ports import Rgb
from photo_service.photo import Composed, Encoded
from photo_service.scarce import Scarce
from photo_service.spec import Spec

_BEST_OF_LARGE: Final = 98
"""A large photo grows fast above it and looks no better: 99 and 100 are only used to reach a window's lower end. At
98 cqwu-xuegong is not among the specs whose faces `make bench` finds below a structural similarity of 0.99."""
_BEST_OF_SMALL: Final = 99
"""A small photo costs little, and its every pixel counts: at 99 the faces of one-inch keep at least 0.994 (`make
bench`; at 98 it was 0.991)."""
_LEAST_IN_FULL_COLOUR: Final = 98
"""Where the window does not allow this quality in full colour, half colour leaves more bytes for light, which eyes and
graders look at."""
_LEAST_AROUND: Final = 65
"""Of what is around the face, where the spec's own floor is not higher, before every number is weighed. Leaving out
what quality 65 rounds to nothing, at steps as fine as the face's, keeps hair and clothes nearer to the picture than
quality 65 for everything would. A judgement, by looking at enlarged photos; `make bench` tells what the people beside
their faces keep."""
_DRAWN_IN: Final = 0.9
"""Where bytes are scarce, how much of its oval the face is: beyond, hair and wall begin."""
_NEARLY_FINEST: Final = 97
"""Quality around the face in half colour from which full colour may fit as well."""
_LEAST_AROUND_IN_FULL_COLOUR: Final = 95
"""Below it, bytes that go to light show more."""
_BEST: Final = 100
_MANY_BYTES: Final = 95
"""Quality from which Pillow reserves two bytes a pixel for a file with optimised tables."""
_FULL_COLOUR: Final = "4:4:4"
_HALF_COLOUR: Final = "4:2:0"
_SMALL_PX: Final = 640 * 640
"""Up to this many pixels the outline of hair is a few pixels wide, and half colour would tint it; and every number of a
file can be weighed within a second. No larger face of `make bench` falls short of 0.99."""

_WAYS: Final = ((_FULL_COLOUR, True), ("4:2:2", True), (_HALF_COLOUR, True), (_FULL_COLOUR, False))
"""Colour resolution, and whether the Huffman tables are made for the picture: the standard's own, which cameras write,
cost some five per cent more, and bring a calm picture above a window's lower end."""
_NEIGHBOURS: Final = 24
"""How many tables around the window's upper end are tried: bytes do not grow strictly with them."""
_HEADERS: Final = 1024
"""More than all headers of a JPEG of ours."""

_Write = Callable[[str, int], bytes]


class _Made(NamedTuple):
    data: bytes
    quality: int


class _Rounded(NamedTuple):
    """A file in which the face has steps of `step`."""

    made: _Made
    step: float


def encode(composed: Composed, spec: Spec) -> Encoded:
    """Encode as finely as the bytes of the spec's window allow, the face first; never padded.

    Baseline JPEG, optimised Huffman tables (but for pure noise), density in the JFIF header, no other metadata; the
    same picture gives the same bytes. A small photo keeps full colour resolution where the window leaves room for it.
    Raises SpecUnattainable when nothing from the spec's floor to quality 100 falls inside the window.
    """
    picture = Image.fromarray(composed.picture)
    write = _writer(picture, spec.dpi)
    small = picture.width * picture.height <= _SMALL_PX
    samplings = (_FULL_COLOUR, _HALF_COLOUR) if small else (_HALF_COLOUR, _FULL_COLOUR)
    too_large = len(write(samplings[0], _best(small=small))) >= spec.window.high
    made = (
        (_face_first(composed, spec, write) if too_large else None)
        or next((found for way in _ways(spec, small=small) if (found := _search(write, *way, spec))), None)
        or _any_at_all(write, samplings, spec)
        or _between_qualities(picture, spec)
    )
    if made is None:
        raise _unattainable(write, samplings, spec)
    return Encoded(made.data, made.quality)


def _best(*, small: bool) -> int:
    return _BEST_OF_SMALL if small else _BEST_OF_LARGE


def _face_first(composed: Composed, spec: Spec, write: _Write) -> _Made | None:
    """Give the face what it needs.

    None where nobody said where it is or it has no pixel, where it has all that it needs at one quality for everything,
    and where no such file falls inside the window.
    """
    if composed.face is None:
        return None
    height, width = composed.picture.shape[:2]
    small = width * height <= _SMALL_PX
    whole, inner = (_inside(composed.face, width, height, drawn_in=share) for share in (1.0, _DRAWN_IN))
    if not inner.any():
        return None
    take_apart = partial(Portrait.of, composed.picture, whole, dpi=spec.dpi)
    portrait = take_apart(halved=True)
    if _is_kept(portrait, spec, write, small=small):
        return None
    half = _rounded(portrait, spec, _LEAST_AROUND)
    if half is None or half.step > portrait.enough():
        weighed = _weighed(portrait, composed.picture, inner, spec) if small else None
        return weighed or (half and half.made)
    if half.made.quality < _NEARLY_FINEST or not small:
        return half.made
    full = _rounded(take_apart(halved=False), spec, _LEAST_AROUND_IN_FULL_COLOUR)
    return (full or half).made


def _inside(oval: NDArray[np.float32], width: int, height: int, *, drawn_in: float) -> NDArray[np.bool_]:
    """Return which pixels an oval holds that is drawn in about the middle of its points."""
    middle, drawn = oval.mean(axis=0), Image.new("1", (width, height))
    ImageDraw.Draw(drawn).polygon([(x, y) for x, y in (middle + (oval - middle) * drawn_in).tolist()], fill=1)
    return np.asarray(drawn)


def _weighed(portrait: Portrait, picture: Rgb, face: NDArray[np.bool_], spec: Spec) -> _Made | None:
    """Weigh every number of the file, where there are too few bytes for the face and for what is around it."""
    found = Scarce.of(portrait, picture, face, least=spec.quality_floor).fitted(spec.window.high)
    return _Made(*found) if found is not None and _fits(found[0], spec) else None


def _is_kept(portrait: Portrait, spec: Spec, write: _Write, *, small: bool) -> bool:
    """Tell whether the quality that the window allows for everything is enough for the face."""
    needed = max(portrait.kept_from(), spec.quality_floor)
    if needed > _best(small=small) or len(write(_HALF_COLOUR, needed)) >= spec.window.high:
        return False
    in_full = small and len(write(_FULL_COLOUR, _LEAST_IN_FULL_COLOUR)) < spec.window.high
    return needed <= _LEAST_IN_FULL_COLOUR or not in_full


def _rounded(portrait: Portrait, spec: Spec, least: int) -> _Rounded | None:
    found = fitted(portrait, spec.window.high, least=max(spec.quality_floor, least))
    if found is None or not _fits(found[0], spec):
        return None
    data, share = found
    return _Rounded(_Made(data, share.quality), share.step)


def _ways(spec: Spec, *, small: bool) -> Iterator[tuple[str, range]]:
    """Tell the colour resolutions and the qualities to look through, the best first."""
    best = _best(small=small)
    if small:
        yield _FULL_COLOUR, range(max(spec.quality_floor, _LEAST_IN_FULL_COLOUR), best + 1)
    yield _HALF_COLOUR, range(spec.quality_floor, best + 1)
    yield _FULL_COLOUR, range(spec.quality_floor, best + 1)


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
    twice = quality >= _MANY_BYTES
    return _optimised(picture, twice=twice, quality=quality, subsampling=sampling, dpi=(dpi, dpi))


def _optimised(picture: Image.Image, *, twice: bool, **options: Any) -> bytes:
    buffer = max(ImageFile.MAXBLOCK, picture.width * picture.height * (2 if twice else 1))
    plain = _saved(picture, **options)
    return plain if len(plain) + _HEADERS >= buffer else _saved(picture, optimize=True, **options)


def _saved(picture: Image.Image, **options: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, "JPEG", **options)
    return file.getvalue()


def _search(write: _Write, sampling: str, usually: range, spec: Spec) -> _Made | None:
    """Find the best of the usual qualities; go beyond them only where the file would be too small otherwise."""
    usual = _largest_below(write, sampling, usually, spec.window.high)
    if usual is None or len(usual.data) >= spec.window.low:
        return usual
    for quality in range(usual.quality + 1, _BEST + 1):
        data = write(sampling, quality)
        if _fits(data, spec):
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


def _any_at_all(write: _Write, samplings: tuple[str, ...], spec: Spec) -> _Made | None:
    """Try every quality: bytes do not grow strictly with quality, so a bisection may miss one."""
    return next((made for made in _all_qualities(write, samplings, spec) if _fits(made.data, spec)), None)


def _all_qualities(write: _Write, samplings: tuple[str, ...], spec: Spec) -> Iterator[_Made]:
    return (_Made(write(s, q), q) for s in samplings for q in range(_BEST, spec.quality_floor - 1, -1))


def _between_qualities(picture: Image.Image, spec: Spec) -> _Made | None:
    """Look between libjpeg's qualities, in full colour first; None where nothing falls inside the window either."""
    scales = list(ladder(spec.quality_floor))
    for sampling, optimise in _WAYS:
        write = _finer_writer(picture, sampling, spec.dpi, optimise=optimise)
        if len(write(scales[0])) < spec.window.low or len(write(scales[-1])) >= spec.window.high:
            continue
        first = _first_below(write, scales, spec.window.high)
        steps = [step for pair in pairwise(scales[max(0, first - 2) : first + 2]) for step in between(*pair)]
        nearest = _first_below(write, steps, spec.window.high)
        for step in sorted(range(len(steps)), key=lambda index: abs(index - nearest))[:_NEIGHBOURS]:
            if _fits(data := write(steps[step]), spec):
                return _Made(data, quality_of(steps[step].scale))
    return None


def _first_below(write: Callable[[Tables], bytes], tables: list[Tables], high: int) -> int:
    """Bisect for the finest tables whose file has fewer than `high` bytes."""
    return bisect_left(tables, True, key=lambda one: len(write(one)) < high)


def _finer_writer(picture: Image.Image, sampling: str, dpi: int, *, optimise: bool) -> Callable[[Tables], bytes]:
    save = partial(_optimised, picture, twice=True) if optimise else partial(_saved, picture)

    @cache
    def write(tables: Tables) -> bytes:
        pair = [list(tables.luminance), list(tables.chrominance)]
        return save(qtables=pair, subsampling=sampling, dpi=(dpi, dpi))

    return write


def _fits(data: bytes, spec: Spec) -> bool:
    return spec.window.low <= len(data) < spec.window.high


def _unattainable(write: _Write, samplings: tuple[str, ...], spec: Spec) -> SpecUnattainable:
    """Say how near any whole quality came."""
    window = spec.window
    sizes = (len(made.data) for made in _all_qualities(write, samplings, spec))
    nearest = min(sizes, key=lambda size: max(window.low - size, size - window.high + 1))
    return SpecUnattainable(spec=spec.id, bytes_min=window.low, bytes_max=window.high - 1, nearest=nearest)
