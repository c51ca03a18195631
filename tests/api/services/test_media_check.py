"""WeChat's look at submitted photos: off unless a school wants it, agreed to, never in anyone's way."""

from dataclasses import replace

import pytest
from house_fakes import PROFILE, World, with_settings
from hypothesis import given
from hypothesis import strategies as st
from wechat_people import school, submitted

from api.domain.errors import ConsentRequired
from api.domain.errors_wechat import WeChatMisconfigured, WeChatUnavailable
from api.domain.media_check import MediaCheck, MediaCheckState, read_verdict
from api.domain.push import Push
from api.domain.submission import SubmissionState
from api.domain.work import Work
from api.services.consent_texts import TEXTS, TEXTS_WITH_MEDIA_CHECK
from api.services.images import PullImage
from api.services.pushes import TakePush

GOOD = {"strategy": "content_model", "errcode": 0, "suggest": "pass", "label": "100", "prob": 90}


class OpenDoor:
    """Lets a message in as it is."""

    def __init__(self, message: dict) -> None:
        self.message = message

    def echo(self, query: dict) -> str:
        return ""

    def open(self, query: dict, body: bytes) -> dict:
        return self.message


def watched(world: World) -> World:
    """The same world at a school that has WeChat look."""
    world = school(world)
    return with_settings(world, wechat=replace(world.house.settings.wechat, media_check=True))


def check_of(world: World, photo_id: str) -> MediaCheck | None:
    with world.house.parts.database.read() as uow:
        return uow.media_checks.get(photo_id)


def ask_all(world: World) -> None:
    """Sweep, then answer every bell."""
    world.house.sweep()
    while (thing := world.bell.take(Work.MEDIA_CHECK)) is not None:
        world.house.check_media(thing)


def answer(trace: str = "trace-1", **more: object) -> dict:
    base = {"MsgType": "event", "Event": "wxa_media_check", "FromUserName": "o-alice", "trace_id": trace, "version": 2}
    return base | {"result": {"suggest": "pass", "label": "100"}, "detail": [GOOD]} | more


def pushed(world: World, message: dict) -> Push | None:
    """Let WeChat push an answer and let the queue read it."""
    parts = world.house.parts
    door = OpenDoor(message)
    kept = TakePush(database=parts.database, clock=world.clock, bell=world.bell, vault=parts.vault, door=door)({}, b"")
    return world.house.handle_push(kept.id)


def asked(world: World) -> tuple[World, str, str]:
    """A watched school where WeChat was asked about Alice's photo; her submission and her photo."""
    world = watched(world)
    _, submission = submitted(world)
    ask_all(world)
    return world, submission.id, submission.photo_id


def test_nobody_is_asked_unless_the_school_wants_it(world: World):
    """No row, no call, and the texts students know."""
    world = school(world)
    alice, submission = submitted(world)
    ask_all(world)

    assert check_of(world, submission.photo_id) is None
    assert world.wechat.checks == []
    assert {text.version for text in world.house.list_consents(alice)} == {1}


def test_wechat_is_given_a_link_to_this_one_photo_and_its_user(world: World):
    """The link is the signed one; the submission is under review whatever WeChat says."""
    world, submission, photo = asked(world)

    ((url, openid),) = world.wechat.checks
    parts = world.house.parts
    pull = PullImage(
        database=parts.database, blobs=parts.blobs, specs=parts.specs, clock=parts.clock, vault=parts.vault
    )
    assert openid == "o-alice"
    assert pull(url.removeprefix("http://127.0.0.1:8000/v1/registry/photos/")).bytes
    assert check_of(world, photo).state is MediaCheckState.ASKED
    assert world.house.read_submission("office", submission).submission.state is SubmissionState.SUBMITTED


@pytest.mark.parametrize("label", ["20002", 20002])
def test_the_counsellor_is_shown_what_wechat_found(world: World, label: object):
    """A label is a number whichever way it came; the submission itself is not touched."""
    world, submission, _ = asked(world)
    pushed(world, answer(result={"suggest": "risky", "label": label}))

    view = world.house.read_submission("office", submission)
    assert (view.media_check.state, view.media_check.suggest, view.media_check.label) == (
        MediaCheckState.CHECKED,
        "risky",
        20002,
    )
    assert view.submission.state is SubmissionState.SUBMITTED
    (taken_along,) = world.house.export_me(view.submission.student_id)["photos"]
    assert taken_along["wechat_check"] == {"state": "checked", "suggest": "risky", "label": 20002}


