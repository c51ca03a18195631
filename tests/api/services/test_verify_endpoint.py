"""A school tries its own endpoint and learns what it gets wrong."""

import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from house_fakes import SECRET, World
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from api.adapters.registry_http import HttpRegistryPost
from api.bootstrap import furnish


@pytest.fixture
def endpoint():
    """A server that judges each request by a function the test gives."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            self.send_response(Handler.judge(dict(self.headers.items()), body))
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    Handler.url = f"http://127.0.0.1:{server.server_address[1]}/"
    yield Handler
    server.shutdown()
    thread.join()
    server.server_close()


def trials(world: World, endpoint, judge):
    from api.adapters.clock import SystemClock

    endpoint.judge = staticmethod(judge)
    parts = replace(world.house.parts, post=HttpRegistryPost(5, allow_private=True), clock=SystemClock())
    house = furnish(world.house.settings, parts)
    registry = house.add_registry("自查", url=endpoint.url, secret=SECRET)
    return house.verify_endpoint(registry.id)


def right(headers, body):
    try:
        Webhook(SECRET).verify(body, headers, json_parse=False)
    except (WebhookVerificationError, ValueError):
        return 401
    return 204


def test_an_endpoint_with_the_official_library_is_right_every_time(world: World, endpoint):
    """Nine trials, nine ticks; nothing is put in the outbox."""
    found = trials(world, endpoint, right)

    assert [one.question for one in found if not one.right] == []
    assert len(found) == 9
    assert world.house.list_deliveries() == ()


@pytest.mark.parametrize(
    ("judge", "wrong"),
    [
        (lambda headers, body: 204, 5),  # believes everything
        (lambda headers, body: 401, 4),  # believes nothing
        (lambda headers, body: 500, 9),  # crashes
        (lambda headers, body: right(headers, body) if b"unheard" not in body else 400, 1),
    ],
)
def test_what_an_endpoint_gets_wrong_is_told_with_what_to_do(world: World, endpoint, judge, wrong: int):
    """No check, too much of it, a crash, an unknown event refused."""
    found = [one for one in trials(world, endpoint, judge) if not one.right]

    assert len(found) == wrong
    assert all(one.advice for one in found)
