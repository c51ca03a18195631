"""Good photos as phones and chat programs make them: other light, other white balance, noise, compression, tilt."""

import io
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from benchmarks.calibrate.labelled import Labelled, labelled_photos
from benchmarks.calibrate.steadiness import SPECS, assessed
from photo_service.contract import Severity
from photo_service.photo import Assessed, Upright
from photo_service.pipeline import WORKING_SIDE, Studio
from photo_service.stages.decode import Limits, decode

Light = NDArray[np.floating]
_GAMMA: Final = 2.2
_CHAT_PX, _CHAT_QUALITY = 1080, 60
_SHOT: Final = 0.01
"""Variance of the noise of a short exposure at night, as a share of the light."""


def _lit(change: Callable[[Light], Light], *, quality: int = 90) -> Callable[[Image.Image], bytes]:
    """Do something to the light itself, then encode it again as a camera does."""

    def made(picture: Image.Image) -> bytes:
        light = change(np.power(np.asarray(picture, np.float32) / 255, _GAMMA))
        encoded = np.clip(light, 0, 1) ** (1 / _GAMMA) * 255 + 0.5
        return _jpeg(Image.fromarray(encoded.astype(np.uint8)), quality)

    return made


def _tinted(red: float, green: float, blue: float) -> Callable[[Image.Image], bytes]:
    return _lit(lambda light: light * np.array([red, green, blue], np.float32))


def _night(light: Light) -> Light:
    """Half the light with its shot noise and a sensor's floor, brought up again by most of what was lost."""
    half = light * 0.5
    grain = np.random.default_rng(2).normal(0, 1, light.shape)
    shot: Light = np.clip(half + grain * np.sqrt(half * _SHOT + _SHOT**2 / 50), 0, 1) * 1.6
    return shot


def _flare(light: Light) -> Light:
    """Lay the glow of a lamp beyond the upper left corner over the picture, a twentieth of white at its middle."""
    height, width = light.shape[:2]
    down, across = np.mgrid[0:height, 0:width].astype(np.float32)
    away = np.hypot(across - 0.1 * width, down - 0.05 * height) / np.hypot(height, width)
    glow: Light = light + (0.05 * np.exp(-((away / 0.5) ** 2)) + 0.015)[..., None]
    return glow


def _through_a_chat(picture: Image.Image) -> bytes:
    times = min(1.0, _CHAT_PX / max(picture.size))
    size = max(8, round(picture.width * times)), max(8, round(picture.height * times))
    return _jpeg(picture.resize(size, Image.Resampling.LANCZOS), _CHAT_QUALITY)


def _tilted(degrees: float) -> Callable[[Image.Image], bytes]:
    return lambda picture: _jpeg(
        picture.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=picture.getpixel((0, 0))), 90
    )


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=quality)
    return file.getvalue()


VARIATIONS: Final[Mapping[str, Callable[[Image.Image], bytes]]] = {
    "a third of a stop lighter": _lit(lambda light: light * 2 ** (1 / 3)),
    "a third of a stop darker": _lit(lambda light: light * 2 ** (-1 / 3)),
    "warm lamp": _tinted(1.15, 1.0, 0.8),
    "blue sky": _tinted(0.88, 1.0, 1.18),
    "fluorescent tube": _tinted(0.95, 1.07, 0.92),
    "short exposure at night": _lit(_night, quality=80),
    "lens flare": _lit(_flare),
    "harder contrast": _lit(lambda light: np.power(light, 1.2)),
    "sharpened": lambda picture: _jpeg(picture.filter(ImageFilter.UnsharpMask(2, 150, 2)), 90),
    "through a chat program": _through_a_chat,
    "camera tilted by 3 degrees": _tilted(3.0),
}


def as_phones_make_them(studio: Studio) -> dict[str, Any]:
    """Return, for each spec and variation, how many of the photos that must be taken are refused, and by which checks.

    Only photos that are taken as they are count.
    """
    told: dict[str, Any] = {spec: {name: Counter[str]() for name in VARIATIONS} for spec in SPECS}
    refused = {spec: dict.fromkeys(VARIATIONS, 0) for spec in SPECS}
    counts = dict.fromkeys(SPECS, 0)
    for photo in labelled_photos():
        specs = [spec for spec in SPECS if _is_good(photo, spec)]
        taken = [spec for spec, codes in _refusals(studio, photo.upright, specs).items() if not codes]
        for spec in taken:
            counts[spec] += 1
        for name, vary in VARIATIONS.items() if taken else ():
            varied = _decoded(vary(Image.fromarray(photo.upright.picture)))
            for spec, codes in _refusals(studio, varied, taken).items():
                refused[spec][name] += bool(codes)
                told[spec][name].update(codes)
    return {"n": counts, "refused": refused, "by": told}


def _is_good(photo: Labelled, spec: str) -> bool:
    return photo.strictly_good if spec == SPECS[0] else photo.good


def _refusals(studio: Studio, upright: Upright, specs: list[str]) -> dict[str, list[str]]:
    """Return for each spec the codes for which a picture is refused."""
    seen = assessed(studio, upright, *specs)
    if seen is None:
        return {spec: ["no_face"] for spec in specs}
    return {spec: _failures(judged) for spec, judged in zip(specs, seen, strict=True)}


def _failures(judged: Assessed) -> list[str]:
    return [found.code for found in judged.findings if found.severity is Severity.FAIL]


def _decoded(file: bytes) -> Upright:
    return decode(file, limits=Limits(), want_side=WORKING_SIDE)
