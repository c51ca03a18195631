"""A registry that is down for a while still ends up with what is true, though it keeps no books on their order."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from house_fakes import World, answer

from api.domain.delivery import Delivery, DeliveryState, Event, must_wait, overtaken
from api.domain.submission import Submission
from api.domain.work import Work
from api.services.campaign_templates import HUNAN_PRETCO
from api.services.open_campaign import Window

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
PENDING, SENDING, CANCELLED = DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.CANCELLED


class Registry:
    """Keeps a photo when told of one and throws it away when told of its end, as the examples in docs do."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.photos: set[str] = set()
        self.told: list[str] = []

    def is_told(self, status: int | None = 204) -> None:
        """Take what is due, answering every try with one status; what is not 2xx was not taken."""
        self.world.clock.forward(seconds=1)
        self.world.house.sweep()
        seen = len(self.world.post.posted)
        self.world.post.answers = [answer(status)] * 9
        self.world.work_off(Work.DELIVER)
        for posted in self.world.post.posted[seen:]:
            if status == 204:
                self._take(json.loads(posted.body))

    def _take(self, event: dict) -> None:
        self.told.append(event["type"])
        photo = event["data"]["photo"]["id"]
        if event["type"] == "photo.revoked":
            self.photos.discard(photo)
        elif "pull_url" in event["data"]:
            self.photos.add(photo)


@pytest.fixture
def story(world: World) -> tuple[Registry, Submission, Callable[..., None]]:
    """A submitted photo that the registry was told of; `then(verb, …)` decides on it a second later."""
    _, submission = world.submitted()
    registry = Registry(world)
    registry.is_told()

    def then(verb: str, *more: str) -> None:
        world.clock.forward(seconds=1)
        decide = world.house.review.undo if verb == "undo" else getattr(world.house, verb)
        decide("li", submission.id, *more)

    return registry, submission, then


def test_a_revoked_photo_does_not_come_back_with_a_late_approval(world: World, story):
    """The approval met a registry that was down; while it waited for its next try the photo was revoked."""
    registry, _, then = story
    then("approve")
    registry.is_told(503)
    then("revoke", "不是本人")
    registry.is_told()
    world.clock.forward(hours=2)
    registry.is_told()

    assert registry.told == ["photo.submitted", "photo.revoked"]
    assert registry.photos == set()


def test_an_approved_photo_is_not_thrown_away_by_a_late_revocation(world: World, story):
    """Approved by mistake, taken back while the registry was down, approved for good: the old end comes too late."""
    registry, submission, then = story
    then("approve")
    registry.is_told()
    then("undo")
    registry.is_told(503)
    then("approve")
    registry.is_told()
    world.clock.forward(hours=2)
    registry.is_told()

    assert registry.told[-1] == "photo.approved"
    assert registry.photos == {submission.photo_id}


def test_an_end_that_was_overtaken_is_owed_anew_when_it_is_the_end_after_all(world: World, story):
    """The second approval was tried and taken back too: nothing of the photo stays at the registry."""
    registry, _, then = story
    then("approve")
    registry.is_told()
    for verb in ("undo", "approve", "undo"):
        then(verb)
        registry.is_told(503)
    world.clock.forward(hours=2)
    registry.is_told()

    assert registry.told[-1] == "photo.revoked"
    assert registry.photos == set()


def test_sending_an_old_approval_again_does_not_undo_a_revocation(world: World, story):
    """The school lost its data and has everything sent again: what was revoked stays revoked."""
    registry, _, then = story
    then("approve")
    registry.is_told()
    then("revoke", "不是本人")
    registry.is_told()
    old = next(one for one in world.house.list_deliveries() if one.event is Event.APPROVED)

    world.house.replay(old.id)
    registry.is_told()

    assert registry.told[-1] == "photo.revoked"
    assert world.house.list_deliveries(state="cancelled")[0].id == old.id


def test_whoever_holds_the_photo_hears_of_its_end_though_the_campaign_has_another_registry_by_now(world: World, story):
    """The school moved to a new system in the middle: the old one was told of the photo, so it is told to delete it."""
    _, submission, then = story
    old = world.house.list_registries()[0]
    new = world.house.add_registry("新教务系统", url="http://new.example/hook")
    campaign = world.house.show_campaigns("hunan-pretco")[0].campaign
    window = Window(starts_at=campaign.starts_at, ends_at=campaign.ends_at)
    world.house.open_campaign(HUNAN_PRETCO, slug=campaign.slug, window=window, registry_id=new.id)
    then("approve")
    then("undo")  # nobody was told of the approval yet: the new one knows nothing
    world.clock.forward(seconds=1)

    world.house.erase_me(submission.student_id)

    ends = [one.registry_id for one in world.house.list_deliveries() if one.event is Event.REVOKED]
    assert ends == [old.id]


def event(kind: Event, second: int, state: DeliveryState = PENDING, *, attempts: int = 0, **where: str) -> Delivery:
    at = NOON + timedelta(seconds=second)
    data = {"campaign": {"id": where.get("campaign", "cp")}}
    return Delivery(
        f"dl_{second}", where.get("registry", "rg"), kind, None, "ph", data, state, at, at, attempts=attempts
    )


def test_only_an_end_overtakes_and_only_at_the_same_registry_in_the_same_campaign():
    """An approval does not overtake a submission: both are news. What is over in one campaign may hold in another."""
    told = event(Event.SUBMITTED, 0)
    assert not overtaken(told, [told, event(Event.APPROVED, 1)])
    assert overtaken(told, [told, event(Event.REVOKED, 1)])
    assert not overtaken(told, [told, event(Event.REVOKED, 1, CANCELLED)])
    assert not overtaken(told, [told, event(Event.REVOKED, 1, registry="another")])
    assert not overtaken(told, [told, event(Event.REVOKED, 1, campaign="another")])
    ended = event(Event.REVOKED, 1)
    assert not overtaken(ended, [told, ended, event(Event.APPROVED, 2)])
    assert overtaken(ended, [told, ended, event(Event.APPROVED, 2, attempts=1)])


def test_an_end_waits_for_what_is_on_its_way_and_holds_back_what_comes_after():
    """Two workers never have an approval and its revocation on the line at once."""
    air = event(Event.APPROVED, 0, SENDING, attempts=1)
    assert must_wait(event(Event.REVOKED, 1), [air])
    assert not must_wait(event(Event.APPROVED, 1), [air])
    assert must_wait(event(Event.APPROVED, 2), [event(Event.REVOKED, 1, SENDING, attempts=1)])
    assert not must_wait(event(Event.REVOKED, 1), [event(Event.APPROVED, 2, SENDING, attempts=1)])
