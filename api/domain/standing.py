"""How far a campaign has come: by college, grade, major and class, and day by day."""

from dataclasses import dataclass
from enum import StrEnum

from api.domain.identity import RosterRow


class Grouping(StrEnum):
    """How finely people are counted; each includes those before it."""

    COLLEGE = "college"
    GRADE = "grade"
    MAJOR = "major"
    CLASS = "class"


class Lack(StrEnum):
    """Why someone has nothing under review or approved: who was given back must be told something else."""

    NEVER = "never"
    """Never submitted."""
    RETURNED = "returned"
    """Given back by a reviewer, and must submit again."""
    REVOKED = "revoked"
    """Taken back after it was submitted, and must submit again."""


def lack_of(state: str | None) -> Lack:
    """Return why someone is missing whose current submission, if any, is in this state."""
    return Lack.NEVER if state is None else Lack(state)


@dataclass(frozen=True, slots=True)
class Missing:
    """A person of a roster with nothing under review or approved, and why."""

    row: RosterRow
    lack: Lack


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

    @property
    def never(self) -> int:
        """Return how many never submitted."""
        return self.missing - self.returned - self.revoked


@dataclass(frozen=True, slots=True)
class Day:
    """One day in Beijing: how many submitted for the first time, how many of today's approved were approved then."""

    day: str
    submitted: int
    approved: int
