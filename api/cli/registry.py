"""Receiving systems on the command line."""

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import click

from api.bootstrap import House
from api.cli.surroundings import open_house, var_option
from api.cli.tables import show
from api.cli.times import beijing
from api.domain.delivery import Attempt
from api.services.rotate_secret import OVERLAP

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
        ("id", "name", "url", "secrets", "embeds photo", "failures", "held back until", "disabled"),
        [
            (
                one.id,
                one.name,
                one.url,
                len(one.secrets),
                "yes" if one.embed_photo else "no",
                one.circuit.failures,
                one.circuit.open_until and beijing(one.circuit.open_until),
                one.disabled_at and beijing(one.disabled_at),
            )
            for one in found
        ],
    )


@registry.command()
@click.argument("name")
@click.argument("url")
@click.option("--embed-photo", is_flag=True, help="Put the JPEG into each event, in base64.")
@var_option
def add(name: str, url: str, embed_photo: bool, var: Path | None) -> None:
    """Make a registry known, and print its two secrets, this once."""
    with open_house(var) as house:
        made = house.add_registry(name, url=url, embed_photo=embed_photo)
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
@click.option("--url", help="Its new address.")
@click.option("--embed-photo/--no-embed-photo", default=None, help="Put the JPEG into each event, or only a link.")
@var_option
def change(registry_id: str, url: str | None, embed_photo: bool | None, var: Path | None) -> None:
    """Change where a registry is and what it is sent."""
    with open_house(var) as house:
        after = house.change_registry(registry_id, url=url, embed_photo=embed_photo)
    click.echo(f"{after.id} {after.url}, {'with' if after.embed_photo else 'without'} the photo in each event")


@registry.command()
@click.argument("registry_id", metavar="REGISTRY")
@var_option
def disable(registry_id: str, var: Path | None) -> None:
    """Send nothing to a registry until it is enabled; what it is owed waits."""
    with open_house(var) as house:
        house.registry.switch.off(registry_id)
    click.echo(f"{registry_id} is disabled; what it is owed waits")


@registry.command()
@click.argument("registry_id", metavar="REGISTRY")
@var_option
def enable(registry_id: str, var: Path | None) -> None:
    """Ask a registry again, after it was disabled or answered 410."""
    with open_house(var) as house:
        house.registry.switch.on(registry_id)
    click.echo(f"{registry_id} is enabled; what is due goes out now")


@registry.command("verify-endpoint")
@click.argument("registry_id", metavar="REGISTRY")
@var_option
def verify_endpoint(registry_id: str, var: Path | None) -> None:
    """Try a registry as an attacker, a retry and a newer version would. Exit status 1 unless it is right every time."""
    with open_house(var) as house:
        trials = house.verify_endpoint(registry_id)
    show(
        ("", "trial", "answered", "advice"),
        [
            (
                "✓" if one.right else "✗",
                one.question,
                one.answer.status or one.answer.error,
                None if one.right else one.advice,
            )
            for one in trials
        ],
    )
    if not all(one.right for one in trials):
        raise click.ClickException("the endpoint does not do what docs/registry.md asks for")


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


@registry.command("tell-earlier")
@click.argument("campaign")
@var_option
def tell_earlier(campaign: str, var: Path | None) -> None:
    """Tell a campaign's registry of what was handed in and approved before it was named, as far as it has not heard."""
    with open_house(var) as house:
        told = house.registry.tell_earlier(campaign)
    click.echo(f"{told} events are owed; what it had heard of is not told again")


@registry.command("rotate-secret")
@click.argument("registry_id", metavar="REGISTRY")
@click.option("--finish", is_flag=True, help="Let the newest secret alone count.")
@click.option("--answers", is_flag=True, help="The secret of what the registry answers, not of what we send.")
@click.option(
    "--days",
    type=click.IntRange(1, 30),
    default=OVERLAP.days,
    show_default=True,
    help="How long the old secret counts as well.",
)
@var_option
def rotate_secret(registry_id: str, finish: bool, answers: bool, days: int, var: Path | None) -> None:
    """Print a new secret, which counts beside the old one for --days, or until --finish."""
    with open_house(var) as house:
        rotate = house.registry.rotate_answers if answers else house.registry.rotate
        if finish:
            rotate.finish(registry_id)
            click.echo("the newest secret alone counts from now on")
            return
        rotation = rotate.begin(registry_id, overlap=timedelta(days=days))
    click.echo(rotation.secret)
    again = f"idphoto registry rotate-secret {registry_id}{' --answers' if answers else ''} --finish"
    until = beijing(rotation.old_until) if rotation.old_until else "then"
    click.echo(f"Both secrets count until {until} (Beijing). When the school has moved before: {again}", err=True)


def _first_try(house: House, delivery_id: str, *, deadline: float, sleep: Callable[[float], None]) -> Attempt | None:
    while True:
        ended = [attempt for attempt in house.list_attempts(delivery_id) if attempt.ended_at is not None]
        if ended or time.monotonic() > deadline:
            return ended[0] if ended else None
        sleep(_LOOK_EVERY_S)
