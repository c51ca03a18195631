"""Makes `made_pictures` importable for every test below; reads the catalogue and loads the networks once."""

import io
import os
from collections.abc import Mapping
from pathlib import Path

import pytest
import skimage.data
from PIL import Image

from photo_service.models.install import install_embedded
from photo_service.models.store import models_home
from photo_service.pipeline import Studio, open_studio
from photo_service.spec import Spec
from photo_service.specs import load_catalogue


@pytest.fixture(scope="session")
def catalogue() -> Mapping[str, Spec]:
    return load_catalogue()


@pytest.fixture(scope="session")
def installed_models() -> Path:
    """The models' home of this checkout, installed first where that has not been done."""
    folder = models_home(os.environ)
    install_embedded(folder, say=lambda _: None)
    return folder


@pytest.fixture(scope="session")
def studio(installed_models: Path) -> Studio:
    return open_studio(installed_models)


@pytest.fixture(scope="session")
def astronaut_jpeg() -> bytes:
    """Eileen Collins by NASA, public domain: smiling, ears covered; fit for `one-inch`, not for `hunan-pretco`."""
    file = io.BytesIO()
    Image.fromarray(skimage.data.astronaut()).save(file, "JPEG", quality=95)
    return file.getvalue()
