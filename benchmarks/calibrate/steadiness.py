"""Whether a verdict holds when nobody sees a difference: saved anew, resized, turned by a degree, mirrored."""

import io
from collections.abc import Callable, Mapping
from typing import Any, Final

from PIL import Image, ImageOps

from benchmarks.calibrate.labelled import labelled_photos
from photo_service.contract import Severity
from photo_service.photo import Assessed, Upright
from photo_service.pipeline import WORKING_SIDE, Studio
from photo_service.stages.assess import assess
from photo_service.stages.decode import Limits, decode
from photo_service.stages.locate import NoFace, locate
from photo_service.stages.matte import matte

SPECS: Final = ("hunan-pretco", "one-inch")
_QUALITY: Final = 90
Change = Callable[[Image.Image], Image.Image]
CHANGES: Final[Mapping[str, Change]] = {
    "saved anew": lambda picture: picture,
    "a tenth smaller": lambda picture: picture.resize((round(picture.width * 0.9), round(picture.height * 0.9))),
    "a tenth larger": lambda picture: picture.resize((round(picture.width * 1.1), round(picture.height * 1.1))),
    "turned by a degree": lambda picture: picture.rotate(
        1, Image.Resampling.BICUBIC, fillcolor=picture.getpixel((0, 0))
    ),
    "mirrored": ImageOps.mirror,
}
"""What is done to each photo, before it is saved as JPEG of quality 90."""


def steadiness(studio: Studio) -> dict[str, Any]:
    """Return, for each spec and change, how many verdicts on the labelled photos hold."""
    kept = {spec: dict.fromkeys(CHANGES, 0) for spec in SPECS}
    count = 0
    for photo in labelled_photos():
        before = _verdicts(studio, photo.upright)
        count += 1
        for name, change in CHANGES.items():
            after = _verdicts(studio, saved(change(Image.fromarray(photo.upright.picture))))
            for spec in SPECS:
                kept[spec][name] += before[spec] is after[spec]
    return {"n": count, "held": kept, "share": {spec: _share(kept[spec], count) for spec in SPECS}}


def _share(held: Mapping[str, int], count: int) -> float | None:
    return round(sum(held.values()) / (count * len(held)), 4) if count else None


def saved(picture: Image.Image) -> Upright:
    """Save a picture as JPEG of quality 90 and read it back."""
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=_QUALITY)
    return decode(file.getvalue(), limits=Limits(), want_side=WORKING_SIDE)


def assessed(studio: Studio, upright: Upright, *specs: str) -> list[Assessed] | None:
    """Hold a picture against some specs; None where no face is found."""
    nets = studio.networks
    try:
        located = locate(upright, finder=nets.finder, mesher=nets.mesher, irises=nets.irises, hands=nets.hands)
    except NoFace:
        return None
    matted = matte(located, segmenter=nets.segmenter)
    return [assess(matted, studio.catalogue[spec], studio.wording) for spec in specs]


def _verdicts(studio: Studio, upright: Upright) -> dict[str, bool]:
    """Tell for each spec whether a picture passes every check and has a crop."""
    seen = assessed(studio, upright, *SPECS)
    if seen is None:
        return dict.fromkeys(SPECS, False)
    return {spec: _passes(judged) for spec, judged in zip(SPECS, seen, strict=True)}


def _passes(judged: Assessed) -> bool:
    return judged.plan is not None and all(found.severity is not Severity.FAIL for found in judged.findings)
