"""Have WeChat look at a submitted photo, where the school wants that. Whatever comes of it, nobody waits for it."""

from datetime import datetime, timedelta

from api.domain.errors_wechat import WeChatError, WeChatMisconfigured
from api.domain.identity import Channel
from api.domain.media_check import MediaCheck, MediaCheckState, answered, asked, claimed, given_up, read_verdict
from api.domain.photo import PhotoState
from api.domain.ports import Clock, Database, Vault, WeChat
from api.domain.push import Push
from api.domain.repositories import UnitOfWork
from api.domain.submission import Submission
from api.services.consent_texts import TEXTS, TEXTS_WITH_MEDIA_CHECK
from api.services.pull_links import pull_token

LEASE_S = 30
_AGAIN = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=12))
"""How long after each try the next one follows; after the last it is given up."""


_CONSENTS = frozenset(text.id for text in TEXTS_WITH_MEDIA_CHECK if text not in TEXTS)


def owe_media_check(uow: UnitOfWork, submission: Submission, *, now: datetime) -> None:
    """Owe the check of a submission's photo, if its student came in through WeChat and agreed to it."""
    student = uow.students.get(submission.student_id)
    given = {row.text_id for row in uow.consents.of(submission.student_id) if row.withdrawn_at is None}
    if student is not None and student.channel is Channel.WECHAT and given >= _CONSENTS:
        uow.media_checks.add(MediaCheck(submission.photo_id, MediaCheckState.PENDING, next_at=now))


def book_verdict(uow: UnitOfWork, push: Push, *, now: datetime) -> None:
    """Enter what WeChat found, if the push answers a question of ours about a photo of that very user."""
    verdict = read_verdict(push.message)
    check = uow.media_checks.by_trace(verdict.trace_id) if verdict else None
    if verdict is None or check is None or check.state is not MediaCheckState.ASKED:
        return
    if _openid(uow, check.photo_id) == push.user:
        uow.media_checks.swap(answered(check, verdict, now=now), state=check.state, attempts=check.attempts)


class CheckMedia:
    """Ask WeChat to look at one photo."""

    def __init__(self, *, database: Database, clock: Clock, vault: Vault, wechat: WeChat, public_url: str) -> None:
        self._database = database
        self._clock = clock
        self._vault = vault
        self._wechat = wechat
        self._public_url = public_url

    def __call__(self, photo_id: str) -> MediaCheck | None:
        """Return the check after the try, None when it was not due or the photo is gone."""
        claim = self._claim(photo_id)
        if claim is None:
            return None
        held, openid = claim
        now = self._clock.now()
        token, _ = pull_token(photo_id, vault=self._vault, now=now)
        try:
            trace = self._wechat.check_image(f"{self._public_url}/v1/registry/photos/{token}", openid=openid)
        except WeChatMisconfigured:
            return self._record(held, given_up(held, now=now))
        except WeChatError:
            return held if held.attempts <= len(_AGAIN) else self._record(held, given_up(held, now=now))
        return self._record(held, asked(held, trace))

    def _claim(self, photo_id: str) -> tuple[MediaCheck, str] | None:
        now = self._clock.now()
        with self._database.write() as uow:
            found, openid = uow.media_checks.get(photo_id), _openid(uow, photo_id)
            if found is None or found.state is not MediaCheckState.PENDING or found.next_at > now:
                return None
            if openid is None:
                uow.media_checks.forget(photo_id)
                uow.commit()
                return None
            held = claimed(found, until=now + _AGAIN[min(found.attempts, len(_AGAIN) - 1)])
            if not uow.media_checks.swap(held, state=found.state, attempts=found.attempts):
                return None
            uow.commit()
        return held, openid

    def _record(self, held: MediaCheck, after: MediaCheck) -> MediaCheck | None:
        with self._database.write() as uow:
            won = uow.media_checks.swap(after, state=held.state, attempts=held.attempts)
            uow.commit()
        return after if won else None


def _openid(uow: UnitOfWork, photo_id: str) -> str | None:
    """Return the openid of whose photo it is, None where there is no such photo or user any more."""
    photo = uow.photos.get(photo_id)
    if photo is None or photo.state is not PhotoState.READY:
        return None
    student = uow.students.get(photo.student_id)
    return student.subject if student is not None and student.erased_at is None else None
