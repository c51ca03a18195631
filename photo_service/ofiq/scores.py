"""All of OFIQ's measures that can be taken here, as its scores of 0 to 100."""

import re
from functools import cache

from photo_service.checks import parsed
from photo_service.checks.subject import Subject
from photo_service.ofiq.background import background_uniformity
from photo_service.ofiq.light import levels_of, light_measures
from photo_service.ofiq.mapping import FAILED, score
from photo_service.ofiq.placing import placing_measures


def ofiq_raw(subject: Subject) -> dict[str, float | None]:
    """Return the raw values of the 20 measures that need no network of OFIQ's, by its names; None: not measurable.

    Where a parsing network is installed, NoHeadCoverings too.
    """
    parsing = subject.located.parsing
    return {
        "BackgroundUniformity": background_uniformity(subject.matted),
        **light_measures(levels_of(subject.luminance), subject.points),
        "NaturalColour": subject.off_skin,
        **placing_measures(subject.located),
        **({"NoHeadCoverings": parsed.covering_share(parsing)} if parsing else {}),
    }


def ofiq_scores(subject: Subject) -> dict[str, float]:
    """Return the scores for a report, `ofiq_eyes_open` and so on: 0 (worst) to 100, -1 where there was no measuring."""
    return {
        report_name(measure): float(FAILED if raw is None else score(measure, raw))
        for measure, raw in ofiq_raw(subject).items()
    }


@cache
def report_name(measure: str) -> str:
    """Return what a report calls a measure of OFIQ's: `EyesOpen` is `ofiq_eyes_open`."""
    return "ofiq" + re.sub(r"([A-Z])", lambda match: f"_{match[1].lower()}", measure)
