"""From queued to ready, once, whatever happens on the way."""

import pytest
from house_fakes import JPEG, SELFIE, World, failing

from api.domain.errors import NotFound, PhotoNotReady, RendererAway, TooManyWaiters
from api.domain.photo import PhotoState
from api.domain.work import Work
from photo_service.contract import SpecUnattainable, TooManyPixels, UnreadableImage


def state(world: World, student: str, photo_id: str) -> PhotoState:
    return world.house.read_photo(student, photo_id).photo.state


def images(world: World, photo_id: str) -> list[str]:
    with world.house.parts.database.read() as uow:
        return [row.key for row in uow.blobs.of_photo(photo_id) if row.kind == "image"]


def test_a_good_selfie_becomes_a_ready_photo(world: World):
    """Alice gets the report and the image, in one attempt."""
    alice = world.student()

    photo = world.ready(alice)
    image = world.house.read_image(alice, photo.id)

    assert (photo.state, photo.attempt) == (PhotoState.READY, 1)
    assert photo.report["verdict"] == "pass"
    assert image.bytes == JPEG
    assert image.sha256 == photo.image_sha256 == photo.report["output"]["sha256"]
    assert world.renderer.seen == [(SELFIE, "hunan-pretco")]


def test_a_selfie_with_faults_is_rejected_with_the_reasons(world: World):
    """Bob's eyes are closed: he reads why, and there is no image."""
    world.renderer.outcomes = [failing("eyes_closed")]
    bob = world.student("bob")

    photo = world.ready(bob)

    assert photo.state is PhotoState.REJECTED
    assert photo.report["findings"][0]["code"] == "eyes_closed"
    with pytest.raises(PhotoNotReady):
        world.house.read_image(bob, photo.id)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (UnreadableImage(), "unreadable_image"),
        (TooManyPixels(megapixels=256, limit=50), "too_many_pixels"),
        (SpecUnattainable(spec="hunan-pretco", nearest=120000), "spec_unattainable"),
    ],
)
def test_a_file_that_is_no_selfie_is_rejected_by_name(world: World, fault: Exception, code: str):
    """What cannot be judged says so with its code and facts, without a second try."""
    world.renderer.outcomes = [fault]

    photo = world.ready(world.student())

    assert (photo.state, photo.error_code, photo.attempt) == (PhotoState.REJECTED, code, 1)
    assert photo.error_facts == fault.facts


def test_a_renderer_that_crashes_is_tried_three_times(world: World):
    """A crash is followed by two more tries, then the photo is failed, not tried for ever."""
    world.renderer.outcomes = [RuntimeError("boom") for _ in range(5)]
    alice = world.student()
    photo = world.submit(alice)

    tries = world.work_off(Work.RENDER)

    after = world.house.read_photo(alice, photo.id).photo
    assert tries == 3
    assert (after.state, after.error_code, after.attempt) == (PhotoState.FAILED, "render_failed", 3)


def test_a_crash_that_passes_is_forgotten(world: World):
    """The second try works: Alice never notices."""
    world.renderer.outcomes = [MemoryError()]
    alice = world.student()
    photo = world.submit(alice)

    world.work_off(Work.RENDER)

    assert state(world, alice, photo.id) is PhotoState.READY


def test_a_photo_waits_for_a_photo_service_that_is_away(world: World):
    """With the photo service's machine down for long, photos wait; none is failed for it."""
    alice = world.student()
    photo = world.submit(alice)
    for _ in range(10):
        world.renderer.outcomes = [RendererAway()]
        world.work_off(Work.RENDER)
        assert state(world, alice, photo.id) is PhotoState.QUEUED
        world.clock.forward(seconds=6)
        world.house.sweep()

    world.work_off(Work.RENDER)

    assert state(world, alice, photo.id) is PhotoState.READY


def test_two_bells_for_one_photo_make_one_render(world: World):
    """A bell that rang twice finds nothing the second time."""
    photo = world.submit(world.student())

    first, second = world.house.render_photo(photo.id), world.house.render_photo(photo.id)

    assert first is not None
    assert second is None
    assert len(world.renderer.seen) == 1


def test_a_result_after_its_lease_is_dropped(world: World):
    """A worker slower than its lease loses: the second worker's photo stays, and only one image is stored."""
    alice = world.student()
    photo = world.submit(alice)

    def meanwhile() -> None:
        world.renderer.before = lambda: None
        world.clock.forward(seconds=31)
        assert world.house.sweep().photos_released == 1
        world.work_off(Work.RENDER)

    world.bell.rings.clear()
    world.renderer.before = meanwhile
    late = world.house.render_photo(photo.id)

    assert late is None
    assert state(world, alice, photo.id) is PhotoState.READY
    assert images(world, photo.id) == [f"image/{photo.id}-2"]
    assert world.files() == 2


