"""Run the sample registry: `python -m deploy.sample_registry --port 0 --directory DIR --secret-file FILE`."""

import signal
import sys
from pathlib import Path
from types import FrameType

import click
from werkzeug.serving import make_server

from deploy.sample_registry.app import create_app


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=0, show_default=True, help="Port to listen on; 0 takes a free one.")
@click.option(
    "--directory", type=click.Path(file_okay=False, path_type=Path), required=True, help="Where to keep what comes."
)
@click.option(
    "--secret-file", type=click.Path(path_type=Path), required=True, help="Secrets, one a line, newest first."
)
@click.option(
    "--port-file", type=click.Path(path_type=Path), help="Write the port here once listening. [DIRECTORY/port]"
)
def main(host: str, port: int, directory: Path, secret_file: Path, port_file: Path | None) -> None:
    """Receive events as a school's registry would, verify them and keep them."""
    app = create_app(directory=directory, secret_file=secret_file)
    try:
        server = make_server(host, port, app, threaded=True)
    except OSError as fault:
        raise click.ClickException(f"cannot listen on {host}:{port}: {fault.strerror}") from fault
    signal.signal(signal.SIGTERM, _leave)
    _announce(port_file or directory / "port", server.port)
    click.echo(f"sample registry on http://{host}:{server.port}/ (events to /hook)")
    server.serve_forever()


def _announce(path: Path, port: int) -> None:
    """Write the port whole or not at all: the launcher reads it as soon as it is there."""
    part = path.with_suffix(".part")
    part.write_text(f"{port}\n", "ascii")
    part.replace(path)


def _leave(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)


if __name__ == "__main__":
    main()
