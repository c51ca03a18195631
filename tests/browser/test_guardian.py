"""A child on the student page, the guardian beside it; and signing out for good."""

import pytest
from student_phone import Phone

from api.domain.errors import NotAuthenticated
from api.domain.id_number import check_digit
from api.services.roster import Person

pytestmark = pytest.mark.browser


def test_a_guardian_agrees_on_the_childs_phone(phone: Phone) -> None:
    """The selfie waits: name and relation are asked for, left out they are missed, given they let the child on."""
    number = "43000020150101001"
    child = Person("小示例", number + check_digit(number), "K1", "附属学校", "2025", "小学", "一班")
    phone.world.house.import_roster("hunan-pretco", [child])
    phone.sign_in()
    phone.page.locator(".pick").first.click()
    phone.at("brief")
    phone.press("开始拍照")
    phone.at("identity")
    phone.page.get_by_label("姓名").fill(child.name)
    phone.page.get_by_label("身份证号").fill(child.id_number)
    phone.press("核对并继续")
    phone.at("capture")
    phone.send_selfie()
    phone.at("consent")

    phone.press("同意并继续")
    assert phone.page.get_by_text("请填写。").count() == 2
    phone.shot("30-guardian")
    phone.page.get_by_label("监护人姓名").fill("王家长")
    phone.page.get_by_label("与学生的关系").fill("母亲")
    phone.page.get_by_role("checkbox").check()
    phone.press("同意并继续")
    phone.page.wait_for_selector("[data-step]:not([data-step=consent])")

    with phone.world.house.parts.database.read() as uow:
        (row,) = [row for row in uow.roster.of_campaign(_campaign(phone)) if row.student_id]
        given = [consent.guardian for consent in uow.consents.of(row.student_id) if consent.guardian]
    assert [(one.name, one.relation) for one in given] == [("王家长", "母亲")]


def test_signing_out_ends_the_session_on_the_server(phone: Phone) -> None:
    """Whoever copied the token has nothing."""
    phone.sign_in()
    token = phone.page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")
    phone.press("我的数据")
    phone.at("me")
    with phone.page.expect_response(lambda answer: answer.url.endswith("/v1/auth/session")) as ended:
        phone.press("退出登录")
    phone.at("signin")

    assert ended.value.status == 204
    bearer = ended.value.request.headers["authorization"].removeprefix("Bearer ")
    assert bearer in token
    with pytest.raises(NotAuthenticated):
        phone.world.house.authenticate(bearer)


def _campaign(phone: Phone) -> str:
    return next(one.id for one in phone.world.seeded.campaigns if one.slug == "hunan-pretco")
