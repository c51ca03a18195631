"""What students are told through WeChat, how often, and what it costs them."""

from datetime import timedelta

import pytest
from house_fakes import PROFILE, World, with_settings
from wechat_people import (
    APPROVED,
    CLOSING,
    RETURNED,
    agree,
    bound,
    credits_of,
    notices,
    school,
    send_all,
    student,
    submitted,
)

from api.domain.errors import NotFound
from api.domain.errors_wechat import WeChatMisconfigured, WeChatNoCredit, WeChatUnavailable
from api.domain.notice import NoticeState
from api.domain.work import Work

REASON = "左耳被头发遮住，请把头发别到耳后再拍一张给老师看"


def busy() -> WeChatUnavailable:
    return WeChatUnavailable(retry_after=5, errcode=-1, rid="r")


def test_a_returned_photo_is_told_with_its_reason(world: World):
    """Alice reads on her phone why, cut to what the field holds; it costs one of her credits."""
    world = school(world)
    alice, submission = submitted(world)
    agree(world, alice, RETURNED)
    world.house.return_("li", submission.id, REASON)

    (sent,) = send_all(world)

    assert (sent.state, sent.outcome, sent.facts) == (NoticeState.SENT, "sent", {})
    openid, template, data = world.wechat.notices[0]
    assert (openid, template) == ("o-alice", RETURNED)
    assert data["phrase2"] == "未通过"
    assert data["thing3"] == "左耳被头发遮住，请把头发别到耳后再拍一…"
    assert data["thing1"]
    assert credits_of(world, alice, RETURNED) == 0


def test_an_approval_is_told_once(world: World):
    """However often the sweeper looks."""
    world = school(world)
    _, submission = submitted(world)
    world.house.approve("li", submission.id)

    assert len(send_all(world)) == 1
    assert send_all(world) == []
    assert world.wechat.notices[0][1:] == (APPROVED, {"phrase1": "已通过", "time2": "2026年3月2日 12:00"})


def test_returned_twice_is_told_twice(world: World):
    """Two photos, two reasons."""
    world = school(world)
    alice, first = submitted(world)
    world.house.return_("li", first.id, "太暗")
    world.clock.forward(seconds=60)
    photo = world.ready(alice)
    second = world.house.confirm(alice, photo=photo.id, campaign="hunan-pretco", profile=PROFILE)
    world.house.return_("li", second.id, "太亮")
    send_all(world)

    assert [data["thing3"] for _, _, data in world.wechat.notices] == ["太暗", "太亮"]


def test_who_agreed_to_nothing_more_is_not_written_to(world: World):
    """The ledger says zero: WeChat is not even asked."""
    world = school(world)
    alice, submission = submitted(world)
    agree(world, alice, RETURNED, times=0)
    world.house.return_("li", submission.id, REASON)

    (dropped,) = send_all(world)

    assert (dropped.state, dropped.outcome) == (NoticeState.DROPPED, "no_way")
    assert world.wechat.notices == []


def test_43101_puts_the_ledger_right(world: World):
    """WeChat knows better: the notice is dropped, not tried again, and the next one not sent."""
    world = school(world)
    alice, submission = submitted(world)
    agree(world, alice, RETURNED, times=3)
    world.wechat.error = WeChatNoCredit(errcode=43101, rid="r")
    world.house.return_("li", submission.id, REASON)

    (dropped,) = send_all(world)

    assert (dropped.state, dropped.outcome) == (NoticeState.DROPPED, "no_credit")
    assert credits_of(world, alice, RETURNED) == 0


def test_a_busy_wechat_is_tried_again(world: World):
    """Fifteen seconds later, and then it works; the credit is spent once."""
    world = school(world)
    alice, submission = submitted(world)
    agree(world, alice, RETURNED, times=2)
    world.house.return_("li", submission.id, REASON)
    world.wechat.error = busy()

    (later,) = send_all(world)
    assert later.state is NoticeState.PENDING
    assert send_all(world) == []

    world.wechat.error = None
    world.clock.forward(seconds=17)
    (sent,) = send_all(world)

    assert (sent.state, sent.attempts) == (NoticeState.SENT, 2)
    assert credits_of(world, alice, RETURNED) == 1


def test_after_a_day_of_silence_a_notice_is_given_up(world: World):
    """The student has seen it in the app by then."""
    world = school(world)
    _, submission = submitted(world)
    world.house.return_("li", submission.id, REASON)
    world.wechat.error = busy()

    ends = []
    for _ in range(12):
        ends += [notice.outcome for notice in send_all(world)]
        world.clock.forward(hours=14)

    assert ends == [None] * 7 + ["gave_up"]


def test_a_template_at_fault_waits_for_a_person(world: World):
    """40037: no retry can help; the words are forgotten all the same."""
    world = school(world)
    _, submission = submitted(world)
    world.house.return_("li", submission.id, REASON)
    world.wechat.error = WeChatMisconfigured(errcode=40037, rid="r")

    (dead,) = send_all(world)

    assert (dead.state, dead.outcome, dead.facts) == (NoticeState.DEAD, "wechat_misconfigured", {})


