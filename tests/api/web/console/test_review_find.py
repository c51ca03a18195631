"""A student asks “what about mine?”: the reviewer finds the one among hundreds, decided or not, in their classes."""

import re

import pytest
from review_people import CERAMICS, hand_in, person
from web_world import Staff, World

from api.domain.reviewer import Scope
from api.web.console.review_reasons import COMMON, prepared
from photo_service.checks import CHECKS


@pytest.fixture
def li(world: World) -> Staff:
    """A counsellor of one class."""
    return world.staff(scopes=(Scope(class_="软件2201班"),), login="li")


def find(who: Staff, words: str):
    return who.post("/console/review/find", {"words": words})


def test_the_queue_offers_to_find_one_student(world: World, li: Staff):
    """Beside the filters, which know classes and doubts but nobody's name."""
    assert 'action="/console/review/find"' in li.get("/console/review").text


def test_a_student_number_leads_straight_to_the_photo_decided_or_not(world: World, li: Staff):
    """Whole, or as typed from a message with spaces."""
    first, second, _ = hand_in(world, 3)
    world.house.approve("office", second)

    assert find(li, person(0).student_number).headers["Location"].startswith(f"/console/review/{first}")
    there = find(li, f" {person(1).student_number[:4]} {person(1).student_number[4:]} ").headers["Location"]
    assert there.startswith(f"/console/review/{second}")
    assert li.get(there).status_code == 200


def test_several_are_listed_with_what_became_of_each(world: World, li: Staff):
    """Who has handed in nothing is named too, and leads nowhere."""
    (one,) = hand_in(world, 1)
    world.house.import_roster("hunan-pretco", [person(5), person(6)])

    page = find(li, "示例").text

    assert re.findall(r'href="/console/review/(sb_[^"?]+)', page) == [one]
    assert all(f">{person(number).name}</th>" in page for number in (5, 6))
    assert "还没有提交" in page


def test_other_classes_are_not_found(world: World, li: Staff):
    """By name, by number or by ID number; and the log has the count, never the words."""
    hand_in(world, 1, place=CERAMICS, first=20)
    other = person(20, CERAMICS)

    for words in (other.name, other.student_number, other.id_number):
        assert "没有找到" in find(li, words).text
    assert other.name not in world.staff("registrar").get("/console/audit").text


def test_an_empty_search_and_a_reload_lead_back_to_the_queue(world: World, li: Staff):
    """Nothing to look for, nothing to come back to."""
    assert find(li, "  ").headers["Location"] == "/console/review"
    assert li.get("/console/review/find").headers["Location"] == "/console/review"


def test_every_doubt_of_the_checks_has_a_reason_ready(world: World):
    """What the checks ask the reviewer to look at can be answered with one press."""
    with world.app.test_request_context("/console/review"):
        for check in CHECKS:
            if check.doubt is not None:
                first = prepared([check.code])[0]
                assert first.suggested, check.code
                assert first.key in COMMON
