"""The window of a campaign, both ends at the second in Beijing time, and who is given longer."""

from datetime import UTC, datetime, timedelta

import pytest
from house_fakes import PROFILE, World

from api.domain.campaign import WindowState
from api.domain.delivery import Event
from api.domain.errors import CampaignClosed, CampaignNotOpen, IdentityRequired, InvalidRequest, NotFound
from api.services.campaign_templates import BEIJING, HUNAN_PRETCO, TEMPLATES
from api.services.open_campaign import DELIVER_ON, Window
from api.services.roster import Person

LAST = datetime(2023, 4, 3, 23, 59, 59, tzinfo=BEIJING)
FIRST = datetime(2023, 3, 20, 8, 0, 0, tzinfo=BEIJING)


@pytest.fixture
def notice(world: World):
    """The campaign of notice A with two people, Alice bound, the clock inside the window."""
    world.clock.time = FIRST + timedelta(days=1)
    template = TEMPLATES["hunan-pretco-2023"]
    campaign = world.house.open_campaign(
        template, slug="pretco-2023", window=Window(starts_at=FIRST, ends_at=template.ends_at), registry_id=None
    )
    place = {"college": "软件学院", "grade": "2022", "major": "软件技术", "class_": "1班"}
    world.house.import_roster(
        campaign.id,
        [
            Person(name="甲", id_number="11010519491231002X", student_number="S1", **place),
            Person(name="乙", id_number="430000200001010013", student_number="S2", **place),
        ],
    )
    return campaign


def bind(world: World, name: str, who: str, number: str) -> str:
    student = world.student(name)
    world.house.bind_identity(student, campaign="pretco-2023", name=who, id_number=number)
    return student


@pytest.mark.parametrize(
    ("moment", "state"),
    [
        (FIRST - timedelta(seconds=1), WindowState.NOT_OPEN),
        (FIRST - timedelta(microseconds=1), WindowState.NOT_OPEN),
        (FIRST, WindowState.OPEN),
        (LAST, WindowState.OPEN),
        (LAST + timedelta(microseconds=999_999), WindowState.OPEN),
        (LAST + timedelta(seconds=1), WindowState.CLOSED),
    ],
)
def test_both_ends_count_to_the_second(notice, moment: datetime, state: WindowState):
    """23:59:59 is inside until it is over; midnight is not. The same in UTC."""
    assert notice.window(moment) is state
    assert notice.window(moment.astimezone(UTC)) is state


def test_a_selfie_a_draft_and_a_submission_are_held_to_the_same_window(world: World, notice):
    """At the last second all three are taken; a second later none."""
    alice = bind(world, "alice", "甲", "11010519491231002X")
    photo = world.ready(alice)
    world.clock.time = LAST
    world.submit(alice, spec=None, campaign="pretco-2023")
    world.house.save_draft(alice, campaign="pretco-2023", profile={})

    world.clock.time = LAST + timedelta(seconds=1)
    with pytest.raises(CampaignClosed) as refusal:
        world.house.confirm(alice, photo=photo.id, campaign="pretco-2023", profile=PROFILE)
    with pytest.raises(CampaignClosed):
        world.submit(alice, spec=None, campaign="pretco-2023")
    with pytest.raises(CampaignClosed):
        world.house.save_draft(alice, campaign="pretco-2023", profile={})
    assert datetime.fromisoformat(refusal.value.facts["ended_at"]) == LAST

    world.clock.time = LAST
    assert world.house.confirm(alice, photo=photo.id, campaign="pretco-2023", profile=PROFILE)


def test_before_the_first_second_nothing_is_taken(world: World, notice):
    """Whether bound or not, students read when it opens."""
    alice = bind(world, "alice", "甲", "11010519491231002X")
    world.clock.time = FIRST - timedelta(seconds=1)

    with pytest.raises(CampaignNotOpen):
        world.submit(alice, spec=None, campaign="pretco-2023")
    world.clock.time = FIRST
    assert world.submit(alice, spec=None, campaign="pretco-2023")


def test_a_named_student_is_given_longer_and_nobody_else(world: World, notice):
    """Alice was in hospital: until the fifth for her, over for Bob; she sees her own end."""
    alice = bind(world, "alice", "甲", "11010519491231002X")
    bob = bind(world, "bob", "乙", "430000200001010013")
    until = LAST + timedelta(days=2)
    [given] = world.house.extend_window("pretco-2023", ["S1"], until=until, reason="住院", by="office")

    world.clock.time = until
    assert world.submit(alice, spec=None, campaign="pretco-2023")
    assert world.house.get_campaign(alice, "pretco-2023").ends_at == until
    assert world.house.get_campaign(bob, "pretco-2023").window is WindowState.CLOSED
    with pytest.raises(CampaignClosed):
        world.submit(bob, spec=None, campaign="pretco-2023")
    world.clock.time = until + timedelta(seconds=1)
    with pytest.raises(CampaignClosed):
        world.submit(alice, spec=None, campaign="pretco-2023")
    assert (given.reason, given.by) == ("住院", "office")


def test_an_extension_is_for_people_of_the_roster_with_a_reason(world: World, notice):
    """A typo extends nobody, an earlier end is no extension, a second one replaces the first."""
    later = LAST + timedelta(days=1)
    for numbers, until, reason in (
        (["S1", "S9"], later, "住院"),
        (["S1"], LAST, "住院"),
        (["S1"], later, " "),
    ):
        with pytest.raises(InvalidRequest):
            world.house.extend_window("pretco-2023", numbers, until=until, reason=reason, by="office")
    with world.house.parts.database.read() as uow:
        assert uow.extensions.of_campaign(notice.id) == ()

    world.house.extend_window("pretco-2023", ["S1"], until=later, reason="住院", by="office")
    world.house.extend_window("pretco-2023", ["S1"], until=later + timedelta(days=1), reason="仍住院", by="office")
    with world.house.parts.database.read() as uow:
        assert [one.reason for one in uow.extensions.of_campaign(notice.id)] == ["仍住院"]


