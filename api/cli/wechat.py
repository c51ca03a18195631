"""The school's mini-program on the command line: are its settings right, and codes for posters."""

from pathlib import Path

import click

from api.cli.surroundings import open_house, var_option
from api.cli.tables import show


@click.group()
def wechat() -> None:
    """The school's mini-program."""


@wechat.command()
@var_option
def check(var: Path | None) -> None:
    """Ask WeChat whether it knows the account (AppID, AppSecret, IP allow-list), and show what is set up."""
    with open_house(var) as house:
        account = house.settings.wechat
        if account is not None:
            house.parts.wechat.check_account()
    if account is None:
        show(("what", "state"), [("account", "not set up: WECHAT_APP_ID, WECHAT_APP_SECRET")])
        return
    told = {one.kind.value for one in account.templates}
    rows = [
        ("account", f"{account.app_id} is known to {account.base_url}"),
        ("version", account.version),
        ("message push", "secure mode, /wechat/push" if account.push else "not set up"),
        *(
            (f"notice {kind}", "set up" if kind in told else "not set up")
            for kind in ("returned", "approved", "closing")
        ),
    ]
    show(("what", "state"), rows)


@wechat.command()
@click.option("--campaign", required=True, help="The campaign, by id or slug.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The picture.")
@var_option
def poster(campaign: str, output: Path, var: Path | None) -> None:
    """Fetch a mini-program code that opens a campaign, to print on a class poster."""
    with open_house(var) as house:
        picture = house.make_poster_code(campaign)
    output.write_bytes(picture)
    click.echo(f"{output}: {len(picture)} bytes")
