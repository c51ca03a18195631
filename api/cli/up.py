"""Everything embedded: `idphoto up`."""

import os
import signal
import threading
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from api.cli.refusal import Refusal, telling_refusals
from api.cli.supervisor import HopelessProgram
from api.cli.surroundings import VAR

if TYPE_CHECKING:
    from api.cli.stack import Stack

_LOOK_EVERY_S = 0.25
_SMALL_MACHINE_CORES = 2


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65534), help="Port of the product.")
@click.option(
    "--var",
    type=click.Path(file_okay=False, path_type=Path),
    default=VAR,
    show_default=True,
    help="Directory for database, photos, Redis and logs.",
)
@click.option("--workers", type=click.IntRange(1, 64), help="Processes that make photos. [cores - 1, 4 at most]")
@click.option("--fake-wechat", is_flag=True, help="For tests: a stand-in for WeChat's server, which lets anyone in.")
def up(port: int, var: Path, workers: int | None, fake_wechat: bool) -> None:
    """Serve the whole product on this machine, with a sample registry, two open campaigns and a few people.

    Ctrl-C ends it. Nothing needs to be installed or configured; everything is kept under --var.
    """
    stop = _stop_on_signals()
    with telling_refusals():
        from api.cli.stack import Plan, Stack
        from api.cli.welcome import program, welcome

        plan = Plan(home=var, port=port, env=os.environ, renderers=workers or _renderers(), fake_wechat=fake_wechat)
        with Stack(plan, say=_say) as stack:
            welcome(stack, var=var, idphoto=program())
            _look_after(stack, stop)
            click.echo("ending …")


def _look_after(stack: "Stack", stop: threading.Event) -> None:
    while not stop.wait(_LOOK_EVERY_S):
        try:
            stack.look()
        except HopelessProgram as fault:
            raise Refusal(f"cannot_go_on: {fault}") from fault


def _stop_on_signals() -> threading.Event:
    """Answer an event that Ctrl-C and SIGTERM set, so that everything is ended in order."""
    stop = threading.Event()

    def ask(_signal: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, ask)
    return stop


def _say(line: str) -> None:
    click.echo(line, err=True)


def _renderers() -> int:
    """One core is left to the web, the rest render; more than four would only be slower to start."""
    cores = os.cpu_count() or 1
    return 1 if cores <= _SMALL_MACHINE_CORES else min(cores - 1, 4)
