"""What a check is: a pure function from what is seen to a number, and the limit the number is held against."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from photo_service.checks.subject import Subject
from photo_service.spec import Spec


@dataclass(frozen=True, slots=True)
class Reading:
    """What a check measured, in its own unit, and what its message may name (`side`, `amount`, …)."""

    value: float
    facts: Mapping[str, object] = field(default_factory=dict)


Read = Callable[[Subject, Spec], Reading | None]
"""None: nothing to say about this picture."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check: a finding is made when the reading lies on the `bad` side of `limit`.

    A spec may set another limit under the check's code (`[limits]`). Between `doubt` and the limit the check is not
    sure: it warns, whatever the spec asks, and the counsellor decides.
    """

    code: str
    bad: Literal["above", "below"]
    limit: float
    read: Read
    doubt: float | None = None

    def is_bad(self, value: float, limit: float) -> bool:
        return value > limit if self.bad == "above" else value < limit
