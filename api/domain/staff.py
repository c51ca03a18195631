"""Members of staff: who they are, what they may see, and how long a login of theirs holds."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from api.domain.reviewer import Reviewer, Role, Scope

IDLE = timedelta(minutes=30)
"""After so long without a page a session is over: OWASP's session management for what is worth protecting."""

ABSOLUTE = timedelta(hours=12)
"""No session outlives an evening, however busy it was."""

ONE_TIME_LIFE = timedelta(days=7)
"""So long a one-time password waits for its first and only login."""

SESSIONS_KEPT = timedelta(days=30)
"""So long after its end a session can still be looked at."""

LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{1,63}")
"""Work numbers, names, mail addresses; always small letters, so that nobody is two people."""


@dataclass(frozen=True, slots=True)
class StaffMember:
    """One account. `password_hash` is None for somebody who has only ever come through the school's own login.

    `one_time_until` is set while the password is one that somebody else chose: it opens nothing but the page where the
    member chooses their own, and nothing at all after that moment.
    """

    id: str
    login: str
    name: str = field(repr=False)
    role: Role
    scopes: tuple[Scope, ...]
    created_at: datetime
    password_hash: str | None = field(default=None, repr=False)
    one_time_until: datetime | None = None
    enabled: bool = True
    last_login_at: datetime | None = None
    oidc_bound: bool = False

    @property
    def must_change_password(self) -> bool:
        """Tell whether the first thing to do is to choose a password."""
        return self.one_time_until is not None

    def reviewer(self) -> Reviewer:
        """Return the member at work. The history keeps display name and login: two people may share a name."""
        return Reviewer(name=f"{self.name}（{self.login}）", role=self.role, scopes=self.scopes)


@dataclass(frozen=True, slots=True)
class StaffSession:
    """One login. Only the digest of its token is kept. It ends by whichever comes first: idle, absolute, `ended_at`."""

    id: str
    staff_id: str
    digest: str = field(repr=False)
    created_at: datetime
    seen_at: datetime
    ends_at: datetime
    address: str
    agent: str
    ended_at: datetime | None = None

    def open_at(self, now: datetime) -> bool:
        """Tell whether it still opens something."""
        return self.ended_at is None and now < min(self.ends_at, self.seen_at + IDLE)


@dataclass(frozen=True, slots=True)
class Caller:
    """Where a request comes from: what the audit log and the throttle know of the other side."""

    address: str = ""
    agent: str = ""
    request_id: str = ""


def plain_login(text: str) -> str:
    """Return a login as it is kept: without the blanks around it, in small letters."""
    return text.strip().lower()
