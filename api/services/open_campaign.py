"""Open a campaign, move the window of one that is known by its slug, give named students longer."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from api.domain.campaign import Campaign, Extension
from api.domain.delivery import Event
from api.domain.errors import InvalidRequest, NotFound
from api.domain.identity import RosterRow
from api.domain.ids import new_id
from api.domain.ports import Clock, Database
from api.domain.repositories import UnitOfWork
from api.domain.submission import given_reason
from api.services.campaign_templates import CampaignTemplate
from api.services.deeds import Deed, unrecorded
from api.services.guards import find_campaign

DELIVER_ON: dict[str, Event] = {"ready": Event.READY, "submitted": Event.SUBMITTED, "approved": Event.APPROVED}
"""When a campaign's registry may be told, by the word people use."""

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,98}[a-z0-9]")


@dataclass(frozen=True, slots=True)
class Window:
    """First and last second of a campaign, aware."""

    starts_at: datetime
    ends_at: datetime


class OpenCampaign:
    """Make a campaign from a template."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def __call__(
        self,
        template: CampaignTemplate,
        *,
        slug: str,
        window: Window,
        registry_id: str | None,
        name: str | None = None,
        deliver_on: frozenset[str] | None = None,
    ) -> Campaign:
        """Return the campaign; an existing slug keeps its id and gets the new window, and the registry if one is given.

        Who only moves the end says nothing of a registry: what is approved from then on must still be told.

        Raises InvalidRequest for a window without a second in it or a malformed slug, NotFound for no such registry.
        """
        if window.ends_at <= window.starts_at:
            raise InvalidRequest(reason="window")
        if not _SLUG.fullmatch(slug):
            raise InvalidRequest(reason="slug")
        with self._database.write() as uow:
            if registry_id is not None and uow.registries.get(registry_id) is None:
                raise NotFound(kind="registry", id=registry_id)
            known = uow.campaigns.by_slug(slug)
            if known is not None:
                moved = replace(known, starts_at=window.starts_at, ends_at=window.ends_at)
                moved = replace(moved, registry_id=registry_id or known.registry_id)
                uow.campaigns.save(moved)
                uow.commit()
                return moved
            campaign = self._campaign(template, slug=slug, window=window, registry_id=registry_id)
            campaign = replace(campaign, name=name or campaign.name, deliver_on=deliver_on or campaign.deliver_on)
            uow.campaigns.add(campaign)
            uow.commit()
        return campaign

    def _campaign(self, template: CampaignTemplate, *, slug: str, window: Window, registry_id: str | None) -> Campaign:
        now = self._clock.now()
        return Campaign(
            id=new_id("cp", now=now),
            slug=slug,
            name=template.name,
            spec=template.spec,
            starts_at=window.starts_at,
            ends_at=window.ends_at,
            profile_schema=template.profile_schema,
            registry_id=registry_id,
            deliver_on=template.deliver_on,
            created_at=now,
            template=template.id,
            file_name=template.file_name,
        )


class ExtendWindow:
    """Give named students longer than the rest, each with the reason."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def __call__(
        self,
        campaign: str,
        student_numbers: Sequence[str],
        *,
        until: datetime,
        reason: str,
        by: str,
        deed: Deed = unrecorded,
    ) -> tuple[Extension, ...]:
        """Return the extensions; a second one replaces the first. Nothing is kept unless everyone is known.

        Raises NotFound, and InvalidRequest without a reason, for an end before the campaign's own, or for student
        numbers that are not on the roster (`reason` counts them; it names nobody).
        """
        why = given_reason(reason)
        with self._database.write() as uow:
            found = find_campaign(uow, campaign)
            if until <= found.ends_at:
                raise InvalidRequest(reason="until_before_end")
            rows = _rows(uow, found, student_numbers)
            given = tuple(
                Extension(
                    campaign_id=found.id,
                    roster_row_id=row.id,
                    until=until.replace(microsecond=0),
                    reason=why,
                    by=by,
                    given_at=self._clock.now(),
                )
                for row in rows
            )
            for extension in given:
                uow.extensions.put(extension)
                deed(uow, extension)
            uow.commit()
        return given


def _rows(uow: UnitOfWork, campaign: Campaign, student_numbers: Sequence[str]) -> list[RosterRow]:
    found = list(_found(uow, campaign, student_numbers))
    unknown = [place for place, row in enumerate(found, start=1) if row is None]
    if unknown:
        raise InvalidRequest(reason=f"student numbers not on the roster: argument {', '.join(map(str, unknown))}")
    return [row for row in found if row is not None]


def _found(uow: UnitOfWork, campaign: Campaign, student_numbers: Sequence[str]) -> Iterator[RosterRow | None]:
    for number in student_numbers:
        yield uow.roster.by_student_number(campaign.id, number.strip())
