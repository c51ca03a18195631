"""Counsellors at work in a real browser: an evening by keys, a batch on a PC, one by one on a phone, two at once."""

import re
from collections.abc import Callable

import pytest
from desk import Desk
from playwright.sync_api import Page, expect
from review_people import CERAMICS, hand_in, person

from api.domain.reviewer import Scope

MINE = (Scope(class_="软件2201班"),)


def states(desk: Desk, ids: list[str]) -> list[str]:
    return [desk.world.house.read_submission("office", one).submission.state.value for one in ids]


def press(page: Page, *keys: str) -> None:
    """Press keys, where the page listens: a slow machine draws it a moment earlier."""
    page.wait_for_selector("html.keys-here")
    for key in keys:
        page.keyboard.press(key)


def shown(page: Page, name: str) -> None:
    """The page has gone on to somebody."""
    expect(page.locator("h1")).to_contain_text(name)


def test_an_evening_of_thirty_photos_by_keys_alone(desk: Desk):
    """Approve, return with a prepared reason, undo, go back and forth: no mouse from the first to the last."""
    ids = hand_in(desk.world, 30, doubted=4)
    desk.sign_in(desk.world.account(scopes=MINE, login="li"))
    page = desk.page
    page.get_by_role("link", name="逐张审核").focus()
    press(page, "Enter")
    shown(page, person(0).name)
    press(page, "r", "1", "3", "Enter")
    shown(page, person(1).name)
    expect(page.get_by_text(f"已退回：{person(0).name}")).to_be_visible()

    press(page, "a")
    shown(page, person(2).name)
    press(page, "u")
    shown(page, person(1).name)
    assert states(desk, ids[:3]) == ["returned", "submitted", "submitted"]
    press(page, "n")
    shown(page, person(2).name)
    press(page, "p")
    for number in range(1, 30):
        shown(page, person(number).name)
        press(page, "a")
    expect(page.get_by_text("这一批已经看完了")).to_be_visible()

    assert states(desk, ids) == ["returned"] + ["approved"] * 29
    reason = desk.world.house.read_submission("office", ids[0]).submission.reason
    assert reason.startswith("光线太暗")
    press(page, "l")
    expect(page.get_by_text("现在没有待审核的照片")).to_be_visible()
    desk.shot("review-done")


def test_what_the_keys_open(desk: Desk):
    """The keys themselves on `?`, the comparison on `s`, the reasons on `r`; each page without a fault."""
    ids = hand_in(desk.world, 3, doubted=2)
    desk.sign_in(desk.world.account(scopes=MINE, login="li"))
    page = desk.page
    expect(page).to_have_title(re.compile("照片审核"))
    desk.shot("review-queue")
    page.get_by_role("link", name="逐张审核").click()
    expect(page.get_by_text("脸部左右亮度略有不同")).to_be_visible()
    desk.shot("review-one")

    press(page, "?")
    expect(page.get_by_role("dialog", name="快捷键")).to_be_visible()
    desk.shot("review-keys")
    press(page, "a", "Escape")  # nothing is decided behind the dialog
    expect(page.get_by_role("dialog", name="快捷键")).to_be_hidden()
    press(page, "s")
    expect(page.get_by_role("img", name=re.compile("检测图"))).to_be_visible()
    desk.shot("review-compare")
    press(page, "s", "r")
    expect(page.get_by_role("heading", name="退回给学生重拍")).to_be_visible()
    desk.shot("review-return")

    assert set(states(desk, ids)) == {"submitted"}


def test_single_keys_can_be_switched_off(desk: Desk):
    """For who dictates or leans on the keyboard; the buttons stay, and the choice is kept."""
    ids = hand_in(desk.world, 2)
    desk.sign_in(desk.world.account(scopes=MINE, login="li"))
    page = desk.page
    page.get_by_role("link", name="逐张审核").click()
    page.get_by_role("button", name="快捷键").click()
    page.get_by_role("button", name="停用单键快捷键").click()
    page.get_by_role("button", name="关闭").click()
    page.reload()
    press(page, "a")
    page.get_by_role("link", name="下一张").click()
    shown(page, person(1).name)

    assert states(desk, ids) == ["submitted", "submitted"]


