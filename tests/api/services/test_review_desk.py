"""Two reviewers at one desk, batches, classes, and a history that tells everything."""

from datetime import timedelta

import pytest
from house_fakes import PROFILE, World

from api.domain.errors import InvalidRequest, NotFound, NotReviewable, ReviewConflict
from api.domain.reviewer import Reviewer, Role, Scope
from api.domain.submission import SubmissionState
from api.services.review_batch import Choice


def counsellor(*scopes: Scope) -> Reviewer:
    return Reviewer(name="counsellor-li", role=Role.COUNSELLOR, scopes=scopes)


SOFTWARE = counsellor(Scope(college="软件学院", class_="软件2201班"))
CERAMICS = counsellor(Scope(college="陶瓷学院"))


def submitted(world: World, name: str, index: int):
    student, row = world.bound(name, index=index)
    photo = world.ready(student)
    return world.house.confirm(student, photo=photo.id, campaign="hunan-pretco", profile=PROFILE), row


def test_two_reviewers_never_overwrite_one_another(world: World):
    """Li and Wang look at the same page; Li approves; Wang, who still sees it waiting, is told to look again."""
    _, submission = world.submitted()
    world.house.approve("li", submission.id, version=submission.version)

    with pytest.raises(ReviewConflict) as refusal:
        world.house.return_("wang", submission.id, "头发遮住了耳朵", version=submission.version)

    assert refusal.value.facts == {"submission": submission.id, "state": "approved", "version": 2}
    assert world.house.read_submission("li", submission.id).submission.decided_by == "li"


def test_the_history_tells_who_when_and_why_through_every_resubmission(world: World):
    """Submitted, returned, submitted again, approved, revoked: one chain, oldest first."""
    alice, first = world.submitted()
    world.clock.forward(minutes=5)
    world.house.return_("li", first.id, "背景不是白色")
    world.clock.forward(minutes=5)
    second = world.house.confirm(alice, photo=world.ready(alice).id, campaign="hunan-pretco", profile=PROFILE)
    world.house.approve("wang", second.id)
    world.house.revoke("office", second.id, "学籍已注销")

    steps = world.house.read_history("office", second.id)

    assert [(one.submission_id, one.state.value, one.by, one.reason) for one in steps] == [
        (first.id, "submitted", "student", None),
        (first.id, "returned", "li", "背景不是白色"),
        (second.id, "submitted", "student", None),
        (second.id, "approved", "wang", None),
        (second.id, "revoked", "office", "学籍已注销"),
    ]
    assert steps[1].at - steps[0].at == timedelta(minutes=5)
    assert [one.version for one in steps] == [1, 2, 1, 2, 3]


def test_only_the_last_of_a_chain_is_current(world: World):
    """The returned one is history as soon as the student hands in another."""
    alice, first = world.submitted()
    world.house.return_("li", first.id, "请重拍")
    assert [one.submission.id for one in world.house.find_submissions(current=True)] == [first.id]

    world.clock.forward(seconds=1)
    second = world.house.confirm(alice, photo=world.ready(alice).id, campaign="hunan-pretco", profile=PROFILE)

    assert [one.submission.id for one in world.house.find_submissions(current=True)] == [second.id]
    assert [one.submission.id for one in world.house.find_submissions()] == [first.id, second.id]
    assert world.house.read_submission("li", second.id).submission.supersedes_id == first.id


def test_a_counsellor_sees_and_decides_only_on_their_own_classes(world: World):
    """Somebody else's student does not exist for them, in lists, by id, or in a decision."""
    mine, _ = submitted(world, "alice", 0)
    other, _ = submitted(world, "bob", 2)

    assert [one.submission.id for one in world.house.find_submissions(reviewer=SOFTWARE)] == [mine.id]
    assert [one.submission.id for one in world.house.find_submissions(reviewer=CERAMICS)] == [other.id]
    assert world.house.find_submissions(reviewer=counsellor()) == ()
    with pytest.raises(NotFound):
        world.house.read_submission(SOFTWARE, other.id)
    with pytest.raises(NotFound):
        world.house.read_history(SOFTWARE, other.id)
    with pytest.raises(NotFound):
        world.house.approve(SOFTWARE, other.id)
    with pytest.raises(NotFound):
        world.house.return_(SOFTWARE, other.id, "不是我班")
    assert world.house.approve(SOFTWARE, mine.id).decided_by == "counsellor-li"
    assert len(world.house.find_submissions(reviewer=Reviewer.registrar("office"))) == 2


def test_a_batch_decides_each_for_itself(world: World):
    """One was decided on meanwhile, one is in another class, one does not exist: the rest are approved all the same."""
    first, _ = submitted(world, "alice", 0)
    second, _ = submitted(world, "carol", 1)
    other, _ = submitted(world, "bob", 2)
    world.house.return_("wang", second.id, "请重拍")

    outcomes = world.house.approve_many(
        SOFTWARE, [Choice(first.id, 1), Choice(second.id, 1), Choice(other.id, 1), Choice("sb_none")]
    )

    assert outcomes[0].submission.state is SubmissionState.APPROVED
    assert [type(one.refusal) for one in outcomes[1:]] == [ReviewConflict, NotFound, NotFound]


def test_a_batch_is_returned_with_one_reason(world: World):
    """And each student reads it."""
    submissions = [submitted(world, name, index)[0] for index, name in enumerate(["alice", "carol"])]

    outcomes = world.house.return_many("li", [Choice(one.id) for one in submissions], "  请穿深色上衣 ")

    assert {one.submission.reason for one in outcomes} == {"请穿深色上衣"}
    with pytest.raises(InvalidRequest):
        world.house.return_many("li", [], " ")


def test_a_batch_has_bounds(world: World):
    """Nobody approves 501 at once, nor the same one twice."""
    with pytest.raises(InvalidRequest):
        world.house.approve_many("li", [Choice(f"sb_{number}") for number in range(501)])
    with pytest.raises(InvalidRequest):
        world.house.approve_many("li", [Choice("sb_1"), Choice("sb_1", 2)])


def test_without_a_version_the_state_alone_decides(world: World):
    """On the command line nobody looked at a version: what cannot be decided is refused by its state."""
    _, submission = world.submitted()
    world.house.approve("li", submission.id)

    with pytest.raises(NotReviewable):
        world.house.return_("wang", submission.id, "迟了")


def test_pages_are_turned_by_id(world: World):
    """What was on the page before does not come again."""
    first, _ = submitted(world, "alice", 0)
    world.clock.forward(seconds=1)
    second, _ = submitted(world, "carol", 1)

    [one] = world.house.find_submissions(limit=1)
    [two] = world.house.find_submissions(limit=1, after_id=one.submission.id)

    assert [one.submission.id, two.submission.id] == [first.id, second.id]
    with pytest.raises(NotFound):
        world.house.find_submissions(campaign="none")
