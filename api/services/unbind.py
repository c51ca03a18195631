"""Free a roster row from the login that holds it: a wrong person, or the right one with a new WeChat account."""

from dataclasses import dataclass, replace
from datetime import datetime

from api.domain.delivery import Delivery
from api.domain.errors import NotFound
from api.domain.identity import RosterRow
from api.domain.ports import Bell, Clock, Database
from api.domain.repositories import UnitOfWork
from api.domain.reviewer import Reviewer, as_reviewer
from api.domain.submission import Submission, revoked
from api.services.deeds import Deed, unrecorded
from api.services.events import announce, owe_end
from api.services.review import keep

REASON = "名单已解除绑定，请重新核对身份后再提交"


@dataclass(frozen=True, slots=True)
class Unbound:
    """The row as it now is, and the submission that was taken back with it."""

    row: RosterRow
    taken_back: Submission | None


class UnbindRow:
    """Let go of a row, by a counsellor's word.

    What the login had handed in for this campaign is taken back, and the registry told of the end of every photo that
    it heard of, those that were only ready or were returned too: nobody can say any more whose face it was.
    """

    def __init__(self, *, database: Database, clock: Clock, bell: Bell) -> None:
        self._database = database
        self._clock = clock
        self._bell = bell

    def __call__(self, staff: str | Reviewer, row_id: str, *, deed: Deed = unrecorded) -> Unbound:
        """Return what changed. Raises NotFound: no such row, not in the counsellor's classes, or free."""
        reviewer, now = as_reviewer(staff), self._clock.now()
        with self._database.write() as uow:
            row = uow.roster.get(row_id)
            if row is None or row.student_id is None or not reviewer.sees(row):
                raise NotFound(kind="bound roster row", id=row_id)
            before = uow.submissions.live(row.student_id, row.campaign_id)
            after = revoked(before, by=reviewer.name, now=now, reason=REASON) if before else None
            if before is not None and after is not None:
                keep(uow, after, before)
            owed = _owe_ends(uow, row.student_id, row.campaign_id, now=now)
            uow.drafts.forget(row.student_id, row.campaign_id)
            uow.roster.unbind_row(row.id)
            done = Unbound(row=replace(row, student_id=None, bound_at=None), taken_back=after)
            deed(uow, done)
            uow.commit()
        announce(self._bell, owed)
        return done


def _owe_ends(uow: UnitOfWork, student_id: str, campaign_id: str, *, now: datetime) -> tuple[Delivery, ...]:
    ends = (owe_end(uow, photo, now=now, campaign_id=campaign_id) for photo in uow.photos.of_student(student_id))
    return tuple(delivery for owed in ends for delivery in owed)
