"""The registrar looks after colleagues, in a real Chromium."""

from collections.abc import Callable

import pytest
from desk import Desk
from playwright.sync_api import expect


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_the_registrar_opens_an_account_assigns_classes_and_finds_it_all_in_the_log(
    desk_of: Callable[..., Desk], width: int
):
    """From the list to a counsellor with two assignments, one taken back, and the rows that say so."""
    desk = desk_of(width=width, dark=width == 768)
    page = desk.page
    desk.sign_in(desk.world.account("registrar", login="zhao"))
    desk.open("/console/staff")
    desk.shot("people")
    page.get_by_role("link", name="添加账号").click()
    page.get_by_label("账号", exact=False).first.fill("林老师")
    page.get_by_label("显示姓名").fill("林示例")
    page.get_by_role("button", name="开通账号").click()
    expect(page.get_by_text("账号为 2 到 64 位")).to_be_visible()
    desk.shot("people-new-refused")
    page.get_by_label("账号", exact=False).first.fill("lin")
    page.get_by_role("button", name="开通账号").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("一次性密码")
    desk.shot("people-issued")
    page.get_by_role("link", name="我已记下，继续").click()
    for college in ("软件学院", "陶瓷学院"):
        page.get_by_label("院系").select_option(college)
        page.get_by_role("button", name="添加范围").click()
    page.get_by_role("button", name="移除 陶瓷学院").click()
    expect(page.get_by_role("status").first).to_contain_text("已更新 lin 的负责范围")
    desk.shot("person")
    page.get_by_role("button", name="停用账号").click()
    expect(page.get_by_text("已停用", exact=True)).to_be_visible()
    desk.open("/console/audit")
    expect(page.get_by_role("table")).to_contain_text("停用账号")
    page.get_by_role("button", name="校验完整性").click()
    expect(page.get_by_role("status").first).to_contain_text("条记录首尾相连")
    desk.shot("audit")
    page.get_by_label("操作").select_option(label="修改负责范围")
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_role("table").get_by_role("row")).to_have_count(4)


def test_a_counsellor_reads_why_the_registrar_s_page_stays_shut(desk: Desk):
    """A page in the house's look, with a way back."""
    desk.sign_in(desk.world.account(login="lin"))
    desk.open("/console/audit")
    expect(desk.page.get_by_role("heading", level=1)).to_have_text("没有权限")
    desk.shot("forbidden")
