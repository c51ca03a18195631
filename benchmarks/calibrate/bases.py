"""Good pictures to start from, and the same pictures made worse by one step."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np
from PIL import Image

from benchmarks.calibrate.degradations import Degradation
from benchmarks.calibrate.labelled import labelled_photos
from benchmarks.calibrate.reading import Seen, see
from benchmarks.portraits import astronaut
from photo_service.models.ports import Rgb
from photo_service.photo import Matted, Upright
from photo_service.pipeline import Studio

MOST_BASES: Final = 6
_LONGEST: Final = 800
_LEAST_EYES, _MOST_YAW = 50.0, 9.0


def bases(studio: Studio) -> list[tuple[Upright, Matted, Seen]]:
    """Return good frontal pictures to start from: the astronaut's, and labelled ones where they are here."""
    found: list[tuple[Upright, Matted, Seen]] = []
    for upright in _candidates():
        seen = see(studio, upright)
        if seen is None:
            continue
        located = seen[1].located
        if located.anatomy.inter_eye >= _LEAST_EYES and abs(located.pose.yaw) <= _MOST_YAW:
            found.append((upright, seen[1], seen[0]))
        if len(found) == MOST_BASES:
            break
    return found


def degraded(upright: Upright, matted: Matted, degradation: Degradation, amount: float) -> Upright:
    """Return the picture after one step of one degradation, as if a file had held it."""
    picture = degradation.apply(upright.picture, matted, amount)
    quality = round(amount) if degradation.code == "compression_artifacts" else upright.jpeg_quality
    return replace(
        upright,
        image=Image.fromarray(picture),
        file_width=picture.shape[1],
        file_height=picture.shape[0],
        jpeg_quality=quality,
    )


def _candidates() -> Iterator[Upright]:
    yield _small(np.asarray(astronaut().crop((90, 0, 360, 360)).resize((540, 720))))
    for photo in labelled_photos():
        if photo.good:
            yield _small(photo.upright.picture)


def _small(picture: Rgb) -> Upright:
    height, width = picture.shape[:2]
    factor = min(1.0, _LONGEST / max(height, width))
    image = Image.fromarray(picture).resize((round(width * factor), round(height * factor)))
    return Upright(image, image.width, image.height, 1.0, "JPEG", 95, False, None)
