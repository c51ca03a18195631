"""Run the fake: `python -m deploy.fake_wechat --port 0 --port-file FILE`.

It listens on loopback only, for it lets anyone in as anyone.
"""

import signal
import sys
from pathlib import Path
from types import FrameType

import click
from werkzeug.serving import WSGIRequestHandler, make_server

from deploy.fake_wechat.account import Account
from deploy.fake_wechat.app import create_app
from deploy.fake_wechat.pushing import Pusher, PushSecrets

HOST = "127.0.0.1"
APP_ID, SECRET = "wxfa4e000000000001", "fake-secret-of-the-fake-wechat-00"


class Quiet(WSGIRequestHandler):
    """Writes no line per call: addresses have secrets and tokens in them, of a fake or not."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@click.command()
@click.option("--port", default=0, show_default=True, help="Port to listen on; 0 takes a free one.")
@click.option("--app-id", default=APP_ID, show_default=True, help="The account's AppID.")
@click.option("--secret", default=SECRET, show_default=True, help="The account's AppSecret.")
@click.option("--template", "templates", multiple=True, help="ID:key,key … of a message template; may be repeated.")
@click.option("--page", "pages", multiple=True, help="A page of the released version; may be repeated.")
@click.option("--push-url", help="Where to push events to; sealed with the two below.")
@click.option("--push-token", default="FakeToken", show_default=True, help="The console's Token.")
@click.option("--push-aes-key", default="A" * 43, show_default=True, help="The console's EncodingAESKey.")
@click.option("--port-file", type=click.Path(path_type=Path), help="Write the port here once listening.")
def main(
    port: int,
    app_id: str,
    secret: str,
    templates: tuple[str, ...],
    pages: tuple[str, ...],
    push_url: str | None,
    push_token: str,
    push_aes_key: str,
    port_file: Path | None,
) -> None:
    """Stand in for WeChat's server: POST /_fake/login/NAME gives the code that wx.login would."""
    account = Account(app_id, secret, templates=_templates(templates), pages=frozenset(pages))
    pusher = Pusher(push_url, PushSecrets(app_id, push_token, push_aes_key)) if push_url else None
    try:
        server = make_server(HOST, port, create_app(account, pusher=pusher), threaded=True, request_handler=Quiet)
    except OSError as fault:
        raise click.ClickException(f"cannot listen on {HOST}:{port}: {fault.strerror}") from fault
    signal.signal(signal.SIGTERM, _leave)
    if port_file is not None:
        part = port_file.with_suffix(".part")
        part.write_text(f"{server.port}\n", "ascii")
        part.replace(port_file)
    click.echo(f"fake WeChat on http://{HOST}:{server.port}/ (AppID {app_id})")
    server.serve_forever()


def _templates(given: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Read `ID:thing1,time2`. Raises click.BadParameter."""
    pairs = [text.partition(":") for text in given]
    if not all(name and keys for name, _, keys in pairs):
        raise click.BadParameter("write ID:thing1,time2")
    return {name: tuple(keys.split(",")) for name, _, keys in pairs}


def _leave(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)


if __name__ == "__main__":
    main()
