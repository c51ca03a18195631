"""What a registry is owed, and how it gets it."""

import json
from datetime import timedelta

import pytest
from house_fakes import ANSWER_SECRET, JPEG, SECRET, World, answer, with_settings
from standardwebhooks import Webhook

from api.domain.delivery import DeliveryState, Event
from api.domain.errors import InvalidRequest, NotFound, NotReviewable, SignatureInvalid
from api.domain.signing import headers
from api.domain.submission import SubmissionState
from api.domain.work import Work


def test_a_confirmed_photo_is_owed_at_once(world: World):
    """The delivery is there in the transaction of the confirmation, with a bell, and nothing was sent yet."""
    _, submission = world.submitted()

    delivery = world.house.list_deliveries()[0]

    assert (delivery.event, delivery.submission_id) == (Event.SUBMITTED, submission.id)
    assert delivery.state is DeliveryState.PENDING
    assert f"{delivery.id}-1" in {ring.id for ring in world.bell.rings}
    assert world.post.posted == []


def test_a_confirmation_that_fails_owes_nothing(world: World):
    """No submission, no delivery: they live and die together."""
    student, _ = world.bound()
    photo = world.ready(student)

    with pytest.raises(Exception, match="invalid_profile"):
        world.house.confirm(student, photo=photo.id, campaign="hunan-pretco", profile={})

    assert world.house.list_deliveries() == ()


def test_the_official_verifier_accepts_the_event(world: World):
    """The registry, with the library of Standard Webhooks, reads a verified, thin event."""
    world.clock.time = world.clock.time.now(tz=world.clock.time.tzinfo)  # the verifier looks at the real clock
    _, submission = world.submitted()
    world.work_off(Work.DELIVER)

    posted = world.post.posted[0]
    event = Webhook(SECRET).verify(posted.body, dict(posted.headers))

    assert event["type"] == "photo.submitted"
    assert event["data"]["submission"] == submission.id
    assert event["data"]["student_number"] == "S2022001"
    assert event["data"]["photo"]["width"] == 180
    assert event["data"]["photo"]["sha256"]
    assert posted.headers["webhook-id"] == world.house.list_deliveries()[0].id


def test_the_event_names_nobody(world: World):
    """No name, no ID number and nothing of the profile leaves in an event."""
    student, row = world.bound()
    world.submitted()
    world.work_off(Work.DELIVER)

    body = world.post.posted[0].body.decode()

    assert row.name not in body
    assert row.id_number not in body
    assert "guardians" not in body
    assert student not in body


def test_the_pull_link_gives_the_one_photo_for_a_day(world: World):
    """The link in the event gives the JPEG under its proper name; changed or a day later it gives nothing."""
    _, row = world.bound()
    world.submitted()
    world.work_off(Work.DELIVER)
    token = json.loads(world.post.posted[0].body)["data"]["pull_url"].rsplit("/", 1)[1]

    image = world.house.pull_image(token)

    assert image.bytes == JPEG
    assert image.filename == f"{row.id_number}.jpg"
    for forged in (
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        "",
        "ph_x.99999999999.",
        token.replace("ph_", "pi_"),
    ):
        with pytest.raises(SignatureInvalid):
            world.house.pull_image(forged)
    world.clock.forward(hours=24)
    with pytest.raises(SignatureInvalid):
        world.house.pull_image(token)


def test_an_erased_photo_is_not_to_be_pulled(world: World):
    """The link outlives the photo, the photo does not outlive its erasure."""
    student, submission = world.submitted()
    world.work_off(Work.DELIVER)
    token = json.loads(world.post.posted[0].body)["data"]["pull_url"].rsplit("/", 1)[1]
    world.house.delete_photo(student, submission.photo_id)

    with pytest.raises(NotFound):
        world.house.pull_image(token)


def test_each_try_is_on_record_before_it_is_made(world: World):
    """While the request is out, its row stands there without an answer."""
    world.submitted()
    delivery = world.house.list_deliveries()[0]
    during = []
    world.post.before = lambda: during.extend(world.house.list_attempts(delivery.id))

    world.work_off(Work.DELIVER)

    assert [(attempt.number, attempt.status) for attempt in during] == [(1, None)]
    assert [(a.number, a.status) for a in world.house.list_attempts(delivery.id)] == [(1, 204)]


@pytest.mark.parametrize("status", [None, 302, 400, 404, 500, 503])
def test_all_but_2xx_is_tried_again(world: World, status: int | None):
    """A redirect, a refusal, a crash or silence: later, in the table's time."""
    world.post.answers = [answer(status)]
    world.submitted()
    world.work_off(Work.DELIVER)

    delivery = world.house.list_deliveries()[0]

    assert delivery.state is DeliveryState.PENDING
    assert timedelta(seconds=5) <= delivery.next_at - world.clock.now() <= timedelta(seconds=6)


def test_a_bell_before_its_time_does_nothing(world: World):
    """Only the database says when."""
    world.post.answers = [answer(503)]
    world.submitted()
    world.work_off(Work.DELIVER)

    assert world.house.deliver(world.house.list_deliveries()[0].id) is None
    assert len(world.post.posted) == 1


def test_retry_after_is_obeyed(world: World):
    """A registry that asks for two hours gets them."""
    world.post.answers = [answer(429, retry_after_s=7200)]
    world.submitted()
    world.work_off(Work.DELIVER)

    wait = world.house.list_deliveries()[0].next_at - world.clock.now()

    assert wait >= timedelta(hours=2)


