"""The roster's pages: a file shown before it is taken in, people found without their numbers in any address."""

import io

import openpyxl
import pytest
from web_world import Staff, World

from api.domain.audit import AuditFilter
from api.domain.id_number import check_digit
from api.domain.work import Work

HEADING = ("学号", "姓名", "身份证号", "院系", "年级", "专业", "班级")
ROSTER = "/console/campaigns/hunan-pretco/roster"


@pytest.fixture
def registrar(world: World) -> Staff:
    return world.staff("registrar")


def person(order: int) -> tuple[str, ...]:
    body = f"43000020050101{order:03d}"
    return (f"N{order}", f"新生{order}", body + check_digit(body), "软件学院", "2026", "软件技术", "1班")


def sheet(*rows: tuple[str, ...]) -> io.BytesIO:
    book = openpyxl.Workbook()
    for row in (HEADING, *rows):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return io.BytesIO(file.getvalue())


def upload(world: World, registrar: Staff, *rows: tuple[str, ...], **more: str) -> str:
    answer = registrar.post(f"{ROSTER}-import", {"file": (sheet(*rows), "名单.xlsx"), **more})
    assert answer.status_code == 302, answer.text
    for ring in world.bell.rings:
        if ring.work is Work.OFFICE:
            world.house.office.work(ring.thing_id)
    return answer.location


def actions(world: World) -> list[str]:
    return [entry.action for entry in world.house.staff.find_audit.every(AuditFilter())]


def test_a_line_of_totals_is_passed_over_and_said_in_one_line(world: World, registrar: Staff):
    """Schools print 合计 below their lists: no fault, and nobody's name; told with faults beside it too."""
    page = upload(world, registrar, person(1), ("合计", "", "", "", "", "", "1 人"))
    told = registrar.get(page).text
    assert "可以导入" in told
    assert "第 3 行是合计，不是学生，已跳过。" in told
    registrar.post(f"{page}/confirm")
    assert world.house.show_campaigns("hunan-pretco")[0].people == 5

    page = upload(world, registrar, ("总计", "", "", "", "", "", ""), ("N2", "", "12", *person(2)[3:]))
    told = registrar.get(page).text
    assert "有 2 处要修改" in told
    assert "第 2 行是合计" in told


def test_faults_are_a_table_and_a_file_and_nobody_is_imported(world: World, registrar: Staff):
    """Row, column and reason; the same as CSV for whoever mends it."""
    page = upload(world, registrar, person(1), ("N2", "", "12", *person(2)[3:]))
    told = registrar.get(page).text

    assert "有 2 处要修改" in told
    assert "不能为空" in told
    assert "姓名" in registrar.get(f"{page}/faults.csv").get_data().decode("utf-8-sig")
    assert registrar.post(f"{page}/confirm").location == page
    assert world.house.show_campaigns("hunan-pretco")[0].people == 4


def test_a_good_file_is_shown_and_confirmed(world: World, registrar: Staff):
    """What will be added and who goes; after the confirmation it is so, and in the audit log."""
    page = upload(world, registrar, person(1), person(2), remove_missing="1")
    shown = registrar.get(f"{page}?show=removed").text

    assert "可以导入" in shown
    assert "张示例" in shown
    assert world.person("张示例").id_number not in shown
    assert registrar.post(f"{page}/confirm").location == ROSTER
    assert world.house.show_campaigns("hunan-pretco")[0].people == 2
    assert {"roster.uploaded", "roster.imported"} <= set(actions(world))


def test_the_roster_names_what_came_of_each_upload_since_the_last_import(world: World, registrar: Staff):
    """A faulty file is not said to wait for a confirmation; an import overtakes whatever was uploaded before it."""
    upload(world, registrar, ("N2", "", "12", *person(2)[3:]))
    assert "有错误，没有导入" in registrar.get(ROSTER).text

    world.clock.sleep(1)  # ids sort by time
    page = upload(world, registrar, person(1))
    assert "等待您确认，还没有导入" in registrar.get(ROSTER).text

    registrar.post(f"{page}/confirm")
    told = registrar.get(ROSTER).text
    assert "上传的名单" not in told
    assert "新生1" in told


def test_an_empty_upload_says_so(registrar: Staff):
    """No file, no crash."""
    answer = registrar.post(f"{ROSTER}-import", {"file": (io.BytesIO(b""), "")})

    assert answer.status_code == 422
    assert "请选择名单文件" in answer.text


def test_people_are_found_by_name_and_number_and_shown_masked(world: World, registrar: Staff):
    """By part of a name, by student number, by the whole ID number; never is the number in the page."""
    someone = world.person("张示例")
    for words in ("张示", "s2022001", someone.id_number):
        page = registrar.post(f"{ROSTER}/search", {"words": words}).text
        assert "S2022001" in page
        assert someone.id_number not in page.replace(f'value="{someone.id_number}"', "")
        assert "S2022003" not in page
    assert "没有找到" in registrar.post(f"{ROSTER}/search", {"words": "查无此人"}).text


def test_a_whole_id_number_is_shown_on_a_click_that_is_noted(world: World, registrar: Staff):
    """The page itself masks it; asking for it is an entry of the audit log that does not hold it."""
    row = world.person("张示例")
    page = f"{ROSTER}/{row.id}"

    assert row.id_number not in registrar.get(page).text
    assert row.id_number in registrar.post(f"{page}/id-number").text
    entry = next(iter(world.house.staff.find_audit.every(AuditFilter(action="roster.id_number_seen"))))
    assert (entry.subject, row.id_number in str(entry)) == (row.id, False)


def test_a_row_is_freed_with_the_reason_and_its_photo_taken_back(world: World, registrar: Staff):
    """Without a reason nothing happens."""
    student = world.student()
    student.submit()
    row = world.person("张示例")

    assert registrar.post(f"{ROSTER}/{row.id}/unbind").status_code == 422
    assert registrar.post(f"{ROSTER}/{row.id}/unbind", {"reason": "换了微信"}).status_code == 302
    assert student.get("/v1/submissions").get_json()["submissions"][0]["state"] == "revoked"
    assert "roster.unbound" in actions(world)


def test_only_who_left_no_trace_can_be_removed(world: World, registrar: Staff):
    """Somebody who submitted stays; somebody who never came goes."""
    world.student().submit()
    kept, gone = world.person("张示例"), world.person("李示例")
    registrar.post(f"{ROSTER}/{kept.id}/remove")
    registrar.post(f"{ROSTER}/{gone.id}/remove")

    assert registrar.get(f"{ROSTER}/{kept.id}").status_code == 200
    assert registrar.get(f"{ROSTER}/{gone.id}").status_code == 404


def test_a_person_of_another_campaign_is_not_here(world: World, registrar: Staff):
    """Under the wrong campaign's address there is nobody."""
    other = world.person("陈示例")
    assert registrar.get(f"{ROSTER}/{other.id}").status_code == 404
