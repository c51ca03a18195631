"""Raw value to score exactly as the reference implementation has it."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photo_service.ofiq.mapping import SCORES, score

TABLE = Path(__file__).resolve().parents[4] / "shared" / "reference" / "ofiq-expected-results.csv"

SOME_ROWS = {
    "UnifiedQualityScore": [(16.142765, 7), (26.416, 79), (20.354622, 27)],
    "BackgroundUniformity": [(41.745187, 80), (48.339777, 77), (46.267522, 78)],
    "IlluminationUniformity": [(0.117539, 53), (0.19213, 61), (0.20216, 62)],
    "LuminanceMean": [(0.322942, 92), (0.18692, 43), (0.225396, 62)],
    "LuminanceVariance": [(0.04005, 80), (0.00863, 88), (0.007762, 84)],
    "UnderExposurePrevention": [(0.10221, 100), (0.094275, 100), (0.032277, 100)],
    "OverExposurePrevention": [(0.0, 100)],
    "DynamicRange": [(7.438106, 93), (6.252619, 78), (6.338847, 79)],
    "Sharpness": [(50.0, 100), (45.0, 100), (48.0, 100)],
    "CompressionArtifacts": [(0.96607, 100), (0.973072, 100), (0.965957, 100)],
    "NaturalColour": [(0.0, 100)],
    "SingleFacePresent": [(0.0, 100)],
    "EyesOpen": [(0.060311, 98), (0.066931, 99), (0.023177, 58)],
    "MouthClosed": [(0.001891, 96), (0.08053, 88), (0.005358, 96)],
    "EyesVisible": [(0.546753, 45), (0.0, 100)],
    "MouthOcclusionPrevention": [(0.0, 100)],
    "FaceOcclusionPrevention": [(0.192342, 81), (0.083542, 92), (0.086418, 91)],
    "InterEyeDistance": [(388.968275, 100), (466.756161, 100), (454.949992, 100)],
    "HeadSize": [(0.185504, 1), (0.215607, 2), (0.207003, 2)],
    "LeftwardCropOfTheFaceImage": [(4.02158, 100), (3.660207, 100), (3.705352, 100)],
    "RightwardCropOfTheFaceImage": [(4.768703, 100), (3.845261, 100), (3.963403, 100)],
    "MarginAboveOfTheFaceImage": [(2.491129, 100), (1.918722, 99), (2.392823, 100)],
    "MarginBelowOfTheFaceImage": [(2.903195, 100), (2.71934, 100), (2.440775, 100)],
    "HeadPoseYaw": [(-3.703697, 100), (-5.343358, 99), (-4.733527, 99)],
    "HeadPosePitch": [(6.903509, 99), (-0.621376, 100), (3.48683, 100)],
    "HeadPoseRoll": [(-0.161357, 100), (-4.113008, 99), (-3.996515, 100)],
    "ExpressionNeutrality": [(660.10614, 76), (-15135.901367, 12), (-11079.183594, 23)],
    "NoHeadCoverings": [(0.401441, 4), (0.0, 100), (0.417207, 3)],
}
"""From the conformance table of OFIQ-Project 1.0.3, the rows b-03, r-03 and r-04."""


@pytest.mark.skipif(not TABLE.is_file(), reason="OFIQ's conformance table is not beside this checkout")
def test_every_score_of_the_conformance_table_is_met():
    """28 measures of 28 pictures: 784 scores, none of them off by one."""
    with TABLE.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    wrong = [
        (measure, row[measure])
        for row in rows
        for measure in SCORES
        if score(measure, float(row[measure])) != int(row[f"{measure}.scalar"])
    ]

    assert len(rows) * len(SCORES) == 784
    assert wrong == []


@pytest.mark.parametrize("measure", sorted(SOME_ROWS))
def test_some_scores_of_the_conformance_table_are_met_wherever_this_runs(measure: str):
    assert [score(measure, raw) for raw, _ in SOME_ROWS[measure]] == [expected for _, expected in SOME_ROWS[measure]]


@given(measure=st.sampled_from(sorted(SCORES)), raw=st.floats(-1e5, 1e5))
def test_a_score_lies_between_0_and_100_whatever_was_measured(measure: str, raw: float):
    assert 0 <= score(measure, raw) <= 100


def test_a_measure_that_ofiq_does_not_have_is_refused():
    with pytest.raises(KeyError):
        score("Beauty", 0.5)
