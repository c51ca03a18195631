"""Who has not handed in yet is reminded through WeChat, by place, once a day, and who cannot be reached is named."""

import pytest
from house_fakes import PROFILE, World
from wechat_people import CLOSING, agree, bound, credits_of, notices, school, send_all

from api.domain.errors import CampaignClosed, CampaignNotOpen
from api.domain.reviewer import Reviewer, Role, Scope
from api.domain.standing import Lack
from api.services.remind import Way

SLUG = "hunan-pretco"
EVERYWHERE = Scope()
SOFTWARE, CERAMICS = Scope(class_="软件2201班"), Scope(college="陶瓷学院")


def ways(world: World, place: Scope = EVERYWHERE):
    """How each of the missing can be told, by name."""
    found = world.house.office.remind_missing.of("office", SLUG, place=place)
    return {one.row.name: found[one.row.id] for one in world.house.show_progress.missing(SLUG) if one.row.id in found}


def test_the_missing_of_a_place_are_told_through_the_queue_and_not_twice_a_day(world: World):
    """张 and 王 have WeChat; only 张's class is asked for. Asked at once nobody hears it twice; tomorrow they do."""
    world = school(world)
    zhang, _ = bound(world, "zhang", index=0), bound(world, "wang", index=2)
    agree(world, zhang, CLOSING, times=2)

    first = world.house.office.remind_missing("office", SLUG, place=SOFTWARE)
    again = world.house.office.remind_missing("office", SLUG, place=SOFTWARE)
    sent = send_all(world)

    assert (first.told, first.people, again.told) == (1, 2, 0)
    assert again.ways == {Way.TOLD_LATELY: 1, Way.UNBOUND: 1}
    assert [notice.outcome for notice in sent] == ["sent"]
    assert [(openid, template) for openid, template, _ in world.wechat.notices] == [("o-zhang", CLOSING)]
    assert credits_of(world, zhang, CLOSING) == 1
    assert send_all(world) == []
    world.clock.forward(hours=25)
    assert world.house.office.remind_missing("office", SLUG, place=SOFTWARE).told == 1


def test_a_worker_that_dies_between_sends_the_word_after_all(world: World):
    """The word is a row in the database: Redis may forget its bell."""
    world = school(world)
    bound(world, "zhang")
    world.house.office.remind_missing("office", SLUG)
    world.bell.rings.clear()

    assert len(send_all(world)) == 1


def test_who_cannot_be_reached_is_named_with_the_reason(world: World):
    """Never logged in; logged in without WeChat; agreed to no more messages."""
    world = school(world)
    agree(world, bound(world, "zhang", index=0), CLOSING, times=0)
    world.bound("wang-at-a-pc", index=2)

    assert ways(world) == {
        "张示例": Way.NO_CREDIT,
        "李示例": Way.UNBOUND,
        "王示例": Way.NOT_WECHAT,
        "阿依·示例": Way.UNBOUND,
    }
    assert set(ways(world, CERAMICS)) == {"王示例", "阿依·示例"}
    assert world.house.office.remind_missing("office", SLUG).told == 0


def test_who_has_handed_in_is_left_in_peace_and_who_was_returned_is_not(world: World):
    """Under review is no reason to remind; given back is."""
    world = school(world)
    zhang, li = bound(world, "zhang", index=0), bound(world, "li", index=1)
    handed = [
        world.house.confirm(one, photo=world.ready(one).id, campaign=SLUG, profile=PROFILE) for one in (zhang, li)
    ]
    world.house.return_("office", handed[1].id, "请重拍")
    send_all(world)
    world.wechat.notices.clear()

    reached = world.house.office.remind_missing("office", SLUG, place=SOFTWARE)
    assert (reached.told, reached.owed) == (1, {Lack.RETURNED: 1})
    send_all(world)
    assert [openid for openid, _, _ in world.wechat.notices] == ["o-li"]


def test_who_was_given_back_reads_something_else_than_who_never_came(world: World):
    """With the reviewer's reason, from the registrar's reminder and from the one before the end."""
    world = school(world)
    zhang, li = bound(world, "zhang", index=0), bound(world, "li", index=1)
    handed = world.house.confirm(li, photo=world.ready(li).id, campaign=SLUG, profile=PROFILE)
    world.house.return_("office", handed.id, "头发遮住眉毛")
    send_all(world)

    assert world.house.office.remind_missing("office", SLUG).owed == {Lack.NEVER: 1, Lack.RETURNED: 1}
    reminded = {one.student_id: one.facts for one in notices(world)}
    assert (reminded[zhang]["result"], reminded[zhang]["advice"]) == ("未提交", "请在截止前拍照并提交")
    assert (reminded[li]["result"], reminded[li]["reason"]) == ("未通过", "头发遮住眉毛")
    assert reminded[li]["advice"] == "请按原因重新拍照，在截止前再提交"

    send_all(world)
    world.clock.forward(days=29, hours=15)
    world.house.sweep()
    closing = {one.student_id: one.facts["result"] for one in notices(world)}
    assert closing == {zhang: "未提交", li: "未通过"}


def test_a_counsellor_sees_and_reaches_their_own_classes_alone(world: World):
    """The limits of the role hold here too."""
    world = school(world)
    bound(world, "zhang", index=0)
    counsellor = Reviewer("chen", Role.COUNSELLOR, (CERAMICS,))

    assert set(world.house.office.remind_missing.look(counsellor, SLUG).ways) == {Way.UNBOUND}
    assert world.house.office.remind_missing.look(counsellor, SLUG).people == 2


def test_nobody_is_told_to_do_what_cannot_be_done(world: World):
    """Before the window and after it there is nothing to remind of."""
    world = school(world)
    bound(world, "zhang")
    world.clock.forward(days=60)
    with pytest.raises(CampaignClosed):
        world.house.office.remind_missing("office", SLUG)
    world.clock.forward(days=-120)
    with pytest.raises(CampaignNotOpen):
        world.house.office.remind_missing("office", SLUG)
