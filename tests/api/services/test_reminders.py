"""Reminders reach who can be reached, say who cannot, and never nag."""

import pytest
from house_fakes import World
from wechat_people import CLOSING, agree, bound, notices, school, send_all, submitted

from api.domain.errors import CampaignClosed
from api.domain.notice import NoticeState
from api.domain.reviewer import Reviewer, Role, Scope
from api.services.remind import Way

CAMPAIGN = "hunan-pretco"


def remind(world: World, **more):
    return world.house.office.remind_missing("wang", CAMPAIGN, **more)


def test_who_has_not_handed_in_is_told_once_a_day(world: World):
    """Alice, bound and agreed, gets a word; the two who never came cannot be told, and a second click tells nobody."""
    world = school(world)
    alice = bound(world, "alice")
    agree(world, alice, CLOSING, times=5)

    first, again = remind(world), remind(world)
    assert (first.told, first.people) == (1, 4)
    assert first.ways == {Way.REACHABLE: 1, Way.UNBOUND: 3}
    assert (again.told, again.ways[Way.TOLD_LATELY]) == (0, 1)
    [sent] = send_all(world)
    assert sent.state is NoticeState.SENT
    assert world.wechat.notices[0][1] == CLOSING

    world.clock.forward(hours=23)
    assert remind(world).told == 0
    world.clock.forward(hours=2)
    assert remind(world).told == 1


def test_who_has_handed_in_is_left_in_peace(world: World):
    """Bob's photo waits for review: he is not among the missing."""
    world = school(world)
    submitted(world, "bob")

    assert remind(world).people == 3
    assert notices(world) == []


def test_who_agreed_to_no_message_or_came_without_wechat_is_counted_apart(world: World):
    """The registrar sees whom to ring up instead."""
    world = school(world)
    alice = bound(world, "alice")
    agree(world, alice, CLOSING, times=0)
    world.bound("developer", index=1)

    assert world.house.office.remind_missing.look("wang", CAMPAIGN).ways == {
        Way.NO_CREDIT: 1,
        Way.NOT_WECHAT: 1,
        Way.UNBOUND: 2,
    }


def test_a_filter_and_a_counsellors_classes_are_kept_to(world: World):
    """One college; or nobody, for a counsellor of another class."""
    world = school(world)
    bound(world, "alice")
    stranger = Reviewer("li", Role.COUNSELLOR, (Scope(class_="别的班"),))

    assert world.house.office.remind_missing.look("wang", CAMPAIGN, place=Scope(college="软件学院")).people == 2
    assert world.house.office.remind_missing.look(stranger, CAMPAIGN).people == 0


def test_nobody_is_bothered_about_a_campaign_that_is_over(world: World):
    """They could do nothing any more."""
    world = school(world)
    bound(world, "alice")
    world.clock.forward(days=40)

    with pytest.raises(CampaignClosed):
        remind(world)
