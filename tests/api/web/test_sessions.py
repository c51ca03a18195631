"""Ways in, and the ways a session ends."""

from datetime import timedelta
from pathlib import Path

import pytest
from web_world import Student, World, make_world


def test_a_wechat_code_opens_a_session_that_shows_neither_openid_nor_session_key(world: World) -> None:
    """What WeChat tells the server stays on the server."""
    answer = world.client().post("/v1/auth/wechat", json={"code": "good-1"})
    assert answer.status_code == 200
    body = answer.get_json()
    assert set(body) == {"token_type", "access_token", "expires_in", "refresh_token", "student"}
    assert set(body["student"]) == {"id", "channel"}
    assert "openid" not in answer.text
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_used_wechat_code_is_refused_in_words(world: World) -> None:
    """The student is told to open the mini-program again."""
    answer = world.client().post("/v1/auth/wechat", json={"code": "stale"})
    assert (answer.status_code, answer.get_json()["code"]) == (422, "wechat_bad_code")


def test_signing_in_by_name_does_not_exist_where_it_is_off(tmp_path: Path) -> None:
    """A school's installation answers as if there were nothing there."""
    world = make_world(tmp_path, dev_login=False)
    answer = world.client().post("/v1/auth/dev", json={"name": "张示例"})
    assert (answer.status_code, answer.get_json()["code"]) == (404, "dev_login_off")
    assert "示例" not in world.client().get("/").text
    world.house.close()


def test_a_stale_access_token_is_renewed_once_and_a_replayed_refresh_ends_the_family(
    world: World, zhang: Student
) -> None:
    """Two parties with one refresh token: both must sign in again."""
    world.clock.moment += timedelta(hours=3)
    assert zhang.get("/v1/campaigns").get_json()["code"] == "token_expired"
    renewed = zhang.post("/v1/auth/refresh", json={"refresh_token": zhang.session["refresh_token"]}).get_json()
    fresh = {"Authorization": f"Bearer {renewed['access_token']}"}
    assert world.client().get("/v1/campaigns", headers=fresh).status_code == 200
    again = zhang.post("/v1/auth/refresh", json={"refresh_token": zhang.session["refresh_token"]})
    assert again.status_code == 401
    assert world.client().get("/v1/campaigns", headers=fresh).status_code == 401


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nonsense", "Basic eDp5", "Bearer a b", "bearer \t"])
def test_whoever_shows_no_good_token_is_asked_to_sign_in(world: World, header: str) -> None:
    """401 with a challenge, and the problem says what to do."""
    answer = world.client().get("/v1/campaigns", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.get_json()["code"] == "not_authenticated"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_the_token_of_an_erased_student_opens_nothing(zhang: Student) -> None:
    """Erased is erased, at once."""
    assert zhang.post("/v1/me/erase").status_code == 204
    assert zhang.get("/v1/consents").status_code == 401
    refresh = zhang.post("/v1/auth/refresh", json={"refresh_token": zhang.session["refresh_token"]})
    assert refresh.status_code == 401
