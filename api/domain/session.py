"""Login sessions: opaque random tokens, of which the database knows only digests."""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from api.domain.identity import Student

ACCESS_LIFE = timedelta(hours=2)
REFRESH_LIFE = timedelta(days=30)
ANSWER_LOST_WITHIN = timedelta(seconds=30)
"""For so long a token that was traded in may be brought again by who never heard the answer.

Rotation with detection is RFC 9700 §4.14.2; it leaves a lost answer open. Half a minute is the usual grace (Okta's
default for refresh token rotation): enough for a line that broke to come back and the page to ask again.
"""


@dataclass(frozen=True, slots=True)
class Session:
    """What a client gets. `expires_in` is the access token's life in seconds."""

    access_token: str = field(repr=False)
    expires_in: int
    refresh_token: str = field(repr=False)
    student: Student


@dataclass(frozen=True, slots=True)
class SessionRow:
    """What the database keeps of one pair of tokens.

    All pairs that grew from one login share `family`. `used_at` is set once the refresh token was traded in: seeing it
    again means that two parties hold it, and the whole family ends; unless the answer was lost, see `RefreshSession`.
    `heard_at` is when a refreshed pair was first shown, kept only while somebody might say that it never arrived.
    """

    id: str
    family: str
    student_id: str
    access_digest: str
    access_until: datetime
    refresh_digest: str
    refresh_until: datetime
    created_at: datetime
    used_at: datetime | None = None
    ended_at: datetime | None = None
    heard_at: datetime | None = None

    def may_be_lost(self, now: datetime) -> bool:
        """Tell whether the pair came from a refresh whose answer might still be asked for once more."""
        return self.heard_at is None and self.family != self.id and now - self.created_at <= ANSWER_LOST_WITHIN


def new_token() -> str:
    """Return 256 random bits as text."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """Return what is stored of a token. Plain SHA-256: there is nothing to guess in 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()
