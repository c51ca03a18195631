"""A file's people come into a roster all together or not at all, are known again, and can go."""

from datetime import timedelta

import pytest
from house_fakes import World
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.domain.errors import NotFound
from api.domain.id_number import check_digit
from api.domain.roster import RosterLine
from api.services.load_roster import ImportWish


def number(order: int) -> str:
    body = f"43000020000101{order:03d}"
    return body + check_digit(body)


def line(row: int, order: int, **changes: str) -> RosterLine:
    values = {
        "name": f"示例{order}",
        "id_number": number(order),
        "student_number": f"S{order}",
        "college": "软件学院",
        "grade": "2023",
        "major": "软件技术",
        "class_": "1班",
    }
    return RosterLine(row, values | changes)


def lines(*orders: int):
    return [line(row, order) for row, order in enumerate(orders, start=2)]


@pytest.fixture
def roster(world: World):
    """A campaign without people; gives a way to load it and to see it."""
    seeded = world.seed()
    campaign = seeded.campaigns[0].id
    with world.house.parts.database.write() as uow:
        for row in uow.roster.of_campaign(campaign):
            uow.roster.delete_unused(row.id)
        uow.commit()

    class Roster:
        id = campaign

        def load(self, *given: RosterLine, **wish: bool):
            return world.house.load_roster(campaign, given, wish=ImportWish(**wish))

        def rows(self):
            with world.house.parts.database.read() as uow:
                return {row.student_number: row for row in uow.roster.of_campaign(campaign)}

    return Roster()


def test_people_are_added_updated_and_left_alone(roster):
    """New ones are added; who moved class is updated and stays the same row; the rest is untouched."""
    first = roster.load(*lines(1, 2, 3))
    before = roster.rows()
    second = roster.load(line(2, 1), line(3, 2, class_="2班"), line(4, 4))

    after = roster.rows()
    assert (first.added, first.changed, first.unchanged) == (3, 0, 0)
    assert (second.read, second.added, second.changed, second.unchanged) == (3, 1, 1, 1)
    assert (after["S2"].id, after["S2"].class_) == (before["S2"].id, "2班")
    assert set(after) == {"S1", "S2", "S3", "S4"}


def test_every_fault_is_told_by_line_and_column_and_nobody_comes_in(roster):
    """One round is enough to put the file right; no name or number is repeated."""
    done = roster.load(
        line(2, 1),
        line(3, 2, name="", id_number="43000020000101002X"),
        line(4, 3, id_number="4300002000010100"),
        line(5, 1, student_number="S5"),
        line(6, 6, student_number="S1"),
        line(7, 7, college="长" * 101, class_=""),
    )

    assert [(one.line, one.column, one.message) for one in done.faults] == [
        (3, "姓名", "不能为空"),
        (3, "身份证号", "校验位不对，请核对"),
        (4, "身份证号", "不是 18 位身份证号，现在是 16 位"),
        (5, "身份证号", "与第 2 行重复"),
        (6, "学号", "与第 2 行重复"),
        (7, "班级", "不能为空"),
        (7, "院系", "太长了，最多 100 个字"),
    ]
    assert roster.rows() == {}


def test_a_dry_run_tells_and_does_nothing(roster):
    """The same counts, no change."""
    roster.load(*lines(1, 2))
    dry = roster.load(*lines(2, 3), dry_run=True, remove_missing=True)

    assert (dry.added, dry.unchanged, dry.removed) == (1, 1, 1)
    assert set(roster.rows()) == {"S1", "S2"}


def test_who_is_not_in_the_file_can_be_taken_off_but_not_who_has_begun(world: World, roster):
    """Removal is asked for; a student who proved to be on the roster stays and is counted."""
    roster.load(*lines(1, 2, 3))
    alice = world.student()
    world.house.bind_identity(alice, campaign=roster.id, name="示例2", id_number=number(2))

    done = roster.load(*lines(1), remove_missing=True)

    assert (done.removed, done.kept) == (1, 1)
    assert set(roster.rows()) == {"S1", "S2"}
    assert world.house.remove_from_roster(roster.id, "S2") is False
    assert world.house.remove_from_roster(roster.id, "S1") is True
    with pytest.raises(NotFound):
        world.house.remove_from_roster(roster.id, "S1")


def test_a_corrected_id_number_is_the_same_person(world: World, roster):
    """The office mistyped it; the student number and the name are the same: the row, and who is bound to it, stay."""
    roster.load(line(2, 1, id_number=number(9)))
    alice = world.student()
    world.house.bind_identity(alice, campaign=roster.id, name="示例1", id_number=number(9))

    done = roster.load(line(2, 1))

    assert done.changed == 1
    assert (roster.rows()["S1"].id_number, roster.rows()["S1"].student_id) == (number(1), alice)


def test_a_student_number_of_somebody_else_is_a_fault(roster):
    """Another name under a number that is taken: nobody inherits a face."""
    roster.load(*lines(1))
    done = roster.load(line(2, 5, student_number="S1"))

    assert [(one.column, one.message) for one in done.faults] == [("学号", "名单里另一个人已用这个学号")]


def test_a_student_number_that_lost_its_zero_keeps_everybody_out(roster):
    """The registry's system finds people by this number: a wrong one is told before it is on the list."""
    file = [line(row, row, student_number=f"0{22030000 + row}") for row in range(2, 6)]

    done = roster.load(*file[:3], line(5, 5, student_number="22030005"))

    assert [(fault.line, fault.column) for fault in done.faults] == [(5, "学号")]
    assert roster.load(*file).added == 4


def test_students_can_write_while_a_large_file_is_read(world: World, roster):
    """The roster changes in one short moment at the end: until then nobody waits and nobody sees half of it."""
    seen = []

    def told(read: int) -> None:
        world.student(f"during-{read}")
        seen.append(len(roster.rows()))

    done = world.house.load_roster(roster.id, [line(row, row) for row in range(2, 700)], progress=told)

    assert seen == [0, 0]
    assert (done.added, len(roster.rows())) == (698, 698)


def test_nothing_is_left_of_an_import_that_broke_off(world: World, roster):
    """A file that turns out to be broken in the middle leaves neither people nor staged copies of them."""

    def broken():
        yield from (line(row, row) for row in range(2, 600))
        raise ValueError("the file ends here")

    with pytest.raises(ValueError, match="ends here"):
        world.house.load_roster(roster.id, broken())

    with world.house.parts.database.write() as uow:
        assert uow.staging.forget_before(world.clock.now() + timedelta(days=1)) == 0
    assert roster.rows() == {}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    files=st.lists(
        st.tuples(st.lists(st.integers(1, 12), unique=True, max_size=8), st.booleans()), min_size=1, max_size=4
    )
)
def test_any_files_in_any_order_leave_what_the_last_ones_say(world: World, roster, files):
    """Upserts add up; with removal the roster is exactly the file."""
    expected = set(roster.rows())
    for orders, remove in files:
        done = roster.load(*lines(*orders), remove_missing=remove)
        wanted = {f"S{order}" for order in orders}
        assert done.added == len(wanted - expected)
        expected = wanted if remove else expected | wanted
        assert set(roster.rows()) == expected
