"""The queue: doubted first, then oldest; filtered by what there is; each counsellor their own classes and no other."""

from dataclasses import replace

import pytest
from house_fakes import PROFILE, World, passing

from api.domain.review_queue import QueueFilter
from api.domain.reviewer import Reviewer, Role, Scope
from api.domain.submission import SubmissionState
from photo_service.contract import Finding, Severity

OFFICE = Reviewer.registrar("office")
SOFTWARE = Reviewer(name="li", role=Role.COUNSELLOR, scopes=(Scope(class_="软件2201班"),))
CERAMICS = Reviewer(name="wang", role=Role.COUNSELLOR, scopes=(Scope(college="陶瓷学院"),))
NOBODY = Reviewer(name="new", role=Role.COUNSELLOR)
WAITING = QueueFilter(states=(SubmissionState.SUBMITTED,))


def doubted(*codes: str):
    """A photo that passed with warnings."""
    good = passing()
    findings = tuple(Finding(code, Severity.WARN, "有疑问", "请留意") for code in codes)
    return replace(good, report=replace(good.report, findings=findings))


def hand_in(world: World, name: str, index: int, *codes: str):
    student, _ = world.bound(name, index=index)
    world.renderer.outcomes = [doubted(*codes)] if codes else []
    photo = world.ready(student)
    world.clock.forward(seconds=1)
    return world.house.confirm(student, photo=photo.id, campaign="hunan-pretco", profile=PROFILE)


@pytest.fixture
def four(world: World):
    """Two of the software class, two of ceramics; the third and the fourth were doubted."""
    return (
        hand_in(world, "zhang", 0),
        hand_in(world, "li", 1),
        hand_in(world, "wang", 2, "ears_covered", "uneven_light"),
        hand_in(world, "ayi", 3, "uneven_light"),
    )


def ids(world: World, reviewer: Reviewer, wanted: QueueFilter = WAITING, **more) -> list[str]:
    return [card.submission_id for card in world.house.review.show_queue(reviewer, wanted, **more).cards]


def test_the_doubted_come_first_then_the_oldest(world: World, four):
    """What needs an eye most is before the eye is tired."""
    page = world.house.review.show_queue(OFFICE, WAITING)

    assert [card.submission_id for card in page.cards] == [four[2].id, four[3].id, four[0].id, four[1].id]
    assert page.cards[0].warnings == ("ears_covered", "uneven_light")
    assert (page.cards[2].name, page.cards[2].student_number, page.cards[2].version) == ("张示例", "S2022001", 1)
    assert (page.total, page.more) == (4, False)


def test_pages_follow_one_another_across_the_border_of_doubt(world: World, four):
    """Nothing twice, nothing left out."""
    order = ids(world, OFFICE)
    seen: list[str] = []
    after = None
    for _ in range(4):
        page = world.house.review.show_queue(OFFICE, WAITING, after=after, limit=1)
        seen += [card.submission_id for card in page.cards]
        after = seen[-1]

    assert seen == order
    assert not page.more


def test_neighbours_are_the_queues_own(world: World, four):
    """Before and after; at the end what was left out comes again; a decided one keeps its place."""
    order = ids(world, OFFICE)
    beside = [world.house.review.show_neighbours(OFFICE, WAITING, one) for one in order]

    assert [one.previous for one in beside] == [None, *order[:-1]]
    assert [one.following for one in beside] == [*order[1:], order[0]]
    world.house.approve("office", order[1])
    gone = world.house.review.show_neighbours(OFFICE, WAITING, order[1])
    assert (gone.previous, gone.following, gone.total) == (order[0], order[2], 3)


