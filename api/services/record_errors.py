"""学籍信息有误: students report what is wrong in their record, the office collects, corrects and answers."""

from api.domain.consent import ConsentKind
from api.domain.errors import NotFound, TooManyAttempts
from api.domain.errors_review import AlreadySettled
from api.domain.ids import new_id
from api.domain.ports import Clock, Database
from api.domain.record_error import MOST_OPEN, RecordError, RecordField, settled
from api.domain.repositories import UnitOfWork
from api.domain.reviewer import Reviewer, as_reviewer
from api.domain.submission import given_reason
from api.services.deeds import Deed, unrecorded
from api.services.guards import find_campaign, require_consents, row_in


class ReportRecordError:
    """Tell the office that the school's record is wrong."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def __call__(self, student_id: str, *, campaign: str, about: RecordField, message: str) -> RecordError:
        """Return the report, also from someone who could not be bound: that may be the very error.

        The same words again, while the first wait for an answer, are the same report: its answer was lost on the way,
        or a thumb was quick. Raises NotFound, ConsentRequired, InvalidRequest without a message, and TooManyAttempts
        with five still open.
        """
        now, words = self._clock.now(), given_reason(message)
        with self._database.write() as uow:
            require_consents(uow, student_id, ConsentKind.PRIVACY)
            found = find_campaign(uow, campaign)
            mine = [one for one in uow.record_errors.of_student(student_id) if one.campaign_id == found.id]
            waiting = [one for one in mine if one.open]
            same = next((one for one in waiting if (one.about, one.message) == (about, words)), None)
            if same is not None:
                return same
            if len(waiting) >= MOST_OPEN:
                raise TooManyAttempts(retry_after=24 * 3600, limit=MOST_OPEN, hours=24)
            row = row_in(uow, student_id, found.id)
            report = RecordError(
                id=new_id("re", now=now),
                campaign_id=found.id,
                student_id=student_id,
                roster_row_id=row.id if row else None,
                about=about,
                message=words,
                created_at=now,
            )
            uow.record_errors.add(report)
            uow.commit()
        return report


class ListRecordErrors:
    """Show a student their own reports in a campaign."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def __call__(self, student_id: str, *, campaign: str) -> tuple[RecordError, ...]:
        """Return them, oldest first, with the office's answers. Raises NotFound."""
        with self._database.read() as uow:
            found = find_campaign(uow, campaign)
            return tuple(one for one in uow.record_errors.of_student(student_id) if one.campaign_id == found.id)


class FindRecordErrors:
    """Collect reports for the office, or for a counsellor's own classes."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def __call__(
        self, reviewer: str | Reviewer, *, campaign: str | None = None, only_open: bool = True
    ) -> tuple[RecordError, ...]:
        """Return them, oldest first; those of unbound students go to the office alone. Raises NotFound."""
        with self._database.read() as uow:
            campaign_id = find_campaign(uow, campaign).id if campaign is not None else None
            limits = as_reviewer(reviewer).limits
            return uow.record_errors.find(campaign_id=campaign_id, only_open=only_open, scopes=limits)


class SettleRecordError:
    """Answer a report."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def __call__(self, staff: str | Reviewer, report_id: str, answer: str, *, deed: Deed = unrecorded) -> RecordError:
        """Return it settled; the student reads the answer. Raises NotFound, InvalidRequest, AlreadySettled."""
        reviewer, words = as_reviewer(staff), given_reason(answer)
        with self._database.write() as uow:
            report = uow.record_errors.get(report_id)
            if report is None or not _sees(uow, reviewer, report):
                raise NotFound(kind="record_error", id=report_id)
            if not report.open:
                raise AlreadySettled(report=report_id)
            after = settled(report, by=reviewer.name, now=self._clock.now(), answer=words)
            uow.record_errors.save(after)
            deed(uow, after)
            uow.commit()
        return after


def _sees(uow: UnitOfWork, reviewer: Reviewer, report: RecordError) -> bool:
    row = uow.roster.get(report.roster_row_id) if report.roster_row_id else None
    return reviewer.limits is None or (row is not None and reviewer.sees(row))
