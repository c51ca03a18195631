"""Decide on a submission: approve it, give it back, take it back. Each decision is one transaction with its event."""

from collections.abc import Callable

from api.domain.delivery import Delivery, Event
from api.domain.errors import NotFound, ReviewConflict
from api.domain.ports import Bell, Clock, Database
from api.domain.repositories import UnitOfWork
from api.domain.reviewer import Reviewer, as_reviewer
from api.domain.submission import Submission, approved, given_reason, returned, revoked
from api.services.deeds import Deed, unrecorded
from api.services.events import announce, owe
from api.services.guards import find_submission
from api.services.notices import tell_outcome


class Approve:
    """Accept a submission."""

    def __init__(self, *, database: Database, clock: Clock, bell: Bell) -> None:
        self._desk = _Desk(database, bell)
        self._clock = clock

    def __call__(
        self, staff: str | Reviewer, submission_id: str, *, version: int | None = None, deed: Deed = unrecorded
    ) -> Submission:
        """Return it approved, the registry's event owed.

        `version` is the one the reviewer looked at. Raises NotFound, also outside a counsellor's classes,
        NotReviewable, and ReviewConflict where someone decided in between.
        """
        now, reviewer = self._clock.now(), as_reviewer(staff)
        return self._desk.decide(
            submission_id,
            lambda before: approved(before, by=reviewer.name, now=now),
            reviewer=reviewer,
            version=version,
            event=Event.APPROVED,
            deed=deed,
        )


class Return:
    """Give a submission back to the student, with the reason."""

    def __init__(self, *, database: Database, clock: Clock, bell: Bell) -> None:
        self._desk = _Desk(database, bell)
        self._clock = clock

    def __call__(
        self,
        staff: str | Reviewer,
        submission_id: str,
        reason: str,
        *,
        version: int | None = None,
        deed: Deed = unrecorded,
    ) -> Submission:
        """Return it as returned. Raises as Approve does, and InvalidRequest without a reason."""
        now, reviewer, why = self._clock.now(), as_reviewer(staff), given_reason(reason)
        return self._desk.decide(
            submission_id,
            lambda before: returned(before, by=reviewer.name, now=now, reason=why),
            reviewer=reviewer,
            version=version,
            event=None,
            deed=deed,
        )


class Revoke:
    """Take back a submission that is under review or approved."""

    def __init__(self, *, database: Database, clock: Clock, bell: Bell) -> None:
        self._desk = _Desk(database, bell)
        self._clock = clock

    def __call__(
        self,
        staff: str | Reviewer,
        submission_id: str,
        reason: str,
        *,
        version: int | None = None,
        deed: Deed = unrecorded,
    ) -> Submission:
        """Return it revoked, the registry's event owed. Raises as Approve does."""
        now, reviewer, why = self._clock.now(), as_reviewer(staff), given_reason(reason)
        return self._desk.decide(
            submission_id,
            lambda before: revoked(before, by=reviewer.name, now=now, reason=why),
            reviewer=reviewer,
            version=version,
            event=Event.REVOKED,
            deed=deed,
        )


def keep(uow: UnitOfWork, after: Submission, before: Submission) -> None:
    """Replace the submission and owe the student a word of it.

    Raises ReviewConflict where it is no longer what was looked at.
    """
    if not uow.submissions.swap(after, state=before.state):
        now = uow.submissions.get(before.id) or before
        raise ReviewConflict(submission=before.id, state=now.state.value, version=now.version)
    tell_outcome(uow, after, now=after.decided_at or after.created_at)


class _Desk:
    """What all decisions have in common."""

    def __init__(self, database: Database, bell: Bell) -> None:
        self._database = database
        self._bell = bell

    def decide(
        self,
        submission_id: str,
        change: Callable[[Submission], Submission],
        *,
        reviewer: Reviewer,
        version: int | None,
        event: Event | None,
        deed: Deed,
    ) -> Submission:
        owed: tuple[Delivery, ...] = ()
        with self._database.write() as uow:
            before = find_submission(uow, submission_id)
            row = uow.roster.get(before.roster_row_id)
            if row is None or not reviewer.sees(row):
                raise NotFound(kind="submission", id=submission_id)
            if version is not None and version != before.version:
                raise ReviewConflict(submission=before.id, state=before.state.value, version=before.version)
            after = change(before)
            keep(uow, after, before)
            if event is not None:
                owed = owe(uow, after, event, now=after.decided_at or after.created_at)
            deed(uow, after)
            uow.commit()
        announce(self._bell, owed)
        return after
