"""Makes `made_pictures` importable for every test below, and reads the catalogue once."""

from collections.abc import Mapping

import pytest

from photo_service.spec import Spec
from photo_service.specs import load_catalogue


@pytest.fixture(scope="session")
def catalogue() -> Mapping[str, Spec]:
    return load_catalogue()
