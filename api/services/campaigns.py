"""The campaigns a student can see."""

from api.domain.campaign import Campaign, CampaignView
from api.domain.ports import Clock, Database
from api.domain.repositories import UnitOfWork
from api.services.guards import find_campaign, row_in


class ListCampaigns:
    """Show all campaigns, the student's own bonds marked."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def __call__(self, student_id: str) -> tuple[CampaignView, ...]:
        """Return those that are open, will open or were open, oldest first."""
        with self._database.read() as uow:
            return tuple(_view(uow, campaign, student_id, clock=self._clock) for campaign in uow.campaigns.all())


class GetCampaign:
    """Show one campaign."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def __call__(self, student_id: str, campaign: str) -> CampaignView:
        """Return the campaign of that id or slug. Raises NotFound."""
        with self._database.read() as uow:
            return _view(uow, find_campaign(uow, campaign), student_id, clock=self._clock)


def _view(uow: UnitOfWork, campaign: Campaign, student_id: str, *, clock: Clock) -> CampaignView:
    row = row_in(uow, student_id, campaign.id)
    extension = uow.extensions.get(row.id) if row else None
    return CampaignView(
        campaign=campaign,
        window=campaign.window(clock.now(), extension=extension),
        bound=row is not None,
        ends_at=campaign.ends_for(extension),
    )