def test_the_id_stays_and_the_time_moves_through_retries(world: World):
    """The same `webhook-id` at every try, a fresh timestamp and a signature that fits it."""
    world.post.answers = [answer(503), answer(503)]
    world.submitted()
    for _ in range(3):
        world.work_off(Work.DELIVER)
        world.clock.forward(minutes=6)
        world.house.sweep()

    ids = {posted.headers["webhook-id"] for posted in world.post.posted}
    times = [posted.headers["webhook-timestamp"] for posted in world.post.posted]

    assert len(ids) == 1
    assert len(set(times)) == 3
    assert world.house.list_deliveries()[0].state is DeliveryState.DELIVERED


def test_a_used_up_table_is_a_dead_letter_that_can_be_replayed(world: World):
    """Ten refusals and it is dead and visible; a person replays it and it arrives, under the same id."""
    world.post.answers = [answer(500) for _ in range(10)]
    world.submitted()
    for _ in range(12):
        world.work_off(Work.DELIVER)
        world.clock.forward(days=2)
        world.house.sweep()
    dead = world.house.list_deliveries(state="dead")

    world.house.replay(dead[0].id)
    world.work_off(Work.DELIVER)

    after = world.house.list_deliveries()[0]
    assert len(dead) == 1
    assert (after.state, after.attempts) == (DeliveryState.DELIVERED, 11)
    assert {posted.headers["webhook-id"] for posted in world.post.posted} == {after.id}


def test_gone_switches_the_registry_off(world: World):
    """410: this delivery is dead, the next ones wait and are not sent; a replay switches it on again."""
    world.post.answers = [answer(410)]
    _, submission = world.submitted()
    world.work_off(Work.DELIVER)
    world.house.approve("counsellor", submission.id)
    world.work_off(Work.DELIVER)

    assert len(world.post.posted) == 1
    assert world.house.list_registries()[0].disabled_at is not None
    assert world.house.sweep().deliveries_rung == 0

    world.house.replay(world.house.list_deliveries(state="dead")[0].id)
    world.house.sweep()
    world.work_off(Work.DELIVER)

    assert {delivery.state for delivery in world.house.list_deliveries()} == {DeliveryState.DELIVERED}


def test_one_try_at_a_time(world: World):
    """A second sender, at the same moment, finds nothing to send."""
    world.submitted()
    delivery = world.house.list_deliveries()[0]
    second = []
    world.post.before = lambda: second.append(world.house.deliver(delivery.id))

    world.house.deliver(delivery.id)

    assert second == [None]
    assert len(world.post.posted) == 1


def test_a_ping_says_whether_a_registry_listens(world: World):
    """A ping is an event like any other, with nobody in it."""
    registry = world.seed().registry

    ping = world.house.ping_registry(registry.id)
    world.work_off(Work.DELIVER)

    assert json.loads(world.post.posted[0].body)["type"] == "registry.ping"
    assert [attempt.status for attempt in world.house.list_attempts(ping.id)] == [204]
    with pytest.raises(NotFound):
        world.house.ping_registry("rg_nobody")


def verdict(world: World, kind: str, data: dict, *, secret: str = ANSWER_SECRET, message_id: str = "msg_1"):
    body = json.dumps({"type": kind, "data": data}).encode()
    signed = headers((secret,), message_id=message_id, sent_at=int(world.clock.now().timestamp()), body=body)
    return world.house.take_verdict(signed, body)


def test_a_registrys_own_verdict_counts(world: World):
    """Signed with its own secret, the registry approves; repeated, it changes nothing."""
    _, submission = world.submitted()

    first = verdict(world, "submission.approved", {"submission": submission.id})
    again = verdict(world, "submission.approved", {"submission": submission.id})

    assert first.state is again.state is SubmissionState.APPROVED
    assert first.decided_by.startswith("registry:")


def test_a_registry_returns_with_a_reason(world: World):
    """The student reads the registry's reason; without one it is refused."""
    student, submission = world.submitted()

    with pytest.raises(InvalidRequest):
        verdict(world, "submission.returned", {"submission": submission.id})
    verdict(world, "submission.returned", {"submission": submission.id, "reason": "请重拍"}, message_id="msg_2")

    assert world.house.list_submissions(student)[0].reason == "请重拍"


def test_a_false_verdict_tells_nothing(world: World):
    """Another secret, our own secret, an unknown submission: all the same refusal, and nothing changes."""
    student, submission = world.submitted()
    other = "whsec_" + "b3RoZXIgc2VjcmV0IGFsdG9nZXRoZXIgaGVyZSE="

    for secret, target in ((other, submission.id), (SECRET, submission.id), (ANSWER_SECRET, "sb_nobody")):
        with pytest.raises(SignatureInvalid):
            verdict(world, "submission.approved", {"submission": target}, secret=secret)

    assert world.house.list_submissions(student)[0].state is SubmissionState.SUBMITTED


@pytest.mark.parametrize("body", [b"", b"\xff", b"[]", b'{"data": 1}', b"[" * 100000, b'{"data":' + b"9" * 5000 + b"}"])
def test_rubbish_is_no_verdict(world: World, body: bytes):
    """Whatever is sent, the answer is a refusal with a name."""
    with pytest.raises(InvalidRequest):
        world.house.take_verdict({}, body)


def test_a_second_decision_is_refused(world: World):
    """Returned is returned: an approval that comes later is told so."""
    _, submission = world.submitted()
    world.house.return_("counsellor", submission.id, "背景不对")

    with pytest.raises(NotReviewable):
        verdict(world, "submission.approved", {"submission": submission.id})


def test_the_retry_table_can_be_shorter(world: World):
    """The table is the installation's choice: two tries and it is over."""
    short = with_settings(world, retry_schedule_s=(0.0, 1.0))
    short.post.answers = [answer(500), answer(500)]
    short.submitted()
    for _ in range(2):
        short.work_off(Work.DELIVER)
        short.clock.forward(seconds=2)
        short.house.sweep()

    assert short.house.list_deliveries()[0].state is DeliveryState.DEAD
