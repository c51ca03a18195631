"""Inside the face a photo is the selfie, resampled: no beautifying, no blur, no blocks."""

import os
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageFilter

from benchmarks.fidelity import ASKED, Original, labelled, similarity, ssim
from benchmarks.portraits import as_phone_selfie
from photo_service.codes import FILE_CODES
from photo_service.models.store import models_home
from photo_service.pipeline import Studio, open_studio
from photo_service.spec import Window


@pytest.fixture(scope="module")
def studio() -> Studio:
    """The embedded networks."""
    return open_studio(models_home(os.environ))


@pytest.fixture(scope="module")
def lenient(studio: Studio) -> Studio:
    """The studio without opinions on the face: the demo's portrait smiles."""
    kept = {
        name: replace(spec, checks={code: severity for code, severity in spec.checks.items() if code in FILE_CODES})
        for name, spec in studio.catalogue.items()
    }
    return replace(studio, catalogue=kept)


@pytest.mark.parametrize("spec", ["hunan-pretco", "one-inch"])
def test_the_demo_portrait_keeps_its_face(lenient: Studio, spec: str):
    """Cropped, levelled, shrunk and saved, the face is what Pillow alone makes of the file."""
    found = similarity(lenient, as_phone_selfie(2.0), spec=spec)

    assert found is not None
    assert found["before_jpeg_luminance"] >= ASKED
    assert found["jpeg_luminance"] >= ASKED


def test_one_look_at_a_selfie_measures_the_photos_of_any_spec(lenient: Studio):
    """The catalogue's hundreds of photos are held against twenty looks, and the figures are those of a look each."""
    selfie = as_phone_selfie(2.0)
    photo = lenient.render(selfie, spec="one-inch", source="selfie").photo
    assert photo is not None

    before, finished, beside = Original.of(lenient, selfie).similarity(photo, lenient.catalogue["one-inch"])

    assert 0.9 < beside <= 1
    alone = similarity(lenient, selfie, spec="one-inch")
    assert alone is not None
    assert before == pytest.approx(alone["before_jpeg_luminance"])
    assert finished == pytest.approx(alone["jpeg_luminance"])


def test_a_smoothed_face_would_be_found_out():
    """The measure is not blind: skin smoothed by less than a pixel is no longer the selfie's."""
    skin = np.clip(np.random.default_rng(3).normal(150, 12, (120, 90)), 0, 255).astype(np.uint8)
    smoothed = np.asarray(Image.fromarray(skin).filter(ImageFilter.GaussianBlur(0.6)))
    everywhere = np.ones(skin.shape, bool)

    assert ssim(skin, skin, everywhere) == pytest.approx(1.0)
    assert ssim(skin, smoothed, everywhere) < 0.9


@pytest.mark.parametrize("spec", ["chsi-graduate", "social-security"])
def test_where_the_notice_limits_the_bytes_the_face_comes_first(lenient: Studio, spec: str):
    """40 KB at 480 x 640 are the notice's word: hair and clothes give theirs to the face."""
    found = similarity(lenient, as_phone_selfie(2.0), spec=spec)

    assert found is not None
    assert found["before_jpeg_luminance"] >= ASKED
    assert found["jpeg_luminance"] >= ASKED


def test_where_bytes_are_too_few_it_is_told_how_many_would_do(lenient: Studio):
    """The identity card's 20 KB: less is not enough for this face, and what is told is."""
    selfie = as_phone_selfie(2.0)
    original, spec = Original.of(lenient, selfie), lenient.catalogue["id-card"]
    tight = replace(spec, window=Window(1, 9_000))

    needed = original.bytes_for(tight, ASKED)

    studio = replace(lenient, catalogue={**lenient.catalogue, "id-card": replace(spec, window=Window(1, needed))})
    enough = studio.render(selfie, spec="id-card", source="selfie").photo
    assert needed > 9_000
    assert enough is not None
    assert original.similarity(enough, tight).photo >= ASKED


@pytest.mark.slow
@pytest.mark.skipif(not labelled(), reason="the labelled photos are not beside this checkout")
@pytest.mark.parametrize("spec", ["hunan-pretco", "one-inch"])
def test_every_accepted_labelled_photo_keeps_its_face(studio: Studio, spec: str):
    """Before the JPEG and in it."""
    found: Mapping[str, Mapping[str, float]] = {
        name: one for name, selfie in labelled().items() if (one := similarity(studio, selfie, spec=spec))
    }

    assert len(found) >= 10
    for stage in ("before_jpeg_luminance", "jpeg_luminance"):
        short = {name: round(one[stage], 4) for name, one in found.items() if one[stage] < ASKED}
        assert short == {}, stage
