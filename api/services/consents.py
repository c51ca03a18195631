"""What a student agreed to: show it, give it, take it back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from api.domain.consent import ConsentKind, ConsentRow, ConsentText, Guardian
from api.domain.errors import InvalidRequest, NotFound
from api.domain.ids import new_id
from api.domain.ports import Blobs, Clock, Database
from api.domain.repositories import UnitOfWork
from api.services.consent_texts import ALL_TEXTS, TEXTS, find_text, text_sha256
from api.services.erasing import erase_photos, let_go
from api.services.guards import is_child


class ListConsents:
    """Show every current text that concerns this student, and when it was given.

    The guardian's is shown to whom a roster says is under 14. A text that is no longer offered is shown to who gave
    it, until another of its kind takes its place: it still allows, and can be withdrawn.
    """

    def __init__(self, *, database: Database, clock: Clock, offered: Sequence[ConsentText] = TEXTS) -> None:
        self._database = database
        self._clock = clock
        self._offered = tuple(offered)

    def __call__(self, student_id: str) -> tuple[ConsentText, ...]:
        """Return the texts in the order they are asked for."""
        with self._database.read() as uow:
            given = {row.text_id: row.given_at for row in uow.consents.of(student_id) if row.withdrawn_at is None}
            child = is_child(uow, student_id, now=self._clock.now())
        texts = (text for text in ALL_TEXTS if text in self._offered or text.id in given)
        return tuple(
            replace(text, given_at=given.get(text.id))
            for text in texts
            if child or text.kind is not ConsentKind.GUARDIAN
        )


class GiveConsent:
    """Record that a student agreed to one version of one text, which takes the place of any other version."""

    def __init__(self, *, database: Database, clock: Clock, offered: Sequence[ConsentText] = TEXTS) -> None:
        self._database = database
        self._clock = clock
        self._offered = tuple(offered)

    def __call__(self, student_id: str, consent_id: str, *, guardian: Guardian | None = None) -> ConsentText:
        """Return the text as given; giving it twice keeps the first time.

        Raises NotFound, and InvalidRequest where a guardian's consent comes without the guardian's name, or another
        with one.
        """
        text = find_text(consent_id, among=self._offered)
        if text is None:
            raise NotFound(kind="consent", id=consent_id)
        if (text.kind is ConsentKind.GUARDIAN) != (guardian is not None):
            raise InvalidRequest(reason="guardian")
        now = self._clock.now()
        with self._database.write() as uow:
            for row in uow.consents.of(student_id):
                if row.text_id == text.id and row.withdrawn_at is None:
                    return replace(text, given_at=row.given_at)
            _supersede(uow, student_id, text, now=now)
            uow.consents.add(
                ConsentRow(
                    id=new_id("cs", now=now),
                    student_id=student_id,
                    text_id=text.id,
                    kind=text.kind,
                    text_sha256=text_sha256(text),
                    given_at=now,
                    guardian=guardian,
                )
            )
            uow.commit()
        return replace(text, given_at=now)


def _supersede(uow: UnitOfWork, student_id: str, text: ConsentText, *, now: datetime) -> None:
    """End the other versions of a text, so that withdrawing the one on the screen leaves none behind it."""
    for other in ALL_TEXTS:
        if other.kind is text.kind and other.id != text.id:
            uow.consents.withdraw(student_id, other.id, now=now)


class WithdrawConsent:
    """Take a consent back and delete what rests on it.

    Every photo goes with either consent. Without the privacy consent the profiles and the bond to the roster go too.
    """

    def __init__(self, *, database: Database, clock: Clock, blobs: Blobs) -> None:
        self._database = database
        self._clock = clock
        self._blobs = blobs

    def __call__(self, student_id: str, consent_id: str) -> None:
        """Stop and delete. Raises NotFound where this consent is not given."""
        now = self._clock.now()
        with self._database.write() as uow:
            kinds = {row.kind for row in uow.consents.of(student_id) if row.text_id == consent_id}
            if not uow.consents.withdraw(student_id, consent_id, now=now):
                raise NotFound(kind="consent", id=consent_id)
            keys = erase_photos(uow, uow.photos.of_student(student_id), by="student", now=now)
            if ConsentKind.PRIVACY in kinds:
                uow.notices.drop_of(student_id, now=now)
                uow.submissions.forget_profiles(student_id)
                uow.drafts.forget(student_id)
                uow.record_errors.forget_messages(student_id)
                uow.roster.unbind(student_id)
            uow.commit()
        let_go(self._database, self._blobs, keys)
