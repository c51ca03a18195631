"""What the database knows of a stored file: whose it is, what it is, and when it ends."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class BlobKind(StrEnum):
    SELFIE = "selfie"
    IMAGE = "image"
    REVIEW_SELFIE = "review_selfie"
    DRAWING = "drawing"
    THUMB = "thumb"


@dataclass(frozen=True, slots=True)
class BlobRow:
    """One file in the blob store. It is deleted by `purge` once `ends_at` has passed."""

    key: str
    owner_id: str
    photo_id: str
    kind: BlobKind
    bytes: int
    created_at: datetime
    ends_at: datetime
