"""Send one notice: the right template, the words fitted to its fields, a credit spent."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from api.domain.errors_wechat import NoticeUnfittable, WeChatError, WeChatMisconfigured, WeChatNoCredit
from api.domain.fitting import fit, kind_of
from api.domain.notice import Notice, NoticeKind, NoticeState, NoticeTemplate, NoticeWord, claimed, postponed, settled
from api.domain.ports import Clock, Database, WeChat
from api.domain.repositories import UnitOfWork
from api.domain.retry import next_try
from api.services.ledger import refused, spent

LEASE_S = 30
_MINUTE, _HOUR = 60.0, 3600.0
SCHEDULE_S = (0.0, 15.0, _MINUTE, 5 * _MINUTE, 30 * _MINUTE, 2 * _HOUR, 6 * _HOUR, 12 * _HOUR)
"""Seconds before each try, the first included: about a day, after which the word is no news any more."""

_INSTANTS = frozenset({NoticeWord.WHEN, NoticeWord.DEADLINE})


class Notify:
    """Make the next try at one notice."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        wechat: WeChat,
        templates: Sequence[NoticeTemplate],
        jitter: Callable[[], float],
        schedule_s: Sequence[float] = SCHEDULE_S,
    ) -> None:
        self._database = database
        self._clock = clock
        self._wechat = wechat
        self._templates: Mapping[NoticeKind, NoticeTemplate] = {one.kind: one for one in templates}
        self._jitter = jitter
        self._schedule_s = schedule_s

    def __call__(self, notice_id: str) -> Notice | None:
        """Return the notice after the try, None when it was not due or not ours to send.

        A crash between sending and recording sends again after the lease: better told twice than not at all.
        """
        claim = self._claim(notice_id)
        if claim is None:
            return None
        held, openid, template = claim
        if openid is None or template is None:
            return self._record(held, template, self._settled(held, NoticeState.DROPPED, "no_way"))
        return self._record(held, template, self._try(held, openid, template))

    def _claim(self, notice_id: str) -> tuple[Notice, str | None, NoticeTemplate | None] | None:
        now = self._clock.now()
        with self._database.write() as uow:
            found = uow.notices.get(notice_id)
            if found is None or found.state is not NoticeState.PENDING or found.next_at > now:
                return None
            held = claimed(found, now=now, lease_s=LEASE_S)
            if not uow.notices.swap(held, state=found.state, attempts=found.attempts):
                return None
            openid, template = _openid(uow, held.student_id), self._templates.get(held.kind)
            if template is not None and uow.notices.credits(held.student_id, template.template_id) == 0:
                openid = None
            uow.commit()
        return held, openid, template

    def _try(self, held: Notice, openid: str, template: NoticeTemplate) -> Notice:
        try:
            self._wechat.send_notice(openid, template_id=template.template_id, data=words_for(held, template))
        except WeChatNoCredit:
            return self._settled(held, NoticeState.DROPPED, "no_credit")
        except (WeChatMisconfigured, NoticeUnfittable) as fault:
            return self._settled(held, NoticeState.DEAD, fault.code)
        except WeChatError as fault:
            return self._later(held, retry_after_s=fault.retry_after)
        return self._settled(held, NoticeState.SENT, "sent")

    def _later(self, held: Notice, *, retry_after_s: float | None) -> Notice:
        until = next_try(
            held.tries,
            now=self._clock.now(),
            retry_after_s=retry_after_s,
            jitter=self._jitter(),
            schedule_s=self._schedule_s,
        )
        if until is None:
            return self._settled(held, NoticeState.DEAD, "gave_up")
        return postponed(held, until=until)

    def _settled(self, held: Notice, state: NoticeState, outcome: str) -> Notice:
        return settled(held, state, outcome=outcome, now=self._clock.now())

    def _record(self, held: Notice, template: NoticeTemplate | None, after: Notice) -> Notice | None:
        now = self._clock.now()
        with self._database.write() as uow:
            if template is not None and after.outcome == "sent":
                spent(uow, held.student_id, template.template_id, now=now)
            if template is not None and after.outcome == "no_credit":
                refused(uow, held.student_id, template.template_id, now=now)
            won = uow.notices.swap(after, state=NoticeState.SENDING, attempts=held.attempts)
            uow.commit()
        return after if won else None


def words_for(notice: Notice, template: NoticeTemplate) -> dict[str, str]:
    """Return the template's fields, filled and fitted. Raises NoticeUnfittable."""
    return {key: fit(kind_of(key), _value(notice, word)) for key, word in template.fields.items()}


def _value(notice: Notice, word: NoticeWord) -> str | datetime:
    text = notice.facts.get(word.value, "")
    return datetime.fromisoformat(text) if word in _INSTANTS and text else text


def _openid(uow: UnitOfWork, student_id: str) -> str | None:
    student = uow.students.get(student_id)
    return student.subject if student is not None and student.erased_at is None else None
