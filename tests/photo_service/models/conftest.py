"""Give the tests of the networks what they run on: the installed networks and one real portrait."""

import os
from pathlib import Path

import numpy as np
import pytest
import skimage.data
from PIL import Image

from photo_service.models.install import install_embedded
from photo_service.models.load import Networks, load_networks
from photo_service.models.ports import DetectedFace, Rgb
from photo_service.models.store import models_home


@pytest.fixture(scope="session")
def home() -> Path:
    """The models' home of this checkout, installed first where that has not been done."""
    folder = models_home(os.environ)
    install_embedded(folder, say=lambda _: None)
    return folder


@pytest.fixture(scope="session")
def networks(home: Path) -> Networks:
    return load_networks(home)


@pytest.fixture(scope="session")
def astronaut() -> Rgb:
    """Eileen Collins by NASA, public domain, as scikit-image ships her: 512 x 512, her face about 100 pixels wide."""
    picture = np.asarray(skimage.data.astronaut())
    picture.setflags(write=False)
    return picture


@pytest.fixture(scope="session")
def her_face(networks: Networks, astronaut: Rgb) -> DetectedFace:
    return networks.finder.find(Image.fromarray(astronaut))[0]
