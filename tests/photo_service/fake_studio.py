"""A studio without networks: it answers by the selfie's first bytes, and remembers what it was asked."""

from collections.abc import Mapping
from threading import Event

from photo_service.backdrop import TRANSPARENT, backdrop_of
from photo_service.contract import (
    Exhibit,
    Finding,
    Output,
    Problem,
    Rendered,
    Report,
    Severity,
    UnreadableImage,
    Verdict,
)
from photo_service.spec import Spec
from photo_service.specs import get_spec, load_catalogue
from photo_service.wording import Wording

PHOTO = b"\xff\xd8 a photo \r\n--with\r\n awkward bytes \x00\xff\xd9"
OUTPUT = Output(180, 240, 72, len(PHOTO), "JPEG", "RGB", "0" * 64, 95)


class FakeStudio:
    """`bad…` is unusable, `wrong…` is rejected, `defect…` fails, `slow…` waits for `go`; anything else passes."""

    def __init__(self) -> None:
        self.catalogue: Mapping[str, Spec] = load_catalogue()
        self.wording = Wording.load("zh-CN")
        self.asked: list[tuple[bytes, str, str]] = []
        self.backgrounds: list[str | None] = []
        self.started, self.go = Event(), Event()

    def render(self, selfie: bytes, *, spec: str, source: str, background: str | None = None) -> Rendered:
        if background != TRANSPARENT:
            backdrop_of(get_spec(self.catalogue, spec), background)
        self.backgrounds.append(background)
        report = self.check(selfie, spec=spec, source=source)
        return Rendered(report, PHOTO if report.verdict is Verdict.PASS else None)

    def exhibit(self, selfie: bytes, *, spec: str, background: str | None = None) -> Exhibit:
        report = self.check(selfie, spec=spec, source="selfie")
        if report.error is not None:
            raise UnreadableImage
        return Exhibit(b"selfie", b"drawing", PHOTO if report.verdict is Verdict.PASS else None)

    def check(self, photo: bytes, *, spec: str, source: str) -> Report:
        get_spec(self.catalogue, spec)
        self.asked.append((photo, spec, source))
        if photo.startswith(b"defect"):
            raise ZeroDivisionError
        if photo.startswith(b"slow"):
            self.started.set()
            assert self.go.wait(20)
        if photo.startswith(b"bad"):
            problem = Problem(UnreadableImage.code, *self.wording.error(UnreadableImage.code))
            return Report(spec, Verdict.FAIL, source, "fake", error=problem)
        if photo.startswith(b"wrong"):
            finding = Finding("no_face", Severity.FAIL, *self.wording.finding("no_face"), 0.0, 1.0)
            return Report(spec, Verdict.FAIL, source, "fake", findings=(finding,))
        return Report(spec, Verdict.PASS, source, "fake", output=OUTPUT, timings_ms={"total": 1.0})
