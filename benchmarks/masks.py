"""How well the matte agrees with masks drawn by hand (../shared/matting, research data, never part of the project)."""

import statistics
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from photo_service.photo import Matted
from photo_service.pipeline import Studio
from photo_service.stopwatch import Stopwatch

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "matting"
TOLERANCE_PX = 3
"""How far a boundary pixel may lie from the other boundary and still count as found."""

Mask = NDArray[np.bool_]


def measure(studio: Studio) -> list[dict[str, Any]]:
    """Return IoU and boundary F-score of each portrait over the whole picture, then mean and least."""
    rows = [_row(studio, file) for file in sorted(FOLDER.glob("*.jpg"))]
    if not rows:
        return []
    for name, summary in (("mean", statistics.mean), ("least", min)):
        rows.append(
            {"portrait": name, **{key: round(summary(row[key] for row in rows), 4) for key in ("iou", "boundary_f")}}
        )
    return rows


def _row(studio: Studio, file: Path) -> dict[str, Any]:
    matted = studio.matted(file.read_bytes(), Stopwatch())
    truth = np.asarray(Image.open(file.with_name(f"{file.stem}_mask.png")).convert("L")) > 127
    ours = _whole(matted, truth.shape)
    iou = float((ours & truth).sum() / (ours | truth).sum())
    return {"portrait": file.stem, "iou": round(iou, 4), "boundary_f": round(_boundary_f(ours, truth), 4)}


def _whole(matted: Matted, shape: tuple[int, ...]) -> Mask:
    """Lay the cutout's matte back over the whole picture; outside the region nobody is."""
    region = matted.region
    alpha = Image.fromarray(matted.alpha).resize((region.width, region.height), Image.Resampling.BILINEAR)
    whole = np.zeros(shape, bool)
    whole[region.top : region.bottom, region.left : region.right] = np.asarray(alpha) > 0.5
    return whole


def _boundary_f(ours: Mask, truth: Mask) -> float:
    mine, theirs = (mask ^ ndimage.binary_erosion(mask) for mask in (ours, truth))
    precision = float((ndimage.distance_transform_edt(~theirs)[mine] <= TOLERANCE_PX).mean())
    recall = float((ndimage.distance_transform_edt(~mine)[theirs] <= TOLERANCE_PX).mean())
    return 2 * precision * recall / max(precision + recall, 1e-9)
