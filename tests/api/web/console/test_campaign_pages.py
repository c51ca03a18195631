"""The registrar's campaign pages: made, changed, closed, printed; what a counsellor sees of them."""

import html
import json
import re
from pathlib import Path

import pytest
from web_world import Staff, World, make_world

from api.config import WeChatCredentials
from api.domain.audit import AuditFilter
from api.domain.errors_wechat import WeChatUnavailable
from api.domain.reviewer import Scope
from api.services.campaign_templates import HUNAN_PRETCO
from api.services.open_campaign import Window
from api.web.console.campaign_rules import shooting_rules
from photo_service.contract import Severity

FORM = {
    "slug": "xueji-2026",
    "name": "2026 级学籍照片采集",
    "spec": "hunan-pretco",
    "starts_at": "2026-03-01T08:00:00",
    "ends_at": "2026-03-20T23:59:59",
    "registry_id": "",
    "deliver_on": ["photo.submitted"],
    "file_name": "{id_number}.jpg",
    "form_source": "hunan-pretco-2023",
}
PAGES = (
    "",
    "/edit",
    "/form",
    "/roster",
    "/roster-import",
    "/extensions",
    "/progress",
    "/missing",
    "/exports",
    "/poster",
)


@pytest.fixture
def registrar(world: World) -> Staff:
    return world.staff("registrar")


def actions(world: World) -> list[str]:
    return [entry.action for entry in world.house.staff.find_audit.every(AuditFilter())]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_of_a_campaign_opens(world: World, registrar: Staff, page: str):
    """By its short name, with a title of its own, in both languages, without a word that nobody wrote."""
    for language in ("zh-CN", "en"):
        registrar.post("/console/language", {"lang": language})
        answer = registrar.get(f"/console/campaigns/hunan-pretco{page}")

        assert answer.status_code == 200
        assert answer.text.count("<h1") == 1
        assert not re.findall(r"campaign\.[a-z_]+\.[a-z_.]+", answer.text)
        assert "style=" not in answer.text


@pytest.mark.parametrize("page", [*PAGES, "/new"])
def test_a_counsellor_is_shown_out_of_the_registrars_pages(world: World, page: str):
    """Progress and missing of their own classes they may see; nothing else."""
    counsellor = world.staff(scopes=(Scope(class_="软件2201班"),))
    path = "/console/campaigns/new" if page == "/new" else f"/console/campaigns/hunan-pretco{page}"

    assert counsellor.get(path).status_code == (200 if page in {"/progress", "/missing"} else 403)


def test_the_list_shows_how_each_campaign_stands(world: World, registrar: Staff):
    """State, window in Beijing time, people, bound, submissions."""
    world.student().submit()
    page = registrar.get("/console/campaigns").text

    assert "进行中" in page
    assert "2026-04-01 23:59:59" in page
    row = re.search(r"<tr>(?:(?!</tr>).)*hunan-pretco<?.*?</tr>", page, re.DOTALL)[0]
    assert re.findall(r"text-end\" data-label=\"[^\"]+\">(\d+)<", row) == ["4", "1", "1", "0", "0"]


