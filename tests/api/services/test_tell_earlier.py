"""A registry that is named late hears of what was handed in and approved before."""

import pytest
from house_fakes import PROFILE, World

from api.domain.delivery import Event
from api.domain.errors import InvalidRequest
from api.domain.work import Work
from api.services.campaign_templates import HUNAN_PRETCO
from api.services.open_campaign import Window

SLUG = "hunan-pretco"


def handed_in(world: World, name: str, index: int) -> str:
    student, _ = world.bound(name, index=index)
    return world.house.confirm(student, photo=world.ready(student).id, campaign=SLUG, profile=PROFILE).id


def owed(world: World, registry_id: str) -> list[tuple[Event, str | None]]:
    found = world.house.list_deliveries(registry_id=registry_id)
    return sorted((one.event, one.submission_id) for one in found)


def name_registry(world: World, registry_id: str) -> None:
    """As `idphoto campaign create` does for a campaign that is there."""
    found = next(one for one in world.seed().campaigns if one.slug == SLUG)
    window = Window(found.starts_at, found.ends_at)
    world.house.open_campaign(HUNAN_PRETCO, slug=SLUG, window=window, registry_id=registry_id)


@pytest.fixture
def late(world: World) -> tuple[World, str, list[str]]:
    """One approved, one waiting, one returned, one revoked; then another registry is named."""
    approved, waiting, returned, revoked = (handed_in(world, f"s{at}", at) for at in range(4))
    world.house.approve("li", approved)
    world.house.return_("li", returned, "头发遮住了耳朵")
    world.house.approve("li", revoked)
    world.house.revoke("li", revoked, "误点")
    registry = world.house.add_registry("新教务系统", url="http://late.example/hook").id
    name_registry(world, registry)
    return world, registry, [approved, waiting]


def test_it_is_told_once_of_what_stands(late: tuple[World, str, list[str]]):
    """The approved as approved, the waiting as submitted; what was returned or taken back is none of its business."""
    world, registry, (approved, waiting) = late
    assert owed(world, registry) == []

    assert world.house.registry.tell_earlier(SLUG) == 2

    assert owed(world, registry) == sorted([(Event.APPROVED, approved), (Event.SUBMITTED, waiting)])
    assert world.house.registry.tell_earlier(SLUG) == 0
    world.work_off(Work.DELIVER)
    assert {posted.url for posted in world.post.posted if "late" in posted.url} == {"http://late.example/hook"}
    assert world.house.registry.tell_earlier(SLUG) == 0


def test_what_it_was_told_is_taken_back_like_any_other(late: tuple[World, str, list[str]]):
    """It holds the photo from then on: a revocation reaches it."""
    world, registry, (approved, _) = late
    world.house.registry.tell_earlier(SLUG)
    world.work_off(Work.DELIVER)
    world.clock.forward(seconds=1)

    world.house.revoke("li", approved, "学籍已注销")

    assert (Event.REVOKED, approved) in owed(world, registry)


def test_a_photo_that_is_gone_is_not_told_of(late: tuple[World, str, list[str]]):
    """Its end date has come: there is nothing to fetch."""
    world, registry, _ = late
    world.clock.forward(days=366)
    world.house.purge()

    assert world.house.registry.tell_earlier(SLUG) == 0
    assert owed(world, registry) == []


def test_a_campaign_without_a_registry_has_nobody_to_tell(world: World):
    """Whoever asks is told that, and no number that means nothing."""
    found = next(one for one in world.seed().campaigns if one.slug == SLUG)
    alone = world.house.open_campaign(
        HUNAN_PRETCO, slug="alone", window=Window(found.starts_at, found.ends_at), registry_id=None
    )

    with pytest.raises(InvalidRequest):
        world.house.registry.tell_earlier(alone.id)
