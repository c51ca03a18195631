"""What registries are owed, on the command line."""

from pathlib import Path

import click

from api.bootstrap import House
from api.cli.surroundings import open_house, var_option
from api.cli.tables import show
from api.domain.delivery import Delivery

_MOST = 100_000


@click.group()
def deliveries() -> None:
    """Events owed to registries, and every try at them."""


@deliveries.command("list")
@click.option("--state", type=click.Choice(["pending", "sending", "delivered", "dead"]), help="Only these.")
@click.option("--registry", "registry_id", help="Only this registry's, by id.")
@click.option("--limit", default=50, show_default=True, help="At most this many, newest first.")
@var_option
def list_deliveries(state: str | None, registry_id: str | None, limit: int, var: Path | None) -> None:
    """List deliveries with their last try; `--state dead` are the dead letters."""
    with open_house(var) as house:
        found = house.list_deliveries(registry_id=registry_id, state=state, limit=limit)
        rows = [_row(house, delivery) for delivery in found]
    show(("id", "event", "state", "submission", "tries", "next (UTC)", "last try"), rows)


@deliveries.command("show")
@click.argument("delivery_id", metavar="DELIVERY")
@var_option
def show_delivery(delivery_id: str, var: Path | None) -> None:
    """Show every try at one delivery; its id is the `webhook-id` the registry sees."""
    with open_house(var) as house:
        attempts = house.list_attempts(delivery_id)
    show(
        ("try", "started (UTC)", "status", "took ms", "error"),
        [
            (
                attempt.number,
                attempt.started_at.isoformat(timespec="milliseconds"),
                attempt.status,
                None if attempt.elapsed_ms is None else round(attempt.elapsed_ms),
                attempt.error if attempt.ended_at else "not ended: in the air, or its worker was killed",
            )
            for attempt in attempts
        ],
    )


@deliveries.command()
@click.argument("delivery_ids", metavar="DELIVERY…", nargs=-1)
@click.option("--all-dead", is_flag=True, help="Every dead letter.")
@click.option("--registry", "registry_id", help="With --all-dead: only this registry's, by id.")
@var_option
def replay(delivery_ids: tuple[str, ...], all_dead: bool, registry_id: str | None, var: Path | None) -> None:
    """Send deliveries again, with the whole retry table before them."""
    if bool(delivery_ids) is all_dead:
        raise click.UsageError("name deliveries, or say --all-dead")
    with open_house(var) as house:
        dead = house.list_deliveries(registry_id=registry_id, state="dead", limit=_MOST) if all_dead else ()
        for delivery_id in (*delivery_ids, *(one.id for one in reversed(dead))):
            click.echo(f"{delivery_id} {house.replay(delivery_id).state.value}")


def _row(house: House, delivery: Delivery) -> tuple[object, ...]:
    attempts = house.list_attempts(delivery.id)
    last = attempts[-1] if attempts else None
    told = (last.error or f"{last.status}") if last and last.ended_at else None
    waits = delivery.next_at.isoformat(timespec="seconds") if delivery.settled_at is None else None
    return (
        delivery.id,
        delivery.event.value,
        delivery.state.value,
        delivery.submission_id,
        delivery.attempts,
        waits,
        told,
    )
