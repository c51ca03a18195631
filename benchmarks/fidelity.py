"""Inside the face the photo is the selfie, resampled: structural similarity to what Pillow alone makes of the file.

The reference decodes the file in full, and brings it to the photo's size at the crop that the pipeline chose: nothing
else is shared. Similarity is Wang's of 2004 (Gaussian window) on luminance, and on the three channels for comparison,
averaged over the face's oval drawn in by a tenth, the rest of the picture set alike; before the JPEG is written, and
on the JPEG itself. Two specs on every labelled photo here; every spec of the catalogue on the photos that
benchmarks.catalogue makes (see Original).
"""

import csv
import io
import math
import statistics
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageOps

from photo_service.geometry import Plan
from photo_service.landmarks import FACE_OVAL
from photo_service.photo import Matted
from photo_service.pipeline import Studio
from photo_service.planning import plan
from photo_service.silhouette import level_of, measure_head
from photo_service.spec import Spec
from photo_service.stages.compose import compose
from photo_service.stages.frame import frame
from photo_service.stopwatch import Stopwatch

PHOTOS = Path(__file__).resolve().parents[2] / "shared" / "photos"
SPECS = ("hunan-pretco", "one-inch")
ASKED = 0.99
DRAWN_IN = 0.9

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

    def similarity(self, photo: bytes, spec: Spec) -> tuple[float, float]:
        """Return the similarity of luminance inside the face: of the picture given to the encoder, and of the photo.

        Raises NoPlan where no crop of this selfie meets the spec.
        """
        made = plan(measure_head(self.matted, spec), spec, level_of(self.matted, spec))
        due, face = _grey(self.resampled(made)), _face(self.matted, made)
        composed = compose(frame(self.matted, made), spec.background).picture
        return ssim(due, _grey(composed), face), ssim(due, _grey(_read(photo)), face)

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


def _face(matted: Matted, plan: Plan) -> NDArray[np.bool_]:
    points = matted.located.mesh.points[list(FACE_OVAL), :2]
    oval = np.array([plan.to_photo((float(x), float(y))) for x, y in points])
    drawn_in = (oval - oval.mean(axis=0)) * DRAWN_IN + oval.mean(axis=0)
    canvas = Image.new("1", (plan.width, plan.height))
    ImageDraw.Draw(canvas).polygon([(float(x), float(y)) for x, y in drawn_in], fill=1)
    return np.asarray(canvas)


def _row(spec: str, found: Mapping[str, Mapping[str, float]]) -> dict[str, Any]:
    least = {key: round(min(one[key] for one in found.values()), 4) for key in next(iter(found.values()))}
    worst = min(found, key=lambda name: found[name]["jpeg_luminance"])
    told = {f"least_{key}": value for key, value in least.items()}
    return {"spec": spec, "photos": len(found), **told, "worst": worst}
