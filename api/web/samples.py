"""The fictional people of a trial installation, so that its sign-in page can name someone to be.

Read where the sample roster lies, not through a service: nobody but this page may ever list a roster to a stranger.
"""

from collections.abc import Sequence

from api.bootstrap import House
from api.domain.identity import RosterRow
from api.services.seed import REGISTRY_NAME

MARK = "示例"
"""Every made-up person's name ends with it; a real roster imported beside the sample stays hidden."""


def sample_people(house: House) -> Sequence[RosterRow]:
    """Return the sample roster where signing in by name is on, nobody anywhere else."""
    if not house.settings.dev_login:
        return ()
    with house.parts.database.read() as uow:
        registry = uow.registries.by_name(REGISTRY_NAME)
        if registry is None:
            return ()
        campaigns = [campaign for campaign in uow.campaigns.all() if campaign.registry_id == registry.id]
        rows = [row for campaign in campaigns for row in uow.roster.of_campaign(campaign.id)]
    return tuple(row for row in rows if row.name.endswith(MARK))
