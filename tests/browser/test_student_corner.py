"""The student page beyond the straight way: drafts, wrong records, the student's own corner, posters, colours."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect
from student_phone import Phone

from api.domain.campaign import Campaign

pytestmark = pytest.mark.browser


def test_what_is_typed_is_found_on_another_device(phone: Phone) -> None:
    """The draft lies on the server: a second browser goes on where the first one stopped."""
    phone.sign_in()
    phone.enter_campaign()
    _pass(phone)
    phone.press("确认提交")
    phone.at("profile")
    phone.page.get_by_label("姓名").fill("张大示")
    phone.page.wait_for_selector("text=草稿已保存")

    assert phone.page.evaluate("JSON.parse(sessionStorage['campus-id-photo']).drafts") == {}
    with phone.world.house.parts.database.read() as uow:
        (row,) = [row for row in uow.roster.of_campaign(_campaign(phone, "hunan-pretco").id) if row.student_id]
    draft = phone.world.house.read_draft(row.student_id, campaign="hunan-pretco")
    assert draft.profile == {"guardians": [{"name": "张大示"}]}
    phone.page.evaluate("sessionStorage.clear()")
    phone.sign_in_again()
    phone.at("choose")
    phone.page.locator(".pick").first.click()
    phone.press("开始拍照")
    phone.at("capture")
    _pass(phone)
    phone.press("确认提交")
    expect(phone.page.get_by_label("姓名")).to_have_value("张大示")


def test_a_birthplace_is_chosen_down_to_the_county(phone: Phone) -> None:
    """Notice B's form: places from the server's table, a city's districts straight under it, abroad typed."""
    phone.sign_in()
    phone.enter_campaign("陈示例", at=1)
    _pass(phone)
    phone.press("确认提交")
    phone.at("profile")
    place = phone.page.get_by_role("group", name="出生地")
    place.get_by_label("省").select_option("湖南省")
    place.get_by_label("市（州）").select_option("长沙市")
    place.get_by_label("区县", exact=True).select_option("岳麓区")
    phone.shot("50-region")
    phone.page.wait_for_selector("text=草稿已保存")
    assert _draft(phone)["birthplace"] == {"province": "湖南省", "city": "长沙市", "county": "岳麓区"}
    place.get_by_label("省").select_option("北京市")
    place.get_by_label("市（州）").select_option("海淀区")
    assert place.get_by_label("区县", exact=True).count() == 0
    home = phone.page.get_by_role("group", name="籍贯")
    home.get_by_label("省").select_option("境外")
    home.get_by_label("市（州）").fill("柏林")
    home.get_by_label("区县", exact=True).fill("潘科")
    phone.press("提交审核")
    assert place.get_by_text("请选到区县").count() == 0
    phone.page.reload()
    phone.at("profile")
    expect(place.get_by_label("市（州）")).to_have_value("海淀区")


def test_a_guardian_with_a_passport_needs_no_check_digit(phone: Phone) -> None:
    """What is asked of one field depends on another, as the form's conditions say."""
    phone.sign_in()
    phone.enter_campaign()
    _pass(phone)
    phone.press("确认提交")
    phone.at("profile")
    phone.page.get_by_label("姓名").fill("张大示")
    phone.page.get_by_label("与本人关系").select_option("父亲")
    phone.page.get_by_label("证件类型").select_option("居民身份证")
    phone.page.get_by_label("证件号码").fill("E12345678")
    phone.press("提交审核")
    expect(phone.page.get_by_text("身份证号应为 18 位")).to_be_visible()
    phone.page.get_by_label("证件类型").select_option("护照")
    phone.press("提交审核")
    phone.at("done")


def test_a_wrong_record_is_reported_and_answered(phone: Phone) -> None:
    """Also by someone who is not on the list: that may be the very error."""
    phone.sign_in()
    phone.page.locator(".pick").first.click()
    phone.at("brief")
    phone.press("开始拍照")
    phone.at("identity")
    phone.page.get_by_label("姓名").fill("赵示例")
    phone.page.get_by_label("身份证号").fill("11010519491231002X")
    phone.press("核对并继续")
    phone.press("名单里没有我")
    phone.at("record")
    assert phone.page.get_by_label("哪一项有误").input_value() == "missing"
    phone.press("告诉老师")
    expect(phone.page.get_by_text("请写明正确的内容")).to_be_visible()
    phone.shot("51-record")
    phone.page.get_by_label("正确的内容").fill("我是 2026 级软件一班的学生")
    phone.press("告诉老师")
    expect(phone.page.get_by_text("待处理")).to_be_visible()
    (report,) = phone.world.house.find_record_errors("office")
    phone.world.house.settle_record_error("office", report.id, "已补到名单，请再核对一次。")
    phone.page.reload()
    expect(phone.page.get_by_text("老师：已补到名单")).to_be_visible()
    phone.shot("52-record-answered")