def test_a_campaign_is_made_from_a_template(world: World, registrar: Staff):
    """The template fills the form; what is saved closes at the very second, and a note says who did it."""
    begun = registrar.get("/console/campaigns/new?template=hunan-pretco-2023").text
    assert 'value="{id_number}.jpg"' in begun

    answer = registrar.post("/console/campaigns/new", FORM)

    assert answer.location == "/console/campaigns/xueji-2026"
    [stand] = world.house.show_campaigns("xueji-2026")
    assert stand.campaign.ends_at.isoformat() == "2026-03-20T15:59:59+00:00"
    assert "guardians" in stand.campaign.profile_schema["properties"]
    assert stand.campaign.deliver_on == {"photo.submitted"}
    assert "campaign.created" in actions(world)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"slug": "Not A Slug"}, "小写字母"),
        ({"slug": "hunan-pretco"}, "短名"),
        ({"ends_at": "2026-02-01T00:00:00"}, "截止要晚于开始"),
        ({"ends_at": "someday"}, "完整的日期和时间"),
        ({"file_name": "photo.jpg"}, "花括号字段"),
        ({"file_name": "{id_number}/x.jpg"}, "不能用的字符"),
        ({"spec": "nothing"}, "请选择规格"),
        ({"form_source": "custom", "profile_schema": "{"}, "不是合法的 JSON"),
        (
            {"form_source": "custom", "profile_schema": '{"type": "object", "properties": {"qq": {"type": "string"}}}'},
            "qq：缺少 title",
        ),
    ],
)
def test_what_cannot_be_kept_is_told_by_its_field_and_nothing_typed_is_lost(
    world: World, registrar: Staff, wrong: dict[str, str], said: str
):
    """The page comes back with everything in it and the reason."""
    answer = registrar.post("/console/campaigns/new", FORM | {"name": "不要丢了我"} | wrong)

    assert answer.status_code == 422
    assert said in answer.text
    assert "不要丢了我" in answer.text
    assert len(world.house.show_campaigns()) == 2


def test_nobody_collects_the_wrong_photos_by_forgetting_to_choose_a_spec(world: World, registrar: Staff):
    """A new campaign has none until one is chosen; the catalogue's first is nobody's wish."""
    chosen = re.search(r'<select[^>]*id="spec".*?</select>', registrar.get("/console/campaigns/new").text, re.DOTALL)
    assert chosen is not None
    assert re.findall(r'value="([^"]*)"[^>]* selected', chosen[0]) == [""]
    assert not re.search("（[0-9×]+）（[0-9×]+）", chosen[0])

    answer = registrar.post("/console/campaigns/new", FORM | {"spec": ""})

    assert answer.status_code == 422
    assert len(world.house.show_campaigns()) == 2
    template = registrar.get("/console/campaigns/new?template=hunan-pretco-2023").text
    assert re.search('value="hunan-pretco"[^>]* selected', template)


def test_specs_are_found_by_pinyin_without_a_script(registrar: Staff):
    """The same search as the catalogue's; what was typed elsewhere stays."""
    answer = registrar.post("/console/campaigns/new", FORM | {"find": "1", "words": "slj"})

    assert answer.status_code == 200
    assert "四六级" in answer.text or "四、六级" in answer.text
    assert 'value="xueji-2026"' in answer.text
    assert answer.text.count("<option value") < 40


def test_a_form_of_ones_own_is_previewed_before_it_is_saved(registrar: Staff):
    """As fields where it is good, with every fault by its place where it is not."""
    good = '{"type": "object", "required": ["dorm"], "properties": {"dorm": {"type": "string", "title": "宿舍"}}}'
    shown = registrar.post("/console/campaigns/form-preview", {"profile_schema": good})
    refused = registrar.post("/console/campaigns/form-preview", {"profile_schema": good.replace('"dorm"]', '"room"]')})

    assert "宿舍" in shown.text
    assert refused.status_code == 422
    assert "room" in refused.text


CONDITIONAL = {
    "type": "object",
    "required": ["lives"],
    "properties": {"lives": {"type": "string", "title": "住在哪里", "enum": ["校内", "校外"]}},
    "if": {"properties": {"lives": {"const": "校外"}}, "required": ["lives"]},
    "then": {"properties": {"street": {"type": "string", "title": "校外住址"}}, "required": ["street"]},
    "else": {"properties": {"dorm": {"$ref": "#/$defs/dorm"}}},
    "$defs": {"dorm": {"type": "string", "title": "宿舍"}},
}


