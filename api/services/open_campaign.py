"""Open a campaign, or move the window of one that is known by its slug."""

from dataclasses import dataclass, replace
from datetime import datetime

from api.domain.campaign import Campaign
from api.domain.errors import InvalidRequest
from api.domain.ids import new_id
from api.domain.ports import Clock, Database
from api.services.campaign_templates import CampaignTemplate


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

    def __call__(self, template: CampaignTemplate, *, slug: str, window: Window, registry_id: str | None) -> Campaign:
        """Return the campaign; an existing slug keeps its id and gets the new window. Raises InvalidRequest."""
        if window.ends_at <= window.starts_at:
            raise InvalidRequest(reason="window")
        now = self._clock.now()
        with self._database.write() as uow:
            known = uow.campaigns.by_slug(slug)
            if known is not None:
                moved = replace(known, starts_at=window.starts_at, ends_at=window.ends_at, registry_id=registry_id)
                uow.campaigns.save(moved)
                uow.commit()
                return moved
            campaign = Campaign(
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
            )
            uow.campaigns.add(campaign)
            uow.commit()
        return campaign
