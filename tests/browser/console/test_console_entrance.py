"""The way into the console, in a real Chromium."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
from axe import assert_no_axe_faults
from desk import Desk
from pictures import keep_picture
from playwright.sync_api import Browser, expect
from provider import free_port, provider, settings_for
from web_world import RunningClock, make_world, served

from api.domain.reviewer import Role


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_a_counsellor_logs_in_with_a_password(desk_of: Callable[..., Desk], width: int):
    """From the login to my account and out again, on any screen."""
    desk = desk_of(width=width)
    member = desk.world.account("registrar", login="lin")
    desk.open("/console/login")
    desk.shot("login")
    desk.sign_in(member)
    desk.open("/console/account")
    expect(desk.page.get_by_role("heading", level=1)).to_have_text("我的账号")
    desk.shot("account")
    desk.page.get_by_role("button", name="English").click()
    expect(desk.page.get_by_role("heading", level=1)).to_have_text("My account")
    desk.shot("account-english")
    desk.page.get_by_role("button", name="中文").click()
    desk.page.get_by_role("button", name="退出").click()
    expect(desk.page.get_by_role("status").first).to_contain_text("已退出登录")


def test_a_wrong_password_is_told_without_telling_which_was_wrong(desk: Desk):
    """The login stays filled in, the password does not."""
    member = desk.world.account(login="lin")
    desk.open("/console/login")
    desk.page.get_by_label("账号").fill(member.login)
    desk.page.get_by_label("密码").fill("not the password at all")
    desk.page.get_by_role("button", name="登录", exact=True).click()

    expect(desk.page.get_by_role("alert")).to_contain_text("账号或密码不正确")
    expect(desk.page.get_by_label("账号")).to_have_value("lin")
    expect(desk.page.get_by_label("密码")).to_have_value("")
    desk.shot("login-refused")


@pytest.mark.parametrize("width", [360, 1440])
def test_the_first_login_asks_for_a_password_of_one_s_own(desk_of: Callable[..., Desk], width: int):
    """Too common is told at its field; a good one leads on to work."""
    desk = desk_of(width=width)
    issued = desk.world.house.staff.add("lin", name="林老师", role=Role.REGISTRAR)
    desk.sign_in(issued.member, issued.password)
    page = desk.page
    expect(page.get_by_role("heading", level=1)).to_have_text("修改密码")
    expect(page.get_by_role("navigation")).to_have_count(0)
    for wanted in ("Password1234", "一片两片三四片五六七八九十片"):
        page.get_by_label("现在的密码").fill(issued.password)
        page.locator("#new").fill(wanted)
        page.get_by_label("再输一遍新密码").fill(wanted)
        page.get_by_role("button", name="保存新密码").click()
        if wanted == "Password1234":
            expect(page.get_by_text("这是常见密码")).to_be_visible()
            expect(page.locator("#new")).to_have_attribute("aria-invalid", "true")
            desk.shot("password-refused")
    page.wait_for_url("**/console/campaigns")


def test_a_member_of_staff_logs_in_by_the_school_s_own_login(chromium: Browser, tmp_path: Path):
    """The button, the provider's own page in another process, and back into the console; a stranger reads why not."""
    users = ({"sub": "u-1", "preferred_username": "lin"}, {"sub": "u-2", "preferred_username": "nobody"})
    with ExitStack() as stack:
        issuer = stack.enter_context(provider(tmp_path, users))
        port = free_port()
        world = make_world(
            tmp_path / "school", clock=RunningClock(), oidc=settings_for(issuer), public_url=f"http://127.0.0.1:{port}"
        )
        stack.callback(world.house.close)
        address = stack.enter_context(served(world, port=port))
        world.account("registrar", login="lin")
        for subject, headline in (("u-1", "我的账号"), ("u-2", "没有开通账号")):
            context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
            stack.callback(context.close)
            page = context.new_page()
            page.goto(f"{address}/console/account")
            page.get_by_role("link", name="统一认证登录").click()
            page.wait_for_url(f"{issuer}/**")
            page.get_by_role("button", name=subject, exact=True).click()
            page.wait_for_url(f"{address}/**")
            expect(page.get_by_role("heading", level=1)).to_have_text(headline)
            assert_no_axe_faults(page)
            keep_picture(page, f"school-login-{subject}-1440")