def test_who_is_not_bound_has_no_extension(world: World, notice):
    """And is told about the identity, not about somebody else's end."""
    charlie = world.student("charlie")
    with pytest.raises(IdentityRequired):
        world.submit(charlie, spec=None, campaign="pretco-2023")


@pytest.mark.parametrize(
    ("deliver_on", "events"),
    [
        (("ready",), ["photo.ready"]),
        (("submitted",), ["photo.submitted"]),
        (("approved",), ["photo.approved"]),
        (("ready", "submitted", "approved"), ["photo.ready", "photo.submitted", "photo.approved"]),
    ],
)
def test_the_registry_is_told_when_the_campaign_says_so(world: World, deliver_on, events):
    """Ready, submitted, approved: what is not asked for is not sent."""
    seeded = world.seed()
    now = world.clock.now()
    campaign = world.house.open_campaign(
        TEMPLATES["hunan-pretco-2023"],
        slug="by-wish",
        window=Window(starts_at=now, ends_at=now + timedelta(days=1)),
        registry_id=seeded.registry.id,
        deliver_on=frozenset(DELIVER_ON[word].value for word in deliver_on),
    )
    place = {"student_number": "S1", "college": "a", "grade": "b", "major": "c", "class_": "d"}
    world.house.import_roster(campaign.id, [Person(name="甲", id_number="11010519491231002X", **place)])
    alice = world.student()
    world.house.bind_identity(alice, campaign="by-wish", name="甲", id_number="11010519491231002X")
    photo = world.submit(alice, spec=None, campaign="by-wish")
    world.house.render_photo(photo.id)
    world.clock.forward(seconds=1)
    submission = world.house.confirm(alice, photo=photo.id, campaign="by-wish", profile=PROFILE)
    world.clock.forward(seconds=1)
    world.house.approve("office", submission.id)

    assert [one.event.value for one in reversed(world.house.list_deliveries())] == events

    world.clock.forward(seconds=1)
    world.house.delete_photo(alice, photo.id)
    assert world.house.list_deliveries()[0].event is Event.REVOKED


def test_a_photo_that_was_only_ready_is_revoked_too(world: World):
    """The registry holds it from the moment it was ready: it must learn of its end."""
    seeded = world.seed()
    now = world.clock.now()
    campaign = world.house.open_campaign(
        TEMPLATES["hunan-pretco-2023"],
        slug="at-once",
        window=Window(starts_at=now, ends_at=now + timedelta(days=1)),
        registry_id=seeded.registry.id,
        deliver_on=frozenset({Event.READY.value}),
    )
    place = {"student_number": "S1", "college": "a", "grade": "b", "major": "c", "class_": "d"}
    world.house.import_roster(campaign.id, [Person(name="甲", id_number="11010519491231002X", **place)])
    alice = world.student()
    world.house.bind_identity(alice, campaign="at-once", name="甲", id_number="11010519491231002X")
    photo = world.submit(alice, spec=None, campaign="at-once")
    world.house.render_photo(photo.id)
    world.clock.forward(seconds=1)

    world.house.delete_photo(alice, photo.id)

    assert [one.event for one in world.house.list_deliveries()] == [Event.REVOKED, Event.READY]


def test_whoever_moves_the_end_does_not_cut_the_registry_off(world: World):
    """On the last evening the office types the command again with a later end, and nothing else."""
    _, submission = world.submitted()
    before = world.house.show_campaigns("hunan-pretco")[0].campaign
    window = Window(starts_at=before.starts_at, ends_at=before.ends_at + timedelta(days=1))

    moved = world.house.open_campaign(HUNAN_PRETCO, slug=before.slug, window=window, registry_id=None)
    world.house.approve("li", submission.id)

    assert (moved.id, moved.ends_at, moved.registry_id) == (before.id, window.ends_at, before.registry_id)
    assert Event.APPROVED in {one.event for one in world.house.list_deliveries()}


def test_a_campaign_names_a_registry_that_exists(world: World):
    """A mistyped id would be found out only when nothing arrives."""
    now = world.clock.now()
    window = Window(starts_at=now, ends_at=now + timedelta(days=1))
    with pytest.raises(NotFound):
        world.house.open_campaign(TEMPLATES["hunan-pretco-2023"], slug="abc", window=window, registry_id="rg_none")
    with pytest.raises(InvalidRequest):
        world.house.open_campaign(TEMPLATES["hunan-pretco-2023"], slug="A b", window=window, registry_id=None)


def test_the_notices_own_windows_are_what_the_notices_say():
    """Until 2023-04-03 23:59:59; from 2024-12-09 08:00 to 2024-12-16 16:00, Beijing time."""
    hunan, chongqing = TEMPLATES["hunan-pretco-2023"], TEMPLATES["cqwu-xuegong-2024"]

    assert hunan.starts_at is None
    assert hunan.ends_at == datetime(2023, 4, 3, 15, 59, 59, tzinfo=UTC)
    assert chongqing.starts_at == datetime(2024, 12, 9, 0, 0, tzinfo=UTC)
    assert chongqing.ends_at == datetime(2024, 12, 16, 8, 0, tzinfo=UTC)
