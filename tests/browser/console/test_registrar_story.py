"""The registrar from empty to export, in a real browser: every page looked at, the ZIP opened and verified."""

import hashlib
import io
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from desk import Desk
from web_world import PROFILE, World

from api.config import WeChatCredentials
from api.domain.id_number import check_digit
from api.domain.notice import NoticeKind, NoticeTemplate, NoticeWord
from api.domain.submission import SubmissionView
from api.domain.work import Work

HEADING = ("学号", "姓名", "身份证号", "院系", "年级", "专业", "班级")
NAMES = (
    "赵示例",
    "钱示例",
    "孙示例",
    "周示例",
    "吴示例",
    "郑示例",
    "冯示例",
    "陈示例",
    "褚示例",
    "卫示例",
    "蒋示例",
    "沈示例",
)
CLOSING = NoticeTemplate(NoticeKind.CLOSING, "tmpl-closing", {"thing1": NoticeWord.ADVICE})
ACCOUNT = WeChatCredentials(app_id="wx1", secret="s", templates=(CLOSING,))
LISTS = {"SHA256SUMS", "manifest.csv", "manifest.xlsx"}
PLACES = (
    ("软件学院", "2026", "软件技术", "软件2601班"),
    ("软件学院", "2026", "软件技术", "软件2602班"),
    ("陶瓷学院", "2025", "陶瓷设计与工艺", "陶瓷2501班"),
)


def number(order: int) -> str:
    body = f"43000020050101{order:03d}"
    return body + check_digit(body)


def people() -> list[list[str]]:
    return [[f"N{order:03d}", name, number(order), *PLACES[order % 3]] for order, name in enumerate(NAMES)]


def write(path: Path, rows: list[list[str]]) -> Path:
    book = openpyxl.Workbook()
    for row in (HEADING, *rows):
        book.active.append(row)
    book.save(path)
    return path


def work_off(world: World) -> None:
    """Be the worker for everything the desk waits for."""
    for ring in tuple(world.bell.rings):
        if ring.work is Work.OFFICE:
            world.house.office.work(ring.thing_id)
    world.bell.rings.clear()


def hand_in(world: World, campaign: str, order: int) -> None:
    """Be one student, from the login to the submission."""
    student = world.student(NAMES[order])
    student.post("/v1/me/identity", json={"campaign": campaign, "name": NAMES[order], "id_number": number(order)})
    photo = student.upload(campaign=campaign).get_json()["id"]
    assert student.get(f"/v1/photos/{photo}?wait=20").get_json()["state"] == "ready"
    answer = student.post("/v1/submissions", json={"photo": photo, "campaign": campaign, "profile": PROFILE})
    assert answer.status_code == 201, answer.text


def open_a_campaign(desk: Desk) -> None:
    """From a template, its spec found by pinyin, with a window to the second."""
    page = desk.page
    page.get_by_role("heading", name="采集批次", level=1).wait_for()
    desk.shot("campaigns")
    page.get_by_role("link", name=re.compile("用这个模板.*学籍照片采集")).click()
    page.get_by_label("名称", exact=False).first.fill("2026 级学籍照片采集")
    page.get_by_label("短名").fill("xueji-2026")
    page.get_by_label("查找规格").fill("gxyy")
    page.get_by_label("查找规格").press("Enter")
    assert page.locator("#spec").input_value() == "hunan-pretco"
    page.locator("#starts_at").fill("2020-01-01T08:00:00")
    page.locator("#ends_at").fill("2099-12-31T23:59:59")
    desk.shot("campaign-made")
    page.get_by_role("button", name="保存").click()
    page.wait_for_url("**/console/campaigns/xueji-2026")
    desk.shot("campaign-empty")


def upload(desk: Desk, file: Path) -> None:
    """Give a file in, and be the worker that reads it while the page waits."""
    desk.page.get_by_label("名单文件").set_input_files(file)
    desk.page.get_by_role("button", name="上传并预览").click()
    desk.page.get_by_role("heading", name="正在排队").wait_for()
    desk.shot("roster-waiting")
    work_off(desk.world)


