import socket
import struct
import threading
from collections.abc import Iterator
from typing import Any

from loopback import serving


class Answer:
    """What an application gives back, which wants to be closed; it ends when the browser has hung up."""

    def __init__(self) -> None:
        self.closed, self.hung_up = threading.Event(), threading.Event()

    def __iter__(self) -> Iterator[bytes]:
        yield b"a picture"
        self.hung_up.wait(5)

    def close(self) -> None:
        self.closed.set()


def test_a_browser_that_hangs_up_leaves_nothing_open() -> None:
    answer = Answer()

    def app(environ: dict[str, Any], start_response: Any) -> Answer:
        start_response("200 OK", [("Content-Length", "9")])
        return answer

    with serving(app) as address:
        _read_and_reset(address)
        answer.hung_up.set()
        assert answer.closed.wait(5)


def _read_and_reset(address: str) -> None:
    """Read some of a page and cut the connection, as a browser does that is sent elsewhere meanwhile."""
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as browser:
        browser.sendall(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
        browser.recv(1)
        browser.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
