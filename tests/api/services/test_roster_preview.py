"""A registrar sees what a file would do before it does it; what is confirmed is what was shown, or nothing."""

import io
from datetime import timedelta

import openpyxl
import pytest
from house_fakes import World

from api.domain.errors import InvalidRequest, NotFound
from api.domain.errors_office import RosterMoved
from api.domain.id_number import check_digit
from api.domain.roster_check import CheckState, Fate
from api.domain.work import Work

HEADING = ("学号", "姓名", "身份证号", "院系", "年级", "专业", "班级")
PLACE = ("软件学院", "2023", "软件技术", "软件2301班")


def number(order: int) -> str:
    body = f"43000020050101{order:03d}"
    return body + check_digit(body)


def person(order: int, **changes: str) -> tuple[str, ...]:
    values = dict(zip(HEADING, (f"N{order}", f"新生{order}", number(order), *PLACE), strict=True))
    return tuple((values | changes).values())


def sheet(*rows: tuple[str, ...]) -> bytes:
    book = openpyxl.Workbook()
    for row in (HEADING, *rows):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.fixture
def campaign(world: World) -> str:
    return world.seed().campaigns[0].id


def preview(world: World, campaign: str, *rows: tuple[str, ...], remove_missing: bool = False):
    office = world.house.office
    check = office.upload_roster("wang", campaign, sheet(*rows), remove_missing=remove_missing)
    office.work(check.id)
    return office.read_roster_check(campaign, check.id)


def people(world: World, campaign: str):
    with world.house.parts.database.read() as uow:
        return {row.student_number: row for row in uow.roster.of_campaign(campaign)}


def test_a_file_with_faults_names_each_by_line_and_column_and_imports_nobody(world: World, campaign: str):
    """Two faults in three lines: both are told, and the third person waits too."""
    before = people(world, campaign)
    check = preview(world, campaign, person(1, 身份证号="12"), person(2, 姓名=""), person(3))

    assert check.state is CheckState.FAULTY
    assert [(fault.line, fault.column) for fault in check.faults] == [(2, "身份证号"), (3, "姓名")]
    assert people(world, campaign) == before
    with pytest.raises(RosterMoved):
        world.house.office.take_roster_in(campaign, check.id)


def test_what_is_shown_is_what_is_imported(world: World, campaign: str):
    """Two new, one moved to another class, one who is not in the file and leaves: counted, listed, then done."""
    known = next(iter(people(world, campaign).values()))
    moved = (known.student_number, known.name, known.id_number, known.college, known.grade, known.major, "新的班")
    check = preview(world, campaign, person(1), person(2), moved, remove_missing=True)

    assert (check.state, check.added, check.changed, check.removed) == (CheckState.READY, 2, 1, 3)
    read = world.house.office.read_roster_check
    [change] = read.fates(campaign, check.id, Fate.CHANGED).people
    assert (change.before.class_, change.after.class_) == (known.class_, "新的班")
    assert {one.after.name for one in read.fates(campaign, check.id, Fate.ADDED).people} == {"新生1", "新生2"}
    assert len(read.fates(campaign, check.id, Fate.REMOVED).people) == 3

    done = world.house.office.take_roster_in(campaign, check.id)

    assert done.state is CheckState.DONE
    assert set(people(world, campaign)) == {"N1", "N2", known.student_number}
    assert people(world, campaign)[known.student_number].class_ == "新的班"
    assert world.house.office.take_roster_in(campaign, check.id) == done


def test_a_roster_that_changed_after_the_preview_is_not_overwritten(world: World, campaign: str):
    """Somebody else imported meanwhile: the confirmation is refused, and a new preview tells the truth."""
    first = preview(world, campaign, person(1))
    second = preview(world, campaign, person(2))
    world.house.office.take_roster_in(campaign, second.id)

    with pytest.raises(RosterMoved):
        world.house.office.take_roster_in(campaign, first.id)

    assert "N1" not in people(world, campaign)


