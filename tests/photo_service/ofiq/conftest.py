"""The one real face of the checks' tests, for OFIQ's measures too."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "checks"))

from made_subjects import Sitter

from benchmarks.portraits import astronaut
from photo_service.pipeline import Studio


@pytest.fixture(scope="session")
def sitter(studio: Studio) -> Sitter:
    """Head and shoulders of the astronaut, as the networks find them."""
    return Sitter.found_by(studio.networks, astronaut().crop((90, 0, 360, 360)))
