"""Completion, missing and exports on the console: what a counsellor sees, what a file holds, how a download goes on."""

import hashlib
import io
import re
import zipfile

import openpyxl
import pytest
from web_world import Staff, World

from api.domain.audit import AuditFilter
from api.domain.reviewer import Scope
from api.domain.work import Work

HERE = "/console/campaigns/hunan-pretco"


@pytest.fixture
def registrar(world: World) -> Staff:
    return world.staff("registrar")


def approve(world: World) -> None:
    submission = world.student().submit()
    world.house.approve("li", submission["id"])


def ready(world: World, registrar: Staff) -> str:
    answer = registrar.post(f"{HERE}/exports", {"reason": "四六级报名", "layout": "plain"})
    assert answer.status_code == 302, answer.text
    for ring in world.bell.rings:
        if ring.work is Work.OFFICE:
            world.house.office.work(ring.thing_id)
    return world.house.list_exports("hunan-pretco")[-1].id


def test_an_export_says_that_photos_were_taken_back_since(world: World, registrar: Staff):
    """Whoever has handed the file on learns it where exports are listed, not only from a download that is refused."""
    submission = world.student().submit()
    world.house.approve("li", submission["id"])
    export = ready(world, registrar)
    before = registrar.get(f"{HERE}/exports").text
    world.house.revoke("office", submission["id"], "不是本人")
    after = registrar.get(f"{HERE}/exports").text

    assert f"{export}.zip" in before
    assert "照片被撤回" not in before
    assert "导出之后有 1 名学生的照片被撤回" in after
    assert f"{export}.zip" not in after


def test_completion_is_a_picture_with_its_numbers_beside_it(world: World, registrar: Staff):
    """One of four handed in: told in the picture's own words and in the table."""
    world.student().submit()
    page = registrar.get(f"{HERE}/progress?by=class").text

    assert "合计：已提交 25%" in page
    assert re.search(r'待审核 <span class="num">1</span>', page)
    assert re.search(r'未提交 <span class="num">3</span>', page)
    assert "软件学院 · 2022 · 软件技术 · 软件2201班" in page
    assert "<polyline" in page


def test_a_counsellor_sees_their_own_classes_alone(world: World):
    """Counts, names and files of one class; no reminder, no days of the whole school."""
    counsellor = world.staff(scopes=(Scope(class_="软件2201班"),))
    progress, missing = counsellor.get(f"{HERE}/progress?by=class").text, counsellor.get(f"{HERE}/missing").text
    file = counsellor.get(f"{HERE}/missing.csv?class_=陶瓷2202班").get_data().decode("utf-8-sig")

    assert "软件2201班" in progress
    assert "陶瓷2202班" not in progress + missing
    assert "<polyline" not in progress
    assert "共 2 人" in missing
    assert "发送提醒" not in missing
    assert "王示例" not in file
    assert "学籍照片采集" in counsellor.get("/console/progress").text
    assert counsellor.post(f"{HERE}/remind").status_code == 403


def test_the_list_of_the_missing_is_a_file_for_excel_without_id_numbers(world: World, registrar: Staff):
    """Both kinds, filtered like the page, noted in the audit log."""
    answer = registrar.get(f"{HERE}/missing.xlsx?college=陶瓷学院")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.data)).active.iter_rows(values_only=True))

    assert [row[1] for row in rows] == ["姓名", "王示例", "阿依·示例"]
    assert world.person("王示例").id_number not in str(rows)
    assert "attachment" in answer.headers["Content-Disposition"]
    assert list(world.house.staff.find_audit.every(AuditFilter(action="missing.taken_out")))


def test_who_was_given_back_is_told_from_who_never_came(world: World, registrar: Staff):
    """Counted above the list, named in it and in the file: the first reads the reason again, the second the notice."""
    handed = world.student().submit()
    world.house.return_("li", handed["id"], "请重拍")
    page = registrar.get(f"{HERE}/missing").text
    file = registrar.get(f"{HERE}/missing.csv").get_data().decode("utf-8-sig")

    assert "<dt>从未提交</dt><dd>3</dd>" in page
    assert "<dt>被退回，需重新提交</dt><dd>1</dd>" in page
    assert "已撤回" not in page.partition('class="figures"')[2]
    [returned] = [line for line in file.splitlines() if "被退回，需重新提交" in line]
    assert "张示例" in returned
    assert file.count("从未提交") == 3


def test_a_reminder_says_how_many_it_reaches(world: World, registrar: Staff):
    """Nobody here came by WeChat: the page says so instead of pretending."""
    answer = registrar.post(f"{HERE}/remind", {"college": "软件学院"}, follow_redirects=True)

    assert "已安排提醒 0 人；另有 2 人这次提醒不到" in answer.text


def test_an_export_is_asked_for_prepared_and_fetched(world: World, registrar: Staff):
    """With its reason on the list, its ZIP whole, its digest as its tag, each fetch noted."""
    approve(world)
    export = ready(world, registrar)
    page = registrar.get(f"{HERE}/exports").text
    answer = registrar.get(f"{HERE}/exports/{export}.zip")

    assert "四六级报名" in page
    assert "可以下载" in page
    assert answer.mimetype == "application/zip"
    assert answer.get_etag()[0] == hashlib.sha256(answer.data).hexdigest()
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        assert f"photos/{world.person('张示例').id_number}.jpg" in archive.namelist()
    seen = [entry.action for entry in world.house.staff.find_audit.every(AuditFilter())]
    assert {"export.begun", "export.fetched"} <= set(seen)


def test_a_download_that_broke_off_goes_on(world: World, registrar: Staff):
    """206 with the rest; everything when the file is another by now; 416 behind the end."""
    approve(world)
    path = f"{HERE}/exports/{ready(world, registrar)}.zip"
    whole = registrar.get(path)
    tag, size = whole.headers["ETag"], len(whole.data)

    rest = registrar.get(path, headers={"Range": "bytes=100-", "If-Range": tag})
    assert (rest.status_code, rest.data) == (206, whole.data[100:])
    assert rest.headers["Content-Range"] == f"bytes 100-{size - 1}/{size}"
    assert registrar.get(path, headers={"Range": "bytes=-20"}).data == whole.data[-20:]
    other = registrar.get(path, headers={"Range": "bytes=100-", "If-Range": '"another"'})
    assert (other.status_code, other.data) == (200, whole.data)
    assert registrar.get(path, headers={"Range": f"bytes={size}-"}).status_code == 416


def test_an_export_without_reason_or_not_ready_is_refused(world: World, registrar: Staff):
    """And the lists of one can be fetched by themselves, nothing else of it."""
    approve(world)
    assert registrar.post(f"{HERE}/exports", {"reason": " "}).status_code == 422
    waiting = world.house.office.ask_for_export("wang", "hunan-pretco", _wish(), reason="试")
    assert registrar.get(f"{HERE}/exports/{waiting.id}.zip").status_code == 409
    done = ready(world, registrar)
    assert registrar.get(f"{HERE}/exports/{done}/manifest.csv").status_code == 200
    assert registrar.get(f"{HERE}/exports/{done}/passwd").status_code == 404


def _wish():
    from api.services.export_photos import ExportWish

    return ExportWish()