def test_submissions_are_listed_with_their_outcome_and_the_way_to_retake(phone: Phone) -> None:
    """Returned with its reason, then handed in again: two entries, of which the newest counts."""
    house = phone.world.house
    phone.sign_in()
    phone.enter_campaign()
    _submit(phone)
    (view,) = house.find_submissions()
    house.return_("staff-1", view.submission.id, "刘海遮住了眉毛，请整理后重拍。")
    phone.press("回到首页")
    phone.at("choose")
    phone.press("我的提交与审核（1）")
    phone.at("submissions")
    expect(phone.page.get_by_text("刘海遮住了眉毛")).to_be_visible()
    phone.shot("53-submissions")
    phone.press("查看并重新拍照")
    phone.at("done")
    phone.press("重新拍照")
    phone.at("capture")
    _submit(phone, retake=True)
    phone.press("回到首页")
    phone.press("我的提交与审核（2）")
    expect(phone.page.get_by_role("button", name="查看")).to_have_count(1)


def test_a_photo_is_deleted_and_a_consent_withdrawn_in_the_students_corner(phone: Phone) -> None:
    """Each with a question first, each with a word afterwards; what rests on the consent goes with it."""
    phone.sign_in()
    phone.enter_campaign()
    _pass(phone)
    phone.press("我的数据")
    phone.at("me")
    expect(phone.page.get_by_text("合格", exact=True)).to_be_visible()
    phone.shot("54-me")
    phone.page.get_by_role("button", name="删除 20").click()
    phone.press("取消")
    assert len(_photos(phone)) == 1
    phone.page.get_by_role("button", name="删除 20").click()
    phone.shot("55-ask")
    phone.page.get_by_role("dialog").get_by_role("button", name="删除").click()
    expect(phone.page.get_by_text("照片已删除。")).to_be_visible()
    assert _photos(phone) == []
    phone.page.get_by_role("button", name="撤回同意：人脸照片单独同意").click()
    phone.press("撤回并删除")
    expect(phone.page.get_by_text("已撤回")).to_be_visible()
    expect(phone.page.get_by_text("未同意")).to_be_visible()


def test_signing_out_everywhere_ends_the_other_phone_too(phone: Phone) -> None:
    """The student lost a phone."""
    phone.sign_in()
    other = phone.world.student("张示例")
    phone.press("我的数据")
    phone.press("在所有手机和电脑上退出")
    phone.press("全部退出")
    phone.at("signin")
    assert other.get("/v1/campaigns").status_code == 401


def test_a_background_is_chosen_where_the_spec_offers_several(phone: Phone) -> None:
    """Blue instead of white; the photo service is asked for it."""
    phone.sign_in()
    phone.page.get_by_label("搜索规格").fill("ycz")
    phone.page.get_by_role("button", name="一寸照 ").first.click()
    phone.at("brief")
    phone.page.get_by_label("蓝底").check()
    phone.shot("56-colours")
    phone.press("开始拍照")
    phone.at("capture")
    expect(phone.page.get_by_text("蓝底")).to_be_visible()
    _pass(phone)
    (photo,) = _photos(phone)
    assert photo.background == "#438EDB"


def test_a_posters_code_leads_straight_to_its_campaign(phone: Phone) -> None:
    """After signing in and agreeing."""
    phone.page.goto(phone.address + "/?campaign=cqwu-xuegong")
    phone.go_in()
    phone.at("brief")
    expect(phone.page.get_by_role("heading", level=1)).to_have_text(_campaign(phone, "cqwu-xuegong").name)
    assert "?" not in phone.page.url
    phone.shot("57-brief-b")


def test_before_its_window_a_campaign_counts_down_and_offers_no_camera(phone: Phone) -> None:
    """By the server's clock."""
    campaign = _campaign(phone, "hunan-pretco")
    _move_window(phone, campaign)
    phone.sign_in()
    phone.page.locator(".pick").first.click()
    phone.at("brief")
    expect(phone.page.get_by_text("距离开始还有")).to_be_visible()
    assert phone.page.get_by_role("button", name="开始拍照").count() == 0


def _pass(phone: Phone) -> None:
    phone.send_selfie()
    phone.page.wait_for_selector("text=照片合格", timeout=30000)


def _submit(phone: Phone, *, retake: bool = False) -> None:
    _pass(phone)
    phone.press("确认提交")
    phone.at("profile")
    if not retake:
        phone.page.get_by_label("姓名").fill("张大示")
        phone.page.get_by_label("与本人关系").select_option("父亲")
        phone.page.get_by_label("证件类型").select_option("护照")
        phone.page.get_by_label("证件号码").fill("E12345678")
    phone.press("提交审核")
    phone.at("done")


def _campaign(phone: Phone, slug: str) -> Campaign:
    return next(one for one in phone.world.seeded.campaigns if one.slug == slug)


def _student(phone: Phone) -> str:
    known: str = phone.page.evaluate("JSON.parse(sessionStorage['campus-id-photo']).owner")
    return known


def _photos(phone: Phone) -> list[Any]:
    return [view.photo for view in phone.world.house.student_room.list_photos(_student(phone))]


def _draft(phone: Phone) -> Any:
    return phone.world.house.read_draft(_student(phone), campaign="cqwu-xuegong").profile


def _move_window(phone: Phone, campaign: Campaign) -> None:
    with phone.world.house.parts.database.write() as uow:
        uow.campaigns.save(replace(campaign, starts_at=phone.world.clock.now() + timedelta(days=2)))
        uow.commit()
