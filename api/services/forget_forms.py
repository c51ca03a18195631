"""Forget what students filled in once nobody needs it any more: drafts and the profiles that were handed in."""

from dataclasses import dataclass
from datetime import timedelta

from api.domain.ports import Clock, Database

_BATCH = 500
"""So many in one transaction: whoever else writes waits for that many, not for a year's worth."""


@dataclass(frozen=True, slots=True)
class FormsForgotten:
    """How many were deleted."""

    profiles: int
    drafts: int


class ForgetForms:
    """Delete each draft and each profile that has reached its end date; what was decided stays on record.

    A profile ends as the photo does that was handed in with it, `submitted_days` after the submission. A draft can
    still become something until its student's last second, which moves with the campaign's window and with who is given
    longer; `image_days` after that it ends.
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
        return FormsForgotten(profiles=self._profiles(), drafts=self._drafts())

    def _profiles(self) -> int:
        gone, last = 0, self._batch
        while last == self._batch:
            with self._database.write() as uow:
                last = uow.submissions.end_profiles(until=self._clock.now() - self._profile_life, limit=self._batch)
                uow.commit()
            gone += last
        return gone

    def _drafts(self) -> int:
        gone, last = 0, self._batch
        while last == self._batch:
            with self._database.write() as uow:
                last = uow.drafts.end(closed_before=self._clock.now() - self._draft_life, limit=self._batch)
                uow.commit()
            gone += last
        return gone
