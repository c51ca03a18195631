"""Take one's own decision back, at once: the submission is under review again, and whoever was told is told."""

from datetime import datetime

from api.domain.delivery import Delivery, DeliveryState, Event, cancelled
from api.domain.errors import NotFound, ReviewConflict
from api.domain.errors_review import UndoRefused
from api.domain.photo import PhotoState
from api.domain.ports import Bell, Clock, Database
from api.domain.repositories import UnitOfWork
from api.domain.reviewer import Reviewer, as_reviewer
from api.domain.submission import Submission, undone
from api.services.deeds import Deed, unrecorded
from api.services.events import announce, owe
from api.services.guards import find_submission
from api.services.review import keep


class Undo:
    """Take an approval or a return back.

    A word to the student and an event for the registry that nobody has been sent yet are dropped. A registry that may
    have heard of the approval is owed `photo.revoked`; the next approval is an event of its own. A student who was told
    of the return and has handed in another photo keeps it: then there is nothing to take back.
    """

    def __init__(self, *, database: Database, clock: Clock, bell: Bell) -> None:
        self._database = database
        self._clock = clock
        self._bell = bell

    def __call__(
        self, staff: str | Reviewer, submission_id: str, *, version: int | None = None, deed: Deed = unrecorded
    ) -> Submission:
        """Return the submission as under review again.

        Raises NotFound, also outside a counsellor's classes, ReviewConflict where someone decided in between,
        NotReviewable and UndoRefused.
        """
        reviewer, now = as_reviewer(staff), self._clock.now()
        with self._database.write() as uow:
            before = find_submission(uow, submission_id)
            _require_theirs(uow, before, reviewer)
            if version is not None and version != before.version:
                raise ReviewConflict(submission=before.id, state=before.state.value, version=before.version)
            after = undone(before, by=reviewer.name, now=now)
            _require_place(uow, before)
            keep(uow, after, before)
            uow.notices.drop_untold(f"{before.id}:{before.version}", now=now)
            owed = _untell(uow, after, now=now)
            deed(uow, after)
            uow.commit()
        announce(self._bell, owed)
        return after


def _require_theirs(uow: UnitOfWork, submission: Submission, reviewer: Reviewer) -> None:
    row = uow.roster.get(submission.roster_row_id)
    if row is None or not reviewer.sees(row):
        raise NotFound(kind="submission", id=submission.id)


def _require_place(uow: UnitOfWork, before: Submission) -> None:
    """Raise UndoRefused unless the photo is still there and its place in the campaign is still the student's."""
    if uow.submissions.is_superseded(before.id):
        raise UndoRefused(reason="superseded")
    photo, row = uow.photos.get(before.photo_id), uow.roster.get(before.roster_row_id)
    live = uow.submissions.live(before.student_id, before.campaign_id)
    bound = row is not None and row.student_id == before.student_id
    if photo is None or photo.state is not PhotoState.READY or not bound or (live is not None and live.id != before.id):
        raise UndoRefused(reason="gone")


def _untell(uow: UnitOfWork, after: Submission, *, now: datetime) -> tuple[Delivery, ...]:
    """Cancel the approval's event where it still waits; owe the registry its end where it may have been heard."""
    for delivery in uow.deliveries.of_photo(after.photo_id):
        if delivery.event is Event.APPROVED and delivery.state is DeliveryState.PENDING:
            uow.deliveries.swap(cancelled(delivery, now=now), state=delivery.state, attempts=delivery.attempts)
    told = uow.deliveries.told_of(after.photo_id)
    return owe(uow, after, Event.REVOKED, now=now) if told and told[-1] is Event.APPROVED else ()
