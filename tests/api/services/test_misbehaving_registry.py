"""A registry that answers 500, 429, 302, 410, hangs, resets or drips: real HTTP, and `attempts` tells the story."""

import json
import socket
import socketserver
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from house_fakes import PROFILE, SECRET, World, answer
from standardwebhooks.webhooks import Webhook

from api.adapters.registry_http import HttpRegistryPost
from api.bootstrap import furnish
from api.domain.circuit import FIRST_PAUSE_S, LONGEST_PAUSE_S, OPENS_AFTER, Circuit
from api.domain.delivery import DeliveryState
from api.domain.work import Work

Behaviour = Callable[[BaseHTTPRequestHandler], None]


def says(status: int, **headers: str) -> Behaviour:
    def behave(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()

    return behave


def resets(request: BaseHTTPRequestHandler) -> None:
    """Break the connection off as a crashing server does."""
    request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    request.connection.close()


@dataclass
class School:
    """A registry's server that does as it is told, 204 when nothing is; it keeps what it was sent."""

    behaviours: list[Behaviour] = field(default_factory=list)
    received: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    def hangs(self, request: BaseHTTPRequestHandler) -> None:
        """Say nothing until the test is over."""
        self.released.wait(20)

    def drips(self, request: BaseHTTPRequestHandler) -> None:
        """Answer 200 at once, and then a body that never ends."""
        request.send_response(200)
        request.end_headers()
        try:
            while not self.released.wait(0.05):
                request.wfile.write(b".")
        except OSError:
            return

    def kinds(self) -> list[str]:
        return [json.loads(body)["type"] for _, body in self.received]


@pytest.fixture
def school():
    one = School()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            one.received.append((dict(self.headers.items()), body))
            (one.behaviours.pop(0) if one.behaviours else says(204))(self)

        def log_message(self, *_):
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, request, client_address):
            pass

        def shutdown_request(self, request):
            try:
                super().shutdown_request(request)
            except OSError:
                socketserver.TCPServer.close_request(self, request)

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    one.url = f"http://127.0.0.1:{server.server_address[1]}/hook"
    yield one
    one.released.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def wired(world: World, school: School) -> World:
    """The house with real HTTP to the school's server, and Alice's photo submitted."""
    parts = replace(world.house.parts, post=HttpRegistryPost(0.5, allow_private=True))
    made = replace(world, house=furnish(world.house.settings, parts))
    made.submitted()
    registry = made.house.list_registries()[0]
    made.house.change_registry(registry.id, url=school.url)
    return made


def story(world: World) -> list[tuple[int | None, str | None]]:
    delivery = world.house.list_deliveries()[-1]
    return [(one.status, one.error) for one in world.house.list_attempts(delivery.id)]


def go_on(world: World, *, hours: float = 26) -> None:
    """Let time pass and the sweeper and a worker do what is due."""
    world.clock.forward(hours=hours)
    world.house.sweep()
    world.work_off(Work.DELIVER)


@pytest.mark.parametrize(
    ("behaviour", "status", "told"),
    [
        (says(500), 500, "the registry answered 500"),
        (says(302, Location="http://127.0.0.1:9/elsewhere"), 302, "the registry answered 302"),
        (says(401), 401, "the registry answered 401"),
        (resets, None, "the connection failed"),
    ],
)
def test_what_fails_is_tried_again_and_the_story_is_told(wired: World, school: School, behaviour, status, told):
    """A crash, a redirect, a refusal, a broken connection: noted by status or reason, and the next try arrives."""
    school.behaviours = [behaviour]
    wired.work_off(Work.DELIVER)
    go_on(wired)

    (first, why), second = story(wired)
    assert first == status
    assert why.startswith(told)
    assert second == (204, None)
    assert len({headers["webhook-id"] for headers, _ in school.received}) == 1
    assert wired.house.list_deliveries()[0].state is DeliveryState.DELIVERED


def test_a_registry_that_hangs_costs_half_a_second_and_one_try(wired: World, school: School):
    """The time for a try is bounded, and told."""
    school.behaviours = [school.hangs]
    wired.work_off(Work.DELIVER)

    assert story(wired) == [(None, "no answer within 0.5 s")]
    assert wired.house.list_deliveries()[0].state is DeliveryState.PENDING