def test_a_student_who_binds_after_the_preview_does_not_spoil_it(world: World, campaign: str):
    """Students go on while the registrar reads."""
    check = preview(world, campaign, person(1))
    world.bound("alice")

    assert world.house.office.take_roster_in(campaign, check.id).state is CheckState.DONE


def test_a_preview_ends_and_leaves_nothing_behind(world: World, campaign: str):
    """After its twelve hours it can no longer be confirmed, and the people in it are gone from the disk."""
    check = preview(world, campaign, person(1))
    world.clock.forward(hours=12)

    with pytest.raises(RosterMoved):
        world.house.office.take_roster_in(campaign, check.id)
    assert world.house.office.forget() == 1
    with pytest.raises(NotFound):
        world.house.office.read_roster_check(campaign, check.id)
    assert world.files() == 0
    with world.house.parts.database.read() as uow:
        assert uow.staging.counts(check.id) == (0, 0, 0)


def test_the_file_itself_is_kept_only_until_it_is_read(world: World, campaign: str):
    """Sealed while it waits, gone after."""
    check = world.house.office.upload_roster("wang", campaign, sheet(person(1)), remove_missing=False)
    assert world.files() == 1
    world.house.office.work(check.id)
    assert world.files() == 0


def test_a_csv_of_an_older_excel_is_read_as_well(world: World, campaign: str):
    """GB 18030, as a Chinese Excel writes it."""
    text = "\r\n".join(",".join(row) for row in (HEADING, person(1))) + "\r\n"
    check = world.house.office.upload_roster("wang", campaign, text.encode("gb18030"), remove_missing=False)
    world.house.office.work(check.id)

    assert world.house.office.read_roster_check(campaign, check.id).added == 1


def test_a_file_that_is_no_roster_says_why(world: World, campaign: str):
    """In words for the registrar."""
    check = world.house.office.upload_roster("wang", campaign, b"\xff\xd8 a photo", remove_missing=False)
    world.house.office.work(check.id)
    found = world.house.office.read_roster_check(campaign, check.id)

    assert found.state is CheckState.UNREADABLE
    assert found.trouble
    with pytest.raises(InvalidRequest):
        world.house.office.upload_roster("wang", campaign, b"", remove_missing=False)


def test_a_worker_that_died_is_replaced_and_the_file_read_again(world: World, campaign: str):
    """The lease runs out, the sweeper rings, the next one starts over; a bell that was never heard is rung too."""
    office = world.house.office
    world.bell.silent = True
    check = office.upload_roster("wang", campaign, sheet(person(1)), remove_missing=False)
    world.bell.silent = False
    assert office.sweep() == 1
    assert world.bell.take(Work.OFFICE) == check.id

    world.clock.forward(minutes=1)
    with world.house.parts.database.write() as uow:
        found = uow.roster_checks.get(check.id)
        held = found.__class__(
            **{name: getattr(found, name) for name in found.__slots__}
            | {"attempts": 1, "next_at": world.clock.now() + timedelta(minutes=10)}
        )
        uow.roster_checks.swap(held, attempts=0)
        uow.commit()
    office.work(check.id)
    assert office.read_roster_check(campaign, check.id).state is CheckState.WAITING

    world.clock.forward(minutes=11)
    assert office.sweep() == 1
    office.work(check.id)
    assert office.read_roster_check(campaign, check.id).state is CheckState.READY


def test_an_upload_can_be_let_go_and_another_campaign_never_sees_it(world: World, campaign: str):
    """Dropped at once; under another campaign's address there is no such thing."""
    check = preview(world, campaign, person(1))
    other = world.seed().campaigns[1].id

    with pytest.raises(NotFound):
        world.house.office.read_roster_check(other, check.id)
    world.house.office.forget_roster_check(campaign, check.id)
    with pytest.raises(NotFound):
        world.house.office.read_roster_check(campaign, check.id)