def test_a_preview_has_what_only_some_answers_ask_for(registrar: Staff):
    """Both branches, each marked for a page without script, and the schema for the script to choose by."""
    page = registrar.post("/console/campaigns/form-preview", {"profile_schema": json.dumps(CONDITIONAL)}).text

    assert "校外住址" in page
    assert "宿舍" in page
    assert page.count("视前面的回答而定") == 2
    assert html.escape("校外") in page
    assert json.loads(html.unescape(re.search(r"data-form-schema='([^']*)'", page)[1])) == CONDITIONAL


@pytest.mark.parametrize(
    "odd",
    [
        {"then": True},
        {"if": True, "then": {"properties": {"x": True}}},
        {"allOf": [{"then": {"properties": {"x": {"type": "array", "items": False}}}}]},
        {"else": {"properties": {"x": {"oneOf": [{"const": 1}, {"type": "string"}]}}}},
        {"then": {"then": {"then": {"then": {"then": {"then": {"then": {"then": {"then": {}}}}}}}}}},
    ],
)
def test_a_branch_of_any_shape_is_previewed_without_a_crash(registrar: Staff, odd: dict):
    """A branch is no part of what the form's check looks at; the preview takes what it can draw."""
    schema = {"type": "object", "properties": {"dorm": {"type": "string", "title": "宿舍"}}} | odd
    answer = registrar.post("/console/campaigns/form-preview", {"profile_schema": json.dumps(schema)})

    assert answer.status_code in {200, 422}
    assert "宿舍" in answer.text or answer.status_code == 422


def test_once_somebody_submitted_the_spec_stays_and_says_why(world: World, registrar: Staff):
    """The field is closed with its reason; a hand-made request changes nothing but what may change."""
    world.student().submit()
    page = registrar.get("/console/campaigns/hunan-pretco/edit").text
    mark = re.search(r'name="mark" type="hidden" value="([^"]+)"', page)[1]

    assert "已提交的照片是按这个规格制作和检查的" in page
    answer = registrar.post(
        "/console/campaigns/hunan-pretco/edit",
        FORM | {"mark": mark, "spec": "one-inch", "name": "改了名字", "form_source": "none"},
    )
    [stand] = world.house.show_campaigns("hunan-pretco")

    assert answer.status_code == 302
    assert (stand.campaign.name, stand.campaign.spec) == ("改了名字", "hunan-pretco")
    assert "guardians" in stand.campaign.profile_schema["properties"]


def test_once_somebody_submitted_the_rest_can_still_be_changed_from_a_browser(world: World, registrar: Staff):
    """A browser does not send what is disabled: were the spec missed that stays, no deadline could be moved."""
    world.student().submit()
    page = registrar.get("/console/campaigns/hunan-pretco/edit").text
    sent = {"mark": re.search(r'name="mark" type="hidden" value="([^"]+)"', page)[1], "name": "改了名字"}
    disabled = set(re.findall(r'<(?:select|input)[^>]* disabled[^>]*name="(\w+)"', page))
    disabled |= set(re.findall(r'<(?:select|input)[^>]*name="(\w+)"[^>]* disabled', page))

    answer = registrar.post(
        "/console/campaigns/hunan-pretco/edit",
        {key: value for key, value in (FORM | sent).items() if key not in disabled},
    )

    assert {"spec", "slug", "form_source"} <= disabled
    assert answer.status_code == 302, answer.text
    assert world.house.show_campaigns("hunan-pretco")[0].campaign.name == "改了名字"


def test_once_somebody_submitted_it_may_open_earlier_but_not_later(world: World, registrar: Staff):
    """Earlier takes nothing from anybody; later would make their submission one from before the window."""
    world.student().submit()
    path = "/console/campaigns/hunan-pretco/edit"
    kept = {"name": "照片", "spec": "hunan-pretco", "ends_at": "2026-04-01T23:59:59"}

    def moved(starts_at: str):
        mark = re.search(r'name="mark" type="hidden" value="([^"]+)"', registrar.get(path).text)[1]
        return registrar.post(path, FORM | kept | {"mark": mark, "starts_at": starts_at})

    later, earlier = moved("2026-03-02T11:00:00"), moved("2026-02-01T00:00:00")

    assert later.status_code == 422
    assert "只能提早，不能推后" in later.text
    assert earlier.status_code == 302
    assert world.house.show_campaigns("hunan-pretco")[0].campaign.starts_at.isoformat() == "2026-01-31T16:00:00+00:00"


