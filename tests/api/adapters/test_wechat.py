"""Trading a login code at WeChat's server, or rather at a small stand-in of it."""

import json
import socket
import threading
import time
import traceback
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from api.adapters.wechat.gateway import NoWeChat, WeChatServer
from api.adapters.wechat.silence import Silence
from api.adapters.wechat.transport import Patience, Transport
from api.domain.errors_wechat import (
    WeChatBadCode,
    WeChatError,
    WeChatMisconfigured,
    WeChatUnavailable,
    WeChatUserBlocked,
)

SECRET = "the-mini-programs-secret"


class StandIn:
    """Answers every request with what the test put there and remembers what was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.status = 200
        self.body: bytes = b""
        self.location: str | None = None
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                stand_in.asked.append(self.path)
                self.send_response(stand_in.status)
                if stand_in.location:
                    self.send_header("location", stand_in.location)
                self.send_header("content-length", str(len(stand_in.body)))
                self.end_headers()
                self.wfile.write(stand_in.body)

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def answer(self, **body: object) -> None:
        self.body = json.dumps(body).encode()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    """A server in WeChat's place."""
    made = StandIn()
    yield made
    made.close()


class NoTokens:
    """A login needs none."""

    def get(self) -> str:
        raise AssertionError("a login needs no access token")

    def instead_of(self, refused: str) -> str:
        raise AssertionError("a login needs no access token")


def server_at(url: str, *, patience: Patience | None = None) -> WeChatServer:
    transport = Transport(app_id="wx1", secret=SECRET, base_url=url, patience=patience)
    return WeChatServer(transport=transport, tokens=NoTokens(), app_id="wx1", secret=SECRET)


@pytest.fixture
def wechat(stand_in: StandIn) -> WeChatServer:
    """Our side."""
    return server_at(stand_in.url)


@pytest.mark.parametrize("extra", [{}, {"errcode": 0, "errmsg": "ok"}])
def test_a_code_becomes_an_openid(wechat: WeChatServer, stand_in: StandIn, extra: dict):
    """With and without an errcode of 0, as WeChat answers in life and in its documents."""
    stand_in.answer(openid="o-alice", session_key="k", **extra)

    assert wechat.openid_of("code-1") == "o-alice"


def test_no_access_token_is_fetched(wechat: WeChatServer, stand_in: StandIn):
    """One request, exactly as documented: no token before it and none in it."""
    stand_in.answer(openid="o-alice", session_key="k")
    wechat.openid_of("code-1")

    (path,) = stand_in.asked
    parts = urlsplit(path)
    assert parts.path == "/sns/jscode2session"
    assert parse_qs(parts.query) == {
        "appid": ["wx1"],
        "secret": [SECRET],
        "js_code": ["code-1"],
        "grant_type": ["authorization_code"],
    }


@pytest.mark.parametrize(
    ("errcode", "error"),
    [
        (40029, WeChatBadCode),
        (40163, WeChatBadCode),
        (40226, WeChatUserBlocked),
        (-1, WeChatUnavailable),
        (45011, WeChatUnavailable),
        (45009, WeChatUnavailable),
        (40013, WeChatMisconfigured),
        (40125, WeChatMisconfigured),
        (40164, WeChatMisconfigured),
        (40001, WeChatUnavailable),
    ],
)
def test_each_refusal_has_its_name(wechat: WeChatServer, stand_in: StandIn, errcode: int, error: type[WeChatError]):
    """With the rid that Tencent's support asks for, in one request: a token error is not tried again."""
    stand_in.answer(errcode=errcode, errmsg="something, rid: 65f0-abc-1")

    with pytest.raises(error) as refusal:
        wechat.openid_of("code-1")

    assert refusal.value.facts == {"errcode": errcode, "rid": "65f0-abc-1"}
    assert len(stand_in.asked) == 1


def test_a_quota_is_waited_for(wechat: WeChatServer, stand_in: StandIn):
    """The minute's quota: come back in a minute."""
    stand_in.answer(errcode=45011, errmsg="quota")

    with pytest.raises(WeChatUnavailable) as refusal:
        wechat.openid_of("code-1")

    assert refusal.value.retry_after == 60


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b""),
        (200, b""),
        (200, b"<html>maintenance</html>"),
        (200, b"[]"),
        (200, b'{"openid": 7}'),
        (200, b'{"errcode": "x"}'),
        (204, b""),
        (302, b"{}"),
    ],
)
def test_rubbish_is_wechat_being_unavailable(wechat: WeChatServer, stand_in: StandIn, status: int, body: bytes):
    """Whatever comes back, the student is told to try again; a redirect is not followed with the secret."""
    stand_in.status, stand_in.body = status, body
    stand_in.location = f"{stand_in.url}/elsewhere" if status == 302 else None

    with pytest.raises(WeChatUnavailable):
        wechat.openid_of("code-1")

    assert len(stand_in.asked) == 1


