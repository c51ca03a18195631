"""What happens when parts of the machine die: nothing that a student or a registry would notice for long."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from plant import Plant
from redis import Redis
from standardwebhooks import Webhook

from api.domain.delivery import DeliveryState
from api.domain.photo import PhotoState

MakePlant = Callable[..., Plant]


def test_a_worker_killed_in_the_middle_of_a_render_costs_seconds(make_plant: MakePlant):
    """SIGKILL while Alice's photo renders: another worker makes it ready, once, with one image stored."""
    plant = make_plant(render_s=1.5, lease_s=2.0)
    first = plant.start("render")
    alice = plant.student()
    photo = plant.submit(alice)
    plant.until(lambda: plant.photo(photo.id).state is PhotoState.RENDERING)

    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    plant.start("render")
    plant.until(lambda: plant.photo(photo.id).settled)

    after = plant.photo(photo.id)
    assert (after.state, after.attempt) == (PhotoState.READY, 2)
    assert plant.images(photo.id) == [f"image/{photo.id}-2"]
    assert plant.house.read_image(alice, photo.id).sha256 == after.image_sha256


def test_who_takes_a_dead_workers_place_takes_over_its_photo_at_once(make_plant: MakePlant):
    """SIGKILL with a lease of ten minutes: whoever starts in the same place knows, and nobody waits for the lease."""
    plant = make_plant(render_s=1.0, lease_s=600.0)
    first = plant.start("render", "crew:1")
    photo = plant.submit(plant.student())
    plant.until(lambda: plant.photo(photo.id).state is PhotoState.RENDERING)

    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    plant.start("render", "crew:1")
    plant.until(lambda: plant.photo(photo.id).settled)

    assert (plant.photo(photo.id).state, plant.photo(photo.id).attempt) == (PhotoState.READY, 2)
    assert plant.images(photo.id) == [f"image/{photo.id}-2"]


def test_a_worker_that_starts_elsewhere_leaves_a_living_ones_photo_alone(make_plant: MakePlant):
    """Another place, or none: the photo is rendered once, by who has it."""
    plant = make_plant(render_s=2.0, lease_s=600.0)
    plant.start("render", "crew:1")
    photo = plant.submit(plant.student())
    plant.until(lambda: plant.photo(photo.id).state is PhotoState.RENDERING)
    plant.start("render", "crew:2")
    plant.start("render")
    plant.until(lambda: plant.photo(photo.id).settled)

    assert (plant.photo(photo.id).state, plant.photo(photo.id).attempt) == (PhotoState.READY, 1)


def test_an_emptied_redis_loses_no_photo(make_plant: MakePlant):
    """Ten photos wait and Redis forgets everything: all ten become ready, each at its first attempt."""
    plant = make_plant(render_s=0.05)
    alice = plant.student()
    photos = [plant.submit(alice).id for _ in range(10)]
    with Redis.from_url(plant.redis.url) as redis:
        redis.flushall()

    plant.start("render")
    plant.until(lambda: all(plant.photo(photo).settled for photo in photos))

    assert {plant.photo(photo).state for photo in photos} == {PhotoState.READY}
    assert {plant.photo(photo).attempt for photo in photos} == {1}
    assert [len(plant.images(photo)) for photo in photos] == [1] * 10


def test_redis_emptied_under_a_working_worker(make_plant: MakePlant):
    """The same while a worker is in the middle of the ten."""
    plant = make_plant(render_s=0.2)
    plant.start("render")
    alice = plant.student()
    photos = [plant.submit(alice).id for _ in range(10)]
    plant.until(lambda: plant.photo(photos[1]).settled)
    with Redis.from_url(plant.redis.url) as redis:
        redis.flushall()

    plant.until(lambda: all(plant.photo(photo).settled for photo in photos))

    assert {plant.photo(photo).state for photo in photos} == {PhotoState.READY}
    assert [len(plant.images(photo)) for photo in photos] == [1] * 10


def test_a_redis_that_dies_and_comes_back(make_plant: MakePlant):
    """Alice's upload is taken while Redis is gone; the same worker renders it once Redis is there again."""
    plant = make_plant(render_s=0.05)
    plant.start("render")
    alice = plant.student()
    before = plant.submit(alice)
    plant.until(lambda: plant.photo(before.id).settled)

    plant.redis.close()
    during = plant.submit(alice)
    assert plant.photo(during.id).state is PhotoState.QUEUED
    plant.redis.__enter__()
    plant.until(lambda: plant.photo(during.id).settled)

    assert plant.photo(during.id).state is PhotoState.READY


def test_a_worker_ends_when_asked(make_plant: MakePlant):
    """SIGTERM in the middle of a render: the photo is finished first, then the process ends by itself."""
    plant = make_plant(render_s=0.5)
    process = plant.start("render")
    photo = plant.submit(plant.student())
    plant.until(lambda: plant.photo(photo.id).state is PhotoState.RENDERING)

    process.terminate()

    assert process.wait(timeout=10) == 0
    assert (plant.photo(photo.id).state, plant.photo(photo.id).attempt) == (PhotoState.READY, 1)


class Registry:
    """A school's system that is down until `up` is called, then verifies what it receives."""

    def __init__(self, secret: str) -> None:
        self.received: list[tuple[str, dict]] = []
        self._webhook = Webhook(secret)
        self._server: ThreadingHTTPServer | None = None
        self.refused = 0
        self.open = False
        self._start()

    @property
    def url(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.server_port}/hook"

    def _start(self) -> None:
        registry = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                if not registry.open:
                    registry.refused += 1
                    self.send_response(503)
                else:
                    event = registry._webhook.verify(body, dict(self.headers))
                    registry.received.append((self.headers["webhook-id"], event))
                    self.send_response(204)
                self.end_headers()

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        assert self._server is not None
        self._server.shutdown()
        self._server.server_close()


SECRET = "whsec_" + "c2VjcmV0IG9mIHRoZSBzYW1wbGUgcmVnaXN0cnkh"


@pytest.fixture
def registry() -> Iterator[Registry]:
    """A registry that is down at first."""
    made = Registry(SECRET)
    yield made
    made.close()


def test_a_registry_that_was_down_receives_once(make_plant: MakePlant, registry: Registry):
    """Down, then up: one verified event arrives, and every try before is on record."""
    plant = make_plant(render_s=0.05)
    plant.house.seed_sample(registry_url=registry.url, secret=SECRET)
    owner = plant.house.list_registries()[0]
    plant.start("deliver")

    ping = plant.house.ping_registry(owner.id)
    plant.until(lambda: registry.refused >= 2)
    registry.open = True
    plant.until(lambda: plant.house.list_deliveries()[0].state is DeliveryState.DELIVERED)

    attempts = plant.house.list_attempts(ping.id)
    assert [message_id for message_id, _ in registry.received] == [ping.id]
    assert registry.received[0][1]["type"] == "registry.ping"
    assert attempts[-1].status == 204
    assert {attempt.status for attempt in attempts[:-1]} == {503}
