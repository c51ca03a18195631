"""The campaigns a student can see."""

from api.domain.campaign import Campaign, CampaignView
from api.domain.ports import Clock, Database
from api.domain.repositories import UnitOfWork
from api.services.guards import find_campaign


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
    bound = any(row.campaign_id == campaign.id for row in uow.roster.of_student(student_id))
    return CampaignView(campaign=campaign, window=campaign.window(clock.now()), bound=bound)
