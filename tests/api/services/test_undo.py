"""A slip of the hand is taken back: the student is under review again, and whoever was told is told."""

import pytest
from house_fakes import PROFILE, World, answer
from hypothesis import given
from hypothesis import strategies as st

from api.domain.delivery import DeliveryState, Event
from api.domain.errors import NotFound, NotReviewable, ReviewConflict
from api.domain.errors_review import ReasonMissing, ReasonTooLong, UndoRefused
from api.domain.reviewer import Reviewer, Role, Scope
from api.domain.submission import REASON_MOST, SubmissionState, given_reason
from api.domain.work import Work
from api.services.review_batch import Choice

LI = Reviewer(name="li", role=Role.COUNSELLOR, scopes=(Scope(class_="软件2201班"),))
STRANGER = Reviewer(name="li", role=Role.COUNSELLOR, scopes=(Scope(college="陶瓷学院"),))


def events(world: World) -> list[tuple[Event, DeliveryState]]:
    return [(one.event, one.state) for one in reversed(world.house.list_deliveries())]


def test_a_return_is_taken_back_and_decided_again(world: World):
    """Li meant to approve; the history tells all three steps."""
    alice, submission = world.submitted()
    world.house.return_(LI, submission.id, "请重拍")
    world.clock.forward(minutes=1)

    back = world.house.review.undo(LI, submission.id, version=2)
    world.house.approve(LI, submission.id, version=3)

    assert (back.state, back.reason, back.version) == (SubmissionState.SUBMITTED, None, 3)
    steps = [(one.state.value, one.by) for one in world.house.read_history(LI, submission.id)]
    assert steps == [("submitted", "student"), ("returned", "li"), ("submitted", "li"), ("approved", "li")]
    assert world.house.list_submissions(alice)[0].state is SubmissionState.APPROVED


def test_an_approval_nobody_was_told_of_leaves_no_trace_at_the_registry(world: World):
    """Its event is cancelled before any try, and cannot be replayed by mistake."""
    _, submission = world.submitted()
    world.work_off(Work.DELIVER)
    world.clock.forward(seconds=1)
    world.house.approve(LI, submission.id)

    world.clock.forward(seconds=1)
    world.house.review.undo(LI, submission.id)
    world.house.sweep()
    world.work_off(Work.DELIVER)

    assert events(world) == [(Event.SUBMITTED, DeliveryState.DELIVERED), (Event.APPROVED, DeliveryState.CANCELLED)]
    cancelled = world.house.list_deliveries(state="cancelled")[0]
    assert world.house.replay(cancelled.id).state is DeliveryState.CANCELLED
    assert len(world.post.posted) == 1


def test_a_registry_that_heard_of_the_approval_hears_of_its_end(world: World):
    """And of the next approval as an event of its own."""
    _, submission = world.submitted()
    for decide in (world.house.approve, world.house.review.undo, world.house.approve):
        world.clock.forward(seconds=1)
        decide(LI, submission.id)
        world.work_off(Work.DELIVER)

    assert [event for event, _ in events(world)] == [Event.SUBMITTED, Event.APPROVED, Event.REVOKED, Event.APPROVED]
    assert {state for _, state in events(world)} == {DeliveryState.DELIVERED}


def test_a_registry_that_may_have_heard_is_told_too(world: World):
    """Its answer was lost: the approval is not tried again, and its end is owed."""
    _, submission = world.submitted()
    world.work_off(Work.DELIVER)
    world.post.answers = [answer(500)]
    world.clock.forward(seconds=1)
    world.house.approve(LI, submission.id)
    world.work_off(Work.DELIVER)
    world.clock.forward(seconds=1)

    world.house.review.undo(LI, submission.id)

    assert events(world)[1:] == [(Event.APPROVED, DeliveryState.CANCELLED), (Event.REVOKED, DeliveryState.PENDING)]


