"""Putting back what was lost."""

from dataclasses import replace

import pytest
from house_fakes import World, answer

from api.bootstrap import furnish
from api.domain.delivery import DeliveryState
from api.domain.photo import MAX_TRIES, PhotoState
from api.domain.work import Work
from api.services.sweep import Sweep


def test_an_emptied_redis_loses_nothing(world: World):
    """Ten photos wait, Redis forgets everything: one sweep rings for all ten, the next one for none."""
    alice = world.student()
    photos = [world.submit(alice) for _ in range(10)]
    world.bell.rings.clear()

    first, second = world.house.sweep(), world.house.sweep()

    assert (first.photos_rung, second.photos_rung) == (10, 0)
    assert world.work_off(Work.RENDER) == 10
    assert {world.house.read_photo(alice, photo.id).photo.state for photo in photos} == {PhotoState.READY}
    assert len(world.renderer.seen) == 10


def test_photos_are_rung_in_their_order(world: World):
    """Who came first is first after a loss too."""
    alice = world.student()
    photos = []
    for _ in range(3):
        photos.append(world.submit(alice).id)
        world.clock.forward(seconds=1)
    world.bell.rings.clear()

    world.house.sweep()

    assert [ring.thing_id for ring in world.bell.rings] == photos


def test_one_sweeps_at_a_time(world: World):
    """While one process sweeps, the other leaves it alone; when the first dies, its lease ends by itself."""
    alice = world.student()
    world.submit(alice)
    seen = []

    class MeddlingBell:
        def waiting(self, work: Work) -> frozenset[str]:
            seen.append(other())
            return frozenset()

        def ring(self, ring: object) -> None:
            pass

    parts = world.house.parts
    one = Sweep(
        database=parts.database,
        clock=world.clock,
        bell=MeddlingBell(),
        holder="one",
        lease_s=5,
        sweep_notices=lambda: (0, 0, 0),
    )
    other = Sweep(
        database=parts.database,
        clock=world.clock,
        bell=world.bell,
        holder="other",
        lease_s=5,
        sweep_notices=lambda: (0, 0, 0),
    )

    assert one().skipped is False
    assert [swept.skipped for swept in seen] == [True]
    assert other().skipped is False


def test_a_dead_sweeper_holds_nobody_up(world: World):
    """A sweeper that died in the middle blocks for its lease, no longer."""
    with world.house.parts.database.write() as uow:
        uow.leases.take("sweep", holder="dead", now=world.clock.now(), until=world.clock.now())
        uow.commit()

    assert world.house.sweep().skipped is False


def test_a_delivery_that_was_never_answered_for_is_sent_again(world: World):
    """The sender died after sending: after the lease it is due again, under the same id."""
    world.submitted()
    delivery = world.house.list_deliveries()[0]

    class Killed(BaseException):
        pass

    def die() -> None:
        raise Killed

    world.post.before = die
    with pytest.raises(Killed):
        world.house.deliver(delivery.id)
    world.post.before = lambda: None
    world.bell.rings.clear()
    world.clock.forward(seconds=61)

    swept = world.house.sweep()
    world.work_off(Work.DELIVER)

    after = world.house.list_deliveries()[0]
    assert (swept.deliveries_released, swept.deliveries_rung) == (1, 1)
    assert (after.state, after.attempts) == (DeliveryState.DELIVERED, 2)
    assert [attempt.status for attempt in world.house.list_attempts(delivery.id)] == [None, 204]
    assert world.post.posted[0].headers["webhook-id"] == delivery.id


def test_postponed_deliveries_are_rung_when_due(world: World):
    """Not before their time, and once."""
    world.post.answers = [answer(503)]
    world.submitted()
    world.work_off(Work.DELIVER)
    early = world.house.sweep()
    world.clock.forward(seconds=10)
    due = world.house.sweep()
    again = world.house.sweep()

    assert [one.deliveries_rung for one in (early, due, again)] == [0, 1, 0]


def test_leases_are_put_right_without_redis(world: World):
    """Redis away: the dead worker's photo is queued again all the same."""
    alice = world.student()
    photo = world.submit(alice)
    with world.house.parts.database.write() as uow:
        held = replace(
            uow.photos.get(photo.id), state=PhotoState.RENDERING, attempt=1, tries=1, lease_until=world.clock.now()
        )
        uow.photos.swap(held, state=PhotoState.QUEUED, attempt=0)
        uow.commit()
    world.bell.silent = True

    swept = furnish(world.house.settings, world.house.parts).sweep()

    assert (swept.photos_released, swept.photos_rung) == (1, 0)


def test_what_a_dead_worker_held_is_put_back_when_its_place_is_taken(world: World):
    """Long before its lease: rung for, and made by the next; what another place holds stays there."""
    alice = world.student()
    mine, other = world.submit(alice), world.submit(alice)

    class Killed(BaseException):
        pass

    def die() -> None:
        raise Killed

    world.renderer.before = die
    for photo, place in ((mine, "crew:1"), (other, "crew:2")):
        with pytest.raises(Killed):
            world.house.render_photo(photo.id, held_by=place)
    world.renderer.before = lambda: None
    world.bell.rings.clear()

    assert world.house.sweep.after_death("crew:1") == 1
    assert world.house.sweep.after_death("crew:1") == 0
    assert world.work_off(Work.RENDER) == 1
    states = [world.house.read_photo(alice, photo.id).photo.state for photo in (mine, other)]
    assert states == [PhotoState.READY, PhotoState.RENDERING]


def test_a_selfie_that_kills_every_worker_is_given_up_as_with_leases(world: World):
    """Three deaths, however quickly the place was taken again."""
    alice = world.student()
    photo = world.submit(alice)

    class Killed(BaseException):
        pass

    def die() -> None:
        raise Killed

    world.renderer.before = die
    for _ in range(MAX_TRIES):
        with pytest.raises(Killed):
            world.house.render_photo(photo.id, held_by="crew:1")
        assert world.house.sweep.after_death("crew:1") == 1

    after = world.house.read_photo(alice, photo.id).photo
    assert (after.state, after.error_code) == (PhotoState.FAILED, "worker_lost")


def test_a_worker_that_was_thought_dead_and_comes_back_changes_nothing(world: World):
    """Stopped in mid-render, replaced, then continued: its photo counts for nothing, the other's stands."""
    alice = world.student()
    photo = world.submit(alice)

    def replace_me() -> None:
        world.renderer.before = lambda: None
        world.house.sweep.after_death("crew:1")
        world.house.render_photo(photo.id, held_by="crew:1")

    world.renderer.before = replace_me

    assert world.house.render_photo(photo.id, held_by="crew:1") is None
    after = world.house.read_photo(alice, photo.id).photo
    assert (after.state, after.attempt, after.image_key) == (PhotoState.READY, 2, f"image/{photo.id}-2")
