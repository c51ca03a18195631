"""Show submissions: to their student, and to those who review them."""

from dataclasses import replace

from api.domain.errors import InvalidRequest, NotFound
from api.domain.ports import Database
from api.domain.reviewer import Reviewer, as_reviewer
from api.domain.submission import Submission, SubmissionFilter, SubmissionState, SubmissionView, Transition
from api.services.guards import find_campaign


class ListSubmissions:
    """Show a student their submissions and what came of them."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def __call__(self, student_id: str) -> tuple[Submission, ...]:
        """Return them, newest first."""
        with self._database.read() as uow:
            return uow.submissions.of_student(student_id)


class FindSubmissions:
    """Find what a reviewer is to look at."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def __call__(
        self,
        *,
        reviewer: str | Reviewer = "office",
        campaign: str | None = None,
        state: str | None = None,
        college: str | None = None,
        grade: str | None = None,
        major: str | None = None,
        class_: str | None = None,
        current: bool = False,
        after_id: str | None = None,
        limit: int | None = None,
    ) -> tuple[SubmissionView, ...]:
        """Return the submissions that fit every given filter, oldest first; a counsellor's own classes only.

        `current` leaves out those that a later one took the place of. Raises InvalidRequest for no such state, and
        NotFound for no such campaign.
        """
        wanted = SubmissionFilter(
            state=_state(state),
            college=college,
            grade=grade,
            major=major,
            class_=class_,
            scopes=as_reviewer(reviewer).limits,
            current=current,
            after_id=after_id,
            limit=limit,
        )
        with self._database.read() as uow:
            if campaign is not None:
                wanted = replace(wanted, campaign=find_campaign(uow, campaign).id)
            return uow.submissions.find(wanted)


class ReadSubmission:
    """Show one submission to a reviewer."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def __call__(self, reviewer: str | Reviewer, submission_id: str) -> SubmissionView:
        """Return it with person and photo. Raises NotFound, also outside a counsellor's classes."""
        with self._database.read() as uow:
            entry = uow.submissions.get(submission_id)
            row = uow.roster.get(entry.roster_row_id) if entry else None
            photo = uow.photos.get(entry.photo_id) if entry else None
            check = uow.media_checks.get(entry.photo_id) if entry else None
        if entry is None or row is None or photo is None or not as_reviewer(reviewer).sees(row):
            raise NotFound(kind="submission", id=submission_id)
        return SubmissionView(submission=entry, row=row, photo=photo, media_check=check)


class ReadHistory:
    """Show who did what with a submission, when and why, those it came after included."""

    def __init__(self, *, database: Database) -> None:
        self._database = database
        self._read = ReadSubmission(database=database)

    def __call__(self, reviewer: str | Reviewer, submission_id: str) -> tuple[Transition, ...]:
        """Return every step, oldest first. Raises NotFound, also outside a counsellor's classes."""
        self._read(reviewer, submission_id)
        steps: list[Transition] = []
        wanted: str | None = submission_id
        with self._database.read() as uow:
            while wanted is not None:
                steps[:0] = uow.submissions.history(wanted)
                entry = uow.submissions.get(wanted)
                wanted = entry.supersedes_id if entry else None
        return tuple(steps)


def _state(name: str | None) -> SubmissionState | None:
    try:
        return SubmissionState(name) if name is not None else None
    except ValueError as fault:
        raise InvalidRequest(reason="state") from fault
