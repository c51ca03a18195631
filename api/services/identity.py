"""Bind a login to the roster row it proves to be."""

import hmac
from datetime import timedelta

from api.domain.consent import ConsentKind
from api.domain.errors import AlreadyBound, IdentityMismatch, TooManyAttempts
from api.domain.id_number import normalise_id_number
from api.domain.identity import RosterRow
from api.domain.ports import Clock, Database
from api.domain.repositories import UnitOfWork
from api.services.guards import find_campaign, require_consents

LIMIT = 5
WINDOW = timedelta(hours=1)


class BindIdentity:
    """Prove to be a person of a campaign's roster by name and ID number together."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def __call__(self, student_id: str, *, campaign: str, name: str, id_number: str) -> RosterRow:
        """Return the row, now the student's.

        A number that fails its own checksum costs no attempt: a slip of the finger is not a guess. Raises
        IdNumberInvalid, TooManyAttempts, IdentityMismatch, AlreadyBound, ConsentRequired, NotFound.
        """
        number = normalise_id_number(id_number)
        with self._database.write() as uow:
            require_consents(uow, student_id, ConsentKind.PRIVACY)
            found = find_campaign(uow, campaign)
            self._spend_attempt(uow, student_id)
            row = uow.roster.by_id_number(found.id, number)
            if row is None or not _same_name(row.name, name):
                uow.commit()
                raise IdentityMismatch
            bound = self._bind(uow, student_id, row)
            uow.commit()
        return bound

    def _spend_attempt(self, uow: UnitOfWork, student_id: str) -> None:
        now = self._clock.now()
        if uow.identity_attempts.count(student_id, since=now - WINDOW) >= LIMIT:
            raise TooManyAttempts(retry_after=int(WINDOW.total_seconds()), limit=LIMIT, hours=1)
        uow.identity_attempts.add(student_id, now=now)

    def _bind(self, uow: UnitOfWork, student_id: str, row: RosterRow) -> RosterRow:
        if row.student_id == student_id:
            return row
        mine = {other.campaign_id for other in uow.roster.of_student(student_id)}
        if row.campaign_id in mine or not uow.roster.bind(row.id, student_id=student_id, now=self._clock.now()):
            uow.commit()
            raise AlreadyBound
        fresh = uow.roster.get(row.id)
        return fresh or row


def _same_name(known: str, given: str) -> bool:
    return hmac.compare_digest(_plain(known), _plain(given))


def _plain(name: str) -> bytes:
    """Drop spaces and unify the dots that names of minorities are written with."""
    return "".join(name.split()).translate(_DOTS).encode()


_DOTS = str.maketrans(dict.fromkeys("•・‧∙．.", "·"))