def test_two_registrars_do_not_overwrite_one_another(world: World, registrar: Staff):
    """The second one, who looked at the older state, is told."""
    page = registrar.get("/console/campaigns/hunan-pretco/edit").text
    mark = re.search(r'name="mark" type="hidden" value="([^"]+)"', page)[1]
    registrar.post("/console/campaigns/hunan-pretco/edit", FORM | {"mark": mark, "name": "第一个"})
    second = registrar.post("/console/campaigns/hunan-pretco/edit", FORM | {"mark": mark, "name": "第二个"})

    assert second.status_code == 422
    assert world.house.show_campaigns("hunan-pretco")[0].campaign.name == "第一个"


def test_a_clone_begins_with_everything_but_name_in_links_and_window(registrar: Staff):
    """So that last year's campaign is this year's in a minute."""
    page = registrar.get("/console/campaigns/new?clone=hunan-pretco").text

    assert 'value="{id_number}.jpg"' in page
    assert re.search(r'id="slug"[^>]*value=""', page)
    assert re.search(r'id="starts_at"[^>]*value=""', page)


def test_a_registry_that_was_chosen_late_is_told_of_what_was_before(world: World, registrar: Staff):
    """One press tells it of the photo that waits; the next has nothing left to tell. A note says who did it."""
    world.student().submit()
    late = world.house.add_registry("新教务系统", url="http://late.example/hook").id
    found = world.house.show_campaigns("hunan-pretco")[0].campaign
    window = Window(found.starts_at, found.ends_at)
    world.house.open_campaign(HUNAN_PRETCO, slug=found.slug, window=window, registry_id=late)

    assert "tell-earlier" in registrar.get("/console/campaigns/hunan-pretco").text
    for count in (1, 0):
        registrar.post("/console/campaigns/hunan-pretco/tell-earlier")
        assert f"已补发 {count} 条" in registrar.get("/console/campaigns/hunan-pretco").text

    assert [one.event.value for one in world.house.list_deliveries(registry_id=late)] == ["photo.submitted"]
    assert actions(world).count("campaign.told_earlier") == 2


def test_a_campaign_closes_now_and_opens_again_to_the_second(world: World, registrar: Staff):
    """Closed at once; reopened until the second that was named; a time that is over is refused."""
    registrar.post("/console/campaigns/hunan-pretco/close")
    assert world.house.show_campaigns("hunan-pretco")[0].window.value == "closed"

    registrar.post("/console/campaigns/hunan-pretco/reopen", {"ends_at": "2026-03-01T00:00:00"})
    assert world.house.show_campaigns("hunan-pretco")[0].window.value == "closed"

    registrar.post("/console/campaigns/hunan-pretco/reopen", {"ends_at": "2026-03-05T12:00:01"})
    [stand] = world.house.show_campaigns("hunan-pretco")
    assert (stand.window.value, stand.campaign.ends_at.isoformat()) == ("open", "2026-03-05T04:00:01+00:00")
    assert {"campaign.closed", "campaign.reopened"} <= set(actions(world))


def test_a_student_is_found_and_given_longer_with_the_reason(world: World, registrar: Staff):
    """By name; the ID number is masked; reason and until-when are kept and shown."""
    found = registrar.post("/console/campaigns/hunan-pretco/extensions/search", {"words": "李示例"}).text
    assert "S2022002" in found
    assert world.person("李示例").id_number not in found

    base = {"student": ["S2022002"], "words": "李示例"}
    path = "/console/campaigns/hunan-pretco/extensions"
    assert registrar.post(path, base | {"until": "2026-05-01T12:00:00"}).status_code == 422
    assert "晚于批次" in registrar.post(path, base | {"until": "2026-03-03T12:00:00", "reason": "住院"}).text
    assert registrar.post(path, base | {"until": "2026-05-01T12:00:00", "reason": "住院"}).status_code == 302
    page = registrar.get(path).text

    assert "住院" in page
    assert "2026-05-01 12:00:00" in page
    assert "campaign.extended" in actions(world)


