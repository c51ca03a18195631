"""Alpha and colour at the edge, on composites whose alpha is known, against three other ways of doing it."""

import io
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from PIL import Image
from scipy import ndimage

from benchmarks.keyed import Person, Plane, people, walls
from photo_service.geometry import NoPlan, Plan
from photo_service.photo import Framed, Matted
from photo_service.pipeline import Studio
from photo_service.planning import plan
from photo_service.silhouette import level_of, measure_head
from photo_service.stages.compose import before, share_of
from photo_service.stages.frame import frame
from photo_service.stopwatch import Stopwatch

SPECS = ("hunan-pretco", "one-inch")
BAND_PX = 5
FACE_AND_HAIR = 0.8
"""Share of the photo's height that counts: below it the keyed alpha ends with the source's own lower edge."""
NOISE = 2.0
"""Standard deviation of the camera noise added to a composite, 0 to 255."""


@dataclass(frozen=True, slots=True)
class Case:
    """One composite at the size of the photo, with what is true of it."""

    framed: Framed
    alpha: Plane
    colours: Plane


Way = Callable[[Framed], tuple[Plane, Plane]]
"""From a framed picture to the person's alpha, and the person on white, 0 to 1."""


def measure(studio: Studio) -> list[dict[str, Any]]:
    """Return one row a spec and a way: mean alpha error, mean colour error (ΔE2000) on white, milliseconds."""
    persons = people(studio)
    rows = []
    for spec in SPECS:
        cases = [case for person in persons for case in _cases(studio, person, spec)]
        rows += [_row(spec, name, way, cases) for name, way in _ways().items()] if cases else []
    return rows


def _ways() -> dict[str, Way]:
    return {
        "plain threshold": lambda f: _blended((f.alpha > 0.5).astype(np.float32), f.picture.astype(np.float32)),
        "plain blend": lambda f: _blended(f.alpha, f.picture.astype(np.float32)),
        "closed form (pymatting)": _closed_form,
        "ours": _ours,
    }


def _ours(framed: Framed) -> tuple[Plane, Plane]:
    """What `compose` consists of, its rounding to whole levels included."""
    alpha = share_of(framed)
    made = before(np.full(3, 255, np.uint8), framed.picture, alpha)
    return alpha, np.multiply(made, np.float32(1 / 255), dtype=np.float32)


def _closed_form(framed: Framed) -> tuple[Plane, Plane]:
    """Levin 2008 on a trimap from the same network, with the multi-level foreground of Germer 2020."""
    from pymatting import estimate_alpha_cf, estimate_foreground_ml

    reach = max(1, round(framed.softness * 2))
    trimap = np.full(framed.alpha.shape, 0.5)
    trimap[ndimage.binary_erosion(framed.alpha > 0.9, iterations=reach)] = 1
    trimap[ndimage.binary_erosion(framed.alpha < 0.1, iterations=round(reach * 1.5))] = 0
    picture = framed.picture / 255.0
    alpha = estimate_alpha_cf(picture, trimap)
    return _blended(alpha.astype(np.float32), (estimate_foreground_ml(picture, alpha) * 255).astype(np.float32))


def _blended(alpha: Plane, colours: Plane) -> tuple[Plane, Plane]:
    return alpha, _on_white(colours, alpha)


def _cases(studio: Studio, person: Person, spec: str) -> Iterator[Case]:
    random = np.random.default_rng(3)
    for _, wall in walls(person.alpha.shape):
        alpha = person.alpha[..., None]
        seen = person.colours * alpha + wall * (1 - alpha) + random.normal(0, NOISE, wall.shape)
        stream = io.BytesIO()
        Image.fromarray(np.clip(np.rint(seen), 0, 255).astype(np.uint8)).save(stream, "PNG")
        matted = studio.matted(stream.getvalue(), Stopwatch())
        try:
            rules = studio.catalogue[spec]
            made = plan(measure_head(matted, rules), rules, level_of(matted, rules))
        except NoPlan:
            continue
        yield Case(frame(matted, made), *_truth(matted, made, person))


def _truth(matted: Matted, made: Plan, person: Person) -> tuple[Plane, Plane]:
    """Bring the known alpha and colours to the photo's size the very way the picture is brought there."""
    size = matted.located.upright.picture.shape
    whole = replace(matted, region=type(matted.region)(0, 0, size[1], size[0]), step=1.0)
    bands_of_1 = (np.ascontiguousarray(person.colours[..., band]) / np.float32(255) for band in range(3))
    planes: tuple[Plane, ...] = (person.alpha, *bands_of_1)
    alpha, *bands = (frame(replace(whole, alpha=plane), made).alpha for plane in planes)
    return alpha, np.stack(bands, axis=2) * 255


def _row(spec: str, name: str, way: Way, cases: list[Case]) -> dict[str, Any]:
    errors, times = [], []
    for case in cases:
        started = time.process_time()
        alpha, on_white = way(case.framed)
        times.append((time.process_time() - started) * 1000)
        errors.append(_errors(case, alpha, on_white))
    return {
        "spec": spec,
        "way": name,
        "composites": len(cases),
        "alpha_error": round(statistics.mean(error[0] for error in errors), 4),
        "colour_error_de2000": round(statistics.mean(error[1] for error in errors), 2),
        "cpu_ms": round(statistics.median(times), 1),
    }


def _errors(case: Case, alpha: Plane, on_white: Plane) -> tuple[float, float]:
    from skimage import color

    solid = case.alpha > 0.5
    band = ndimage.binary_dilation(solid ^ ndimage.binary_erosion(solid), iterations=BAND_PX)
    band[int(band.shape[0] * FACE_AND_HAIR) :] = False
    made, due = on_white[band][None], _on_white(case.colours, case.alpha)[band][None]
    apart: Callable[..., Plane] = color.deltaE_ciede2000
    return (
        float(np.abs(alpha - case.alpha)[band].mean()),
        float(apart(color.rgb2lab(made), color.rgb2lab(due)).mean()),
    )


def _on_white(colours: Plane, alpha: Plane) -> Plane:
    white: Plane = np.clip(colours * alpha[..., None] / 255 + (1 - alpha[..., None]), 0, 1)
    return white
