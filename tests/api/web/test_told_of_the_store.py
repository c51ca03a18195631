"""What students, registries and load balancers are told while the store of files does not do what it is asked."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from store_here import Bucket
from web_world import World, made_photo

from api.bootstrap import furnish
from api.services.pull_links import pull_token
from api.web.app import create_app


@pytest.fixture
def school(world: World, bucket: Bucket) -> Iterator[World]:
    """A seeded world whose files lie in the bucket."""
    blobs = bucket.blobs()
    house = furnish(world.house.settings, replace(world.house.parts, blobs=blobs))
    yield replace(world, house=house, app=create_app(house))
    blobs.close()


@pytest.mark.parametrize("mode", ["slow_down", "denied", "hang_up", "stall"])
def test_a_student_is_asked_to_come_back(school: World, bucket: Bucket, mode: str) -> None:
    """503 as a problem document with Retry-After, in Chinese; nothing is listed; the same upload works later."""
    zhang = school.student()
    bucket.store.mode = mode
    refused = zhang.upload(key="one-upload")

    assert (refused.status_code, refused.mimetype) == (503, "application/problem+json")
    assert refused.headers["Retry-After"] == "30"
    assert refused.get_json()["code"] == "storage_unavailable"
    assert "没有保存" in refused.get_json()["detail"]
    assert zhang.get("/v1/photos").get_json()["photos"] == []
    bucket.store.behave()
    taken = zhang.upload(key="one-upload")
    assert taken.status_code == 202
    school.render(taken.get_json()["id"])
    assert zhang.get(f"/v1/photos/{taken.get_json()['id']}/image").data == made_photo()


def test_who_fetches_a_photo_is_asked_to_come_back(school: World, bucket: Bucket) -> None:
    """The student and the registry alike; not told that it is gone."""
    zhang = school.student()
    photo = zhang.ready_photo()
    token, _ = pull_token(photo, vault=school.house.parts.vault, now=school.clock.now())
    bucket.store.mode = "page"

    for answer in (
        zhang.get(f"/v1/photos/{photo}/image"),
        school.client().get(f"/v1/registry/photos/{token}"),
    ):
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")


def test_readiness_tells_of_the_store(school: World, bucket: Bucket) -> None:
    """Well, then refused, then well again; being alive is another matter."""
    client = school.client()
    assert client.get("/readyz").get_json()["parts"]["blobs"] == "ok"

    bucket.store.mode = "denied"
    answer = client.get("/readyz")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "blobs" in answer.get_json()["detail"]
    assert client.get("/healthz").status_code == 200

    bucket.store.behave()
    assert client.get("/readyz").status_code == 200
