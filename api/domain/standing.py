"""How far a campaign has come: by college, grade, major and class, and day by day."""

from dataclasses import dataclass
from enum import StrEnum


class Grouping(StrEnum):
    """How finely people are counted; each includes those before it."""

    COLLEGE = "college"
    GRADE = "grade"
    MAJOR = "major"
    CLASS = "class"


@dataclass(frozen=True, slots=True)
class Group:
    """The people of one place by the state of their current submission."""

    place: tuple[str, ...]
    people: int
    bound: int
    submitted: int
    approved: int
    returned: int
    revoked: int

    @property
    def missing(self) -> int:
        """Return how many have nothing under review or approved: never submitted, returned or taken back."""
        return self.people - self.submitted - self.approved


@dataclass(frozen=True, slots=True)
class Day:
    """One day in Beijing: how many submitted for the first time, how many of today's approved were approved then."""

    day: str
    submitted: int
    approved: int
