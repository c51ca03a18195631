"""`idphoto check` measures a file that somebody else made."""

import io

import pytest
from made_pictures import odd_files, textured
from PIL import Image

from photo_service.compliance import inspect
from photo_service.contract import SelfieError
from photo_service.spec import Spec


@pytest.fixture
def spec(catalogue) -> Spec:
    return catalogue["hunan-pretco"]


def file_of(width: int, height: int, **options: object) -> bytes:
    file = io.BytesIO()
    Image.fromarray(textured(width, height)).save(file, "JPEG", **{"quality": 90, "dpi": (72, 72), **options})
    return file.getvalue()


def codes(data: bytes, spec: Spec) -> set[str]:
    return {fault.code for fault in inspect(data, spec)}


def test_a_file_as_specified_has_no_fault(spec: Spec):
    """A photo studio's file may be right."""
    assert inspect(file_of(180, 240), spec) == []


def test_every_fault_is_told_at_once(spec: Spec):
    """The student does not come back five times."""
    assert codes(file_of(480, 640, dpi=(300, 300), quality=100, subsampling=0), spec) == {
        "wrong_size",
        "wrong_dpi",
        "file_too_large",
    }


def test_a_fault_carries_what_was_measured_and_what_is_due(spec: Spec):
    """So that the sentence can say both."""
    (fault,) = inspect(file_of(180, 250), spec)

    assert fault == ("wrong_size", 250, 240)


def test_a_size_band_takes_any_size_of_its_proportion(catalogue):
    """Notice B names no exact pixels."""
    spec = catalogue["cqwu-xuegong"]

    assert "wrong_size" not in codes(file_of(600, 800), spec)
    assert "wrong_size" not in codes(file_of(700, 933), spec)
    assert "wrong_size" in codes(file_of(700, 700), spec)
    assert "wrong_size" in codes(file_of(300, 400), spec)


def test_a_small_file_is_named(catalogue):
    """50 KB is the least that notice B takes."""
    assert "file_too_small" in codes(file_of(480, 640, quality=30), catalogue["cqwu-xuegong"])


def test_metadata_is_no_fault_of_a_strangers_file(spec: Spec):
    """A studio's comment does not make a photo unfit."""
    assert inspect(file_of(180, 240, comment=b"studio"), spec) == []


def test_a_cm_density_is_read_as_inches(catalogue):
    """JFIF may count dots per centimetre: 118 are 300 per inch."""
    data = bytearray(file_of(295, 413))
    at = data.index(b"JFIF\0") + 7
    data[at : at + 5] = bytes([2, 0, 118, 0, 118])

    assert codes(bytes(data), catalogue["one-inch"]) == set()


@pytest.mark.parametrize(("name", "data"), [pytest.param(name, data, id=name) for name, data in odd_files()])
def test_what_is_no_picture_cannot_be_checked(spec: Spec, name: str, data: bytes):
    """The caller is told with the same error as for a selfie."""
    with pytest.raises(SelfieError):
        inspect(data, spec)
