"""Keep what a student has filled in of a campaign's form, until it is handed in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from api.domain.campaign import Draft
from api.domain.consent import ConsentKind
from api.domain.errors import ProfileFault
from api.domain.ports import Clock, Database
from api.services.guards import bound_row, find_campaign, refuse_second, require_consents
from api.services.profiles import faults_of


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft, when it was saved (None: nothing was, and this is what was handed in last), and what is still wrong."""

    profile: Mapping[str, Any] = field(repr=False)
    saved_at: datetime | None
    faults: tuple[ProfileFault, ...]


class SaveDraft:
    """Keep an unfinished profile."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def __call__(self, student_id: str, *, campaign: str, profile: Mapping[str, Any]) -> DraftView:
        """Return it with everything that does not fit yet; nothing of that is refused.

        One that arrives after its form was handed in is not kept. Raises AlreadySubmitted, NotFound, ConsentRequired,
        IdentityRequired, CampaignNotOpen and CampaignClosed.
        """
        now = self._clock.now()
        with self._database.write() as uow:
            require_consents(uow, student_id, ConsentKind.PRIVACY)
            found = find_campaign(uow, campaign)
            row = bound_row(uow, student_id, found.id)
            refuse_second(uow, student_id, found)
            found.require_open(now, extension=uow.extensions.get(row.id))
            uow.drafts.put(Draft(student_id=student_id, campaign_id=found.id, profile=dict(profile), saved_at=now))
            uow.commit()
        return DraftView(profile=dict(profile), saved_at=now, faults=faults_of(found.profile_schema, profile))


class ReadDraft:
    """Show what a student has filled in."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def __call__(self, student_id: str, *, campaign: str) -> DraftView:
        """Return the draft, or what was handed in last, or nothing filled in. Raises NotFound, IdentityRequired."""
        with self._database.read() as uow:
            found = find_campaign(uow, campaign)
            row = bound_row(uow, student_id, found.id)
            draft = uow.drafts.get(student_id, found.id)
            latest = uow.submissions.latest(row.id)
        profile: Mapping[str, Any] = {}
        if draft is not None:
            profile = draft.profile
        elif latest is not None and latest.student_id == student_id:
            profile = latest.profile
        return DraftView(
            profile=profile,
            saved_at=draft.saved_at if draft else None,
            faults=faults_of(found.profile_schema, profile),
        )
