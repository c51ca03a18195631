"""`idphoto demo`: no hands, and an exit status that means something."""

import os
import shutil
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import click

from api.cli.refusal import Refusal, telling_refusals
from api.cli.surroundings import VAR

_RUNS_KEPT = 2
_OF_THE_DEMO = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT", "LD_LIBRARY_PATH", "VIRTUAL_ENV",
                "IDPHOTO_MODELS", "IDPHOTO_ENGINE")  # fmt: skip
"""What the demo takes from the environment; a database or WeChat credentials of a real installation it must not see."""


@click.command()
@click.option(
    "--var",
    type=click.Path(file_okay=False, path_type=Path),
    default=VAR,
    show_default=True,
    help="Results go to demo/ below this directory.",
)
def demo(var: Path) -> None:
    """Send one real selfie through login, queue, worker, review and signed webhook, proving each step.

    Leaves photo.jpg, report.json, hunan-pretco-report.json and receipt.json. Exit status 0 only if every step was
    proved; otherwise 1, with the step named.
    """
    results = var / "demo"
    with telling_refusals():
        run_home = _fresh_run(results)
        env = {name: os.environ[name] for name in _OF_THE_DEMO if name in os.environ}
        _travel(run_home, results=results, env=env)


def _travel(run_home: Path, *, results: Path, env: Mapping[str, str]) -> None:
    from rich.console import Console

    from api.cli.demo.journey import Journey
    from api.cli.demo.narrator import Narrator, StepFailed
    from api.cli.demo.portrait import NoPortrait, portrait_jpeg
    from api.cli.stack import Plan, Stack

    tell = Narrator(Console(highlight=False))
    stack = Stack(Plan(home=run_home, port=0, env=env), say=lambda line: click.echo(line, err=True))
    try:
        selfie = portrait_jpeg()
        with ExitStack() as running:
            with tell.step("Start Redis, registry, web and workers") as facts:
                running.enter_context(stack)
                facts.note("product", f"{stack.url}, sample registry {stack.registry_url}")
            Journey(stack, selfie=selfie, results=results, tell=tell).run()
    except NoPortrait as fault:
        raise Refusal(f"no_portrait: {fault}\nInstall the requirements again: make setup") from fault
    except StepFailed as failed:
        raise click.ClickException(f"step failed: {failed}\nLogs are in {run_home / 'log'}") from failed
    tell.close(f"Every step proved. Results in {results}/")


def _fresh_run(results: Path) -> Path:
    """Make this run's directory, take away old runs and the last results: what is there afterwards is of this run."""
    results.mkdir(parents=True, exist_ok=True)
    for name in ("photo.jpg", "report.json", "hunan-pretco-report.json", "receipt.json"):
        (results / name).unlink(missing_ok=True)
    for old in sorted(results.glob("run-*"))[: -_RUNS_KEPT + 1]:
        shutil.rmtree(old, ignore_errors=True)
    run = results / f"run-{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
    run.mkdir()
    return run
