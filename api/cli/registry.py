"""Receiving systems on the command line."""

import time
from collections.abc import Callable
from pathlib import Path

import click

from api.bootstrap import House
from api.cli.surroundings import open_house, var_option
from api.cli.tables import show
from api.domain.delivery import Attempt
from api.services.rotate_secret import RotateSecret

_LOOK_EVERY_S = 0.2


@click.group()
def registry() -> None:
    """The school systems that receive events."""


@registry.command("list")
@var_option
def list_registries(var: Path | None) -> None:
    """List every registry; secrets are not shown."""
    with open_house(var) as house:
        found = house.list_registries()
    show(
        ("id", "name", "url", "secrets", "disabled"),
        [
            (one.id, one.name, one.url, len(one.secrets), one.disabled_at and one.disabled_at.isoformat())
            for one in found
        ],
    )


@registry.command()
@click.argument("name")
@click.argument("url")
@var_option
def add(name: str, url: str, var: Path | None) -> None:
    """Make a registry known, and print its two secrets, this once."""
    with open_house(var) as house:
        made = house.add_registry(name, url=url)
    show(
        ("field", "value"),
        [
            ("id", made.id),
            ("secret for what we send", made.secrets[0]),
            ("secret for what it answers", made.answer_secrets[0]),
        ],
    )


@registry.command()
@click.argument("registry_id", metavar="REGISTRY")
@click.option("--wait", default=10.0, show_default=True, help="Seconds to wait for the answer.")
@var_option
def ping(registry_id: str, wait: float, var: Path | None) -> None:
    """Send a registry.ping and tell what came of the first try. Exit status 1 unless it was taken."""
    with open_house(var) as house:
        delivery = house.ping_registry(registry_id)
        tried = _first_try(house, delivery.id, deadline=time.monotonic() + wait, sleep=house.clock.sleep)
    if tried is None:
        raise click.ClickException(f"{delivery.id}: no worker has tried within {wait:g} s; is one running?")
    if tried.error is not None:
        raise click.ClickException(f"{delivery.id}: {tried.error}")
    click.echo(f"{delivery.id}: taken, {tried.status} after {tried.elapsed_ms or 0:.0f} ms")


@registry.command("rotate-secret")
@click.argument("registry_id", metavar="REGISTRY")
@click.option("--finish", is_flag=True, help="Let the newest secret alone sign.")
@var_option
def rotate_secret(registry_id: str, finish: bool, var: Path | None) -> None:
    """Print a new secret, which signs beside the old one until --finish."""
    with open_house(var) as house:
        rotate = RotateSecret(database=house.parts.database)
        if finish:
            rotate.finish(registry_id)
            click.echo("the newest secret alone signs from now on")
            return
        rotation = rotate.begin(registry_id)
    click.echo(rotation.secret)
    click.echo(
        f"Both secrets sign. When the school has moved: idphoto registry rotate-secret {registry_id} --finish", err=True
    )


def _first_try(house: House, delivery_id: str, *, deadline: float, sleep: Callable[[float], None]) -> Attempt | None:
    while True:
        ended = [attempt for attempt in house.list_attempts(delivery_id) if attempt.ended_at is not None]
        if ended or time.monotonic() > deadline:
            return ended[0] if ended else None
        sleep(_LOOK_EVERY_S)