def test_a_batch_on_a_pc(desk: Desk):
    """Select by shift and by keys, look at the summary, confirm, read what came of it, take it back."""
    ids = hand_in(desk.world, 12, doubted=2)
    desk.sign_in(desk.world.account(scopes=MINE, login="li"))
    page = desk.page
    picks = page.locator("input[name=pick]")
    picks.nth(2).check()
    picks.nth(6).click(modifiers=["Shift"])
    expect(page.get_by_text("已选 5 份")).to_be_visible()
    page.locator(".photo-link").nth(8).focus()
    press(page, "x", "Shift+ArrowRight", "Shift+ArrowRight")
    expect(page.get_by_text("已选 8 份")).to_be_visible()
    desk.shot("review-selected")
    press(page, "a")
    expect(page.get_by_role("heading", level=1, name="批量通过：请确认")).to_be_visible()
    desk.shot("review-batch")
    page.get_by_role("button", name="确认通过 8 份").click()
    expect(page.get_by_text("已通过 8 份")).to_be_visible()
    desk.shot("review-result")
    assert states(desk, ids).count("approved") == 8

    page.get_by_role("button", name="撤销这一批（8 份）").click()
    expect(page.get_by_text("已撤销 8 份")).to_be_visible()
    page.get_by_role("link", name="继续审核").click()
    page.get_by_role("button", name="全选本页").click()
    expect(page.get_by_text("已选 12 份")).to_be_visible()
    press(page, "r")
    page.get_by_label(re.compile("请穿与背景颜色不同")).check()
    desk.shot("review-batch-return")
    page.get_by_role("button", name="确认退回 12 份").click()
    expect(page.get_by_text("已退回 12 份")).to_be_visible()
    assert set(states(desk, ids)) == {"returned"}


@pytest.mark.parametrize("width", [360, 390])
def test_one_by_one_on_a_phone(desk_of: Callable[..., Desk], width: int):
    """One photo at a time, large buttons under the thumb, no swipe; nothing is cut off."""
    phone = desk_of(width=width, height=780, has_touch=True)
    ids = hand_in(phone.world, 3, doubted=1)
    phone.sign_in(phone.world.account(scopes=MINE, login="li"))
    page = phone.page
    phone.shot("review-queue")
    page.get_by_role("link", name="逐张审核").tap()
    shown(page, person(0).name)
    phone.shot("review-one")
    approve = page.get_by_role("button", name="通过", exact=True)
    box = approve.bounding_box()
    assert box["height"] >= 48
    assert box["width"] >= 120
    assert box["y"] > 780 * 0.8
    page.get_by_role("button", name="对比自拍和检测图").tap()
    expect(page.get_by_role("img", name=re.compile("自拍"))).to_be_visible()
    phone.shot("review-compare")
    page.get_by_role("button", name="结束对比").tap()
    page.locator("#return > summary").tap()
    phone.shot("review-return")
    page.get_by_role("link", name="取消").tap()
    expect(page.get_by_role("button", name="确认退回")).to_be_hidden()
    page.locator("#return > summary").tap()
    page.get_by_label(re.compile("没有露出双耳")).check()
    page.get_by_role("button", name="确认退回").tap()
    shown(page, person(1).name)
    page.get_by_role("button", name="撤销刚才的操作").tap()
    shown(page, person(0).name)
    for number in range(3):
        shown(page, person(number).name)
        page.get_by_role("button", name="通过", exact=True).tap()
    expect(page.get_by_text("这一批已经看完了")).to_be_visible()

    assert set(states(phone, ids)) == {"approved"}


