"""Inside the face the photo is the selfie, resampled: structural similarity to what Pillow alone makes of the file.

The reference decodes the file in full, and brings it to the photo's size at the crop that the pipeline chose: nothing
else is shared. Similarity is Wang's of 2004 (Gaussian window) on luminance, and on the three channels for comparison,
averaged over the face's oval drawn in by a tenth, the rest of the picture set alike; before the JPEG is written, and
on the JPEG itself. Two specs on every labelled photo here; every spec of the catalogue on the photos that
benchmarks.catalogue makes (see Original), where it is also told what the JPEG does to the rest of the person, and how
many bytes a face would take that has too few.
"""

import csv
import io
import math
import statistics
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageOps

from photo_service.geometry import Plan
from photo_service.landmarks import FACE_OVAL
from photo_service.photo import Composed, Matted
from photo_service.pipeline import Studio
from photo_service.planning import plan
from photo_service.silhouette import level_of, measure_head
from photo_service.spec import Spec, Window
from photo_service.stages.compose import compose
from photo_service.stages.encode import encode
from photo_service.stages.frame import frame
from photo_service.stopwatch import Stopwatch

PHOTOS = Path(__file__).resolve().parents[2] / "shared" / "photos"
SPECS = ("hunan-pretco", "one-inch")
ASKED = 0.99
DRAWN_IN = 0.9
HALF = 0.5
TO_THE_BYTE = 256
"""How exactly it is found out how many bytes a face takes."""

Pixels = NDArray[np.uint8]


def measure(studio: Studio) -> list[dict[str, Any]]:
    """Return one row a spec over every labelled photo it accepts; empty where the photos are not here."""
    rows = []
    for spec in SPECS:
        found = {name: one for name, selfie in labelled().items() if (one := similarity(studio, selfie, spec=spec))}
        rows += [_row(spec, found)] if found else []
    return rows


def labelled() -> Mapping[str, bytes]:
    """Return the labelled photos that some spec must accept."""
    table = PHOTOS / "labels.csv"
    if not table.is_file():
        return {}
    with table.open(encoding="utf-8") as rows:
        names = [row["file"] for row in csv.DictReader(rows) if "accept" in (row["verdict"], row["one_inch"])]
    return {name: (PHOTOS / "dev" / name).read_bytes() for name in names}


def similarity(studio: Studio, selfie: bytes, *, spec: str) -> dict[str, float] | None:
    """Return the similarity inside the face before and after encoding; None where no photo is made."""
    photo = studio.render(selfie, spec=spec, source="selfie").photo
    assessed = studio.judge(selfie, spec=spec)
    if photo is None or assessed.plan is None:
        return None
    original = Original(_decoded(selfie, assessed.matted), assessed.matted)
    due, face = original.resampled(assessed.plan), _face(assessed.matted, assessed.plan)
    made = compose(frame(assessed.matted, assessed.plan), studio.catalogue[spec].background).picture
    return dict(_similarities(due, face, {"before_jpeg": made, "jpeg": _read(photo)}))


class Likeness(NamedTuple):
    """Structural similarity of luminance: inside the face to the selfie resampled, of the picture given to the encoder
    and of the photo; and of what the photo shows of the person beside the face, to that picture."""

    before: float
    photo: float
    beside: float


