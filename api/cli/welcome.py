"""What `idphoto up` prints: where to look, whom to be, which commands a counsellor has."""

from pathlib import Path

import click

from api.cli.stack import Stack
from api.cli.surroundings import VAR


def welcome(stack: Stack, *, var: Path) -> None:
    """Print addresses, the sample campaigns and people, and the staff's commands."""
    option = "" if var == VAR else f" --var {var}"
    lines = [
        "",
        f"  Student page       {stack.url}/",
        f"  API                {stack.url}/docs",
        f"  Sample registry    {stack.registry_url}/",
        *_fake_wechat(stack),
        f"  Logs               {var / 'log'}/",
        "  Mini-program       docs/wechat.md: open miniprogram/ in WeChat DevTools against this address",
        "",
        "  Log in under any name, then prove to be one of these people (all invented):",
        "",
        *_people(stack),
        "",
        "  The counsellor's desk, in another terminal:",
        "",
        f"    idphoto review list{option}",
        f"    idphoto review approve SUBMISSION{option}",
        f"    idphoto review return SUBMISSION --reason 请重拍{option}",
        f"    idphoto deliveries list{option}",
        "",
        "  Ctrl-C ends everything.",
        "",
    ]
    click.echo("\n".join(lines))


def _fake_wechat(stack: Stack) -> list[str]:
    url = stack.fake_wechat_url
    return [f"  Fake WeChat        {url}/_fake/login/NAME (POST: the code that wx.login would give)"] if url else []


def _people(stack: Stack) -> list[str]:
    lines: list[str] = []
    for campaign in stack.seeded.campaigns:
        lines.append(f"    {campaign.name} ({campaign.slug}, spec {campaign.spec})")
        lines += [
            f"      {row.id_number}  {row.name}  {row.college} {row.class_}"
            for row in stack.seeded.roster
            if row.campaign_id == campaign.id
        ]
    return lines