def test_two_reviewers_at_once_do_not_collide(desk_of: Callable[..., Desk]):
    """Both look at the same photo; the second learns who was first, and goes on; nothing is overwritten."""
    li, wang = desk_of(), desk_of(width=768)
    ids = hand_in(li.world, 3)
    li.sign_in(li.world.account(scopes=MINE, login="li"))
    wang.sign_in(wang.world.account(scopes=MINE, login="wang"))
    for one in (li, wang):
        one.page.get_by_role("link", name="逐张审核").click()
        shown(one.page, person(0).name)

    press(li.page, "r", "1", "Enter")
    shown(li.page, person(1).name)
    press(wang.page, "a")

    shown(wang.page, person(1).name)
    expect(wang.page.get_by_text("您的操作没有执行")).to_be_visible()
    expect(wang.page.get_by_text("测试li")).to_be_visible()
    wang.shot("review-conflict")
    assert states(li, ids) == ["returned", "submitted", "submitted"]
    press(wang.page, "a")
    shown(wang.page, person(2).name)
    press(li.page, "a")
    expect(li.page.get_by_text("测试wang")).to_be_visible()
    assert states(li, ids) == ["returned", "approved", "submitted"]


def test_another_class_is_out_of_reach(desk: Desk):
    """Whatever address a counsellor types: a page that says there is nothing, and no picture."""
    hand_in(desk.world, 1)
    (other,) = hand_in(desk.world, 1, place=CERAMICS, first=20, doubted=1)
    desk.sign_in(desk.world.account(scopes=MINE, login="li"))
    page = desk.page
    expect(page.locator("input[name=pick]")).to_have_count(1)

    for path in (f"/console/review/{other}", f"/console/submissions/{other}/photo.jpg"):
        answer = page.goto(desk.address + path)
        assert answer.status == 404
        expect(page.get_by_text(person(20).name)).to_have_count(0)
    desk.open("/console/review?college=陶瓷学院&state=any")
    expect(page.get_by_text("没有符合条件的提交")).to_be_visible()


def test_without_script_everything_is_a_form(desk_of: Callable[..., Desk]):
    """The same evening with scripts switched off: two are decided, one is taken back, a batch is confirmed."""
    desk = desk_of(java_script_enabled=False)
    ids = hand_in(desk.world, 4)
    desk.sign_in(desk.world.account(scopes=MINE, login="li"))
    page = desk.page
    page.get_by_role("link", name="逐张审核").click()
    page.get_by_role("button", name="通过", exact=True).click()
    shown(page, person(1).name)
    page.locator("#return > summary").click()
    page.get_by_label(re.compile("没有露出双耳")).check()
    page.get_by_role("button", name="确认退回").click()
    shown(page, person(2).name)
    page.get_by_role("button", name="撤销刚才的操作").click()
    shown(page, person(1).name)
    page.get_by_role("link", name="返回列表").click()
    for box in page.locator("input[name=pick]").all():
        box.check()
    page.get_by_role("button", name="批量通过").click()
    page.get_by_role("button", name="确认通过 3 份").click()

    assert set(states(desk, ids)) == {"approved"}


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_filters_and_reports_at_every_width(desk_of: Callable[..., Desk], width: int):
    """The filters unfold, narrow, and are cleared; a report is settled."""
    from api.domain.record_error import RecordField

    desk = desk_of(width=width, dark=width == 768)
    hand_in(desk.world, 5, doubted=2)
    hand_in(desk.world, 3, place=CERAMICS, first=20)
    student = desk.world.house.login_as_developer("student-0").student.id
    desk.world.house.report_record_error(
        student, campaign="hunan-pretco", about=RecordField.MAJOR, message="专业应为软件工程"
    )
    desk.sign_in(desk.world.account("registrar", login="office"))
    desk.open("/console/review")
    page = desk.page
    page.locator(".sieve summary").click()
    page.get_by_label(re.compile("光线不匀")).check()
    desk.shot("review-filters")
    page.get_by_role("button", name="应用筛选").click()
    expect(page.locator("input[name=pick]")).to_have_count(2)
    desk.shot("review-filtered")
    page.get_by_role("link", name="清除条件").click()
    expect(page.locator("input[name=pick]")).to_have_count(8)
    page.get_by_role("link", name="逐张审核").click()
    desk.shot("review-one")
    desk.open("/console/records")
    desk.shot("records")
    page.get_by_label("答复学生").fill("已更正")
    page.get_by_role("button", name="处理完毕").click()
    expect(page.get_by_text("没有待处理的报告")).to_be_visible()
