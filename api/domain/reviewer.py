"""Who reviews, and whose submissions they may see."""

from dataclasses import dataclass
from enum import StrEnum

from api.domain.identity import RosterRow


class Role(StrEnum):
    """A registrar 教务处 sees everyone; a counsellor 辅导员 only the classes assigned to them."""

    REGISTRAR = "registrar"
    COUNSELLOR = "counsellor"


@dataclass(frozen=True, slots=True)
class Scope:
    """One assignment: a college, a grade in it, a major, a class. None means every one."""

    college: str | None = None
    grade: str | None = None
    major: str | None = None
    class_: str | None = None

    def covers(self, row: RosterRow) -> bool:
        """Tell whether this person belongs to it."""
        pairs = (
            (self.college, row.college),
            (self.grade, row.grade),
            (self.major, row.major),
            (self.class_, row.class_),
        )
        return all(wanted is None or wanted == given for wanted, given in pairs)


EVERYWHERE = Scope()
"""No narrower than everyone."""


@dataclass(frozen=True, slots=True)
class Reviewer:
    """A member of staff at work. `name` is what the history keeps. A counsellor without a scope sees nobody."""

    name: str
    role: Role
    scopes: tuple[Scope, ...] = ()

    @classmethod
    def registrar(cls, name: str) -> "Reviewer":
        """Return someone who sees everyone: the office, and whoever has the server's command line."""
        return cls(name=name, role=Role.REGISTRAR)

    @property
    def limits(self) -> tuple[Scope, ...] | None:
        """Return the scopes to search within, None where there is no limit."""
        return None if self.role is Role.REGISTRAR else self.scopes

    def sees(self, row: RosterRow) -> bool:
        """Tell whether this person is theirs to review."""
        return self.role is Role.REGISTRAR or any(scope.covers(row) for scope in self.scopes)


def as_reviewer(staff: "str | Reviewer") -> Reviewer:
    """Return the reviewer; a bare name is the registrar's, as on the command line."""
    return Reviewer.registrar(staff) if isinstance(staff, str) else staff
