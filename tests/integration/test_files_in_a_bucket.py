"""A whole installation whose files lie in a bucket: API and worker are processes of their own, the store a third."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from plant import SELFIE, Plant
from store_here import Bucket, s3_store

from api.adapters.clock import SystemClock
from api.bootstrap import furnish
from api.domain.photo import PhotoState
from api.domain.reviewer import Reviewer, Role
from api.services.review_dossier import Picture, PictureState

PROFILE = {"guardians": [{"name": "张大示", "relation": "父亲", "id_type": "护照", "id_number": "E12345678"}]}
ZHAO = Reviewer(name="zhao", role=Role.REGISTRAR)


class LaterClock(SystemClock):
    """Four hundred days on: everything has ended."""

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(days=400)


@pytest.fixture
def bucket() -> Iterator[Bucket]:
    """An empty bucket in a store of its own."""
    with s3_store() as make:
        yield make()


def test_a_photo_lives_and_ends_in_a_bucket(make_plant: Callable[..., Plant], bucket: Bucket):
    """Upload, render, confirm, look at it as a reviewer, purge: only sealed bytes on the way, an empty bucket after."""
    plant = make_plant(render_s=0.05, lease_s=30.0, bucket=bucket.address)
    plant.start("render")
    house, alice = plant.house, plant.student()
    seeded = house.seed_sample(registry_url="http://127.0.0.1:9/hook")
    campaign = next(one for one in seeded.campaigns if one.slug == "hunan-pretco")
    person = next(row for row in seeded.roster if row.campaign_id == campaign.id)
    house.bind_identity(alice, campaign=campaign.id, name=person.name, id_number=person.id_number)
    view = house.submit_selfie(alice, selfie=SELFIE, spec=None, campaign=campaign.id, idempotency_key=None)
    plant.until(lambda: plant.photo(view.photo.id).state is PhotoState.READY, seconds=40)

    submission = house.confirm(alice, photo=view.photo.id, campaign=campaign.id, profile=PROFILE)
    plant.until(
        lambda: house.review.open_dossier(ZHAO, submission.id).pictures[Picture.DRAWING] is PictureState.READY,
        seconds=40,
    )

    assert house.review.read_picture(ZHAO, submission.id, Picture.SELFIE).bytes
    assert house.read_image(alice, view.photo.id).sha256 == plant.photo(view.photo.id).image_sha256
    stored = bucket.objects()
    assert len(stored) == 5
    assert not any(SELFIE in sealed for sealed in stored.values())
    assert not [path for path in (plant.home / "blobs").rglob("*") if path.is_file()]

    later = furnish(house.settings, replace(house.parts, clock=LaterClock()))
    later.trusted_clock.believe()  # nobody was at work for a year
    later.purge()
    assert bucket.objects() == {}
