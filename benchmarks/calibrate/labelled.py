"""The labelled photos: which of them each check is meant to refuse, and which it must leave alone."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from photo_service.contract import SelfieError
from photo_service.photo import Upright
from photo_service.stages.decode import Limits, decode

PHOTOS: Final = Path(__file__).resolve().parents[3] / "shared" / "photos"

CAUSES: Final = {
    "blurred": "blur",
    "ears_covered": "hairears",
    "eyes_closed": "closed",
    "eyes_hidden": "sunglasses",
    "face_occluded": "mask occluded",
    "face_too_small": "small",
    "gaze_away": "gaze",
    "glasses_worn": "glasses",
    "head_covered": "hat",
    "head_cut_off": "cropped",
    "head_pitched": "pitch",
    "head_turned": "profile",
    "mouth_open": "mouthopen",
    "multiple_faces": "multi group",
    "not_a_photo": "cartoon statue painting",
    "not_colour": "grey",
    "too_bright": "bright",
    "too_dark": "dark",
    "uneven_light": "shadow",
}
"""Categories of labels.csv whose photos a check is meant to find."""

STRICT: Final = frozenset(
    {"ears_covered", "mouth_open", "expression", "neck_cut_off", "head_cut_off", "low_resolution", "face_too_large"}
)
"""Checks whose cause is allowed in photos that are only good for a lenient spec: there only `accept` counts as good."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One labelled photo, without its name: its category, whether any spec and whether the strict spec takes it.

    `glasses`: its category or its note names glasses, clear or dark.
    """

    category: str
    good: bool
    strictly_good: bool
    upright: Upright
    glasses: bool = False

    def is_good_for(self, code: str) -> bool:
        """Tell whether the check must leave it alone; glasses that some specs take are still glasses."""
        if self.category in CAUSES.get(code, "").split():
            return False
        return self.strictly_good if code in STRICT else self.good


def labelled_photos(folder: Path = PHOTOS) -> Iterator[Labelled]:
    """Decode the labelled photos one by one; none where the folder is not there."""
    labels = folder / "labels.csv"
    if not labels.is_file():
        return
    with labels.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        upright = _decoded(folder / "dev" / row["file"])
        if upright is not None:
            strict, good = row["verdict"] == "accept", "accept" in (row["verdict"], row["one_inch"])
            glasses = "glasses" in f"{row['category']} {row['note']}"
            yield Labelled(row["category"], good, strict, upright, glasses)


def _decoded(path: Path) -> Upright | None:
    try:
        return decode(path.read_bytes(), limits=Limits(), want_side=1500) if path.is_file() else None
    except SelfieError:
        return None
