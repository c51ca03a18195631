"""The store of files is away, full or refuses us: nothing is half kept, nothing is lost, everything is made up for.

A real bucket's protocol over real HTTP, with a store behind it that misbehaves when it is told to.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from house_fakes import JPEG, PROFILE, World
from store_here import Bucket

from api.bootstrap import furnish
from api.domain.delivery import DeliveryState
from api.domain.errors import NotFound
from api.domain.errors_storage import StorageUnavailable
from api.domain.exhibit import ExhibitState
from api.domain.export import ExportState
from api.domain.photo import PhotoState
from api.domain.roster_check import CheckState
from api.domain.work import Work
from api.services.export_photos import ExportWish

MakeBucket = Callable[[], Bucket]


@pytest.fixture
def school(world: World, bucket: Bucket) -> Iterator[World]:
    """A house whose files lie in the bucket."""
    blobs = bucket.blobs()
    yield replace(world, house=furnish(world.house.settings, replace(world.house.parts, blobs=blobs)))
    blobs.close()


def photo_of(world: World, photo_id: str):
    with world.house.parts.database.read() as uow:
        return uow.photos.get(photo_id)


def rows(world: World) -> set[str]:
    with world.house.parts.database.read() as uow:
        return set(uow.blobs.keys(after="", limit=1000))


def later(world: World, **parts: float) -> None:
    """Let time pass, and the sweeper with it."""
    world.clock.forward(**parts)
    world.house.sweep()


@pytest.mark.parametrize("mode", ["denied", "slow_down", "hang_up", "stall", "broken"])
def test_an_upload_that_cannot_be_kept_leaves_nothing_and_may_be_repeated(school: World, bucket: Bucket, mode: str):
    """Alice is refused with a time to come back: no photo of hers waits without its selfie; then she comes back."""
    alice = school.student()
    bucket.store.mode = mode
    with pytest.raises(StorageUnavailable) as fault:
        school.submit(alice, idempotency_key="k-1")
    assert fault.value.retry_after == 30
    assert school.house.student_room.list_photos(alice) == ()
    assert school.bell.rings == []

    bucket.store.behave()
    photo = school.submit(alice, idempotency_key="k-1")

    assert school.work_off(Work.RENDER) == 1
    assert photo_of(school, photo.id).state is PhotoState.READY
    school.clock.forward(hours=1)
    school.house.purge()
    assert len(rows(school)) == len(bucket.objects()) == 2


def test_a_write_whose_answer_was_lost_is_cleaned_up(school: World, bucket: Bucket):
    """The selfie arrived, the answer did not: Alice was refused, so within the hour her selfie goes."""
    alice = school.student()
    passing_on = bucket.store.store

    def store_then_hang_up(environ, start):
        answer = passing_on(environ, lambda *_: None)
        return bucket.store._hang_up(environ, start) if list(answer) is not None else []

    bucket.store.store = store_then_hang_up
    with pytest.raises(StorageUnavailable):
        school.submit(alice)
    bucket.store.store = passing_on
    assert len(bucket.objects()) == 1

    school.clock.forward(hours=1)
    school.house.purge()

    assert bucket.objects() == {}
    assert rows(school) == set()


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_a_photo_waits_for_the_store_as_long_as_it_takes(school: World, bucket: Bucket, method: str):
    """The selfie cannot be fetched, or the photo not kept: ten tries, and none of them counts against the photo."""
    alice = school.student()
    photo = school.submit(alice)
    bucket.store.mode, bucket.store.only = "slow_down", method
    for _ in range(10):
        assert school.work_off(Work.RENDER) == 1
        assert photo_of(school, photo.id).state is PhotoState.QUEUED
        later(school, seconds=6)

    bucket.store.behave()
    school.work_off(Work.RENDER)

    assert photo_of(school, photo.id).state is PhotoState.READY
    assert school.house.read_image(alice, photo.id).bytes == JPEG
    school.clock.forward(hours=1)
    school.house.purge()
    assert len(rows(school)) == len(bucket.objects()) == 2


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_what_reviewers_look_at_is_drawn_when_the_store_is_back(school: World, bucket: Bucket, method: str):
    """Five tries in vain, the sixth makes it: the photo could be decided on all the while."""
    _, submission = school.submitted()
    bucket.store.mode, bucket.store.only = "broken", method
    for _ in range(5):
        later(school, seconds=31)
        photo_id = school.bell.take(Work.EXHIBIT)
        assert photo_id == submission.photo_id
        assert school.house.review.make_exhibit(photo_id).state is ExhibitState.PENDING

    bucket.store.behave()
    later(school, seconds=31)

    assert school.house.review.make_exhibit(school.bell.take(Work.EXHIBIT)).state is ExhibitState.MADE
    assert len(rows(school)) == len(bucket.objects()) == 5


def test_an_event_with_its_photo_inside_waits_for_the_photo(school: World, bucket: Bucket):
    """It does not go out thin, uses up no try, and nothing is held against the registry; then it arrives whole."""
    with school.house.parts.database.write() as uow:
        for registry in (school.seed().registry,):
            uow.registries.save(replace(registry, embed_photo=True))
        uow.commit()
    _, submission = school.submitted()
    bucket.store.mode = "denied"
    for _ in range(10):
        school.work_off(Work.DELIVER)
        later(school, seconds=61)
    assert school.post.posted == []

    bucket.store.behave()
    school.work_off(Work.DELIVER)

    deliveries = [one for one in school.house.list_deliveries() if one.submission_id == submission.id]
    assert {one.state for one in deliveries} == {DeliveryState.DELIVERED}
    assert {one.tries for one in deliveries} == {1}
    attempts = school.house.list_attempts(deliveries[0].id)
    assert [one.error for one in attempts] == ["storage_unavailable"] * 10 + [None]
    told = json.loads(school.post.posted[0].body)
    assert told["data"]["photo"]["jpeg_base64"]
    assert school.house.list_registries()[0].circuit == school.seed().registry.circuit


def test_a_purge_leaves_the_rows_and_tries_again(school: World, bucket: Bucket):
    """Everything else is purged all the same; the failure is said; the next purge makes up for it."""
    alice = school.student()
    school.ready(alice)
    school.clock.forward(days=70)
    before, stored = rows(school), bucket.objects()
    bucket.store.mode, bucket.store.only = "denied", "DELETE"

    with pytest.raises(StorageUnavailable):
        school.house.purge()
    assert rows(school) == before
    assert bucket.versions() == len(stored) == 2
    with school.house.parts.database.write() as uow:
        assert uow.sessions.delete_expired(before=school.clock.now() - timedelta(days=30)) == 0
    bucket.store.behave()
    assert school.house.purge().blobs == 2
    assert (rows(school), bucket.objects()) == (set(), {})


def test_who_deletes_a_photo_has_deleted_it(school: World, bucket: Bucket):
    """Alice's deletion counts at once, whatever the store does: nobody is shown the photo, the next purge ends it."""
    alice = school.student()
    photo = school.ready(alice)
    bucket.store.mode = "hang_up"

    school.house.delete_photo(alice, photo.id)

    bucket.store.behave()
    with pytest.raises(NotFound):
        school.house.read_image(alice, photo.id)
    assert len(bucket.objects()) == 2
    school.house.purge()
    assert bucket.objects() == {}


