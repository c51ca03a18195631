"""What a unit of work keeps for the registrar's desk; see `repositories` for the manners."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from api.domain.export import Export, ExportFile
from api.domain.identity import Channel, RosterRow
from api.domain.reviewer import Scope
from api.domain.roster_check import Fate, PersonFate, RosterCheck
from api.domain.standing import Lack


@dataclass(frozen=True, slots=True)
class Reach:
    """How someone who has not handed in can be told: `student_id` is None for who never proved who they are.

    `credits` is how many messages of the template the student agreed to, None where that is not known. `lack` is why
    they have not handed in.
    """

    row_id: str
    student_id: str | None
    channel: Channel | None
    erased: bool
    credits: int | None
    lack: Lack


class RosterChecks(Protocol):
    """Uploaded roster files, and what an import of them would do."""

    def add(self, check: RosterCheck) -> None: ...
    def get(self, check_id: str) -> RosterCheck | None: ...
    def of_campaign(self, campaign_id: str) -> tuple[RosterCheck, ...]:
        """Return them, newest first."""
        ...

    def swap(self, check: RosterCheck, *, attempts: int) -> bool:
        """Replace the check if it is still at this number of attempts."""
        ...

    def due(self, *, now: datetime, limit: int) -> tuple[RosterCheck, ...]: ...
    def ended(self, *, now: datetime, limit: int) -> tuple[RosterCheck, ...]: ...
    def delete(self, check_id: str) -> None: ...
    def mark(self, campaign_id: str) -> str:
        """Return a digest of everyone on the roster as they are; who is bound to a row is not part of it."""
        ...

    def fates(self, check: RosterCheck, fate: Fate, *, after: str, limit: int) -> tuple[PersonFate, ...]:
        """Return whom an import would touch so, those after a row id."""
        ...


class ExportFiles(Protocol):
    """What an export holds, and the exports a worker has to prepare."""

    def add(self, export_id: str, files: Sequence[ExportFile]) -> None: ...
    def of(self, export_id: str, *, place: int = 0) -> Iterator[ExportFile]:
        """Give them in order, from a place on."""
        ...

    def count(self, export_id: str) -> int: ...
    def first_at(self, export_id: str, offset: int) -> int:
        """Return the place of the file in whose bytes, header included, an offset of the ZIP lies."""
        ...

    def taken_back(self, export_id: str) -> int:
        """Return how many of its photos are not approved any more."""
        ...

    def forget(self, export_id: str) -> None: ...
    def due(self, *, now: datetime, limit: int) -> tuple[Export, ...]: ...
    def ended(self, *, now: datetime, limit: int) -> tuple[Export, ...]:
        """Return the ended exports that still hold something."""
        ...

    def swap(self, export: Export, *, attempts: int) -> bool: ...


class People(Protocol):
    """Questions about a roster that only the office asks."""

    def search(
        self, campaign_id: str, words: str, *, scopes: tuple[Scope, ...] | None, limit: int
    ) -> tuple[RosterRow, ...]:
        """Return who has this ID or student number, or whose name or student number holds the words."""
        ...

    def page(
        self, campaign_id: str, *, place: Scope, scopes: tuple[Scope, ...] | None, after_id: str, limit: int
    ) -> tuple[RosterRow, ...]: ...
    def reach(
        self, campaign_id: str, *, place: Scope, scopes: tuple[Scope, ...] | None, template_id: str
    ) -> tuple[Reach, ...]:
        """Return everyone with nothing under review or approved."""
        ...

    def told_since(self, campaign_id: str, *, since: datetime) -> frozenset[str]:
        """Return the students who were told since then that the campaign closes or still lacks them."""
        ...

    def count_submissions(self, campaign_id: str) -> int:
        """Return how many submissions were ever made."""
        ...


class OfficeWork(Protocol):
    """The desk's part of a unit of work."""

    @property
    def roster_checks(self) -> RosterChecks: ...
    @property
    def export_files(self) -> ExportFiles: ...
    @property
    def people(self) -> People: ...