def test_a_body_that_drips_takes_nothing_from_the_answer(wired: World, school: School):
    """200 is 200, however slowly the rest comes."""
    school.behaviours = [school.drips]
    wired.work_off(Work.DELIVER)

    assert story(wired) == [(200, None)]
    assert wired.house.list_deliveries()[0].state is DeliveryState.DELIVERED


def test_a_registry_that_answers_slowly_but_in_time_is_believed_and_its_slowness_told(wired: World, school: School):
    """Three tenths of the half second it has: delivered, and the attempt says how long it took."""

    def ponders(request: BaseHTTPRequestHandler) -> None:
        threading.Event().wait(0.3)
        says(204)(request)

    school.behaviours = [ponders]
    wired.work_off(Work.DELIVER)
    [only] = wired.house.list_attempts(wired.house.list_deliveries()[-1].id)

    assert (only.status, only.error) == (204, None)
    assert only.elapsed_ms >= 300


def test_a_busy_registrys_story_is_told_try_by_try(wired: World, school: School):
    """429 with a minute, 503 with a date, then 204: each with its status, and none sooner than it was asked for."""
    later = (wired.clock.now() + timedelta(hours=2)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    school.behaviours = [says(429, Retry_After="60"), says(503, Retry_After=later)]
    wired.work_off(Work.DELIVER)
    for _ in range(2):
        go_on(wired, hours=3)

    assert story(wired) == [(429, "the registry answered 429"), (503, "the registry answered 503"), (204, None)]
    started = [one.started_at for one in wired.house.list_attempts(wired.house.list_deliveries()[-1].id)]
    assert started == sorted(started)
    assert started[1] - started[0] >= timedelta(seconds=60)


def test_a_registry_that_got_the_same_event_twice_was_told_so_by_its_id(wired: World, school: School):
    """A worker died between sending and recording: the event comes again under its id, and both tries stand there."""
    deliver = replace(wired, house=furnish(wired.house.settings, replace(wired.house.parts, post=Forgetful())))
    with pytest.raises(Forgetful.Killed):
        deliver.work_off(Work.DELIVER)
    go_on(wired, hours=1)

    assert len(school.received) == 2
    assert len({headers["webhook-id"] for headers, _ in school.received}) == 1
    (first, why), second = story(wired)
    assert (first, why) == (None, None)
    assert second == (204, None)


class Forgetful:
    """Sends for real, and dies before anybody can write down what came of it."""

    class Killed(BaseException):
        pass

    def __init__(self) -> None:
        self.wire = HttpRegistryPost(0.5, allow_private=True)

    def post(self, url, *, headers, body):
        self.wire.post(url, headers=headers, body=body)
        raise self.Killed


def test_retry_after_is_obeyed_for_everything_the_registry_is_owed(wired: World, school: School):
    """429 with a minute: neither this event nor another knocks before; a minute later both arrive."""
    school.behaviours = [says(429, Retry_After="60")]
    wired.work_off(Work.DELIVER)
    submission = wired.house.find_submissions()[0].submission
    wired.house.approve("li", submission.id)
    wired.work_off(Work.DELIVER)
    go_on(wired, hours=59 / 3600)
    assert len(school.received) == 1

    go_on(wired, hours=10 / 3600)

    assert sorted(school.kinds()) == ["photo.approved", "photo.submitted", "photo.submitted"]


def test_gone_ends_it_at_once(wired: World, school: School):
    """410: dead on the first try, and the registry is asked nothing more until a person replays."""
    school.behaviours = [says(410)]
    wired.work_off(Work.DELIVER)
    go_on(wired)

    assert story(wired) == [(410, "the registry answered 410")]
    [dead] = wired.house.list_deliveries(state="dead")
    wired.house.replay(dead.id)
    wired.work_off(Work.DELIVER)
    assert story(wired)[-1] == (204, None)


def test_an_answer_that_was_lost_sends_the_same_event_again(wired: World, school: School):
    """The school kept it, but its answer was lost: same id, same event, another time of sending, a valid signature."""
    school.behaviours = [resets]
    wired.work_off(Work.DELIVER)
    go_on(wired, hours=1)

    (first, body), (second, again) = school.received
    assert first["webhook-id"] == second["webhook-id"]
    assert json.loads(body)["timestamp"] == json.loads(again)["timestamp"]
    assert first["webhook-timestamp"] != second["webhook-timestamp"]
    signed = Webhook(SECRET).sign(second["webhook-id"], wired.clock.now(), again.decode())
    assert second["webhook-signature"] == signed


def test_a_registry_that_is_down_is_asked_by_one_event_not_by_all(world: World):
    """Five failures in a row open the circuit; then one probe at a time, and all the rest when it is taken."""
    for index in range(4):
        student, _ = world.bound(f"student-{index}", index=index)
        photo = world.ready(student)
        submission = world.house.confirm(student, photo=photo.id, campaign="hunan-pretco", profile=PROFILE)
        if index < 2:
            world.house.approve("li", submission.id)
    world.post.answers = [answer(503)] * OPENS_AFTER
    world.work_off(Work.DELIVER)
    world.clock.forward(seconds=6)
    world.house.sweep()
    circuit = world.house.list_registries()[0].circuit
    tried = len(world.post.posted)
    assert circuit.open_until is not None
    assert tried == OPENS_AFTER  # of six: the last was held back, and the first is not asked again
    assert world.work_off(Work.DELIVER) == 0

    world.post.answers = [answer(503)]
    world.clock.forward(minutes=10)
    world.house.sweep()
    world.work_off(Work.DELIVER)
    assert len(world.post.posted) == tried + 1  # the probe alone

    for _ in range(4):
        world.clock.forward(hours=3)
        world.house.sweep()
        world.work_off(Work.DELIVER)
    assert {one.state for one in world.house.list_deliveries()} == {DeliveryState.DELIVERED}
    assert world.house.list_registries()[0].circuit == Circuit()
    assert len({posted.headers["webhook-id"] for posted in world.post.posted}) == 6


def test_the_pause_doubles_to_a_quarter_of_an_hour(world: World):
    """Half a minute after the fifth failure, never more than a quarter of an hour; a success forgets it all."""
    now, circuit, pauses = world.clock.now(), Circuit(), []
    for _ in range(OPENS_AFTER + 8):
        circuit = circuit.after_failure(now=now, retry_after_s=None)
        pauses.append((circuit.open_until - now).total_seconds() if circuit.open_until else 0)

    assert pauses[: OPENS_AFTER + 2] == [0, 0, 0, 0, FIRST_PAUSE_S, 60, 120]
    assert pauses[-1] == LONGEST_PAUSE_S
    assert circuit.after_success() == Circuit()


def test_a_ping_goes_through_an_open_circuit(world: World):
    """Whoever mends the registry wants to see it answer now."""
    registry = world.seed().registry
    world.post.answers = [answer(500)] * OPENS_AFTER
    for _ in range(OPENS_AFTER):
        world.house.ping_registry(registry.id)
    world.work_off(Work.DELIVER)
    assert world.house.list_registries()[0].circuit.open_until is not None

    world.house.ping_registry(registry.id)
    world.work_off(Work.DELIVER)

    assert world.house.list_registries()[0].circuit == Circuit()


def test_a_registry_that_asks_for_it_gets_the_photo_in_the_event(wired: World, school: School):
    """The JPEG in base64, with the digest it is announced under; without asking, only the link."""
    import base64
    import hashlib

    registry = wired.house.list_registries()[0]
    wired.work_off(Work.DELIVER)
    wired.house.change_registry(registry.id, embed_photo=True)
    wired.house.approve("li", wired.house.find_submissions()[0].submission.id)
    wired.work_off(Work.DELIVER)

    thin, full = (json.loads(body)["data"] for _, body in school.received)
    assert "jpeg_base64" not in thin["photo"]
    jpeg = base64.b64decode(full["photo"]["jpeg_base64"], validate=True)
    assert hashlib.sha256(jpeg).hexdigest() == full["photo"]["sha256"]
    assert full["pull_url"]
