"""From what was measured to OFIQ's 0 to 100: one formula a measure, all 28.

Read from BSI's OFIQ-Project 1.0.3 (MIT), the reference implementation of ISO/IEC 29794-5, and held against its own
conformance table (see tests). OFIQ publishes no score from which a photo passes: these are reported and refuse nobody.
"""

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

FAILED: Final = -1
"""The score of what could not be measured."""

_COVERED_WIDTH, _COVERED_MIDDLE, _COVERED_END = 0.1, 0.02, 0.95


def score(measure: str, raw: float) -> int:
    """Return the 0 to 100 of one measure, named as OFIQ names it.

    Rounded half up and clipped, as OFIQ does. Raises KeyError for a measure that OFIQ does not have.
    """
    return min(max(math.floor(SCORES[measure](raw) + 0.5), 0), 100)


def sigmoid(value: float, *, middle: float, width: float) -> float:
    """Return OFIQ's S(x; x0, w): 0.5 at `middle`, rising over a few `width`."""
    return 1.0 / (1.0 + math.exp(min((middle - value) / width, 700.0)))


def _rising(middle: float, width: float, *, times: float = 100.0, less: float = 0.0) -> Callable[[float], float]:
    return lambda raw: times * sigmoid(raw, middle=middle, width=width) - less


def _falling(middle: float, width: float, *, times: float = 100.0) -> Callable[[float], float]:
    return lambda raw: times * (1.0 - sigmoid(raw, middle=middle, width=width))


def _share_left(raw: float) -> float:
    return 100.0 * (1.0 - raw)


def _illumination(raw: float) -> float:
    return 100.0 * math.pow(max(raw, 0.0), 0.3)


def _luminance_mean(raw: float) -> float:
    return 100.0 * sigmoid(raw, middle=0.2, width=0.05) * (1.0 - sigmoid(raw, middle=0.8, width=0.05))


def _luminance_variance(raw: float) -> float:
    return 100.0 * math.sin(math.pi * 60.0 * raw / (60.0 * raw + 1.0))


def _under_exposure(raw: float) -> float:
    return 120.0 * (0.832 - sigmoid(raw, middle=0.92, width=0.05))


def _over_exposure(raw: float) -> float:
    return 1.0 / (raw + 0.01)


def _dynamic_range(raw: float) -> float:
    return 12.5 * raw


def _head_size(raw: float) -> float:
    return 200.0 * (1.0 - sigmoid(abs(raw - 0.45), middle=0.0, width=0.05))


def _angle(degrees: float) -> float:
    return 100.0 * max(0.0, math.cos(math.radians(degrees))) ** 2


def _no_head_coverings(raw: float) -> float:
    if raw <= 0.0:
        return 100.0
    if raw >= _COVERED_END:
        return 0.0
    none, whole, seen = (
        sigmoid(value, middle=_COVERED_MIDDLE, width=_COVERED_WIDTH) for value in (0.0, _COVERED_END, raw)
    )
    return 100.0 * (whole - seen) / (whole - none)


SCORES: Final[Mapping[str, Callable[[float], float]]] = MappingProxyType(
    {
        "UnifiedQualityScore": _rising(23.0, 2.6),
        "BackgroundUniformity": _falling(10.0, 100.0, times=190.0),
        "IlluminationUniformity": _illumination,
        "LuminanceMean": _luminance_mean,
        "LuminanceVariance": _luminance_variance,
        "UnderExposurePrevention": _under_exposure,
        "OverExposurePrevention": _over_exposure,
        "DynamicRange": _dynamic_range,
        "Sharpness": _rising(-20.0, 15.0, times=115.0, less=14.0),
        "CompressionArtifacts": _rising(0.3308, 0.092, times=103.0, less=0.0278),
        "NaturalColour": _falling(0.0, 10.0, times=200.0),
        "SingleFacePresent": _share_left,
        "EyesOpen": _rising(0.02, 0.01),
        "MouthClosed": _falling(0.2, 0.06),
        "EyesVisible": _share_left,
        "MouthOcclusionPrevention": _share_left,
        "FaceOcclusionPrevention": _share_left,
        "InterEyeDistance": _rising(70.0, 20.0),
        "HeadSize": _head_size,
        "LeftwardCropOfTheFaceImage": _rising(0.9, 0.1),
        "RightwardCropOfTheFaceImage": _rising(0.9, 0.1),
        "MarginAboveOfTheFaceImage": _rising(1.4, 0.1),
        "MarginBelowOfTheFaceImage": _rising(1.8, 0.1),
        "HeadPoseYaw": _angle,
        "HeadPosePitch": _angle,
        "HeadPoseRoll": _angle,
        "ExpressionNeutrality": _rising(-5000.0, 5000.0),
        "NoHeadCoverings": _no_head_coverings,
    }
)
"""Every measure of OFIQ by its own name; raw values in the units of its report (shares, lengths, degrees, pixels)."""