def test_every_filter_narrows(world: World, four):
    """By campaign, state, college, grade, major, class and finding; several values of one kind are either."""
    first, second, third, fourth = four
    world.house.return_("office", second.id, "请重拍")
    campaign = first.campaign_id

    assert ids(world, OFFICE, QueueFilter(campaigns=(campaign,), states=(SubmissionState.RETURNED,))) == [second.id]
    assert ids(world, OFFICE, QueueFilter(campaigns=("cp_other",))) == []
    assert ids(world, OFFICE, replace(WAITING, colleges=("软件学院",))) == [first.id]
    assert ids(world, OFFICE, replace(WAITING, classes=("软件2201班", "陶瓷2202班"), grades=("2022",))) == [
        third.id,
        fourth.id,
        first.id,
    ]
    assert ids(world, OFFICE, replace(WAITING, majors=("软件技术",))) == [first.id]
    assert ids(world, OFFICE, replace(WAITING, findings=("ears_covered",))) == [third.id]
    assert len(ids(world, OFFICE, QueueFilter())) == 4


def test_what_can_be_chosen_is_what_there_is_with_counts(world: World, four):
    """Each kind counts what the others leave."""
    offered = world.house.review.show_filters(OFFICE, WAITING)

    assert {one.value: one.count for one in offered["college"]} == {"软件学院": 2, "陶瓷学院": 2}
    assert {one.value: one.count for one in offered["finding"]} == {"uneven_light": 2, "ears_covered": 1}
    assert [(one.value, one.count, one.chosen) for one in offered["state"]] == [("submitted", 4, True)]
    narrowed = world.house.review.show_filters(OFFICE, replace(WAITING, colleges=("软件学院",)))
    assert {one.value: one.count for one in narrowed["college"]} == {"软件学院": 2, "陶瓷学院": 2}
    assert {one.value: one.count for one in narrowed["class"]} == {"软件2201班": 2}
    assert narrowed["finding"] == ()
    chosen = world.house.review.show_filters(OFFICE, replace(WAITING, findings=("ears_covered",)))
    assert {one.value: one.count for one in chosen["class"]} == {"陶瓷2202班": 1}


def test_a_counsellor_is_offered_and_shown_their_own_classes_alone(world: World, four):
    """Cards, counts, neighbours, batches: another class does not exist, and without a class nobody does."""
    assert ids(world, SOFTWARE) == [four[0].id, four[1].id]
    assert ids(world, SOFTWARE, replace(WAITING, colleges=("陶瓷学院",))) == []
    offered = world.house.review.show_filters(SOFTWARE, WAITING)
    assert [one.value for one in offered["college"]] == ["软件学院"]
    assert offered["finding"] == ()
    beside = world.house.review.show_neighbours(SOFTWARE, WAITING, four[2].id)
    assert (beside.previous, beside.following, beside.total) == (None, four[0].id, 2)
    chosen = world.house.review.choose_cards(SOFTWARE, [one.id for one in four])
    assert [card.submission_id for card in chosen] == [four[0].id, four[1].id]
    assert ids(world, NOBODY) == []
    assert world.house.review.show_filters(NOBODY, WAITING)["college"] == ()


def test_a_chains_earlier_links_never_show(world: World, four):
    """The returned one is history once another was handed in."""
    first = four[0]
    world.house.return_("office", first.id, "请重拍")
    student = first.student_id
    world.clock.forward(seconds=1)
    second = world.house.confirm(student, photo=world.ready(student).id, campaign="hunan-pretco", profile=PROFILE)

    everything = ids(world, SOFTWARE, QueueFilter())
    assert first.id not in everything
    assert second.id in everything


def test_an_undone_decision_comes_back_to_its_place(world: World, four):
    """With its doubts, where it was."""
    before = ids(world, OFFICE)
    world.house.approve("office", four[2].id)
    assert four[2].id not in ids(world, OFFICE)

    world.house.review.undo("office", four[2].id)

    assert ids(world, OFFICE) == before


def test_what_was_doubted_is_forgotten_with_the_photo(world: World, four):
    """No trace of a face's measurements stays behind."""
    world.house.delete_photo(four[2].student_id, four[2].photo_id)

    (card,) = world.house.review.choose_cards(OFFICE, [four[2].id])
    assert card.warnings == ()
    offered = world.house.review.show_filters(OFFICE, QueueFilter())
    assert {one.value: one.count for one in offered["finding"]} == {"uneven_light": 1}
