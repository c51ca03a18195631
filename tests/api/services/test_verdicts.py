"""A registry's verdicts count by when they were given, not by when they arrive, and each once."""

import itertools
import json
from datetime import datetime, timedelta

import pytest
from house_fakes import ANSWER_SECRET, PROFILE, World

from api.domain import signing
from api.domain.errors import InvalidRequest, NotReviewable
from api.domain.submission import SubmissionState

APPROVED, RETURNED = "submission.approved", "submission.returned"


def send(world: World, kind: str, submission: str, *, at: datetime | None = None, secret=ANSWER_SECRET, **more: str):
    message = {"type": kind, "data": {"submission": submission, "reason": "请重拍"}} | more
    if at is not None:
        message["timestamp"] = at.isoformat()
    body = json.dumps(message).encode()
    message_id = f"msg_{kind[-8:]}{at.timestamp() if at else ''}".replace(".", "")
    sent_at = int(world.clock.now().timestamp())
    return world.house.take_verdict(signing.headers([secret], message_id=message_id, sent_at=sent_at, body=body), body)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_last_word_stands_in_whatever_order_they_arrive(world: World, order: tuple[int, ...]):
    """Approved at one, returned at two, approved again at three: approved, however the net shuffled them."""
    _, submission = world.submitted()
    noon = world.clock.now()
    words = [(APPROVED, 1), (RETURNED, 2), (APPROVED, 3)]
    for place in order:
        world.clock.forward(seconds=10)
        kind, minute = words[place]
        send(world, kind, submission.id, at=noon - timedelta(minutes=10 - minute))

    after = world.house.read_submission("office", submission.id).submission
    assert after.state is SubmissionState.APPROVED
    assert after.verdict_at == noon - timedelta(minutes=7)


def test_the_same_message_again_changes_nothing(world: World):
    """Registries retry too: one decision, one line of history."""
    _, submission = world.submitted()
    for _ in range(3):
        send(world, APPROVED, submission.id, at=world.clock.now())

    assert len(world.house.read_history("office", submission.id)) == 2
    assert [one.event.value for one in world.house.list_deliveries()].count("photo.approved") == 1


def test_a_late_verdict_on_an_old_submission_does_not_touch_the_new_one(world: World):
    """Returned, handed in again, and only then the old approval arrives: it speaks of another photo."""
    alice, first = world.submitted()
    noon = world.clock.now()
    send(world, RETURNED, first.id, at=noon)
    world.clock.forward(minutes=1)
    second = world.house.confirm(alice, photo=world.ready(alice).id, campaign="hunan-pretco", profile=PROFILE)

    with pytest.raises(NotReviewable):
        send(world, APPROVED, first.id, at=noon + timedelta(seconds=30))

    assert world.house.read_submission("office", second.id).submission.state is SubmissionState.SUBMITTED


def test_a_decision_made_here_is_not_overruled_from_there(world: World):
    """The counsellor returned it; the registry's approval is refused by name."""
    _, submission = world.submitted()
    world.house.return_("li", submission.id, "请重拍")

    with pytest.raises(NotReviewable):
        send(world, APPROVED, submission.id, at=world.clock.now())


def test_an_approval_after_the_returned_photo_was_deleted_is_refused(world: World):
    """There would be an approved submission with nothing to show for it."""
    student, submission = world.submitted()
    send(world, RETURNED, submission.id, at=world.clock.now() - timedelta(minutes=18), reason="请重拍")
    world.house.delete_photo(student, submission.photo_id)

    with pytest.raises(NotReviewable):
        send(world, APPROVED, submission.id, at=world.clock.now() - timedelta(minutes=1))
    assert world.house.read_submission("office", submission.id).submission.state is SubmissionState.RETURNED


def test_an_approval_after_the_row_was_freed_is_refused(world: World):
    """The counsellor found that a wrong login held the row; its face must not become that student's after all."""
    _, submission = world.submitted()
    send(world, RETURNED, submission.id, at=world.clock.now() - timedelta(minutes=18))
    world.house.unbind_row("li", submission.roster_row_id)

    with pytest.raises(NotReviewable):
        send(world, APPROVED, submission.id, at=world.clock.now() - timedelta(minutes=1))
    assert world.house.read_submission("office", submission.id).submission.state is SubmissionState.RETURNED


@pytest.mark.parametrize(
    "timestamp",
    [
        *("yesterday", 7, "2026-03-02T04:00:00", "2031-01-01T00:00:00+00:00"),
        *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"),
    ],
)
def test_a_verdict_from_the_future_or_from_no_time_is_refused(world: World, timestamp):
    """It would beat every later word; and what lies outside all calendars in UTC is a caller's fault, not ours."""
    _, submission = world.submitted()
    with pytest.raises(InvalidRequest):
        send(world, APPROVED, submission.id, timestamp=timestamp)


def test_the_registry_s_own_secret_is_changed_without_losing_an_answer(world: World):
    """Old and new both open what it sends, until the change is finished."""
    registry = world.seed().registry
    _, submission = world.submitted()
    rotate = world.house.registry.rotate_answers
    fresh = rotate.begin(registry.id).secret

    send(world, APPROVED, submission.id, at=world.clock.now())
    send(world, RETURNED, submission.id, at=world.clock.now() + timedelta(seconds=1), secret=fresh)
    rotate.finish(registry.id)

    assert world.house.list_registries()[0].answer_secrets == (fresh,)
    assert world.house.list_registries()[0].secrets == registry.secrets