def bring_the_people_in(desk: Desk, folder: Path) -> None:
    """First with three faults, which are told; then the mended file, shown and confirmed."""
    page, rows = desk.page, people()
    faulty = [[*row] for row in rows]
    faulty[1][2], faulty[4][1], faulty[6][2] = "43000020050101", "", rows[5][2]
    page.get_by_role("link", name="导入名单").click()
    upload(desk, write(folder / "faulty.xlsx", faulty))
    page.get_by_text("有 3 处要修改").wait_for()
    desk.shot("roster-faults")
    assert desk.world.house.show_campaigns("xueji-2026")[0].people == 0

    page.get_by_role("link", name="重新上传").click()
    upload(desk, write(folder / "good.xlsx", rows))
    page.get_by_text("可以导入").wait_for()
    desk.shot("roster-preview")
    page.get_by_role("button", name="确认导入").click()
    page.get_by_text("已导入：新增 12 人").wait_for()
    desk.shot("roster")


def let_students_and_counsellors_work(world: World) -> list[SubmissionView]:
    """Seven hand in: four are approved, one is returned, two wait. Give the approved ones."""
    campaign = world.house.show_campaigns("xueji-2026")[0].campaign.id
    for order in range(7):
        hand_in(world, campaign, order)
    views = world.house.find_submissions(campaign=campaign)
    for view in views[:4]:
        world.house.approve("测试", view.submission.id)
    world.house.return_("测试", views[4].submission.id, "请正对镜头再拍一张")
    return list(views[:4])


def one_came_by_wechat(world: World) -> None:
    """And agreed to be told, but has handed nothing in."""
    student = world.house.login_with_wechat("good-wei").student
    for text in world.house.list_consents(student.id):
        world.house.give_consent(student.id, text.id)
    world.house.bind_identity(student.id, campaign="xueji-2026", name=NAMES[9], id_number=number(9))
    world.house.agree_to_notices(student.id, [CLOSING.template_id])


def look_who_is_missing(desk: Desk) -> None:
    """Completion in pictures and numbers, the list of the missing, its file."""
    page = desk.page
    page.get_by_role("link", name="完成情况").click()
    page.get_by_role("img", name="合计：已提交 50%").wait_for()
    desk.shot("progress")
    page.get_by_role("link", name="未提交的学生").click()
    page.get_by_text("共 6 人").wait_for()
    desk.shot("missing")
    with page.expect_download() as listed:
        page.get_by_role("link", name="下载 XLSX").click()
    sheet = openpyxl.load_workbook(io.BytesIO(Path(listed.value.path()).read_bytes())).active
    assert sheet.max_row == 7


def remind_them(desk: Desk) -> None:
    """One of the missing came by WeChat and agreed to a message: they are told, the others are counted."""
    desk.page.get_by_text("通过微信提醒，可以收到的有 1 人").wait_for()
    desk.page.get_by_role("button", name="发送提醒").click()
    desk.page.get_by_text("已安排提醒 1 人；另有 5 人这次提醒不到").wait_for()
    desk.shot("reminded")
    assert desk.page.get_by_role("button", name="发送提醒").is_disabled()


def take_the_photos_out(desk: Desk) -> bytes:
    """With the reason; fetched through the browser."""
    page = desk.page
    page.get_by_role("link", name="导出").click()
    page.get_by_label("导出原因").fill("报送高校英语应用能力考试照片")
    page.get_by_role("button", name="开始导出").click()
    page.get_by_text("排队中").wait_for()
    work_off(desk.world)
    page.get_by_role("link", name="下载 ZIP").wait_for()
    desk.shot("exports")
    with page.expect_download() as fetched:
        page.get_by_role("link", name="下载 ZIP").click()
    return Path(fetched.value.path()).read_bytes()


@pytest.mark.parametrize("desk_of", [{"wechat": ACCOUNT}], indirect=True)
def test_the_registrar_from_empty_to_export(desk_of, tmp_path: Path):
    """Template → roster with faults → students → completion → missing → reminder → export → a ZIP that is verified."""
    desk = desk_of(width=1440, height=900, reduced_motion="no-preference")
    desk.page.set_default_timeout(15_000)
    desk.sign_in(desk.world.account("registrar"))
    open_a_campaign(desk)
    bring_the_people_in(desk, tmp_path)
    approved = let_students_and_counsellors_work(desk.world)
    one_came_by_wechat(desk.world)
    look_who_is_missing(desk)
    remind_them(desk)
    body = take_the_photos_out(desk)

    [record] = desk.world.house.list_exports("xueji-2026")
    assert hashlib.sha256(body).hexdigest() == record.sha256
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert archive.testzip() is None
        photos = {f"photos/{view.row.id_number}.jpg" for view in approved}
        assert set(archive.namelist()) == photos | LISTS
        told = archive.read("SHA256SUMS").decode().split()
        assert told[0::2] == [hashlib.sha256(archive.read(name)).hexdigest() for name in told[1::2]]