@pytest.mark.parametrize("detail", [[], None, {}, [{"strategy": "content_model", "errcode": -1}]])
def test_a_pass_without_a_look_does_not_count(world: World, detail: object):
    """The counsellor reads that WeChat has not looked."""
    world, _, photo = asked(world)
    pushed(world, answer(detail=detail))

    assert check_of(world, photo).state is MediaCheckState.UNCHECKED


@pytest.mark.parametrize(
    "message",
    [
        {**answer(), "version": 1, "isrisky": 0, "status_code": 0, "extra_info_json": ""},
        answer("another-trace"),
        answer(FromUserName="o-mallory"),
        answer(trace_id=7),
    ],
)
def test_answers_to_nothing_we_asked_are_taken_quietly(world: World, message: dict):
    """Version 1, another photo's trace, another user, rubbish: settled, nothing entered."""
    world, _, photo = asked(world)

    assert pushed(world, message).settled_at is not None
    assert check_of(world, photo).state is MediaCheckState.ASKED


def test_a_silent_wechat_is_asked_again_and_given_up_on_in_the_end(world: World):
    """The student's submission went through at once; after a day of tries the row says that nobody looked."""
    world = watched(world)
    _, submission = submitted(world)
    world.wechat.error = WeChatUnavailable(errcode=-1, rid=None)
    for _ in range(7):
        ask_all(world)
        world.clock.forward(hours=13)

    assert check_of(world, submission.photo_id).state is MediaCheckState.UNCHECKED


def test_a_refusal_that_will_not_pass_is_not_repeated(world: World):
    """An account without the right to ask is told so once."""
    world = watched(world)
    _, submission = submitted(world)
    world.wechat.error = WeChatMisconfigured(errcode=48001, rid=None)
    ask_all(world)

    assert check_of(world, submission.photo_id).state is MediaCheckState.UNCHECKED


def test_who_agreed_before_the_school_switched_it_on_is_not_shown_to_wechat(world: World):
    """The old texts said that nobody else gets the photo; they still allow handing in."""
    before = school(world)
    alice, first = submitted(before)
    world = watched(before)
    world.house.revoke("office", first.id, "again")
    again = world.house.confirm(alice, photo=first.photo_id, campaign="hunan-pretco", profile=PROFILE)
    ask_all(world)

    assert check_of(world, again.photo_id) is None
    shown = {text.id: text.given_at is not None for text in world.house.list_consents(alice)}
    assert shown == {"privacy-1": True, "face_photo-1": True, "privacy-2": False, "face_photo-2": False}


def test_taking_back_the_new_text_leaves_no_older_one_behind_it(world: World):
    """A new version takes the place of the one before, so withdrawing it stops everything and deletes the opinion."""
    before = school(world)
    alice, submission = submitted(before)
    world = watched(before)
    world.house.give_consent(alice, "face_photo-2")
    world.house.withdraw_consent(alice, "face_photo-2")

    with pytest.raises(ConsentRequired):
        world.submit(alice)
    assert check_of(world, submission.photo_id) is None


def test_the_opinion_goes_with_the_photo(world: World):
    """Alice deletes everything; no trace of the check is left."""
    world, _, photo = asked(world)
    with world.house.parts.database.read() as uow:
        alice = uow.photos.get(photo).student_id
    world.house.erase_me(alice)

    assert check_of(world, photo) is None


def test_the_texts_that_name_wechat_promise_nothing_else():
    """Neither of them says any more that nobody else gets the photo."""
    changed = [text for text in TEXTS_WITH_MEDIA_CHECK if text not in TEXTS]

    assert [text.id for text in changed] == ["privacy-2", "face_photo-2"]
    for text in changed:
        assert "微信会从学校的服务器取走这张照片" in text.body
        assert "不向其他第三方提供" not in text.body
        assert "照片加密保存，不发给任何第三方服务" not in text.body


def test_an_answer_in_xml_reads_the_same():
    """Everything is a string there, and a list of one comes bare."""
    one = {**GOOD, "errcode": "0"}
    verdict = read_verdict(answer(version="2", errcode="0", detail=one))

    assert (verdict.state, verdict.suggest, verdict.label) == (MediaCheckState.CHECKED, "pass", 100)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(result=_JSON, detail=_JSON, version=st.sampled_from([1, 2, "2", None]), errcode=_JSON)
def test_no_answer_is_strange_enough_to_hurt(result: object, detail: object, version: object, errcode: object):
    """Any JSON in any place reads as a verdict or as none."""
    verdict = read_verdict(answer(result=result, detail=detail, version=version, errcode=errcode))

    assert verdict is None or verdict.state in {MediaCheckState.CHECKED, MediaCheckState.UNCHECKED}
