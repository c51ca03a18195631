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

    before, finished = Original.of(lenient, selfie).similarity(photo, lenient.catalogue["one-inch"])

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


def test_where_the_notice_limits_the_bytes_the_picture_before_the_jpeg_keeps_its_face(lenient: Studio):
    """40 KB at 480 x 640 is the notice's word; what is handed to the encoder is the selfie all the same."""
    found = similarity(lenient, as_phone_selfie(2.0), spec="chsi-graduate")

    assert found is not None
    assert found["before_jpeg_luminance"] >= ASKED
    assert found["jpeg_luminance"] >= 0.98


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
