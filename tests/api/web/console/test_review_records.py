"""学籍信息有误: what students report reaches whoever can settle it, once, and the student reads the answer."""

import re

import pytest
from review_people import CERAMICS, hand_in, person
from web_world import Staff, World

from api.domain.record_error import RecordField
from api.domain.reviewer import Scope


@pytest.fixture
def li(world: World) -> Staff:
    return world.staff(scopes=(Scope(class_="软件2201班"),), login="li")


def report(world: World, number: int, message: str = "专业应为软件工程") -> str:
    """Have a student who has handed in report a wrong record."""
    student = world.house.login_as_developer(f"student-{number}").student.id
    found = world.house.report_record_error(student, campaign="hunan-pretco", about=RecordField.MAJOR, message=message)
    return found.id


def test_a_report_is_read_and_settled(world: World, li: Staff):
    """With what the roster says now; the student reads the answer."""
    hand_in(world, 1)
    one = report(world, 0)

    page = li.get("/console/records").text
    done = li.post(f"/console/records/{one}/settle", {"answer": "已更正为软件工程"}, follow_redirects=True).text

    for words in ("专业应为软件工程", person(0).name, "软件技术"):
        assert words in page
    assert "没有待处理的报告" in done
    assert "已更正为软件工程" in li.get("/console/records?all=1").text
    student = world.house.login_as_developer("student-0").student.id
    assert world.house.list_record_errors(student, campaign="hunan-pretco")[0].answer == "已更正为软件工程"


def test_an_answer_is_some_words_and_not_a_book(world: World, li: Staff):
    """Refused beside its own field, with what was typed."""
    hand_in(world, 2)
    first, second = report(world, 0), report(world, 1, "姓名有误")

    answer = li.post(f"/console/records/{second}/settle", {"answer": "长" * 501})

    assert answer.status_code == 422
    assert re.search(rf'id="error-{second}"', answer.text)
    assert not re.search(rf'id="error-{first}"', answer.text)
    assert "长" * 501 in answer.text


def test_an_answer_is_given_once(world: World, li: Staff):
    """Wang answered first: Li is told, and the answer stands."""
    hand_in(world, 1)
    one = report(world, 0)
    wang = world.staff("registrar", login="wang")
    wang.post(f"/console/records/{one}/settle", {"answer": "已更正"})

    refused = li.post(f"/console/records/{one}/settle", {"answer": "不用改"})

    assert refused.status_code == 409
    assert "已由别人答复" in refused.text
    assert "已更正" in li.get("/console/records?all=1").text


def test_another_classes_reports_do_not_exist(world: World, li: Staff):
    """Nor can they be settled; the office sees all, those of unbound students too."""
    hand_in(world, 1, place=CERAMICS, first=20)
    other = report(world, 20, "班级写错了")
    stranger = world.house.login_as_developer("nobody").student.id
    for text in world.house.list_consents(stranger):
        world.house.give_consent(stranger, text.id)
    world.house.report_record_error(
        stranger, campaign="hunan-pretco", about=RecordField.MISSING, message="名单里没有我"
    )

    page = li.get("/console/records?all=1").text
    office = world.staff("registrar").get("/console/records").text

    assert "班级写错了" not in page
    assert li.post(f"/console/records/{other}/settle", {"answer": "x"}).status_code == 404
    assert "班级写错了" in office
    assert "未绑定名单的学生" in office
