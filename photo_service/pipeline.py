"""The recipe: selfie bytes in, photo bytes and report out, every stage on one line.

decode ▸ locate ▸ matte ▸ assess ▸ frame ▸ compose ▸ encode ▸ verify
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from photo_service.backdrop import TRANSPARENT, Backdrop, backdrop_of, paint
from photo_service.compliance import faults_of, measure
from photo_service.contract import (
    Exhibit,
    Finding,
    Output,
    Problem,
    Rendered,
    Report,
    SelfieError,
    Severity,
    SpecUnattainable,
    Verdict,
)
from photo_service.file_check import file_findings
from photo_service.models.face_parser import parser_path
from photo_service.models.load import Networks, load_networks
from photo_service.photo import Assessed, Framed, Matted
from photo_service.spec import Spec
from photo_service.specs import get_spec, load_catalogue
from photo_service.stages.assess import assess, assess_finished
from photo_service.stages.compose import compose, cut_out
from photo_service.stages.decode import Limits, decode
from photo_service.stages.encode import encode
from photo_service.stages.frame import frame
from photo_service.stages.locate import NoFace, locate
from photo_service.stages.matte import matte
from photo_service.stages.transparent import encode_transparent, verify_transparent
from photo_service.stages.verify import verify
from photo_service.stopwatch import Stopwatch
from photo_service.wording import Wording

_Finish = Callable[[Framed, Spec, Stopwatch], tuple[bytes, Output]]

WORKING_SIDE = 1500
"""Longer side, at least, of the picture that is worked on, in pixels. A portrait whose head fills half of it has 750
pixels of head: five times the largest head at 180 x 240. Where a spec asks for more, the file is decoded in full."""


@dataclass(frozen=True, slots=True)
class Studio:
    """Everything that turns selfies into photos, loaded once. Keeps nothing between calls; safe from many threads.

    `today` tells the day from which a picture's age is counted; without it no age is judged. A photo's bytes never
    depend on it.
    """

    networks: Networks
    catalogue: Mapping[str, Spec]
    wording: Wording
    limits: Limits
    today: Callable[[], date] | None = None

    def render(self, selfie: bytes, *, spec: str, source: str, background: str | None = None) -> Rendered:
        """Turn one selfie into one photo, or into every reason why not.

        `background` is one that the spec takes (see backdrop), or `transparent`: then the person alone comes as a PNG,
        and since no spec takes one, the report warns of its format; its verdict is on the selfie and the crop.
        A file that cannot be judged gives a report with `error`. Raises UnknownSpec, BackgroundRefused.
        """
        rules = get_spec(self.catalogue, spec)
        backdrop = backdrop_of(rules, background if background != TRANSPARENT else None)
        watch = Stopwatch()
        try:
            if background == TRANSPARENT:
                return self._render(selfie, rules, source, watch, self._transparent)
            return self._render(selfie, rules, source, watch, partial(self._painted, backdrop))
        except NoFace as fault:
            return Rendered(self._no_face(fault, rules, source, watch), None)
        except (SelfieError, SpecUnattainable) as fault:
            return Rendered(self._unusable(fault, rules, source, watch), None)

    def judge(self, selfie: bytes, *, spec: str) -> Assessed:
        """Look at a selfie as `render` does, without making a photo. Raises NoFace, SelfieError, UnknownSpec."""
        return self._assess_well(selfie, get_spec(self.catalogue, spec), Stopwatch())

    def exhibit(self, selfie: bytes, *, spec: str, background: str | None = None) -> Exhibit:
        """Make what a reviewer looks at beside the photo (see exhibit). Raises SelfieError, UnknownSpec."""
        from photo_service.exhibit import exhibit

        return exhibit(self, selfie, spec=spec, background=background)

    def check(self, photo: bytes, *, spec: str, source: str) -> Report:
        """Say whether a finished file is compliant: its bytes and the face in it. Raises UnknownSpec."""
        rules = get_spec(self.catalogue, spec)
        watch = Stopwatch()
        findings: list[Finding] = []
        try:
            facts = measure(photo)
            findings += file_findings(faults_of(facts, rules), rules, self.wording)
            matted = self.matted(photo, watch, want_side=self.limits.max_pixels)
            with watch.stage("assess"):
                seen = assess_finished(matted, rules, self.wording)
        except NoFace as fault:
            return self._no_face(fault, rules, source, watch, findings)
        except SelfieError as fault:
            return self._unusable(fault, rules, source, watch)
        findings += seen.findings
        output = None if _fails(findings) else facts.output
        return self._report(rules, source, watch, findings, measurements=seen.measurements, output=output)

    def _render(self, selfie: bytes, spec: Spec, source: str, watch: Stopwatch, finish: _Finish) -> Rendered:
        assessed = self._assess_well(selfie, spec, watch)
        findings = list(assessed.findings)
        if assessed.plan is None or _fails(findings):
            return Rendered(self._report(spec, source, watch, findings, measurements=assessed.measurements), None)
        with watch.stage("frame"):
            framed = frame(assessed.matted, assessed.plan)
        photo, output = finish(framed, spec, watch)
        findings += self._not_for_handing_in(output)
        report = self._report(spec, source, watch, findings, measurements=assessed.measurements, output=output)
        return Rendered(report, photo)

    def _painted(self, backdrop: Backdrop | None, framed: Framed, spec: Spec, watch: Stopwatch) -> tuple[bytes, Output]:
        height, width = framed.picture.shape[:2]
        with watch.stage("compose"):
            behind = paint(backdrop, width=width, height=height) if backdrop else None
            composed = compose(framed, spec.background, behind=behind)
        with watch.stage("encode"):
            encoded = encode(composed, spec)
        with watch.stage("verify"):
            return encoded.data, verify(encoded, spec, backdrop)

    def _transparent(self, framed: Framed, spec: Spec, watch: Stopwatch) -> tuple[bytes, Output]:
        with watch.stage("compose"):
            composed = cut_out(framed)
        with watch.stage("encode"):
            data = encode_transparent(composed, spec)
        with watch.stage("verify"):
            return data, verify_transparent(data, spec)

    def _not_for_handing_in(self, output: Output) -> list[Finding]:
        """Warn of a file that is made as it was asked for and that no registry takes."""
        if output.format == "JPEG":
            return []
        return [Finding("wrong_format", Severity.WARN, *self.wording.finding("wrong_format"))]

    def _assess_well(self, selfie: bytes, spec: Spec, watch: Stopwatch) -> Assessed:
        """Assess at the working size, and again in full where the photo needs more pixels than that."""
        assessed = self._assess(selfie, spec, watch, want_side=WORKING_SIDE)
        if _wants_more_pixels(assessed, spec):
            assessed = self._assess(selfie, spec, watch, want_side=self.limits.max_pixels)
        return assessed

    def _assess(self, selfie: bytes, spec: Spec, watch: Stopwatch, *, want_side: int) -> Assessed:
        matted = self.matted(selfie, watch, want_side=want_side)
        with watch.stage("assess"):
            return assess(matted, spec, self.wording, today=self.today() if self.today else None)

    def matted(self, selfie: bytes, watch: Stopwatch, *, want_side: int = WORKING_SIDE) -> Matted:
        """Take one selfie as far as the matte. Raises SelfieError, NoFace."""
        networks = self.networks
        with watch.stage("decode"):
            upright = decode(selfie, limits=self.limits, want_side=want_side)
        with watch.stage("locate"):
            located = locate(
                upright,
                finder=networks.finder,
                mesher=networks.mesher,
                irises=networks.irises,
                hands=networks.hands,
                parser=networks.parser,
            )
        with watch.stage("matte"):
            return matte(located, segmenter=networks.segmenter)

    def _report(
        self,
        spec: Spec,
        source: str,
        watch: Stopwatch,
        findings: list[Finding],
        *,
        measurements: Mapping[str, float],
        output: Output | None = None,
    ) -> Report:
        return Report(
            spec=spec.id,
            verdict=Verdict.FAIL if _fails(findings) else Verdict.PASS,
            source=source,
            engine=self.networks.segmenter.name,
            findings=tuple(findings),
            measurements=measurements,
            output=output,
            timings_ms=watch.timings_ms(),
        )

    def _no_face(
        self, fault: NoFace, spec: Spec, source: str, watch: Stopwatch, found: list[Finding] | None = None
    ) -> Report:
        why = fault.why
        hidden = [self._finding(why, None, None)] if why is not None and why in spec.checks else []
        findings = [*hidden, self._finding("no_face", 0.0, 1.0), *(found or [])]
        return self._report(spec, source, watch, findings, measurements={"faces": 0.0})

    def _unusable(self, fault: SelfieError | SpecUnattainable, spec: Spec, source: str, watch: Stopwatch) -> Report:
        message, advice = self.wording.error(fault.code, **fault.facts)
        report = self._report(spec, source, watch, [], measurements={})
        return replace(report, verdict=Verdict.FAIL, error=Problem(fault.code, message, advice))

    def _finding(self, code: str, value: float | None, limit: float | None) -> Finding:
        message, advice = self.wording.finding(code)
        return Finding(code, Severity.FAIL, message, advice, value, limit)


def open_studio(models_home: Path, *, engine: str = "selfie", threads: int = 1, lang: str = "zh-CN") -> Studio:
    """Load the networks, the catalogue and the words. Raises ModelError, SpecFileError."""
    parser = parser_path(models_home, os.environ)
    networks = load_networks(models_home, threads=threads, engine=engine, parser=parser)
    return Studio(networks, load_catalogue(), Wording.load(lang), Limits(), today=_today)


def _today() -> date:
    """Return the day it is; EXIF dates name no zone, and a day more or less decides about no photo."""
    return datetime.now(UTC).date()


def _fails(findings: list[Finding]) -> bool:
    return any(finding.severity is Severity.FAIL for finding in findings)


def _wants_more_pixels(assessed: Assessed, spec: Spec) -> bool:
    """Tell whether the file was decoded smaller than the photo needs."""
    if assessed.matted.located.upright.reduction <= 1:
        return False
    return (assessed.plan is not None and assessed.plan.scale > 1) or not spec.size.exact
