"""What a unit of work keeps for reviewers: the queue as they see it, and the pictures owed to them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from api.domain.exhibit import ExhibitDue, ExhibitState
from api.domain.review_queue import Card, Place, QueueFilter, Tally, Turn


class ReviewQueue(Protocol):
    """Current submissions in the order they are reviewed in. A chain's earlier links never show."""

    def doubt(self, submission_id: str, codes: Sequence[str]) -> None:
        """Note what the checks let pass with a warning: it decides the submission's turn."""
        ...

    def forget(self, photo_id: str) -> None:
        """Forget what was doubted about a photo that is erased."""
        ...

    def page(self, wanted: QueueFilter, *, after: Turn | None, limit: int) -> tuple[Card, ...]:
        """Return the next cards behind a turn, those the checks doubted first, then the oldest."""
        ...

    def before(self, wanted: QueueFilter, *, turn: Turn) -> str | None:
        """Return the submission just before a turn, None at the beginning."""
        ...

    def chosen(self, wanted: QueueFilter, submission_ids: Sequence[str]) -> tuple[Card, ...]:
        """Return the cards of these submissions, whatever their state, in the queue's order."""
        ...

    def turn_of(self, submission_id: str) -> Turn | None: ...
    def count(self, wanted: QueueFilter) -> int: ...
    def places(self, wanted: QueueFilter) -> tuple[tuple[Place, Tally], ...]:
        """Count by campaign, college, grade, major, class and state."""
        ...

    def findings(self, wanted: QueueFilter) -> dict[str, int]:
        """Count by the code of what the checks doubted."""
        ...


class Exhibits(Protocol):
    """Which photos' review pictures are still to be made."""

    def add(self, due: ExhibitDue) -> None:
        """Owe the pictures of a photo, unless they were owed before."""
        ...

    def get(self, photo_id: str) -> ExhibitDue | None: ...
    def swap(self, due: ExhibitDue, *, state: ExhibitState, attempts: int) -> bool:
        """Replace the row if it is still in this state at this number of attempts."""
        ...

    def due(self, *, now: datetime, limit: int) -> tuple[ExhibitDue, ...]: ...
    def forget(self, photo_id: str) -> None: ...


class ReviewShelf(Protocol):
    """The part of a unit of work that is about reviewing."""

    @property
    def review_queue(self) -> ReviewQueue: ...
    @property
    def exhibits(self) -> Exhibits: ...
