"""Who the students are: a login, and the roster row it proved to be."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from enum import StrEnum

ADULT_ENOUGH = 14
_BEIJING = timezone(timedelta(hours=8))


class Channel(StrEnum):
    """How a student came in."""

    WECHAT = "wechat"
    DEVELOPER = "developer"


@dataclass(frozen=True, slots=True)
class Student:
    """A login. `subject` is WeChat's openid or a developer's chosen name; it never leaves the server."""

    id: str
    channel: Channel
    subject: str = field(repr=False)
    created_at: datetime
    erased_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One person a campaign is for. `student_id` is the login that proved to be this person.

    `said_at` is when whoever spoke of the person last said so: a file at its import, a registry by its own clock.
    """

    id: str
    campaign_id: str
    name: str = field(repr=False)
    id_number: str = field(repr=False)
    student_number: str = field(repr=False)
    college: str
    grade: str
    major: str
    class_: str
    student_id: str | None = None
    bound_at: datetime | None = None
    said_at: datetime | None = None

    def under_14(self, now: datetime) -> bool:
        """Tell whether the person is a child before the law (PIPL art. 31), by Beijing's calendar.

        Whoever turns 14 today is none. The birth date is the ID number's (GB 11643, digits 7 to 14).
        """
        born = self.id_number[6:14]
        return f"{int(born[:4]) + ADULT_ENOUGH:04}{born[4:]}" > f"{now.astimezone(_BEIJING):%Y%m%d}"

    @property
    def masked_id_number(self) -> str:
        """Return the number as it may be shown: `430************123`."""
        return self.id_number[:3] + "*" * (len(self.id_number) - 6) + self.id_number[-3:]
