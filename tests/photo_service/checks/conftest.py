"""One real face, found once by the real networks: the astronaut picture that scikit-image ships (NASA, public domain)."""

import os
from collections.abc import Iterator

import pytest

from benchmarks.portraits import astronaut
from photo_service.models.install import install_embedded
from photo_service.models.load import Networks, load_networks
from photo_service.models.store import models_home
from made_subjects import Sitter


@pytest.fixture(scope="session")
def networks() -> Networks:
    home = models_home(os.environ)
    install_embedded(home, say=lambda _: None)
    return load_networks(home)


@pytest.fixture(scope="session")
def sitter(networks: Networks) -> Iterator[Sitter]:
    """Head and shoulders; the tests paint on her picture, her landmarks and outline stay as the networks found them."""
    yield Sitter.found_by(networks, astronaut().crop((90, 0, 360, 360)))
