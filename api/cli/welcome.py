"""What `idphoto up` prints: where to look, whom to be, which commands a counsellor has."""

import shutil
import sys
from pathlib import Path

import click

from api.cli.stack import Stack
from api.cli.surroundings import VAR
from api.domain.reviewer import Role

_CLIENT_EXPECTS = "http://127.0.0.1:8000"
"""What `develop` stands for in miniprogram/client/config.js as it is delivered."""


_WORK = {
    Role.COUNSELLOR: "reviews 软件学院 and 教育学院 at /console/review",
    Role.REGISTRAR: "runs the campaigns at /console/campaigns",
}


def program() -> str:
    """Return how a shell in this folder calls this installation: `make` puts nothing on anybody's PATH."""
    return as_typed(Path(sys.executable).with_name("idphoto"), known=shutil.which("idphoto"), folder=Path.cwd())


def as_typed(own: Path, *, known: str | None, folder: Path) -> str:
    """Return what to type for the program `own` in `folder`; `known`: what the bare name starts, if anything."""
    if known is not None and Path(known) == own:
        return own.name
    return str(own.relative_to(folder) if own.is_relative_to(folder) else own)


def welcome(stack: Stack, *, var: Path, idphoto: str = "idphoto") -> None:
    """Print addresses, the sample campaigns and people, and the staff's commands, as `idphoto` is typed here."""
    option = "" if var == VAR else f" --var {var}"
    lines = [
        "",
        f"  Student page       {stack.url}/",
        f"  Staff console      {stack.url}/console/",
        f"  API                {stack.url}/docs",
        f"  Sample registry    {stack.registry_url}/",
        *_fake_wechat(stack),
        f"  Logs               {var / 'log'}/",
        "",
        "  Three logins, for this machine alone; each begins where its person's work begins:",
        "",
        *_logins(stack, idphoto=idphoto, option=option),
        "",
        "  The students of the sample rosters (all invented):",
        "",
        *_people(stack),
        "",
        *_mini_program(stack),
        "",
        "  The same desk without a browser, in another terminal:",
        "",
        f"    {idphoto} review list{option}",
        f"    {idphoto} review approve SUBMISSION{option}",
        f"    {idphoto} review return SUBMISSION --reason 请重拍{option}",
        f"    {idphoto} deliveries list{option}",
        "",
        "  Ctrl-C ends everything.",
        "",
    ]
    click.echo("\n".join(lines))


def _logins(stack: Stack, *, idphoto: str, option: str) -> list[str]:
    """Return one line a person: who, with what, and where the login leads."""
    first = next(iter(stack.seeded.roster), None)
    proof = f", then {first.name} {first.id_number}" if first else ""
    lines = [f"    student      any name{proof}: takes a photo at {stack.url}/"]
    for one in stack.staff:
        known = f"password {one.password}" if one.password else f"`{idphoto} staff reset-password {one.login}{option}`"
        lines.append(f"    {one.login:<12} {known}: {_WORK[one.role]}")
    return lines


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


def _mini_program(stack: Stack) -> list[str]:
    """Return how to walk the same way in WeChat's own simulator, without an account."""
    at = "already" if stack.url == _CLIENT_EXPECTS else "set develop to it"
    return [
        "  The same in WeChat DevTools, no account of one's own needed (docs/wechat.md, section 8):",
        "",
        "    1. Import the folder miniprogram/; its AppID is touristappid, the test account (测试号).",
        '    2. Details > Local settings: tick "Do not verify valid domain names" (不校验合法域名).',
        f"    3. Server: {stack.url} in miniprogram/client/config.js ({at}); compile.",
        "",
        "    What a school fills in for its own mini-program: docs/wechat.md, sections 2 to 7.",
    ]