def test_an_approval_after_an_undo_is_still_ended_when_the_student_leaves(world: World):
    """A revocation once owed does not stand for the next one."""
    alice, submission = world.submitted()
    for decide in (world.house.approve, world.house.review.undo, world.house.approve):
        world.clock.forward(seconds=1)
        decide(LI, submission.id)
        world.work_off(Work.DELIVER)
    world.clock.forward(seconds=1)

    world.house.delete_photo(alice, submission.photo_id)

    assert [event for event, _ in events(world)][-1] is Event.REVOKED


def test_only_ones_own_decision_and_only_at_once(world: World):
    """Wang cannot undo what Li did; after ten minutes Li cannot either; nor a class that is not his."""
    _, submission = world.submitted()
    world.house.approve(LI, submission.id)

    with pytest.raises(UndoRefused) as refusal:
        world.house.review.undo("wang", submission.id)
    assert refusal.value.facts["reason"] == "not_yours"
    with pytest.raises(NotFound):
        world.house.review.undo(STRANGER, submission.id)
    with pytest.raises(ReviewConflict):
        world.house.review.undo(LI, submission.id, version=1)
    world.clock.forward(minutes=10, seconds=1)
    with pytest.raises(UndoRefused) as refusal:
        world.house.review.undo(LI, submission.id)
    assert refusal.value.facts["reason"] == "too_late"


def test_nothing_to_undo_is_said(world: World):
    """Under review, and revoked: neither is a decision that can be taken back."""
    _, submission = world.submitted()
    with pytest.raises(NotReviewable):
        world.house.review.undo("li", submission.id)
    world.house.revoke("li", submission.id, "学籍已注销")
    with pytest.raises(NotReviewable):
        world.house.review.undo("li", submission.id)


def test_a_student_who_was_quicker_keeps_the_new_photo(world: World):
    """Alice read the reason and handed in another: the undo is refused, hers stands."""
    alice, submission = world.submitted()
    world.house.return_("li", submission.id, "请重拍")
    world.clock.forward(seconds=30)
    second = world.house.confirm(alice, photo=world.ready(alice).id, campaign="hunan-pretco", profile=PROFILE)

    with pytest.raises(UndoRefused) as refusal:
        world.house.review.undo("li", submission.id)

    assert refusal.value.facts["reason"] == "superseded"
    assert world.house.list_submissions(alice)[0].id == second.id


def test_what_is_gone_does_not_come_back(world: World):
    """Alice deleted the returned photo, Bob was unbound: neither submission lives again."""
    alice, submission = world.submitted()
    world.house.return_("li", submission.id, "请重拍")
    world.house.delete_photo(alice, submission.photo_id)
    bob, row = world.bound("bob", index=1)
    his = world.house.confirm(bob, photo=world.ready(bob).id, campaign="hunan-pretco", profile=PROFILE)
    world.house.return_("li", his.id, "请重拍")
    world.house.unbind_row("li", row.id)

    for entry in (submission, his):
        with pytest.raises(UndoRefused) as refusal:
            world.house.review.undo("li", entry.id)
        assert refusal.value.facts["reason"] == "gone"


def test_a_batch_is_undone_each_for_itself(world: World):
    """One of two was decided on by somebody else meanwhile."""
    _, submission = world.submitted()
    world.house.approve("li", submission.id)

    outcomes = world.house.review.undo_many("li", [Choice(submission.id, 2), Choice("sb_none")])

    assert outcomes[0].submission.state is SubmissionState.SUBMITTED
    assert isinstance(outcomes[1].refusal, NotFound)


@given(st.text(max_size=REASON_MOST + 50))
def test_a_reason_is_some_words_and_not_a_book(reason: str):
    """What fits comes back without the space around it; the rest is refused by name."""
    words = reason.strip()
    if not words:
        with pytest.raises(ReasonMissing):
            given_reason(reason)
    elif len(words) > REASON_MOST:
        with pytest.raises(ReasonTooLong) as refusal:
            given_reason(reason)
        assert refusal.value.facts["given"] == len(words)
    else:
        assert given_reason(reason) == words
