"""The last minute before a window closes, on a bad network: what arrived counts, and who asks again hears so."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from house_fakes import PROFILE, SELFIE, World

from api.bootstrap import furnish
from api.domain.campaign_rules import CampaignFields
from api.domain.errors import AlreadySubmitted, CampaignClosed, ConsentRequired
from api.domain.errors_student import BackgroundNotOffered
from api.domain.repositories import UnitOfWork

SLUG = "hunan-pretco"


def at_the_last_second(world: World) -> str:
    """Bind Alice and stop the clock at the last second of her campaign."""
    alice, _ = world.bound()
    world.clock.time = world.house.get_campaign(alice, SLUG).ends_at
    return alice


def test_who_handed_in_in_time_and_lost_the_answer_hears_that_it_arrived(world: World):
    """Alice presses 提交 at 23:59:59, the answer is lost, and she presses again a moment later: not "closed"."""
    alice = at_the_last_second(world)
    photo = world.ready(alice)
    submission = world.house.confirm(alice, photo=photo.id, campaign=SLUG, profile=PROFILE)
    world.clock.forward(seconds=2)

    with pytest.raises(AlreadySubmitted) as told:
        world.house.confirm(alice, photo=photo.id, campaign=SLUG, profile=PROFILE)

    assert told.value.facts["submission"] == submission.id


def test_a_selfie_that_arrived_in_time_is_the_same_photo_when_it_is_sent_again(world: World):
    """The key makes it so, whatever the time; another selfie comes too late."""
    alice = at_the_last_second(world)
    photo = world.submit(alice, spec=None, campaign=SLUG, idempotency_key="k1")
    world.clock.forward(seconds=2)

    assert world.submit(alice, spec=None, campaign=SLUG, idempotency_key="k1").id == photo.id
    with pytest.raises(CampaignClosed):
        world.submit(alice, spec=None, campaign=SLUG, idempotency_key="k2")


class BusyHour:
    """A database at which everybody who writes stands in line for three seconds."""

    def __init__(self, world: World) -> None:
        self._world = world

    def __getattr__(self, name: str) -> object:
        return getattr(self._world.house.parts.database, name)

    @contextmanager
    def write(self) -> Iterator[UnitOfWork]:
        with self._world.house.parts.database.write() as uow:
            uow.leases.release("nobody's", holder="nobody")  # the first statement is the one that waits
            self._world.clock.forward(seconds=3)
            yield uow


def test_who_arrives_at_the_last_second_and_stands_in_line_is_in_time(world: World):
    """The whole campus presses the button at once; what counts is when a request came, not when its turn did."""
    alice = at_the_last_second(world)
    photo = world.ready(alice)
    last = world.clock.now()
    busy = furnish(world.house.settings, replace(world.house.parts, database=BusyHour(world)))

    taken = busy.submit_selfie(alice, selfie=SELFIE, spec=None, campaign=SLUG, idempotency_key=None)
    world.clock.time = last
    submission = busy.confirm(alice, photo=photo.id, campaign=SLUG, profile=PROFILE)

    assert taken.photo.created_at == submission.created_at == last


def test_a_draft_that_arrives_after_its_form_is_not_kept(world: World):
    """The page saves while she presses 提交; what comes second would otherwise lie there for ever."""
    alice, submission = world.submitted()

    with pytest.raises(AlreadySubmitted):
        world.house.save_draft(alice, campaign=SLUG, profile={"guardians": [{"name": "张家长"}]})

    world.house.return_("li", submission.id, "请重拍")
    assert world.house.read_draft(alice, campaign=SLUG).profile == PROFILE


def test_a_student_who_is_erased_while_a_selfie_is_on_its_way_leaves_nothing(world: World):
    """The other tab says 删除全部数据 between the first byte and the last."""
    alice = world.student()

    class Meanwhile:
        """A store into which the file comes just after the erasure."""

        def __getattr__(self, name: str) -> object:
            return getattr(world.house.parts.blobs, name)

        def put(self, key: str, data: bytes) -> None:
            world.house.erase_me(alice)
            world.house.parts.blobs.put(key, data)

    slow = furnish(world.house.settings, replace(world.house.parts, blobs=Meanwhile()))
    with pytest.raises(ConsentRequired):
        slow.submit_selfie(alice, selfie=SELFIE, spec=SLUG, campaign=None, idempotency_key=None)

    with world.house.parts.database.read() as uow:
        assert uow.photos.of_student(alice) == ()
    assert world.files() == 0


def test_a_colour_of_ones_own_is_not_handed_in_for_a_campaign(world: World):
    """The school's background is for everyone; chosen where it is the same, it is no choice."""
    spec = world.house.parts.specs["cet"]
    own, other = ("#{:02X}{:02X}{:02X}".format(*colour) for colour in spec.background.choices[:2])
    alice, row = world.bound()
    found = next(stand.campaign for stand in world.house.show_campaigns() if stand.campaign.id == row.campaign_id)
    look = world.house.office.edit_campaign.look(SLUG)
    world.house.office.edit_campaign(SLUG, replace(CampaignFields.of(found), spec="cet"), mark=look.mark)

    def made(background: str) -> str:
        photo = world.submit(alice, spec="cet", background=background)
        world.house.render_photo(photo.id)
        world.clock.time += timedelta(seconds=1)
        return photo.id

    with pytest.raises(BackgroundNotOffered):
        world.house.confirm(alice, photo=made(other), campaign=SLUG, profile=PROFILE)
    assert world.house.confirm(alice, photo=made(own), campaign=SLUG, profile=PROFILE)
