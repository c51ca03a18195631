"""What students agree to: versioned texts, and when each was given and withdrawn."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class ConsentKind(StrEnum):
    PRIVACY = "privacy"
    FACE_PHOTO = "face_photo"
    GUARDIAN = "guardian"


@dataclass(frozen=True, slots=True)
class Guardian:
    """Who agreed in a child's place: name, and relation to the child (父亲, 母亲, 其他监护人)."""

    name: str = field(repr=False)
    relation: str


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One version of one text, and when the asking student gave it (None: not given, or withdrawn)."""

    id: str
    kind: ConsentKind
    version: int
    title: str
    body: str
    given_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """A consent given. `text_sha256` proves which words were on the screen."""

    id: str
    student_id: str
    text_id: str
    kind: ConsentKind
    text_sha256: str
    given_at: datetime
    withdrawn_at: datetime | None = None
    guardian: Guardian | None = None
