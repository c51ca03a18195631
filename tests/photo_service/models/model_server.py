"""A file server on loopback that behaves as badly as it is told to, one answer a request."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PATIENCE_S = 30


@dataclass(frozen=True)
class Answer:
    """How one request is answered.

    `stop_after`: bytes of the body after which the connection is closed, though more was promised. `then_silent`: stay
    silent there instead, until the server is closed. `ranges`: whether Range is heeded. `starts_at`: where the server
    claims to begin, whatever was asked. `promised`: the length it claims.
    """

    content: bytes = b""
    status: int = 200
    stop_after: int | None = None
    then_silent: bool = False
    ranges: bool = True
    starts_at: int | None = None
    promised: int | None = None
    etag: str | None = '"v1"'
    modified: str | None = None
    kind: str = "application/octet-stream"


@dataclass(frozen=True)
class Asked:
    """What a request asked for."""

    path: str
    range: str | None
    if_range: str | None


class ModelServer:
    """Answers with `answers` in turn, the last of them for ever; `asked` is what it was asked."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.asked: list[Asked] = []
        self.closing = threading.Event()
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def will(self, *answers: Answer) -> None:
        self.answers = list(answers)

    def next_answer(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def ranges_asked(self) -> Sequence[str | None]:
        return [asked.range for asked in self.asked]

    def close(self) -> None:
        self.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = False

    def __init__(self, owner: ModelServer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.owner = owner


@contextmanager
def model_server() -> Iterator[ModelServer]:
    server = ModelServer()
    try:
        yield server
    finally:
        server.close()


class _Handler(BaseHTTPRequestHandler):
    server: "_Server"
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        asked = Asked(self.path, self.headers.get("Range"), self.headers.get("If-Range"))
        self.close_connection = True
        try:
            self._send(self.server.owner.next_answer(asked), asked)
        except ConnectionError:
            return  # the client has seen enough

    def _send(self, answer: Answer, asked: Asked) -> None:
        first = self._first(answer, asked)
        body = answer.content[first or 0 :]
        self.send_response(206 if first is not None else answer.status)
        self.send_header("Content-Length", str(len(body) if answer.promised is None else answer.promised))
        self.send_header("Content-Type", answer.kind)
        if first is not None:
            claimed = first if answer.starts_at is None else answer.starts_at
            total = len(answer.content)
            self.send_header("Content-Range", f"bytes {claimed}-{total - 1}/{total}")
        for name, value in (("ETag", answer.etag), ("Last-Modified", answer.modified)):
            if value is not None:
                self.send_header(name, value)
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body[: answer.stop_after])
        self.wfile.flush()
        if answer.then_silent:
            self.server.owner.closing.wait(PATIENCE_S)

    def _first(self, answer: Answer, asked: Asked) -> int | None:
        """Where a partial answer begins; None for the whole file."""
        same = asked.if_range is None or asked.if_range in {answer.etag, answer.modified}
        if answer.status != 200 or not answer.ranges or asked.range is None or not same:
            return None
        return int(asked.range.removeprefix("bytes=").rstrip("-"))

    def log_message(self, *_: object) -> None:
        """Keep the tests' output to themselves."""
