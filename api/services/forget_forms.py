"""Forget what students wrote once nobody needs it: drafts, the profiles handed in, reports of wrong records."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from api.domain.ports import Clock, Database
from api.domain.repositories import UnitOfWork

_BATCH = 500
"""So many in one transaction: whoever else writes waits for that many, not for a year's worth."""


@dataclass(frozen=True, slots=True)
class FormsForgotten:
    """How many were deleted."""

    profiles: int
    drafts: int
    reports: int


class ForgetForms:
    """Delete each draft, profile and report that has reached its end date; what was decided stays on record.

    A profile ends as the photo does that was handed in with it, `submitted_days` after the submission; a student's own
    words in a report of a wrong record as long after they were sent. A draft can still become something until its
    student's last second, which moves with the campaign's window and with who is given longer; `image_days` after that
    it ends.
    """

    def __init__(
        self, *, database: Database, clock: Clock, image_days: int, submitted_days: int, batch: int = _BATCH
    ) -> None:
        self._database = database
        self._clock = clock
        self._draft_life = timedelta(days=image_days)
        self._profile_life = timedelta(days=submitted_days)
        self._batch = batch

    def __call__(self) -> FormsForgotten:
        """Delete, and return how many."""
        now = self._clock.now()
        drafts_of, handed_in = now - self._draft_life, now - self._profile_life
        return FormsForgotten(
            profiles=self._all(lambda uow: uow.submissions.end_profiles(until=handed_in, limit=self._batch)),
            drafts=self._all(lambda uow: uow.drafts.end(closed_before=drafts_of, limit=self._batch)),
            reports=self._all(lambda uow: uow.record_errors.end_messages(until=handed_in, limit=self._batch)),
        )

    def _all(self, end: Callable[[UnitOfWork], int]) -> int:
        """End batch after batch, each in a transaction of its own."""
        gone, last = 0, self._batch
        while last == self._batch:
            with self._database.write() as uow:
                last = end(uow)
                uow.commit()
            gone += last
        return gone
