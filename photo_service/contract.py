"""What the photo service promises to whoever calls it: the report, its parts, and the errors.

Needs nothing but the standard library, so that the back end, the worker and a school's own program
can import it without an image library.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Self

SCHEMA = 1


class Severity(StrEnum):
    """`fail` refuses the photo; `warn` lets it pass and tells the student and the counsellor."""

    FAIL = "fail"
    WARN = "warn"


class Verdict(StrEnum):
    PASS = "pass"  # noqa: S105 - a verdict, not a password
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One result of one check.

    `value` is what was measured and `limit` what it is held against, both in the check's own unit
    (see the check's docstring); None where the check is a plain yes or no.
    """

    code: str
    severity: Severity
    message: str
    advice: str
    value: float | None = None
    limit: float | None = None


@dataclass(frozen=True, slots=True)
class Output:
    """The finished file, as measured on its own bytes.

    `background` is what was painted behind the person and found again in the corners: #FFFFFF, a gradient as it was
    asked for, `transparent`. None where the original stays, and for files of other makers.
    """

    width: int
    height: int
    dpi: int
    bytes: int
    format: str
    mode: str
    sha256: str
    quality: int | None
    background: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Why no verdict could be reached: the input is not a usable picture or the spec not a usable spec."""

    code: str
    message: str
    advice: str


@dataclass(frozen=True, slots=True)
class Report:
    """Everything measured on one photo.

    `output` is None when the verdict is `fail`. `error` is set when the input could not be judged at all;
    the verdict is then `fail` and `findings` is empty.
    """

    spec: str
    verdict: Verdict
    source: str
    engine: str
    findings: tuple[Finding, ...] = ()
    measurements: Mapping[str, float] = field(default_factory=dict)
    output: Output | None = None
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    error: Problem | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the report as the JSON document of the contract (`error` only where there is one)."""
        body = asdict(self)
        error = body.pop("error")
        ordered = {"schema": SCHEMA, **{key: body[key] for key in _ORDER}}
        return ordered | ({"error": error} if error else {})

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Self:
        """Read a report back.

        Raises ValueError when the document is of another schema or lacks a part.
        """
        if body.get("schema") != SCHEMA:
            raise ValueError(f"report schema {body.get('schema')!r} is not {SCHEMA}")
        try:
            return cls(
                spec=body["spec"],
                verdict=Verdict(body["verdict"]),
                source=body["source"],
                engine=body["engine"],
                findings=tuple(Finding(**{**f, "severity": Severity(f["severity"])}) for f in body["findings"]),
                measurements=dict(body["measurements"]),
                output=Output(**body["output"]) if body["output"] else None,
                timings_ms=dict(body["timings_ms"]),
                error=Problem(**body["error"]) if body.get("error") else None,
            )
        except (KeyError, TypeError) as fault:
            raise ValueError(f"not a report: {fault}") from fault


_ORDER = ("spec", "verdict", "source", "findings", "measurements", "output", "timings_ms", "engine")


@dataclass(frozen=True, slots=True)
class Rendered:
    """What one rendering gives back: the report, and the photo's bytes when and only when it passed."""

    report: Report
    photo: bytes | None


@dataclass(frozen=True, slots=True)
class Exhibit:
    """What a reviewer looks at beside the photo: three small JPEGs without anything of the file's metadata.

    `selfie` stands upright, at most 960 pixels long; `drawing` explains what was measured on it; `thumb` is the
    finished photo, at most 240 pixels high, None where the selfie gives none.
    """

    selfie: bytes = field(repr=False)
    drawing: bytes = field(repr=False)
    thumb: bytes | None = field(repr=False)


class PhotoServiceError(Exception):
    """The root of every error the photo service raises on purpose.

    - PhotoServiceError
      - SelfieError          the student's file is at fault: send another
        - UnreadableImage    `unreadable_image`
        - UnsupportedFormat  `unsupported_format`
        - TooManyPixels      `too_many_pixels`
        - UploadTooLarge     `upload_too_large`
      - SpecError            the spec is at fault: tell the operator
        - UnknownSpec        `unknown_spec`
        - SpecUnattainable   `spec_unattainable`
        - BackgroundRefused  `background_refused` (see backdrop)

    `facts` are the numbers and names its message in the catalogue speaks of.
    """

    code = "photo_service_error"

    def __init__(self, **facts: object) -> None:
        super().__init__(f"{self.code}: {facts}" if facts else self.code)
        self.facts = facts


class SelfieError(PhotoServiceError):
    code = "selfie_error"


class UnreadableImage(SelfieError):
    """The bytes are no picture, or break off before its end."""

    code = "unreadable_image"


class UnsupportedFormat(SelfieError):
    """A picture, but of a kind that no camera makes (animated, vector, …). Facts: `format`."""

    code = "unsupported_format"


class TooManyPixels(SelfieError):
    """More pixels than are decoded, known from the header alone. Facts: `megapixels`, `limit`."""

    code = "too_many_pixels"


class UploadTooLarge(SelfieError):
    """More bytes than are read. Facts: `megabytes`, `limit`."""

    code = "upload_too_large"


class SpecError(PhotoServiceError):
    code = "spec_error"


class UnknownSpec(SpecError):
    """No spec of that id. Facts: `spec`, `near` (the ids most like it)."""

    code = "unknown_spec"


class SpecUnattainable(SpecError):
    """This picture cannot be brought into the spec's byte window at its quality floor.

    Facts: `spec`, `bytes_min`, `bytes_max`, `nearest`.
    """

    code = "spec_unattainable"
