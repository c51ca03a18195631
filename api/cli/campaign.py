"""Campaigns on the command line."""

from pathlib import Path

import click

from api.cli.surroundings import open_house, var_option
from api.cli.tables import show
from api.services.campaign_desk import CampaignStand, ShowCampaigns


@click.group()
def campaign() -> None:
    """See the campaigns and how far each has come."""


@campaign.command("list")
@var_option
def list_campaigns(var: Path | None) -> None:
    """List every campaign."""
    with open_house(var) as house:
        stands = ShowCampaigns(database=house.parts.database, clock=house.clock)()
    show(
        ("id", "slug", "name", "spec", "window", "ends (UTC)", "people", "submissions"),
        [
            (
                stand.campaign.id,
                stand.campaign.slug,
                stand.campaign.name,
                stand.campaign.spec,
                stand.window.value,
                stand.campaign.ends_at.isoformat(),
                stand.people,
                _counts(stand),
            )
            for stand in stands
        ],
    )


@campaign.command("show")
@click.argument("wanted", metavar="CAMPAIGN")
@var_option
def show_campaign(wanted: str, var: Path | None) -> None:
    """Show one campaign, by its id or slug."""
    with open_house(var) as house:
        [stand] = ShowCampaigns(database=house.parts.database, clock=house.clock)(wanted)
    found = stand.campaign
    show(
        ("field", "value"),
        [
            ("id", found.id),
            ("slug", found.slug),
            ("name", found.name),
            ("spec", found.spec),
            ("window", stand.window.value),
            ("starts (UTC)", found.starts_at.isoformat()),
            ("ends (UTC)", found.ends_at.isoformat()),
            ("registry", found.registry_id),
            ("delivers on", ", ".join(sorted(found.deliver_on))),
            ("people", stand.people),
            ("bound", stand.bound),
            ("submissions", _counts(stand)),
            ("form", ", ".join(found.profile_schema.get("properties", {}))),
        ],
    )


def _counts(stand: CampaignStand) -> str:
    return ", ".join(f"{count} {state}" for state, count in sorted(stand.submissions.items())) or "none"
