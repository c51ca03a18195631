"""A browser that a student's phone signs in (after RFC 8628): a code to be read and a secret that is not.

The browser shows the code and keeps the secret. Whoever is signed in on a phone looks the code up, sees what asks and
answers; then the secret, once, is traded for a session. Codes live five minutes and answer once.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

LIFE = timedelta(minutes=5)
"""From the code on the screen to the session; a student reads eight letters in much less."""

INTERVAL = timedelta(seconds=3)
"""How often a browser may ask."""

SESSION_LIFE = timedelta(hours=12)
"""Of a session on such a browser, without use: it may be any machine of a library."""

LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
"""As RFC 8628 §6.1 suggests: no vowels, so no words; 20⁸ codes, of which a student may try twenty an hour."""

_HALF = 4


class DeviceState(StrEnum):
    PENDING = "pending"
    APPROVED = "approved"
    DENIED = "denied"
    TAKEN = "taken"


class Answer(StrEnum):
    """What the phone may say."""

    APPROVE = "approve"
    DENY = "deny"


@dataclass(frozen=True, slots=True)
class DeviceLogin:
    """What the database keeps: digests of code and secret, and what kind of browser asks."""

    id: str
    secret_digest: str
    code_digest: str
    client: str
    created_at: datetime
    expires_at: datetime
    state: DeviceState = DeviceState.PENDING
    asked_at: datetime | None = None
    student_id: str | None = None

    def answered(self, answer: Answer, *, student_id: str) -> "DeviceLogin":
        """Return the login as the student decided it."""
        if answer is Answer.DENY:
            return replace(self, state=DeviceState.DENIED)
        return replace(self, state=DeviceState.APPROVED, student_id=student_id)


class DeviceLogins(Protocol):
    """Logins in the making; see `repositories` for the manners."""

    def add(self, login: DeviceLogin) -> None: ...
    def by_secret(self, digest: str) -> DeviceLogin | None: ...
    def by_code(self, digest: str) -> DeviceLogin | None: ...
    def swap(self, login: DeviceLogin, *, state: DeviceState) -> bool:
        """Replace the login if it still is in this state."""
        ...

    def delete_of(self, student_id: str) -> None: ...
    def delete_before(self, before: datetime) -> int: ...


class StudentShelf(Protocol):
    """What the student page adds to a unit of work."""

    @property
    def device_logins(self) -> DeviceLogins: ...


def new_code() -> str:
    """Return a code as people read it: `BCDF-GHJK`."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(2 * _HALF))
    return f"{letters[:_HALF]}-{letters[_HALF:]}"


def plain_code(typed: str) -> str:
    """Return a code without what people put between its letters, in capitals."""
    return "".join(char for char in typed.upper() if char.isalnum())
