"""A session that is renewed while several calls are under way, or while the server is busy, throws nobody out."""

import pytest
from playwright.sync_api import Route, expect
from student_phone import Phone

pytestmark = pytest.mark.browser

AGE = """() => {
  const kept = JSON.parse(sessionStorage.getItem("campus-id-photo"));
  kept.session.access_token = "worn-out";
  sessionStorage.setItem("campus-id-photo", JSON.stringify(kept));
}"""


def worn_out(route: Route) -> bool:
    return route.request.headers["authorization"] == "Bearer worn-out"


def test_who_hears_late_that_the_token_is_over_does_not_end_the_new_one(phone: Phone) -> None:
    """Three calls at once over a slow line: the last to be refused takes the session that the first one got."""
    renewals: list[str] = []
    late: list[Route] = []
    retried: list[Route] = []

    def submissions(route: Route) -> None:
        if worn_out(route):
            return late.append(route)
        for one in retried:
            one.continue_()
        return route.continue_()

    def campaigns(route: Route) -> None:
        if worn_out(route) or retried:
            return route.continue_()
        retried.append(route)
        return late[0].continue_()

    def renewal(route: Route) -> None:
        renewals.append(route.request.post_data or "")
        route.continue_()

    phone.sign_in()
    phone.page.evaluate(AGE)
    phone.page.route("**/v1/submissions", submissions)
    phone.page.route("**/v1/campaigns", campaigns)
    phone.page.route("**/v1/auth/refresh", renewal)
    phone.page.reload()

    expect(phone.page.locator("[data-step=choose]")).to_be_visible(timeout=15000)
    assert len(renewals) == 1


def test_a_busy_server_does_not_end_the_session(phone: Phone) -> None:
    """On the last evening a whole campus renews behind one address: who is told to wait is not sent to the login."""
    body = '{"code":"rate_limited","title":"操作太频繁","detail":"请稍后再试。"}'
    busy: list[Route] = []

    def renewal(route: Route) -> None:
        busy.append(route)
        if len(busy) > 1:
            return route.continue_()
        return route.fulfill(
            status=429, headers={"Retry-After": "1"}, content_type="application/problem+json", body=body
        )

    phone.sign_in()
    phone.page.evaluate(AGE)
    phone.page.route("**/v1/auth/refresh", renewal)
    phone.page.reload()

    expect(phone.page.get_by_role("heading", name="操作太频繁")).to_be_visible(timeout=15000)
    phone.press("再试一次")
    phone.at("choose")
