"""The parts one by one, for a machine where something else supervises them (systemd, containers)."""

import os
import sys

import click

from api.cli.refusal import telling_refusals


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--processes", default=2, show_default=True, help="Server processes.")
@click.option("--threads", default=8, show_default=True, help="Threads in each.")
def serve(host: str, port: int, processes: int, threads: int) -> None:
    """Serve the API with gunicorn; settings come from the environment."""
    _refuse_early()
    _become(
        "gunicorn",
        "api.wsgi:app()",
        f"--bind={host}:{port}",
        f"--workers={processes}",
        "--worker-class=gthread",
        f"--threads={threads}",
    )


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def worker(arguments: tuple[str, ...]) -> None:
    """Run a worker; settings come from the environment, arguments are the worker's own."""
    _become("worker", *arguments)


def _refuse_early() -> None:
    """Tell bad settings and a database of another version in a line, which a server's processes would bury."""
    with telling_refusals():
        from api.bootstrap import build
        from api.config import Settings

        build(Settings.from_env(os.environ)).close()


def _become(module: str, *arguments: str) -> None:
    """Replace this process: signals and the exit status are then the program's own."""
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", module, *arguments])  # noqa: S606 (our own interpreter, no shell)
