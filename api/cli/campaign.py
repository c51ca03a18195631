"""Campaigns on the command line."""

from datetime import datetime
from pathlib import Path

import click

from api.cli.refusal import Refusal
from api.cli.remind import remind, show_missing
from api.cli.review import as_option
from api.cli.surroundings import open_house, var_option
from api.cli.tables import show
from api.cli.times import BeijingTime, beijing
from api.domain.standing import Group, Grouping
from api.services.campaign_desk import CampaignStand
from api.services.campaign_templates import TEMPLATES, CampaignTemplate
from api.services.open_campaign import DELIVER_ON, Window

_TIME = BeijingTime()


@click.group()
def campaign() -> None:
    """Open campaigns, give students longer, and see how far each has come. Times are Beijing time."""


campaign.add_command(remind)


@campaign.command()
@click.option(
    "--template", "template_id", type=click.Choice(sorted(TEMPLATES)), required=True, help="What it asks for."
)
@click.option("--slug", required=True, help="Its short name in addresses: small letters, digits, hyphens.")
@click.option("--name", help="Its name for students. [the template's]")
@click.option("--starts", type=_TIME, help="First second. [the notice's, where it gives one]")
@click.option("--ends", type=_TIME, help="Last second, still inside. [the notice's]")
@click.option("--registry", "registry_id", help="The registry that is told, by id.")
@click.option("--deliver-on", multiple=True, type=click.Choice(list(DELIVER_ON)), help="When it is told; repeatable.")
@var_option
def create(
    template_id: str,
    slug: str,
    name: str | None,
    starts: datetime | None,
    ends: datetime | None,
    registry_id: str | None,
    deliver_on: tuple[str, ...],
    var: Path | None,
) -> None:
    """Open a campaign from a template; an existing slug gets the new window, and the registry where one is given."""
    template = TEMPLATES[template_id]
    window = _window(template, starts, ends)
    wanted = frozenset(DELIVER_ON[word].value for word in deliver_on) or None
    with open_house(var) as house:
        made = house.open_campaign(
            template, slug=slug, window=window, registry_id=registry_id, name=name, deliver_on=wanted
        )
    click.echo(f"{made.id} {made.slug}: {beijing(made.starts_at)} to {beijing(made.ends_at)}, Beijing time")


@campaign.command()
@click.argument("wanted", metavar="CAMPAIGN")
@click.argument("student_numbers", metavar="STUDENT_NUMBER…", nargs=-1, required=True)
@click.option("--until", type=_TIME, required=True, help="Their last second.")
@click.option("--reason", required=True, help="Why; kept with it.")
@as_option
@var_option
def extend(
    wanted: str, student_numbers: tuple[str, ...], until: datetime, reason: str, staff: str, var: Path | None
) -> None:
    """Give named students longer than the rest."""
    with open_house(var) as house:
        given = house.extend_window(wanted, student_numbers, until=until, reason=reason, by=staff)
    click.echo(f"{len(given)} students may submit until {beijing(until)}, Beijing time")


@campaign.command("list")
@var_option
def list_campaigns(var: Path | None) -> None:
    """List every campaign."""
    with open_house(var) as house:
        stands = house.show_campaigns()
    show(
        ("id", "slug", "name", "spec", "window", "ends", "people", "submissions"),
        [
            (
                stand.campaign.id,
                stand.campaign.slug,
                stand.campaign.name,
                stand.campaign.spec,
                stand.window.value,
                beijing(stand.campaign.ends_at),
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
        [stand] = house.show_campaigns(wanted)
        with house.parts.database.read() as uow:
            longer = uow.extensions.of_campaign(stand.campaign.id)
    found = stand.campaign
    show(
        ("field", "value"),
        [
            ("id", found.id),
            ("slug", found.slug),
            ("name", found.name),
            ("template", found.template),
            ("spec", found.spec),
            ("window", stand.window.value),
            ("starts", beijing(found.starts_at)),
            ("ends", beijing(found.ends_at)),
            ("registry", found.registry_id),
            ("delivers on", ", ".join(sorted(found.deliver_on))),
            ("people", stand.people),
            ("bound", stand.bound),
            ("submissions", _counts(stand)),
            ("form", ", ".join(found.profile_schema.get("properties", {}))),
            ("file name", found.file_name),
            ("extensions", ", ".join(f"until {beijing(one.until)} by {one.by}" for one in longer) or "none"),
        ],
    )


@campaign.command()
@click.argument("wanted", metavar="CAMPAIGN")
@click.option("--by", type=click.Choice([one.value for one in Grouping]), default="college", show_default=True)
@click.option("--missing", is_flag=True, help="List who has nothing under review or approved, and why.")
@click.option("--days", is_flag=True, help="Count by day instead.")
@var_option
def stats(wanted: str, by: str, missing: bool, days: bool, var: Path | None) -> None:
    """Show who has submitted and who has not, by college, grade, major or class, or day by day."""
    with open_house(var) as house:
        if missing:
            show_missing((one, ()) for one in house.show_progress.missing(wanted))
        elif days:
            counts = house.show_progress.days(wanted)
            show(("day", "submitted", "approved"), [(one.day, one.submitted, one.approved) for one in counts])
        else:
            _show_groups(house.show_progress.groups(wanted, Grouping(by)), Grouping(by))


@campaign.command()
@click.argument("wanted", metavar="CAMPAIGN")
@var_option
def exports(wanted: str, var: Path | None) -> None:
    """List who took photos out, when and why."""
    with open_house(var) as house:
        found = house.list_exports(wanted)
    show(
        ("id", "by", "reason", "as of", "photos", "sha256"),
        [(one.id, one.by, one.reason, beijing(one.as_of), one.photos, one.sha256) for one in found],
    )


def _window(template: CampaignTemplate, starts: datetime | None, ends: datetime | None) -> Window:
    first, last = starts or template.starts_at, ends or template.ends_at
    if first is None or last is None:
        raise Refusal(f"window_missing: the notice behind {template.id} does not say when it opens\nGive --starts.")
    return Window(starts_at=first, ends_at=last)


def _show_groups(groups: tuple[Group, ...], by: Grouping) -> None:
    width = list(Grouping).index(by) + 1
    names = ("people", "bound", "submitted", "approved", "returned", "revoked", "never", "missing")
    columns = (*(one.value for one in list(Grouping)[:width]), *names)
    show(columns, [(*one.place, *(getattr(one, name) for name in names)) for one in groups])


def _counts(stand: CampaignStand) -> str:
    return ", ".join(f"{count} {state}" for state, count in sorted(stand.submissions.items())) or "none"
