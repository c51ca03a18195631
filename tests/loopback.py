"""An application served on a loopback port, for the tests that need real HTTP."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedIOBase
from typing import Any, cast

from werkzeug.serving import WSGIRequestHandler, make_server


@contextmanager
def serving(app: Any, *, port: int = 0) -> Iterator[str]:
    """Serve the application on a free port, or on the given one, while the block runs; give its address."""
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=Unshaken)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)  # s until it sees the end
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(timeout=10)
        server.server_close()


class Unshaken(WSGIRequestHandler):
    """Closes what an answer holds open also when the client has hung up.

    After an answer werkzeug reads what the client still has to say, and only then closes the answer; where the client
    has reset the connection that reading raises, and an open file stays (werkzeug/serving.py, `run_wsgi`). A browser
    that leaves a page does that, and the warning of the lost file then falls upon whatever test runs next.
    """

    def setup(self) -> None:
        super().setup()
        self.rfile = cast("BufferedIOBase", _UntilReset(self.rfile))


class _UntilReset:
    """A stream that ends where the other side has hung up."""

    def __init__(self, stream: BufferedIOBase) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def read(self, size: int = -1) -> bytes:
        try:
            return self._stream.read(size)
        except ConnectionError:
            return b""