def test_the_poster_has_a_code_that_leads_to_the_campaign(registrar: Staff):
    """Drawn as one path, with name, end and steps in Chinese; nothing from elsewhere."""
    page = registrar.get("/console/campaigns/hunan-pretco/poster").text

    assert "http://127.0.0.1:8000/?campaign=hunan-pretco" in page
    assert '<path d="M4 4h7v1h-7z' in page
    assert "2026-04-01 23:59:59" in page


def test_the_poster_asks_for_what_the_notice_asks_for(registrar: Staff):
    """正面、露双耳、免冠 and the white background stand in the notice of hunan-pretco; glasses are not spoken of."""
    page = registrar.get("/console/campaigns/hunan-pretco/poster").text
    assert "正面、免冠、露双耳、五官无遮挡" in page
    assert "白色背景（可代为更换）" in page
    assert "眼镜的应当戴" not in page

    registrar.post("/console/language", {"lang": "en"})
    assert "no hat, both ears visible" in registrar.get("/console/campaigns/hunan-pretco/poster").text


def test_the_poster_s_rules_are_the_spec_s_own(world: World):
    """Every spec of the catalogue: a rule stands there exactly where a check refuses or an age is asked for."""
    said = {}
    with world.app.test_request_context():
        for spec in world.house.parts.specs.values():
            said[spec.id] = rules = shooting_rules(spec)
            refused = {code for code, severity in spec.checks.items() if severity is Severity.FAIL}
            assert ("露双耳" in rules) == ("ears_covered" in refused), spec.id
            assert ("免冠" in rules) == ("head_covered" in refused), spec.id
            assert ("不戴眼镜" in rules) == (spec.glasses == "forbidden"), spec.id
            assert any("个月内拍摄" in rule for rule in rules) == bool(spec.recency_days), spec.id

    assert "露双耳" not in said["one-inch"], "hair over the ears passes there"
    assert not [rule for rule in said["one-inch"] if "背景" in rule], "any colour may be asked for"
    assert "不戴眼镜" in said["us-visa"]


def test_a_school_with_a_mini_program_has_its_code_beside_the_other(tmp_path: Path):
    """And when WeChat gives none the poster still has the one of the page, and says why."""
    world = make_world(tmp_path, wechat=WeChatCredentials(app_id="wx1", secret="s"))
    registrar = world.staff("registrar")
    path = "/console/campaigns/hunan-pretco/poster"
    both = registrar.get(path).text
    world.house.parts.wechat.poster_error = WeChatUnavailable(retry_after=5, errcode=-1, rid="r")
    one = registrar.get(path)
    world.house.close()

    assert 'src="data:image/jpeg;base64,' in both
    assert "微信扫码打开小程序" in both
    assert one.status_code == 200
    assert "微信扫码打开小程序" not in one.text
    assert 'role="alert"' in one.text


@pytest.mark.parametrize("path", ["roster/search", "extensions/search"])
def test_a_search_that_is_looked_at_again_begins_anew(registrar: Staff, path: str):
    """After the switch of language, or a reload of the bare address."""
    assert registrar.get(f"/console/campaigns/hunan-pretco/{path}").status_code == 302


def test_a_stranger_reaches_nothing(world: World):
    """Every page leads to the login."""
    someone = world.client()
    for page in ("", "/hunan-pretco", "/hunan-pretco/roster", "/hunan-pretco/missing.csv", "/hunan-pretco/exports"):
        assert someone.get(f"/console/campaigns{page}").status_code == 302
