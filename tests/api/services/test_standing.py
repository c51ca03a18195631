"""How far a collection has come: by place, by name, by day in Beijing."""

from datetime import UTC, datetime

from house_fakes import PROFILE, World

from api.domain.reviewer import Reviewer, Role, Scope
from api.domain.standing import Day, Grouping, Lack


def hand_in(world: World, name: str, index: int):
    student, _ = world.bound(name, index=index)
    photo = world.ready(student)
    return student, world.house.confirm(student, photo=photo.id, campaign="hunan-pretco", profile=PROFILE)


def test_who_has_not_submitted_is_counted_by_place_and_listed_by_name(world: World):
    """Returned counts as missing until it comes back; each counsellor counts their own classes."""
    _, first = hand_in(world, "alice", 0)
    _, second = hand_in(world, "bob", 2)
    world.house.approve("li", first.id)
    world.house.return_("li", second.id, "请重拍")

    groups = world.house.show_progress.groups("hunan-pretco", Grouping.COLLEGE)
    told = {one.place: (one.people, one.bound, one.approved, one.returned, one.missing) for one in groups}
    assert told == {("软件学院",): (2, 1, 1, 0, 1), ("陶瓷学院",): (2, 1, 0, 1, 2)}
    [by_class] = world.house.show_progress.groups(
        "hunan-pretco", Grouping.CLASS, reviewer=Reviewer("li", Role.COUNSELLOR, (Scope(college="陶瓷学院"),))
    )
    assert by_class.place == ("陶瓷学院", "2022", "陶瓷设计与工艺", "陶瓷2202班")
    assert {one.row.name: one.lack for one in world.house.show_progress.missing("hunan-pretco")} == {
        "李示例": Lack.NEVER,
        "王示例": Lack.RETURNED,
        "阿依·示例": Lack.NEVER,
    }
    assert [(one.never, one.returned) for one in groups] == [(1, 0), (1, 1)]


def test_the_missing_page_counts_who_never_came_and_who_must_come_again(world: World):
    """The counts are of everyone, the names of one page; who handed in again is not missing any more."""
    _, first = hand_in(world, "alice", 0)
    bob, second = hand_in(world, "bob", 2)
    world.house.approve("li", first.id)
    world.house.revoke("li", first.id, "换人了")
    world.house.return_("li", second.id, "请重拍")

    page = world.house.office.find_missing.page("li", "hunan-pretco", count=1)
    assert page.counts == {Lack.NEVER: 2, Lack.RETURNED: 1, Lack.REVOKED: 1}
    assert (len(page.people), page.total) == (1, 4)
    world.house.confirm(bob, photo=world.ready(bob).id, campaign="hunan-pretco", profile=PROFILE)
    assert world.house.office.find_missing.page("li", "hunan-pretco").counts == {Lack.NEVER: 2, Lack.REVOKED: 1}


def test_a_resubmission_counts_its_person_once(world: World):
    """Two submissions, one person, under review."""
    alice, first = hand_in(world, "alice", 0)
    world.house.return_("li", first.id, "请重拍")
    world.house.confirm(alice, photo=world.ready(alice).id, campaign="hunan-pretco", profile=PROFILE)

    software, _ = world.house.show_progress.groups("hunan-pretco", Grouping.COLLEGE)
    assert (software.people, software.submitted, software.returned, software.missing) == (2, 1, 0, 1)


def test_days_are_days_in_beijing(world: World):
    """17:00 in UTC is already tomorrow there."""
    world.clock.time = datetime(2026, 3, 2, 15, 59, tzinfo=UTC)
    hand_in(world, "alice", 0)
    world.clock.time = datetime(2026, 3, 2, 16, 1, tzinfo=UTC)
    _, second = hand_in(world, "carol", 1)
    world.house.approve("li", second.id)

    assert world.house.show_progress.days("hunan-pretco") == (Day("2026-03-02", 1, 0), Day("2026-03-03", 1, 1))
