"""What WeChat pushes: kept once, answered at once, understood in the queue."""

import pytest
from house_fakes import World
from wechat_people import APPROVED, RETURNED, credits_of, school, student, submitted

from api.domain.errors import NotAuthenticated
from api.domain.push import Push
from api.domain.work import Work
from api.services.pushes import TakePush

POPUP = "subscribe_msg_popup_event"
CHANGE = "subscribe_msg_change_event"
SENT = "subscribe_msg_sent_event"


class OpenDoor:
    """Lets a message in as it is."""

    def __init__(self, message: dict) -> None:
        self.message = message

    def echo(self, query: dict) -> str:
        return ""

    def open(self, query: dict, body: bytes) -> dict:
        return self.message


def event(name: str, *, user: str = "o-alice", **more: object) -> dict:
    base = {"ToUserName": "gh_1", "FromUserName": user, "CreateTime": 1772424000, "MsgType": "event", "Event": name}
    return base | more


def push(world: World, message: dict) -> Push | None:
    """Let WeChat push a message."""
    parts = world.house.parts
    take = TakePush(
        database=parts.database, clock=world.clock, bell=world.bell, vault=parts.vault, door=OpenDoor(message)
    )
    return take({}, b"")


def handle_all(world: World) -> None:
    while (thing := world.bell.take(Work.PUSH)) is not None:
        world.house.handle_push(thing)


def accepted(template: str, answer: str = "accept") -> dict:
    return {"TemplateId": template, "SubscribeStatusString": answer, "PopupScene": "0"}


@pytest.mark.parametrize(
    "shape",
    [
        lambda entries: {"List": entries},
        lambda entries: {"SubscribeMsgPopupEvent": {"List": entries}},
        lambda entries: {"SubscribeMsgPopupEvent": entries},
    ],
)
def test_taps_are_credits(world: World, shape):
    """允许 for one template and 拒绝 for another, in each of WeChat's spellings."""
    world = school(world)
    alice = student(world)

    push(world, event(POPUP, **shape([accepted(RETURNED), accepted(APPROVED, "reject")])))
    handle_all(world)

    assert credits_of(world, alice, RETURNED) == 1
    assert credits_of(world, alice, APPROVED) is None


def test_a_single_entry_may_come_bare(world: World):
    """XML of one element is no list."""
    world = school(world)
    alice = student(world)
    push(world, event(POPUP, SubscribeMsgPopupEvent={"List": accepted(RETURNED)}))
    handle_all(world)

    assert credits_of(world, alice, RETURNED) == 1


def test_the_same_message_twice_counts_once(world: World):
    """WeChat repeats what it thinks we missed."""
    world = school(world)
    alice = student(world)
    message = event(POPUP, List=[accepted(RETURNED)])

    assert push(world, message) is not None
    assert push(world, dict(reversed(message.items()))) is None
    handle_all(world)
    assert push(world, message) is None
    handle_all(world)

    assert credits_of(world, alice, RETURNED) == 1


def test_two_taps_are_two_messages(world: World):
    """In different seconds, or for different templates in the same second."""
    world = school(world)
    alice = student(world)
    push(world, event(POPUP, List=[accepted(RETURNED)]))
    push(world, event(POPUP, List=[accepted(APPROVED)]))
    push(world, event(POPUP, List=[accepted(RETURNED)], CreateTime=1772424001))
    handle_all(world)

    assert (credits_of(world, alice, RETURNED), credits_of(world, alice, APPROVED)) == (2, 1)


@pytest.mark.parametrize(
    "message",
    [
        event(CHANGE, List=[accepted(RETURNED, "reject")]),
        event(SENT, List=[{"TemplateId": RETURNED, "MsgID": "1", "ErrorCode": "2", "ErrorStatus": "user refused"}]),
    ],
)
def test_a_change_of_mind_empties_the_ledger(world: World, message: dict):
    """Taken back in the settings, or refused at the last moment."""
    world = school(world)
    alice = student(world)
    push(world, event(POPUP, List=[accepted(RETURNED)]))
    push(world, message)
    handle_all(world)

    assert credits_of(world, alice, RETURNED) == 0


def test_a_message_that_arrived_changes_nothing(world: World):
    """It was counted when it was sent."""
    world = school(world)
    alice = student(world)
    push(world, event(POPUP, List=[accepted(RETURNED)]))
    push(world, event(SENT, List=[{"TemplateId": RETURNED, "MsgID": "1", "ErrorCode": "0", "ErrorStatus": "success"}]))
    handle_all(world)

    assert credits_of(world, alice, RETURNED) == 1


