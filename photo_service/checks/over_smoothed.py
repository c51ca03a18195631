"""The skin was smoothed by a beauty filter: edges as sharp as the camera made them, and no grain between them."""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photo_service.checks import skin
from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import INNER_FACE, Subject
from photo_service.models.ports import Points
from photo_service.spec import Spec

_FEWEST_PX: Final = 60.0
"""Eye distance below which a camera's or a program's shrinking decides about grain."""
_WORST_QUALITY: Final = 80
"""JPEG quality below which compression takes as much grain as a filter does: then nothing can be said."""
_DARKEST, _BRIGHTEST = 50.0, 225.0
"""Mean grey of cheeks on which a sensor's grain shows: in black and in white it is cut off."""


def read(subject: Subject, spec: Spec) -> Reading | None:  # noqa: ARG001 - one signature for all checks
    """Return the grain of the cheeks over the steepest edges of the face, both as Immerkær's operator sees them at the
    picture's own scale; nothing where the file cannot show grain.

    A sensor's grain and pores lie on skin as on everything; a filter takes them from the skin and leaves brows and
    lashes sharp. Edges in the measure, so that a picture that was merely enlarged, soft all over, is not accused. Grain
    is the mean of the nine tenths of least response: a mole is none.
    """
    upright = subject.located.upright
    if subject.located.anatomy.inter_eye < _FEWEST_PX or (upright.jpeg_quality or 100) < _WORST_QUALITY:
        return None
    grey, points = _face(subject)
    cheeks = skin.inside(points, skin.RIGHT_CHEEK, grey.shape) | skin.inside(points, skin.LEFT_CHEEK, grey.shape)
    inner = skin.inside(points, INNER_FACE, grey.shape)
    if not cheeks[1:-1, 1:-1].any() or not _DARKEST < float(grey[cheeks].mean()) < _BRIGHTEST:
        return None
    response = _immerkaer(grey)
    edge = float(np.percentile(response[(inner | cheeks)[1:-1, 1:-1]], 99))
    return Reading(_grain(response[cheeks[1:-1, 1:-1]]) / max(edge / 6, 0.5))


def _immerkaer(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the size of the second difference both ways, of all but the outermost pixels (Immerkær 1996).

    Blind to edges and ramps, it passes grain; its response to noise of deviation s has deviation 6 s.
    """
    down = grey[:-2] - 2 * grey[1:-1] + grey[2:]
    size: NDArray[np.float32] = np.abs(down[:, :-2] - 2 * down[:, 1:-1] + down[:, 2:])
    return size


def _face(subject: Subject) -> tuple[NDArray[np.float32], Points]:
    """Return the face from brows to lips at the picture's own scale in grey levels, and all landmarks there."""
    points = subject.located.mesh.points[:, :2]
    seen = points[[*INNER_FACE, *skin.RIGHT_CHEEK, *skin.LEFT_CHEEK]]
    picture = subject.located.upright.picture
    left, top = (max(0, int(value) - 2) for value in seen.min(axis=0))
    right, bottom = (math.ceil(value) + 3 for value in seen.max(axis=0))
    part = np.ascontiguousarray(picture[top:bottom, left:right])
    if not part.size:
        return np.zeros((3, 3), np.float32), points
    grey: NDArray[np.float32] = np.asarray(Image.fromarray(part).convert("L"), np.float32)
    return grey, points - np.array([left, top], np.float32)


def _grain(responses: NDArray[np.float32]) -> float:
    least = responses[responses <= np.percentile(responses, 90)]
    return float(least.mean()) * math.sqrt(math.pi / 2) / 6


OVER_SMOOTHED: Final = Check("over_smoothed", "below", 0.016, read, doubt=0.025)
"""0.016: the labelled photos at quality 80 and better have 0.024 to 0.2; below 0.016 lie generated and heavily filtered
faces. The same photos smoothed on the skin (an edge-keeping filter 1/30 of the eye distance wide) have 0.013 to 0.11:
what little grain a filter leaves is often more than a good photo of another camera shows. High precision, low recall:
the counsellor's eye decides."""