@pytest.mark.parametrize("way", ["erase", "withdraw"])
def test_who_asks_to_be_forgotten_is_forgotten(school: World, bucket: Bucket, way: str):
    """The same for everything of hers."""
    alice = school.student()
    school.ready(alice)
    consents = [text.id for text in school.house.list_consents(alice) if text.given_at]
    bucket.store.mode = "broken"

    if way == "erase":
        school.house.erase_me(alice)
    else:
        school.house.withdraw_consent(alice, consents[0])

    bucket.store.behave()
    school.house.purge()
    assert (rows(school), bucket.objects()) == (set(), {})


def test_a_roster_that_cannot_be_kept_is_uploaded_again(school: World, bucket: Bucket):
    """The registrar is refused, sees why in the list, and no file of people lies anywhere without an end."""
    campaign = school.seed().campaigns[0].id
    office = school.house.office
    bucket.store.mode = "slow_down"
    with pytest.raises(StorageUnavailable):
        office.upload_roster("wang", campaign, "学号,姓名\n".encode(), remove_missing=False)

    (refused,) = office.read_roster_check.all(campaign)
    assert (refused.state, refused.next_at) == (CheckState.UNREADABLE, None)
    assert "重新上传" in refused.trouble
    bucket.store.behave()
    kept = office.upload_roster("wang", campaign, "学号,姓名\n".encode(), remove_missing=False)
    assert len(bucket.objects()) == 1

    bucket.store.mode = "denied"
    with pytest.raises(StorageUnavailable):
        office.forget_roster_check(campaign, kept.id)
    bucket.store.behave()
    office.forget_roster_check(campaign, kept.id)
    assert bucket.objects() == {}


def test_a_roster_is_read_when_the_store_is_back(school: World, bucket: Bucket):
    """After its lease it is taken up again."""
    campaign = school.seed().campaigns[0].id
    office = school.house.office
    check = office.upload_roster("wang", campaign, "学号,姓名\n".encode(), remove_missing=False)
    bucket.store.mode = "broken"
    with pytest.raises(StorageUnavailable):
        office.work(check.id)

    bucket.store.behave()
    school.clock.forward(minutes=11)
    office.work(check.id)

    assert office.read_roster_check(campaign, check.id).state.settled
    assert bucket.objects() == {}


def test_an_export_goes_on_when_the_store_is_back(school: World, bucket: Bucket):
    """It does not end with a fault: after its lease another worker goes on with it."""
    student, _ = school.bound("alice")
    photo = school.ready(student)
    submission = school.house.confirm(student, photo=photo.id, campaign="hunan-pretco", profile=PROFILE)
    school.house.approve("li", submission.id)
    school.clock.forward(seconds=1)
    asked = school.house.office.ask_for_export("wang", "hunan-pretco", ExportWish(), reason="四六级报名")
    bucket.store.mode = "slow_down"
    school.house.office.work(asked.id)
    (waiting,) = school.house.list_exports("hunan-pretco")
    assert waiting.trouble is None

    bucket.store.behave()
    school.clock.forward(minutes=6)
    school.house.office.work(asked.id)

    (done,) = school.house.list_exports("hunan-pretco")
    assert done.state(school.clock.now()) is ExportState.READY


def test_a_lease_covers_the_longest_call(world: World):
    """What a call may take at the worst fits into a photo's lease and a delivery's."""
    from api.adapters.s3_client import _CONNECT_S, USUAL

    longest = timedelta(seconds=USUAL.attempts * (_CONNECT_S + USUAL.read_s) + 1)
    assert longest < timedelta(seconds=world.house.settings.lease_s)
