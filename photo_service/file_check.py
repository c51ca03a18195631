"""Check a finished file without networks: its bytes against the spec, and nothing of the face."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from photo_service.compliance import Fault, faults_of, measure
from photo_service.contract import Finding, Problem, Report, SelfieError, Severity, Verdict
from photo_service.spec import Spec
from photo_service.specs import get_spec, load_catalogue
from photo_service.stages.decode import Limits
from photo_service.wording import Wording

NO_ENGINE: Final = "none"


@dataclass(frozen=True, slots=True)
class FileDesk:
    """Checks files where no networks are installed; stands in for the studio's `check`."""

    catalogue: Mapping[str, Spec]
    wording: Wording
    limits: Limits

    @classmethod
    def open(cls, lang: str) -> Self:
        """Read catalogue and words. Raises SpecFileError."""
        return cls(load_catalogue(), Wording.load(lang), Limits())

    def check(self, photo: bytes, *, spec: str, source: str) -> Report:
        """Say whether the file is what the spec asks for. Raises UnknownSpec."""
        rules = get_spec(self.catalogue, spec)
        try:
            facts = measure(photo)
        except SelfieError as fault:
            message, advice = self.wording.error(fault.code, **fault.facts)
            problem = Problem(fault.code, message, advice)
            return Report(spec, Verdict.FAIL, source, NO_ENGINE, error=problem)
        findings = file_findings(faults_of(facts, rules), rules, self.wording)
        failed = any(finding.severity is Severity.FAIL for finding in findings)
        verdict, output = (Verdict.FAIL, None) if failed else (Verdict.PASS, facts.output)
        return Report(spec, verdict, source, NO_ENGINE, findings=findings, output=output)


def file_findings(faults: list[Fault], spec: Spec, wording: Wording) -> tuple[Finding, ...]:
    """Put faults into words at the severity that the spec gives them; a fault that the spec has off is no finding."""
    return tuple(
        Finding(fault.code, spec.checks[fault.code], *_told(fault, wording), value=fault.value, limit=fault.limit)
        for fault in faults
        if fault.code in spec.checks
    )


def _told(fault: Fault, wording: Wording) -> tuple[str, str]:
    return wording.finding(fault.code, value=fault.value, limit=fault.limit)
