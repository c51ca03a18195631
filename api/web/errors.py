"""What only the web edge can refuse; the rest of the tree is in `api/domain/errors.py`.

- AppError
  - RequestError
    - UnknownField            `unknown_field`
    - BadRequest              `bad_request`
    - FormTooLarge            `form_too_large`
    - UnsupportedMediaType    `unsupported_media_type`
    - MethodNotAllowed        `method_not_allowed`
  - NotReady                  `not_ready`
"""

from collections.abc import Mapping
from dataclasses import dataclass

from api.domain.errors import AppError, InvalidRequest, RequestError


@dataclass(frozen=True, slots=True)
class Fault:
    """One part of a request that does not fit, as RFC 9457 lists them.

    `place` is `pointer` (a JSON pointer as a URI fragment), `parameter` (a query argument) or `header`.
    `detail` is a key of the catalogue's `faults` table, or the sentence itself where there is no such key.
    """

    place: str
    name: str
    detail: str

    def to_json(self, sentences: Mapping[str, str]) -> dict[str, str]:
        """Return the entry of the problem's `errors` member."""
        return {self.place: self.name, "detail": sentences.get(self.detail, self.detail)}


class Faulty(InvalidRequest):
    """A request with parts that do not fit. Facts: `reason`."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(reason=", ".join(fault.name for fault in faults))
        self.faults = faults


class UnknownField(RequestError):
    """A field, form part or query argument that this call does not know. Facts: `names`."""

    code = "unknown_field"

    def __init__(self, *faults: Fault) -> None:
        super().__init__(names=", ".join(fault.name.removeprefix("#/") for fault in faults))
        self.faults = faults


class BadRequest(RequestError):
    """What was sent cannot be read at all: broken JSON, a broken form."""

    code = "bad_request"


class FormTooLarge(RequestError):
    """A form with more parts, or more text beside its file, than any of ours has. Facts: `parts`, `kilobytes`."""

    code = "form_too_large"


class UnsupportedMediaType(RequestError):
    """Facts: `wanted`."""

    code = "unsupported_media_type"


class MethodNotAllowed(RequestError):
    """Facts: `method`."""

    code = "method_not_allowed"


class NotReady(AppError):
    """A part that every request needs does not answer. Facts: `parts`."""

    code = "not_ready"
