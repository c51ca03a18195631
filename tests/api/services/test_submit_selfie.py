"""Taking a selfie in."""

from dataclasses import replace
from datetime import timedelta

import pytest
from house_fakes import SELFIE, World, with_settings

from api.bootstrap import furnish
from api.domain.errors import (
    CampaignClosed,
    CampaignNotOpen,
    ConsentRequired,
    IdempotencyConflict,
    IdentityRequired,
    InvalidRequest,
    NotFound,
    QueueFull,
    SelfieTooLarge,
    SelfieUnreadable,
    SpecUnknown,
)
from api.domain.photo import PhotoState
from api.domain.work import Work


def test_a_selfie_is_stored_queued_and_announced(world: World):
    """Alice's selfie gets a photo in the queue, one bell and one file."""
    alice = world.student()

    view = world.house.submit_selfie(alice, selfie=SELFIE, spec="hunan-pretco", campaign=None, idempotency_key=None)

    assert view.photo.state is PhotoState.QUEUED
    assert (view.position, view.estimate_s) == (0, 1.0)
    assert [ring.id for ring in world.bell.rings] == [f"{view.photo.id}-1"]
    assert world.house.parts.blobs.get(view.photo.selfie_key) == SELFIE


def test_selfies_on_the_disk_are_sealed(world: World):
    """Whoever takes the disk sees no face: no file holds the selfie's bytes."""
    world.submit(world.student())

    files = [path.read_bytes() for path in world.house.settings.blob_dir.rglob("*") if path.is_file()]

    assert len(files) == 1
    assert SELFIE not in files[0]


def test_a_photo_survives_a_redis_that_is_away(world: World):
    """With Redis down Alice is answered as ever; the sweeper rings once Redis is back."""
    alice = world.student()
    world.bell.silent = True

    photo = world.submit(alice)
    during = world.house.sweep()
    world.bell.silent = False
    after = world.house.sweep()

    assert photo.state is PhotoState.QUEUED
    assert (during.photos_rung, after.photos_rung) == (0, 1)
    assert world.work_off(Work.RENDER) == 1
    assert world.house.read_photo(alice, photo.id).photo.state is PhotoState.READY


def test_a_full_queue_takes_nothing_in(world: World):
    """Beyond the limit the answer is to come back later, and nothing is left behind."""
    full = with_settings(world, max_queued=2)
    alice = full.student()
    full.submit(alice)
    full.submit(alice)
    before = full.files()

    with pytest.raises(QueueFull) as refusal:
        full.submit(alice)

    assert refusal.value.retry_after is not None
    assert full.files() == before == 2


def test_the_same_key_and_bytes_give_the_same_photo(world: World):
    """A phone that lost the answer asks again and gets the photo it already has."""
    alice = world.student()

    first = world.submit(alice, idempotency_key="one")
    second = world.submit(alice, idempotency_key="one")

    assert first.id == second.id
    assert world.files() == 1


def test_the_same_key_with_other_bytes_is_refused(world: World):
    """A key names one upload; another one under it is a mistake of the client."""
    alice = world.student()
    world.submit(alice, idempotency_key="one")

    with pytest.raises(IdempotencyConflict):
        world.house.submit_selfie(alice, selfie=b"another", spec="hunan-pretco", campaign=None, idempotency_key="one")


def test_keys_of_two_students_are_apart(world: World):
    """Charlie using Alice's key gets a photo of his own."""
    alice, charlie = world.student("alice"), world.student("charlie")

    assert world.submit(alice, idempotency_key="one").id != world.submit(charlie, idempotency_key="one").id


def test_nothing_works_without_the_consents(world: World):
    """Without the separate consent to face photos no selfie is taken, and the missing ones are named."""
    bob = world.student("bob", consented=False)
    world.house.give_consent(bob, "privacy-1")

    with pytest.raises(ConsentRequired) as refusal:
        world.submit(bob)

    assert refusal.value.facts["kinds"] == ("face_photo",)
    assert world.files() == 0


@pytest.mark.parametrize(("spec", "campaign"), [(None, None), ("hunan-pretco", "hunan-pretco")])
def test_a_selfie_is_for_a_spec_or_a_campaign(world: World, spec: str | None, campaign: str | None):
    """Neither or both of them is no request."""
    world.seed()

    with pytest.raises(InvalidRequest):
        world.submit(world.student(), spec=spec, campaign=campaign)


def test_odd_selfies_are_refused_at_the_door(world: World):
    """Nothing, too much, and a spec nobody knows."""
    alice = world.student()
    small = with_settings(world, max_upload_bytes=3)

    with pytest.raises(SelfieTooLarge):
        small.submit(alice)
    with pytest.raises(SelfieUnreadable):
        world.house.submit_selfie(alice, selfie=b"", spec="hunan-pretco", campaign=None, idempotency_key=None)
    with pytest.raises(SpecUnknown):
        world.submit(alice, spec="no-such-spec")


def test_a_campaign_brings_its_own_spec(world: World):
    """Alice, on the roster, sends a selfie for the campaign; it is made for the campaign's spec."""
    alice, row = world.bound()

    photo = world.submit(alice, spec=None, campaign="hunan-pretco")

    assert (photo.spec, photo.campaign_id) == ("hunan-pretco", row.campaign_id)


def test_a_campaign_is_for_its_roster(world: World):
    """Charlie, who proved nothing, is told to do that first; a campaign that is not there is not there."""
    world.seed()
    charlie = world.student("charlie")

    with pytest.raises(IdentityRequired):
        world.submit(charlie, spec=None, campaign="hunan-pretco")
    with pytest.raises(NotFound):
        world.submit(charlie, spec=None, campaign="no-such-campaign")


def test_the_window_closes_to_the_second(world: World):
    """23:59:59 is in time; the next second is not, nor is the second before the start."""
    alice, row = world.bound()
    with world.house.parts.database.read() as uow:
        campaign = uow.campaigns.get(row.campaign_id)

    world.clock.time = campaign.ends_at + timedelta(milliseconds=999)
    world.submit(alice, spec=None, campaign="hunan-pretco")
    world.clock.time = campaign.ends_at + timedelta(seconds=1)
    with pytest.raises(CampaignClosed):
        world.submit(alice, spec=None, campaign="hunan-pretco")
    world.clock.time = campaign.starts_at - timedelta(milliseconds=1)
    with pytest.raises(CampaignNotOpen):
        world.submit(alice, spec=None, campaign="hunan-pretco")


def test_an_upload_that_broke_off_leaves_nothing_for_long(world: World):
    """The process dies between the file's row and the photo: an hour later the purge has removed the file."""
    alice = world.student()

    class Dies(Exception):
        pass

    class DyingBlobs:
        def put(self, key: str, data: bytes) -> None:
            world.house.parts.blobs.put(key, data)
            raise Dies

    dying = furnish(world.house.settings, replace(world.house.parts, blobs=DyingBlobs()))
    with pytest.raises(Dies):
        dying.submit_selfie(alice, selfie=SELFIE, spec="hunan-pretco", campaign=None, idempotency_key=None)
    assert world.files() == 1
    assert world.house.purge().blobs == 0

    world.clock.forward(hours=1)

    assert world.house.purge().blobs == 1
    assert world.files() == 0
