"""A tilted head is levelled by turning the picture, unless the spec forbids turning: then nothing is turned at all."""

import io
from dataclasses import replace

import pytest
from PIL import Image

from benchmarks.portraits import as_phone_selfie
from photo_service.codes import FILE_CODES
from photo_service.contract import Verdict
from photo_service.pipeline import Studio
from photo_service.spec import Spec

FORBIDDING = ("chsi-graduate", "gaokao", "self-study-tianjin")


@pytest.fixture(scope="module")
def lenient(studio: Studio) -> Studio:
    """The studio without opinions on the face but its tilt."""
    kept = frozenset(FILE_CODES) | {"head_tilted"}
    return replace(
        studio, catalogue={name: replace(spec, checks=_only(spec, kept)) for name, spec in studio.catalogue.items()}
    )


def _only(spec: Spec, kept: frozenset[str]) -> dict[str, object]:
    return {code: severity for code, severity in spec.checks.items() if code in kept}


def tilted(studio: Studio, degrees: float) -> bytes:
    """The portrait with her head tilted by so many degrees, whatever she did herself."""
    own = studio.judge(as_phone_selfie(1.0), spec="one-inch").matted.located.anatomy.roll
    with Image.open(io.BytesIO(as_phone_selfie(1.0))) as picture:
        turned = picture.rotate(own - degrees, Image.Resampling.BICUBIC, fillcolor=(90, 90, 90))
    stream = io.BytesIO()
    turned.save(stream, "PNG")
    return stream.getvalue()


@pytest.mark.parametrize("spec", FORBIDDING)
def test_where_turning_is_forbidden_nothing_is_turned(lenient: Studio, spec: str):
    """The source says: no mirroring, no rotation. A tilt of two degrees is accepted as it is."""
    selfie = tilted(lenient, 2.0)

    assessed = lenient.judge(selfie, spec=spec)
    made = lenient.render(selfie, spec=spec, source="selfie")

    assert assessed.plan is not None
    assert assessed.plan.level.roll == 0
    assert made.photo is not None
    assert abs(lenient.judge(made.photo, spec="one-inch").matted.located.anatomy.roll - 2.0) < 1.0


@pytest.mark.parametrize("spec", FORBIDDING)
def test_where_turning_is_forbidden_a_greater_tilt_is_refused(lenient: Studio, spec: str):
    """Five degrees are neither accepted nor put right: the student holds the head straight."""
    made = lenient.render(tilted(lenient, 5.0), spec=spec, source="selfie")

    assert made.report.verdict is Verdict.FAIL
    assert "head_tilted" in {finding.code for finding in made.report.findings}


def test_where_turning_is_allowed_the_head_is_levelled(lenient: Studio):
    """Two degrees are gone from the finished photo."""
    made = lenient.render(tilted(lenient, 4.0), spec="one-inch", source="selfie")

    assert made.photo is not None
    assert abs(lenient.judge(made.photo, spec="one-inch").matted.located.anatomy.roll) < 1.0


def test_a_tilt_that_nobody_sees_is_not_turned(lenient: Studio):
    """A fifth of a degree is half a pixel at the edge, and turning costs sharpness."""
    plan = lenient.judge(tilted(lenient, 0.1), spec="one-inch").plan

    assert plan is not None
    assert plan.level.roll == 0
