"""A photo service of one line: who is drawn passes, who is drawn badly does not. It speaks the real one's protocol."""

import hashlib
import io
from collections.abc import Mapping

from PIL import Image

from photo_service.contract import Exhibit, Finding, Output, Rendered, Report, Severity, Verdict
from photo_service.spec import Spec
from photo_service.specs import get_spec, load_catalogue
from photo_service.wording import Wording

_BAD = (255, 0, 0)


def selfie(number: int, *, good: bool = True) -> bytes:
    """Draw one: every person another colour, who is not to pass red."""
    colour = (10, 40 + 3 * number, 90) if good else _BAD
    return _jpeg((300, 400), colour)


class ScriptedStudio:
    """Fits `photo_service.server.Renderer`."""

    def __init__(self) -> None:
        self.catalogue: Mapping[str, Spec] = load_catalogue()
        self.wording = Wording.load("zh-CN")

    def render(self, selfie: bytes, *, spec: str, source: str, background: str | None = None) -> Rendered:
        """Judge by the colour."""
        del background
        size = get_spec(self.catalogue, spec).size
        with Image.open(io.BytesIO(selfie)) as picture:
            red, green, _ = picture.convert("RGB").getpixel((5, 5))
        if red > 200:
            finding = Finding("ears_covered", Severity.FAIL, *self.wording.finding("ears_covered"), 0.9, 0.3)
            return Rendered(Report(spec, Verdict.FAIL, source, "script", findings=(finding,)), None)
        photo = _jpeg((size.max_width, size.max_height), (200, green, 200))
        digest = hashlib.sha256(photo).hexdigest()
        output = Output(size.max_width, size.max_height, 72, len(photo), "JPEG", "RGB", digest, 95)
        return Rendered(Report(spec, Verdict.PASS, source, "script", output=output), photo)

    def exhibit(self, selfie: bytes, *, spec: str, background: str | None = None) -> Exhibit:
        """Show the selfie as it is."""
        return Exhibit(selfie, selfie, self.render(selfie, spec=spec, source="selfie", background=background).photo)

    def check(self, photo: bytes, *, spec: str, source: str) -> Report:
        """Nothing is checked here."""
        return self.render(photo, spec=spec, source=source).report


def _jpeg(size: tuple[int, int], colour: tuple[int, int, int]) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "JPEG", quality=95, dpi=(72, 72))
    return file.getvalue()