def test_a_photo_that_kills_its_worker_is_given_up(world: World):
    """Three workers died over it: it is failed, and the queue goes on."""
    alice = world.student()
    photo = world.submit(alice)

    class Killed(BaseException):
        pass

    def die() -> None:
        raise Killed

    world.renderer.before = die
    for _ in range(3):
        with pytest.raises(Killed):
            world.house.render_photo(photo.id)
        world.clock.forward(seconds=31)
        world.house.sweep()

    after = world.house.read_photo(alice, photo.id).photo
    assert (after.state, after.error_code) == (PhotoState.FAILED, "worker_lost")


def test_a_photo_erased_while_it_renders_stays_erased(world: World):
    """Alice deletes it in the middle: the result is dropped with its file."""
    alice = world.student()
    photo = world.submit(alice)
    world.renderer.before = lambda: world.house.delete_photo(alice, photo.id)

    assert world.house.render_photo(photo.id) is None

    assert world.files() == 0
    with pytest.raises(NotFound):
        world.house.read_photo(alice, photo.id)


def test_the_queue_has_places(world: World):
    """Each sees how many are before: first come, first served; the estimate grows with the place."""
    students = [world.student(name) for name in ("alice", "bob", "charlie")]
    photos = []
    for student in students:
        photos.append(world.submit(student))
        world.clock.forward(seconds=1)

    views = [world.house.read_photo(s, p.id) for s, p in zip(students, photos, strict=True)]

    assert [view.position for view in views] == [0, 1, 2]
    assert [view.estimate_s for view in views] == [1.0, 2.0, 3.0]


def test_the_estimate_learns_from_recent_renders(world: World):
    """Renders that took four seconds promise four seconds."""
    alice = world.student()
    world.renderer.before = lambda: world.clock.forward(seconds=4)
    for _ in range(3):
        world.ready(alice)

    photo = world.submit(alice)

    assert world.house.read_photo(alice, photo.id).estimate_s == 4.0


def test_another_students_photo_is_not_there(world: World):
    """Charlie learns nothing about Alice's photo, not even that it exists."""
    photo = world.ready(world.student("alice"))
    charlie = world.student("charlie")

    for ask in (world.house.read_photo, world.house.read_image, world.house.delete_photo):
        with pytest.raises(NotFound):
            ask(charlie, photo.id)
    with pytest.raises(NotFound):
        world.house.await_photo(charlie, photo.id, seconds=1)


def test_waiting_ends_when_the_photo_is_ready(world: World):
    """Alice, waiting, hears within a moment, not at the end of her twenty seconds."""
    alice = world.student()
    photo = world.submit(alice)
    naps = iter(range(100))
    world.clock.on_sleep = lambda: world.work_off(Work.RENDER) if next(naps) == 3 else 0

    view = world.house.await_photo(alice, photo.id, seconds=20)

    assert view.photo.state is PhotoState.READY
    assert sum(world.clock.slept) < 1


def test_waiting_is_polite(world: World):
    """The pauses grow from 50 to 200 ms and end with the time that was asked for."""
    alice = world.student()
    photo = world.submit(alice)

    view = world.house.await_photo(alice, photo.id, seconds=5)

    assert view.photo.state is PhotoState.QUEUED
    assert world.clock.slept[0] == 0.05
    assert max(world.clock.slept) == 0.2
    assert sum(world.clock.slept) == pytest.approx(5)


def test_places_to_wait_are_few(world: World):
    """Two wait; the third is sent away at once with a time to come back, and a place that is free again is free."""
    alice = world.student()
    photo = world.submit(alice)
    refused: list[int | None] = []

    def third() -> None:
        world.clock.on_sleep = lambda: None
        with pytest.raises(TooManyWaiters) as refusal:
            world.house.await_photo(alice, photo.id, seconds=1)
        refused.append(refusal.value.retry_after)

    def second() -> None:
        world.clock.on_sleep = third
        world.house.await_photo(alice, photo.id, seconds=1)

    world.clock.on_sleep = second
    world.house.await_photo(alice, photo.id, seconds=5)
    world.house.await_photo(alice, photo.id, seconds=1)

    assert refused == [2]
