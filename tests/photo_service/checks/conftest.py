"""One real face, found once by the real networks: the astronaut picture of scikit-image (NASA, public domain)."""

import pytest
from made_subjects import Sitter

from benchmarks.portraits import astronaut
from photo_service.pipeline import Studio


@pytest.fixture(scope="session")
def sitter(studio: Studio) -> Sitter:
    """Head and shoulders; the tests paint on her picture, her landmarks and outline stay as the networks found them."""
    return Sitter.found_by(studio.networks, astronaut().crop((90, 0, 360, 360)))
