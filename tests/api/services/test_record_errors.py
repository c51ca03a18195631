"""学籍信息有误: what students report reaches the office, and its answer reaches them."""

import pytest
from house_fakes import World

from api.domain.errors import ConsentRequired, InvalidRequest, NotFound, TooManyAttempts
from api.domain.record_error import RecordField
from api.domain.reviewer import Reviewer, Role, Scope


def report(world: World, student: str, about: RecordField = RecordField.MAJOR, message: str = "应为软件工程"):
    return world.house.report_record_error(student, campaign="hunan-pretco", about=about, message=message)


def test_a_report_is_collected_settled_and_answered(world: World):
    """Alice's major is wrong; the office sees it with her row, corrects it, and she reads the answer."""
    alice, row = world.bound()
    made = report(world, alice)

    [found] = world.house.find_record_errors("office", campaign="hunan-pretco")
    world.house.settle_record_error("office", found.id, "已更正")

    assert (found.id, found.roster_row_id, found.message) == (made.id, row.id, "应为软件工程")
    assert world.house.find_record_errors("office") == ()
    assert len(world.house.find_record_errors("office", only_open=False)) == 1
    [mine] = world.house.list_record_errors(alice, campaign="hunan-pretco")
    assert (mine.answer, mine.open) == ("已更正", False)


def test_someone_who_is_not_on_the_roster_can_say_so(world: World):
    """That is the very error; only the office sees it, for nobody knows the class."""
    world.seed()
    charlie = world.student("charlie")
    made = report(world, charlie, RecordField.MISSING, "我是软件2201班的，学号 S2022099")
    counsellor = Reviewer("li", Role.COUNSELLOR, (Scope(college="软件学院"),))

    assert [one.id for one in world.house.find_record_errors("office")] == [made.id]
    assert world.house.find_record_errors(counsellor) == ()
    with pytest.raises(NotFound):
        world.house.settle_record_error(counsellor, made.id, "已更正")


def test_a_counsellor_sees_the_reports_of_their_classes(world: World):
    """And of no others."""
    alice, _ = world.bound()
    made = report(world, alice)
    own, other = (Reviewer("li", Role.COUNSELLOR, (Scope(college=name),)) for name in ("软件学院", "陶瓷学院"))

    assert [one.id for one in world.house.find_record_errors(own)] == [made.id]
    assert world.house.find_record_errors(other) == ()
    assert world.house.settle_record_error(own, made.id, "已更正").settled_by == "li"


def test_nobody_floods_the_office(world: World):
    """Five may wait; the sixth comes when one is settled."""
    alice, _ = world.bound()
    first = report(world, alice)
    for number in range(4):
        report(world, alice, message=f"第 {number} 处")

    with pytest.raises(TooManyAttempts):
        report(world, alice, message="又一处")
    world.house.settle_record_error("office", first.id, "已更正")
    assert report(world, alice, message="又一处")


def test_a_report_whose_answer_was_lost_is_not_made_twice(world: World):
    """Alice sends the same words again; once they are answered she may say them again."""
    alice, _ = world.bound()
    first = report(world, alice)

    assert report(world, alice, message=" 应为软件工程 ") == first
    assert report(world, alice, RecordField.CLASS).id != first.id
    world.house.settle_record_error("office", first.id, "名单没有错")
    assert report(world, alice).id != first.id


def test_a_report_says_something_and_rests_on_consent(world: World):
    """No empty reports, none without consent, none for a campaign that is not there."""
    alice, _ = world.bound()
    with pytest.raises(InvalidRequest):
        report(world, alice, message="  ")
    with pytest.raises(NotFound):
        world.house.report_record_error(alice, campaign="none", about=RecordField.OTHER, message="x")
    with pytest.raises(ConsentRequired):
        report(world, world.student("dave", consented=False))


def test_an_erased_student_s_words_are_gone(world: World):
    """The count stays for the office, the words do not."""
    alice, _ = world.bound()
    report(world, alice)
    assert world.house.export_me(alice)["record_errors"][0]["message"] == "应为软件工程"

    world.house.erase_me(alice)

    [left] = world.house.find_record_errors("office")
    assert left.message == ""
