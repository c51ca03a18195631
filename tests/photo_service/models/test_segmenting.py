"""The person is told from the background, by whichever engine, and never by a third party."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from photo_service.models.errors import (
    EngineNotLocalError,
    EngineUnsuitableError,
    ModelError,
    ModelMissingError,
    UnknownEngineError,
)
from photo_service.models.load import Networks, load_segmenter
from photo_service.models.ports import Alpha, Rgb
from photo_service.models.rembg_door import import_sessions

MATTING = Path(__file__).resolve().parents[4] / "shared" / "matting"


def intersection_over_union(alpha: Alpha, truth: np.ndarray[Any, np.dtype[np.bool_]]) -> float:
    person = alpha > 0.5
    return float(np.logical_and(person, truth).sum() / np.logical_or(person, truth).sum())


def portraits() -> Iterator[tuple[Rgb, np.ndarray[Any, np.dtype[np.bool_]]]]:
    for mask in sorted(MATTING.glob("*_mask.png")):
        picture = Image.open(mask.with_name(mask.name.replace("_mask.png", ".jpg"))).convert("RGB")
        yield np.asarray(picture), np.asarray(Image.open(mask).convert("L")) > 127


def test_the_person_is_foreground_and_the_corners_are_not(networks: Networks, astronaut: Rgb) -> None:
    """Her face and suit are hers; the wall, the flag and the shuttle beside her head are not."""
    alpha = networks.segmenter.segment(astronaut)
    assert alpha.dtype == np.float32
    assert alpha.shape == astronaut.shape[:2]
    assert alpha[100:150, 200:250].min() > 0.99
    assert max(alpha[0, 0], alpha[0, -1]) < 0.01
    assert 0.4 < alpha.mean() < 0.65


@pytest.mark.skipif(
    not MATTING.is_dir(), reason="the hand-labelled portraits may not be published: no ../shared/matting"
)
def test_labelled_portraits_are_segmented_as_people_labelled_them(networks: Networks) -> None:
    """Measured: 0.956 to 0.986, mean 0.969 on nine portraits, before any refinement."""
    scores = [intersection_over_union(networks.segmenter.segment(picture), truth) for picture, truth in portraits()]
    assert min(scores) > 0.90
    assert np.mean(scores) > 0.95


def test_several_students_at_once_get_the_same_answers(networks: Networks, astronaut: Rgb) -> None:
    """Threads share one set of networks: nothing of one picture shows in another."""
    pictures = [astronaut, astronaut[::-1].copy(), astronaut[:, ::-1].copy(), astronaut[:300].copy()] * 4
    alone = [networks.segmenter.segment(picture) for picture in pictures]
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(networks.segmenter.segment, pictures))
    assert all(np.array_equal(a, b) for a, b in zip(alone, together, strict=True))


def test_the_embedded_segmenter_is_a_true_rembg_session(home: Path, networks: Networks, astronaut: Rgb) -> None:
    """Through rembg's own interface it gives the same mask, to the 8 bits of that interface."""
    import_sessions()
    from rembg.sessions.base import BaseSession

    from photo_service.models.rembg_session import RembgSegmenter, SelfieSession
    from photo_service.models.sessions import session_options

    session = SelfieSession(SelfieSession.name(), session_options(1), home=home)
    assert isinstance(session, BaseSession)
    assert session.is_local()
    (mask,) = session.predict(Image.fromarray(astronaut))
    assert (mask.mode, mask.size) == ("L", (512, 512))
    through_rembg = RembgSegmenter(session, name="rembg:selfie").segment(astronaut)
    np.testing.assert_allclose(through_rembg, networks.segmenter.segment(astronaut), atol=0.5 / 255 + 1e-6)


@pytest.mark.parametrize("engine", ["rembg:withoutbg", "rembg:atlascloud"])
def test_an_engine_that_sends_the_photo_away_is_refused(home: Path, engine: str) -> None:
    """No student's face leaves the machine, even where an operator has a key for such a service."""
    with pytest.raises(EngineNotLocalError, match="third party") as raised:
        load_segmenter(home, engine)
    assert raised.value.code == "engine_not_local"


def test_an_engine_not_installed_is_not_downloaded_but_named(tmp_path: Path) -> None:
    """A gigabyte is fetched when an operator says so, not when the first student waits."""
    with pytest.raises(ModelMissingError, match="idphoto models install birefnet-portrait"):
        load_segmenter(tmp_path, "rembg:birefnet-portrait")


@pytest.mark.parametrize(
    ("engine", "error"),
    [
        ("u2net", UnknownEngineError),
        ("rembg:nobody", UnknownEngineError),
        ("rembg:sam", EngineUnsuitableError),
        ("rembg:u2net_custom", EngineUnsuitableError),
        ("rembg:custom:/nowhere/model.onnx", ModelMissingError),
    ],
)
def test_an_engine_that_cannot_serve_is_refused_with_advice(
    tmp_path: Path, engine: str, error: type[ModelError]
) -> None:
    """Every wrong name is answered with what would be right."""
    with pytest.raises(error) as raised:
        load_segmenter(tmp_path, engine)
    assert raised.value.advice
