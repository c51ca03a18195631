"""Owe students a word: a row in the transaction of the change it tells of. The sweeper rings for it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from api.domain.campaign import Campaign, WindowState
from api.domain.identity import Channel
from api.domain.ids import new_id
from api.domain.notice import Notice, NoticeKind, NoticeState, NoticeWord
from api.domain.office_repositories import Reach
from api.domain.ports import Clock, Database
from api.domain.repositories import UnitOfWork
from api.domain.standing import Lack, lack_of
from api.domain.submission import Submission, SubmissionState

_KINDS = {SubmissionState.RETURNED: NoticeKind.RETURNED, SubmissionState.APPROVED: NoticeKind.APPROVED}
_WORDS = {
    NoticeKind.RETURNED: ("未通过", "请按原因重新拍照并提交"),
    NoticeKind.APPROVED: ("已通过", "照片已通过审核，无需再操作"),
}
_LACKS = {
    Lack.NEVER: ("未提交", "请在截止前拍照并提交"),
    Lack.RETURNED: ("未通过", "请按原因重新拍照，在截止前再提交"),
    Lack.REVOKED: ("已撤回", "请在截止前重新拍照并提交"),
}
"""What a reminder says: at most 5 letters (WeChat's `phrase`) and 20 (`thing`)."""

_NO_REASON = "无"


def tell_outcome(uow: UnitOfWork, submission: Submission, *, now: datetime) -> None:
    """Owe the student the outcome of a review; any other change of a submission is not told."""
    kind = _KINDS.get(submission.state)
    campaign = uow.campaigns.get(submission.campaign_id)
    if kind is None or campaign is None:
        return
    once = f"{submission.id}:{submission.version}"
    words, reason = _WORDS[kind], submission.reason
    _owe(uow, submission.student_id, kind, campaign, words=words, once=once, reason=reason, now=now)


def owe_reminder(uow: UnitOfWork, reach: Reach, campaign: Campaign, *, now: datetime) -> None:
    """Owe a student a word that the campaign still lacks them; at most one a minute, however often it is asked for."""
    if reach.student_id is not None:
        once = f"remind:{campaign.id}:{reach.student_id}:{now:%y%m%d%H%M}"
        _remind(uow, reach.student_id, uow.submissions.latest(reach.row_id), campaign, once=once, now=now)


class TellClosing:
    """Owe everyone who has not handed in yet a word before the window closes, once per campaign and end.

    Students who prove to be on the roster later have the end before their eyes.
    """

    def __init__(self, *, database: Database, clock: Clock, hours: int) -> None:
        self._database = database
        self._clock = clock
        self._ahead = timedelta(hours=hours)

    def __call__(self) -> int:
        """Return how many are owed."""
        now = self._clock.now()
        with self._database.read() as uow:
            if not any(self._closing(uow, now=now)):
                return 0
        with self._database.write() as uow:
            count = sum(self._tell(uow, campaign, now=now) for campaign in self._closing(uow, now=now))
            uow.commit()
        return count

    def _closing(self, uow: UnitOfWork, *, now: datetime) -> Iterator[Campaign]:
        for campaign in uow.campaigns.all():
            soon = campaign.window(now) is WindowState.OPEN and campaign.ends_at - now <= self._ahead
            if soon and not uow.notices.round_begun(campaign.id, ends_at=campaign.ends_at):
                yield campaign

    def _tell(self, uow: UnitOfWork, campaign: Campaign, *, now: datetime) -> int:
        uow.notices.begin_round(campaign.id, ends_at=campaign.ends_at, now=now)
        students = uow.notices.unfinished(campaign.id)
        for student, row_id in students:
            once = f"{campaign.id}:{student}:{campaign.ends_at:%Y%m%d%H%M%S}"
            _remind(uow, student, uow.submissions.latest(row_id), campaign, once=once, now=now)
        return len(students)


def _remind(
    uow: UnitOfWork, student_id: str, last: Submission | None, campaign: Campaign, *, once: str, now: datetime
) -> None:
    """Say what is lacking: a first photo, or another one, for the reason the last was given back for."""
    lack = lack_of(last.state.value if last else None)
    reason = last.reason if last and lack is Lack.RETURNED else None
    _owe(uow, student_id, NoticeKind.CLOSING, campaign, words=_LACKS[lack], once=once, reason=reason, now=now)


def _owe(
    uow: UnitOfWork,
    student_id: str,
    kind: NoticeKind,
    campaign: Campaign,
    *,
    words: tuple[str, str],
    once: str,
    reason: str | None,
    now: datetime,
) -> None:
    student = uow.students.get(student_id)
    if student is None or student.channel is not Channel.WECHAT or student.erased_at is not None:
        return
    result, advice = words
    facts = {
        NoticeWord.CAMPAIGN.value: campaign.name,
        NoticeWord.RESULT.value: result,
        NoticeWord.REASON.value: reason or _NO_REASON,
        NoticeWord.ADVICE.value: advice,
        NoticeWord.WHEN.value: now.isoformat(),
        NoticeWord.DEADLINE.value: campaign.ends_at.isoformat(),
    }
    uow.notices.add(
        Notice(
            id=new_id("nt", now=now),
            student_id=student_id,
            kind=kind,
            once=once,
            facts=facts,
            state=NoticeState.PENDING,
            created_at=now,
            next_at=now,
        )
    )