def test_a_worker_that_dies_while_sending_loses_nothing(world: World):
    """Its lease runs out and the notice is sent by another."""
    world = school(world)
    _, submission = submitted(world)
    world.house.return_("li", submission.id, REASON)
    world.house.sweep()
    notice_id = world.bell.take(Work.NOTIFY)
    world.wechat.error = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        world.house.notify(notice_id)
    world.wechat.error = None

    assert send_all(world) == []
    world.clock.forward(seconds=31)
    assert [notice.state for notice in send_all(world)] == [NoticeState.SENT]


def test_only_who_came_by_wechat_is_written_to(world: World):
    """A developer's login has no phone to ring."""
    world = school(world)
    _, submission = world.submitted()
    world.house.return_("li", submission.id, REASON)

    assert notices(world) == []


def test_a_revocation_is_not_told(world: World):
    """The student did it, or hears it from the school."""
    world = school(world)
    _, submission = submitted(world)
    world.house.revoke("li", submission.id, "换人")

    assert notices(world) == []


def test_before_the_window_closes_the_late_are_told_once(world: World):
    """Alice has handed in, Bob has not: Bob hears of it, a day before, and once."""
    world = school(world)
    submitted(world, "alice")
    bob = bound(world, "bob", index=1)
    world.house.sweep()
    assert notices(world) == []

    end = world.house.get_campaign(bob, "hunan-pretco").campaign.ends_at
    world.clock.time = end - timedelta(hours=23)
    sent = send_all(world)
    again = send_all(world)

    assert [one.student_id for one in sent] == [bob]
    assert again == []
    assert world.wechat.notices == [
        ("o-bob", CLOSING, {"thing1": "请在截止前拍照并提交", "time2": "2026年4月1日 23:59"})
    ]


def test_a_window_that_is_moved_is_told_again(world: World):
    """The end is another one, and so is the word of it."""
    world = school(world)
    bob = bound(world, "bob", index=1)
    world.clock.time = world.house.get_campaign(bob, "hunan-pretco").campaign.ends_at - timedelta(hours=2)
    send_all(world)
    world.seed()
    world.clock.time = world.house.get_campaign(bob, "hunan-pretco").campaign.ends_at - timedelta(hours=2)

    assert len(send_all(world)) == 1


def test_after_the_end_nobody_is_told(world: World):
    """It would only hurt."""
    world = school(world)
    bob = bound(world, "bob", index=1)
    world.clock.time = world.house.get_campaign(bob, "hunan-pretco").campaign.ends_at + timedelta(seconds=1)

    assert send_all(world) == []


def test_the_forgotten_are_not_written_to(world: World):
    """Erased before the word went out: it never does, and the reason is gone from the database."""
    world = school(world)
    alice, submission = submitted(world)
    agree(world, alice, RETURNED)
    world.house.return_("li", submission.id, REASON)
    world.house.erase_me(alice)

    assert send_all(world) == []
    assert credits_of(world, alice, RETURNED) is None


def test_neither_reason_nor_openid_lie_open_in_the_outbox(world: World):
    """Whoever reads the database file learns neither."""
    world = school(world)
    _, submission = submitted(world)
    world.house.return_("li", submission.id, REASON)
    data = b"".join(path.read_bytes() for path in world.house.settings.home.glob("idphoto.db*"))

    assert b"o-alice" not in data


def test_the_settled_are_forgotten_after_a_month(world: World):
    """Nothing is kept for ever."""
    world = school(world)
    _, submission = submitted(world)
    world.house.return_("li", submission.id, REASON)
    (sent,) = send_all(world)
    world.clock.forward(days=31)
    world.house.purge()

    with world.house.parts.database.read() as uow:
        assert uow.notices.get(sent.id) is None


def test_the_mini_program_learns_what_to_ask_for(world: World):
    """The templates with what is known of each; a tap counts where WeChat does not tell us itself."""
    world = school(world, pushed=False)
    alice = student(world)

    world.house.agree_to_notices(alice, [RETURNED, APPROVED])
    world.house.agree_to_notices(alice, [RETURNED])

    offers = {one.template_id: one.credits for one in world.house.list_notices(alice)}
    assert offers == {RETURNED: 2, APPROVED: 1, CLOSING: None}
    with pytest.raises(NotFound):
        world.house.agree_to_notices(alice, ["another"])


def test_where_wechat_tells_us_the_client_is_not_counted_too(world: World):
    """One tap is one message, not two."""
    world = school(world, pushed=True)
    alice = student(world)
    world.house.agree_to_notices(alice, [RETURNED])

    assert credits_of(world, alice, RETURNED) is None


def test_without_a_mini_program_nothing_is_offered(world: World):
    """And nothing breaks."""
    world = with_settings(world, wechat=None)

    assert world.house.list_notices(world.student()) == ()
