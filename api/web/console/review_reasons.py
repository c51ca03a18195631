"""Reasons that are ready to be given: the words come from the catalogue, always Chinese, for a student reads them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import current_app

from api.web.console.words import WORDS, t

COMMON = (
    "not_the_person",
    "ears",
    "hair",
    "glasses",
    "head_covered",
    "pose",
    "expression",
    "eyes",
    "light",
    "background",
    "blurred",
    "beautified",
    "clothes",
    "too_old",
    "framing",
    "not_live",
)
"""In the order they are offered, after those that what was found suggests. The first nine answer to the digits."""

_OF_FINDING = {
    "ears_covered": "ears",
    "face_occluded": "hair",
    "eyes_hidden": "hair",
    "glasses_worn": "glasses",
    "glasses_glare": "glasses",
    "head_covered": "head_covered",
    "head_turned": "pose",
    "head_pitched": "pose",
    "head_tilted": "pose",
    "expression": "expression",
    "mouth_open": "expression",
    "eyes_closed": "eyes",
    "gaze_away": "eyes",
    "too_dark": "light",
    "too_bright": "light",
    "uneven_light": "light",
    "low_contrast": "light",
    "unnatural_colour": "light",
    "background_unclear": "background",
    "blurred": "blurred",
    "low_resolution": "blurred",
    "compression_artifacts": "blurred",
    "over_smoothed": "beautified",
    "photo_too_old": "too_old",
    "head_cut_off": "framing",
    "neck_cut_off": "framing",
    "not_a_photo": "not_live",
    "not_colour": "beautified",
    "wrong_background": "background",
}
_JOINT = "；"


@dataclass(frozen=True, slots=True)
class Prepared:
    """One reason: its key, what the student will read, a short name in the page's language, and whether it suggests
    itself."""

    key: str
    sentence: str
    name: str
    suggested: bool


def prepared(findings: Iterable[str] = ()) -> tuple[Prepared, ...]:
    """Return the reasons to choose from, those that fit what was found first."""
    fitting = {_OF_FINDING[code] for code in findings if code in _OF_FINDING}
    ordered = sorted(COMMON, key=lambda key: key not in fitting)
    return tuple(
        Prepared(key, sentence_of(key), t(f"review.reason_name.{key}"), suggested=key in fitting) for key in ordered
    )


def written(keys: Sequence[str], more: str) -> str:
    """Return the reason as the student reads it: the chosen sentences and what was added; may be empty."""
    chosen = [sentence_of(key) for key in keys if key in COMMON]
    return _JOINT.join([*chosen, more.strip()] if more.strip() else chosen)


def sentence_of(key: str) -> str:
    """Return a prepared reason in Chinese."""
    words: dict[str, dict[str, str]] = current_app.extensions[WORDS]
    return words["zh-CN"][f"review.reason.{key}"]