@pytest.mark.parametrize(
    "message",
    [
        event("user_authorization_cancellation", user="o-platform", OpenID="o-alice"),
        event("user_authorization_revoke", user="o-platform", OpenID="o-alice", RevokeInfo="14"),
        event("user_authorization_revoke", user="o-platform", OpenID="o-alice", RevokeInfo="5,7"),
        event("user_authorization_revoke", user="o-platform", OpenID="o-alice"),
    ],
)
def test_delete_my_information_starts_an_erasure(world: World, message: dict):
    """Told to WeChat, done here: photos, files, sessions, the bond to the roster."""
    world = school(world)
    alice, _ = submitted(world)
    token = world.house.login_with_wechat("code-alice").access_token
    assert world.files() > 0

    push(world, message)
    handle_all(world)

    assert world.files() == 0
    with pytest.raises(NotAuthenticated):
        world.house.authenticate(token)
    with world.house.parts.database.read() as uow:
        assert uow.students.get(alice).erased_at is not None
        assert uow.roster.of_student(alice) == ()
    assert world.house.login_with_wechat("code-alice").student.id != alice


def test_taking_back_what_we_never_had_erases_nothing(world: World):
    """The microphone and the steps are none of ours."""
    world = school(world)
    alice, _ = submitted(world)
    push(world, event("user_authorization_revoke", OpenID="o-alice", RevokeInfo="5,12"))
    handle_all(world)

    with world.house.parts.database.read() as uow:
        assert uow.students.get(alice).erased_at is None


@pytest.mark.parametrize(
    "message",
    [
        event("debug_demo"),
        event("wxa_media_check", trace_id="t", result={"suggest": "pass", "label": "100"}),
        event("something_of_next_year", List=[accepted(RETURNED)]),
        event(POPUP, user="o-stranger", List=[accepted(RETURNED)]),
        event(POPUP, List="rubbish"),
        event(POPUP, List=[{"TemplateId": 7}, "x", None]),
        event("user_authorization_cancellation", OpenID="o-stranger"),
        {"MsgType": "text", "Content": "你好", "FromUserName": "o-alice", "MsgId": 7},
        {},
    ],
)
def test_what_we_do_not_know_is_accepted_quietly(world: World, message: dict):
    """Settled, forgotten, nothing changed."""
    world = school(world)
    alice = student(world)
    kept = push(world, message)
    handle_all(world)

    with world.house.parts.database.read() as uow:
        after = uow.pushes.get(kept.id)
    assert (after.settled_at is not None, after.message) == (True, {})
    assert credits_of(world, alice, RETURNED) is None


def test_a_message_survives_a_redis_that_is_away(world: World):
    """It lies in the database, and the sweeper rings for it later."""
    world = school(world)
    alice = student(world)
    world.bell.silent = True
    push(world, event(POPUP, List=[accepted(RETURNED)]))
    world.bell.silent = False

    swept = world.house.sweep()
    handle_all(world)

    assert swept.pushes_rung == 1
    assert credits_of(world, alice, RETURNED) == 1


def test_a_message_that_breaks_a_worker_is_taken_up_again(world: World):
    """A minute later, not at once and not for ever; done twice, it counts once."""
    world = school(world)
    alice = student(world)
    kept = push(world, event(POPUP, List=[accepted(RETURNED)]))
    held = world.house.handle_push._claim(kept.id)
    assert held.attempts == 1
    assert world.house.handle_push(kept.id) is None

    world.clock.forward(seconds=61)
    world.house.handle_push(kept.id)
    world.house.handle_push(kept.id)

    assert credits_of(world, alice, RETURNED) == 1


def test_old_messages_are_forgotten(world: World):
    """Their digests too, once no repetition would be fresh enough to be let in."""
    world = school(world)
    kept = push(world, event("debug_demo"))
    handle_all(world)
    world.clock.forward(days=3)
    world.house.purge()

    with world.house.parts.database.read() as uow:
        assert uow.pushes.get(kept.id) is None


def test_the_inbox_does_not_lie_open(world: World):
    """A message names a user: it is sealed."""
    world = school(world)
    push(world, event(POPUP, user="o-somebody-else", List=[accepted(RETURNED)]))
    data = b"".join(path.read_bytes() for path in world.house.settings.home.glob("idphoto.db*"))

    assert b"o-somebody-else" not in data
