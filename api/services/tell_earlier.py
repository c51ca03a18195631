"""Tell a campaign's registry of what happened before it was named, or before it was to be told of such things."""

from api.domain.campaign import Campaign
from api.domain.delivery import Delivery, Event
from api.domain.errors import InvalidRequest
from api.domain.photo import PhotoState
from api.domain.ports import Bell, Clock, Database
from api.domain.repositories import UnitOfWork
from api.domain.submission import SubmissionFilter, SubmissionState
from api.services.deeds import Deed, unrecorded
from api.services.events import announce, has_heard, owe
from api.services.guards import find_campaign

_PART = 100
"""Submissions to a transaction, so that students can write meanwhile."""

_TOLD_AS = {SubmissionState.APPROVED: Event.APPROVED, SubmissionState.SUBMITTED: Event.SUBMITTED}
"""What stands, and the event that says so. Nothing else is a photo that a registry may hold."""


class TellEarlier:
    """Owe a campaign's registry the events of what stands and what it has not heard.

    Asked twice, the second time owes nothing: what was owed counts as heard. Killed in the middle, it has told of some
    and not of others; asked again, it tells of the rest.
    """

    def __init__(self, *, database: Database, clock: Clock, bell: Bell) -> None:
        self._database = database
        self._clock = clock
        self._bell = bell

    def __call__(self, campaign: str, *, most: int | None = None, deed: Deed = unrecorded) -> int:
        """Return how many events are owed now, after `most` of which it stops before the next part.

        The deed is put on record with each part. Raises NotFound, InvalidRequest for a campaign without a registry.
        """
        with self._database.read() as uow:
            found = find_campaign(uow, campaign)
            if found.registry_id is None:
                raise InvalidRequest(reason="the campaign has no registry")
            ids = [
                one
                for state in _TOLD_AS
                for one in uow.submissions.ids(SubmissionFilter(campaign=found.id, state=state, current=True))
            ]
        told = 0
        for start in range(0, len(ids), _PART):
            if most is not None and told >= most:
                break
            told += self._part(found.id, ids[start : start + _PART], deed)
        return told

    def _part(self, campaign_id: str, ids: list[str], deed: Deed) -> int:
        with self._database.write() as uow:
            campaign = find_campaign(uow, campaign_id)
            fresh = [delivery for one in ids for delivery in self._owed(uow, campaign, one)]
            deed(uow, len(fresh))
            uow.commit()
        announce(self._bell, fresh)
        return len(fresh)

    def _owed(self, uow: UnitOfWork, campaign: Campaign, submission_id: str) -> tuple[Delivery, ...]:
        entry = uow.submissions.get(submission_id)
        photo = uow.photos.get(entry.photo_id) if entry else None
        event = _TOLD_AS.get(entry.state) if entry else None
        if entry is None or event is None or photo is None or photo.state is not PhotoState.READY:
            return ()
        if has_heard(uow, photo, campaign) is event:
            return ()
        return owe(uow, entry, event, now=self._clock.now())