@dataclass(frozen=True, slots=True)
class Original:
    """One selfie as Pillow alone decodes it, upright, and what the pipeline found in it: made once for many specs."""

    picture: Image.Image
    matted: Matted

    @classmethod
    def of(cls, studio: Studio, selfie: bytes) -> "Original":
        """Look at a selfie. Raises SelfieError, NoFace."""
        matted = studio.matted(selfie, Stopwatch())
        return cls(_decoded(selfie, matted), matted)

    def similarity(self, photo: bytes, spec: Spec) -> "Likeness":
        """Measure a photo of this selfie. Raises NoPlan where no crop of it meets the spec."""
        made, composed, person = self._made(spec)
        due, face, given = _grey(self.resampled(made)), _face(self.matted, made), _grey(composed.picture)
        finished, beside = _grey(_read(photo)), person & ~_face(self.matted, made, drawn_in=1.0)
        return Likeness(ssim(due, given, face), ssim(due, finished, face), ssim(given, finished, beside))

    def bytes_for(self, spec: Spec, least: float) -> int:
        """Return how many bytes the photo would have to be allowed for its face to be at least so similar.

        The encoder is given wider and wider windows; to within 256 bytes. 0 where 32 times as many are not enough.
        Raises NoPlan.
        """
        made, composed, _ = self._made(spec)
        due, face = _grey(self.resampled(made)), _face(self.matted, made)

        def keeps(most: int) -> bool:
            photo = encode(composed, replace(spec, window=Window(spec.window.low, most))).data
            return ssim(due, _grey(_read(photo)), face) >= least

        high = next((most for most in (spec.window.high << times for times in range(1, 6)) if keeps(most)), 0)
        low = high // 2
        while high - low > TO_THE_BYTE:
            middle = (low + high) // 2
            low, high = (low, middle) if keeps(middle) else (middle, high)
        return high

    def _made(self, spec: Spec) -> tuple[Plan, Composed, NDArray[np.bool_]]:
        made = plan(measure_head(self.matted, spec), spec, level_of(self.matted, spec))
        framed = frame(self.matted, made)
        return made, compose(framed, spec.background), framed.alpha > HALF

    def resampled(self, plan: Plan) -> Pixels:
        """Resample once: shrunk where the crop lies level, otherwise drawn large, turned, and shrunk."""
        per = self.picture.width / self.matted.located.upright.size[0]
        step, size = per / plan.scale, (plan.width, plan.height)
        x, y = (edge * per for edge in plan.to_picture((0.0, 0.0)))
        if plan.level.roll == 0:
            left, top = math.floor(x), math.floor(y)
            part = self.picture.crop((left, top, math.ceil(x + size[0] * step), math.ceil(y + size[1] * step)))
            box = (x - left, y - top, x - left + size[0] * step, y - top + size[1] * step)
            return np.asarray(part.resize(size, Image.Resampling.LANCZOS, box=box))
        times = max(1, math.ceil(step))
        cos, sin = (function(math.radians(plan.level.roll)) * step / times for function in (math.cos, math.sin))
        large, turn = (size[0] * times, size[1] * times), (cos, -sin, x, sin, cos, y)
        turned = self.picture.transform(large, Image.Transform.AFFINE, turn, Image.Resampling.BICUBIC)
        return np.asarray(turned.resize(size, Image.Resampling.LANCZOS))


def _similarities(due: Pixels, face: NDArray[np.bool_], made: Mapping[str, Pixels]) -> Iterator[tuple[str, float]]:
    for name, picture in made.items():
        yield f"{name}_luminance", ssim(_grey(due), _grey(picture), face)
        channels = [ssim(due[..., band], picture[..., band], face) for band in range(3)]
        yield f"{name}_rgb", statistics.mean(channels)


def ssim(first: Pixels, second: Pixels, face: NDArray[np.bool_]) -> float:
    """Return the mean structural similarity of two planes within a mask (Wang 2004, Gaussian window of 1.5 pixels).

    What lies outside the mask is made alike first: the windows of pixels near its edge look five pixels beyond, where a
    new background was painted, and would blame the face for the wall. Every change inside counts.
    """
    from skimage.metrics import structural_similarity

    first = np.where(face, first, second)
    options = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False, "data_range": 255}
    _, everywhere = structural_similarity(first, second, full=True, **options)  # type: ignore[no-untyped-call]
    return float(everywhere[face].mean())


def _grey(picture: Pixels) -> Pixels:
    return np.asarray(Image.fromarray(picture).convert("L"))


def _decoded(selfie: bytes, matted: Matted) -> Image.Image:
    with Image.open(io.BytesIO(selfie)) as opened:
        picture = ImageOps.exif_transpose(opened).convert("RGB")
    return picture.rotate(-90 * matted.located.quarter_turns, expand=True)


def _read(photo: bytes) -> Pixels:
    with Image.open(io.BytesIO(photo)) as opened:
        return np.asarray(opened.convert("RGB"))


def _face(matted: Matted, plan: Plan, *, drawn_in: float = DRAWN_IN) -> NDArray[np.bool_]:
    points = matted.located.mesh.points[list(FACE_OVAL), :2]
    oval = np.array([plan.to_photo((float(x), float(y))) for x, y in points])
    smaller = (oval - oval.mean(axis=0)) * drawn_in + oval.mean(axis=0)
    canvas = Image.new("1", (plan.width, plan.height))
    ImageDraw.Draw(canvas).polygon([(float(x), float(y)) for x, y in smaller], fill=1)
    return np.asarray(canvas)


def _row(spec: str, found: Mapping[str, Mapping[str, float]]) -> dict[str, Any]:
    least = {key: round(min(one[key] for one in found.values()), 4) for key in next(iter(found.values()))}
    worst = min(found, key=lambda name: found[name]["jpeg_luminance"])
    told = {f"least_{key}": value for key, value in least.items()}
    return {"spec": spec, "photos": len(found), **told, "worst": worst}
