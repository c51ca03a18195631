"""Every campaign page at three widths, light and dark: none wider than the screen, nothing that axe calls serious."""

import re
from dataclasses import replace

import pytest
from playwright.sync_api import expect
from web_world import PROFILE, World

from api.domain.id_number import check_digit
from api.domain.reviewer import Scope
from api.domain.roster import RosterLine
from api.domain.work import Work
from api.services.export_photos import ExportWish

COLLEGES = ("软件学院", "陶瓷学院", "智能装备与机电工程学院", "教育学院")
HERE = "/console/campaigns/hunan-pretco"
PAGES = {
    "list": "/console/campaigns",
    "new": "/console/campaigns/new",
    "show": HERE,
    "edit": f"{HERE}/edit",
    "form": f"{HERE}/form",
    "roster": f"{HERE}/roster",
    "upload": f"{HERE}/roster-import",
    "extensions": f"{HERE}/extensions",
    "progress": f"{HERE}/progress",
    "classes": f"{HERE}/progress?by=class",
    "missing": f"{HERE}/missing",
    "exports": f"{HERE}/exports",
    "poster": f"{HERE}/poster",
}


def line(order: int) -> RosterLine:
    body = f"430000200501{order // 90 + 1:02d}{order % 90 + 100:03d}"
    values = {
        "name": f"示例{order:02d}",
        "id_number": body + check_digit(body),
        "student_number": f"T2026{order:03d}",
        "college": COLLEGES[order % 4],
        "grade": "2026" if order % 3 else "2025",
        "major": "计算机网络技术" if order % 2 else "软件技术",
        "class_": f"网络26{order % 5 + 1:02d}班",
    }
    return RosterLine(order + 2, values)


def fill(world: World) -> None:
    """A school that is in the middle of it."""
    world.house.load_roster("hunan-pretco", [line(order) for order in range(60)])
    campaign = world.house.show_campaigns("hunan-pretco")[0].campaign.id
    for order in range(5):
        student = world.student(f"示例{order:02d}")
        wanted = {"campaign": campaign, "name": f"示例{order:02d}", "id_number": line(order).values["id_number"]}
        student.post("/v1/me/identity", json=wanted)
        photo = student.upload(campaign=campaign).get_json()["id"]
        student.get(f"/v1/photos/{photo}?wait=20")
        student.post("/v1/submissions", json={"photo": photo, "campaign": campaign, "profile": PROFILE})
    views = world.house.find_submissions(campaign=campaign)
    for view in views[:2]:
        world.house.approve("li", view.submission.id)
    world.house.return_("li", views[2].submission.id, "请正对镜头")
    for wish, reason in ((ExportWish(), "报送四六级考试照片"), (ExportWish(college="教育学院"), "核对")):
        asked = world.house.office.ask_for_export("王老师", "hunan-pretco", wish, reason=reason)
        if not wish.college:
            world.house.office.work(asked.id)
    world.bell.rings[:] = [ring for ring in world.bell.rings if ring.work is not Work.OFFICE]


@pytest.mark.parametrize(("width", "dark"), [(360, False), (768, True), (1440, False)])
def test_the_campaign_pages_fit_every_screen(desk_of, width: int, dark: bool):
    """The registrar's, one after the other, and a search with its result."""
    desk = desk_of(width=width, height=800, dark=dark)
    desk.page.set_default_timeout(15_000)
    fill(desk.world)
    desk.sign_in(desk.world.account("registrar"))
    for name, path in PAGES.items():
        desk.open(path)
        desk.shot(f"campaign-{name}")
    desk.open(f"{HERE}/extensions")
    desk.page.locator("#words").fill("示例0")
    desk.page.get_by_role("button", name="查找").click()
    desk.page.get_by_text("找到 10 人").wait_for()
    desk.shot("campaign-longer")
    row = desk.world.person("张示例")
    desk.open(f"{HERE}/roster/{row.id}")
    desk.shot("campaign-person")
    desk.page.get_by_role("button", name="显示完整身份证号").click()
    desk.page.get_by_text(row.id_number).wait_for()


@pytest.mark.parametrize("width", [360, 1440])
def test_a_counsellors_progress_fits_every_screen(desk_of, width: int):
    """Their classes, and who is missing in them."""
    desk = desk_of(width=width, height=800)
    fill(desk.world)
    desk.sign_in(desk.world.account(scopes=(Scope(college="软件学院"),)))
    for name, path in {"mine": "/console/progress", "mine-missing": f"{HERE}/missing"}.items():
        desk.open(path)
        desk.shot(f"campaign-{name}")


LODGERS = {
    "type": "object",
    "required": ["lives"],
    "properties": {"lives": {"type": "string", "title": "住在哪里", "enum": ["校内", "校外"]}},
    "if": {"properties": {"lives": {"const": "校外"}}, "required": ["lives"]},
    "then": {"properties": {"street": {"type": "string", "title": "校外住址"}}, "required": ["street"]},
}


def test_the_preview_asks_what_the_students_form_asks(desk_of):
    """An address only of who lives outside: a choice changes what stands there, in a list of people too."""
    desk = desk_of(width=768, height=900)
    schema = {"type": "object", "properties": {"people": {"type": "array", "title": "同住人", "items": LODGERS}}}
    [stand] = desk.world.house.show_campaigns("hunan-pretco")
    with desk.world.house.parts.database.write() as uow:
        uow.campaigns.save(replace(stand.campaign, profile_schema=schema))
        uow.commit()
    desk.sign_in(desk.world.account("registrar"))
    desk.open(PAGES["form"])
    lives, street = desk.page.get_by_label("住在哪里"), desk.page.get_by_label("校外住址")

    expect(lives).to_be_visible()
    expect(street).to_be_hidden()
    expect(desk.page.get_by_text("视前面的回答而定")).to_have_count(0)
    lives.select_option("校外")
    expect(street).to_be_visible()
    expect(desk.page.locator("[data-field=street] [data-star]")).to_be_visible()
    desk.shot("campaign-form-outside")
    lives.select_option("校内")
    expect(street).to_be_hidden()
    assert desk.complaints == []


def test_the_poster_is_one_page_of_a4(desk_of):
    """What comes out of the printer is the poster alone: no navigation, no second sheet."""
    desk = desk_of(width=1440, height=900)
    desk.sign_in(desk.world.account("registrar"))
    desk.open(PAGES["poster"])
    printed = desk.page.pdf(prefer_css_page_size=True, print_background=True)
    desk.page.emulate_media(media="print")

    assert len(re.findall(rb"/Type\s*/Page[^s]", printed)) == 1
    assert re.search(rb"/MediaBox\s*\[0 0 59[45][.\d]* 84[12]", printed)
    assert not desk.page.get_by_role("navigation", name="主导航").is_visible()
    assert desk.page.get_by_role("img", name="手机浏览器扫码").is_visible()