def test_no_error_shows_the_secret():
    """Not the text, not the trace, not what hangs on to it: the address with the secret stays inside."""
    dead = server_at("http://127.0.0.1:9")

    with pytest.raises(WeChatUnavailable) as refusal:
        dead.openid_of("code-1")

    shown = "".join(traceback.format_exception(refusal.value))
    assert SECRET not in shown
    assert refusal.value.__context__ is None
    assert refusal.value.__cause__ is None


def test_the_errors_of_wechat_do_not_hang_on_either(wechat: WeChatServer, stand_in: StandIn):
    """wechatpy's error holds the request; ours does not hold wechatpy's."""
    stand_in.answer(errcode=40029, errmsg="bad")

    with pytest.raises(WeChatBadCode) as refusal:
        wechat.openid_of("code-1")

    assert refusal.value.__context__ is None


def test_without_credentials_nobody_is_asked():
    """An installation without a mini-program says so."""
    nobody = NoWeChat()
    for ask in (
        lambda: nobody.openid_of("code-1"),
        lambda: nobody.phone_of("code-1", openid="o-alice"),
        lambda: nobody.send_notice("o-alice", template_id="t", data={}),
        lambda: nobody.poster_code("cp_1", page=""),
        nobody.check_account,
    ):
        with pytest.raises(WeChatUnavailable):
            ask()


@pytest.mark.parametrize("drip", [b"", b'{"openid": "o'])
def test_a_silent_server_costs_the_time_limit_and_no_more(drip: bytes):
    """One that takes the connection and says nothing, and one that sends a byte now and then, for ever."""
    with DeafServer(drip) as deaf:
        began = time.monotonic()
        with pytest.raises(WeChatUnavailable) as refusal:
            server_at(deaf.url, patience=Patience(connect_s=0.5, total_s=0.6)).openid_of("code-1")
        took = time.monotonic() - began

    assert took < 0.6 + 0.3
    assert refusal.value.retry_after == 5


def test_an_endless_answer_is_not_read(wechat: WeChatServer, stand_in: StandIn):
    """Nobody fills our memory."""
    stand_in.body = b'{"openid": "' + b"o" * 4_100_000 + b'"}'

    with pytest.raises(WeChatUnavailable):
        wechat.openid_of("code-1")


class DeafServer:
    """Accepts connections and answers with headers and a byte every tenth of a second, or with nothing at all."""

    def __init__(self, drip: bytes) -> None:
        self._drip = drip
        self._over = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "DeafServer":
        self._thread.start()
        return self

    def __exit__(self, *args: object) -> None:
        self._over.set()
        self._thread.join(timeout=5)
        self._listener.close()

    def _run(self) -> None:
        connection, _ = self._listener.accept()
        with connection:
            connection.recv(4096)
            if self._drip:
                connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n" + self._drip)
            while not self._over.wait(0.1):
                if self._drip:
                    connection.sendall(b"x")


def test_many_students_do_not_all_wait_for_a_dead_wechat():
    """After three without an answer the next are told at once; when WeChat is back, one looks, and all go on."""
    now = [0.0]
    silence = Silence(clock=lambda: now[0])
    for _ in range(3):
        assert silence.may_ask()
        silence.unanswered()

    assert [silence.may_ask() for _ in range(5)] == [False] * 5
    now[0] += 5.1
    assert [silence.may_ask() for _ in range(3)] == [True, False, False]
    silence.answered()
    assert [silence.may_ask() for _ in range(3)] == [True] * 3


def test_a_rest_is_told_like_a_silence(stand_in: StandIn):
    """The fourth student gets the same 503, without WeChat being asked; a refusal counts as an answer."""
    wechat = server_at(stand_in.url)
    stand_in.status = 502
    for _ in range(5):
        with pytest.raises(WeChatUnavailable) as refusal:
            wechat.openid_of("code")

    assert len(stand_in.asked) == 3
    assert refusal.value.retry_after == 5

    other = server_at(stand_in.url)
    stand_in.status = 200
    stand_in.answer(errcode=-1, errmsg="busy")
    for _ in range(5):
        with pytest.raises(WeChatUnavailable):
            other.openid_of("code")
    assert len(stand_in.asked) == 3 + 5
