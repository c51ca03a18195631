"""A student's phone signs a browser in: once, soon, and only when the student says so."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from web_world import Student, World, make_world

from api.domain.device_login import LETTERS, plain_code
from api.web.client_name import UNKNOWN, client_name

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
)


def _begin(world: World) -> dict[str, Any]:
    answer = world.client().post("/v1/auth/device", json={}, headers={"User-Agent": CHROME})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.get_json()
    return body


def _take(world: World, code: dict[str, Any]) -> Any:
    world.clock.moment += timedelta(seconds=code["interval"])
    return world.client().post("/v1/auth/device/token", json={"device_code": code["device_code"]})


def _answer(student: Student, code: dict[str, Any], answer: str = "approve") -> Any:
    return student.post("/v1/auth/device/answer", json={"user_code": code["user_code"], "answer": answer})


def test_a_confirmed_browser_is_signed_in_as_the_student_who_confirmed(world: World, zhang: Student) -> None:
    """Before that it is told to wait; afterwards its token opens the student's own campaigns."""
    code = _begin(world)
    waiting = _take(world, code)
    assert (waiting.status_code, waiting.get_json()["code"]) == (400, "authorization_pending")
    assert _answer(zhang, code).get_json()["state"] == "approved"
    session = _take(world, code).get_json()
    assert session["student"] == zhang.session["student"]
    bearer = {"Authorization": f"Bearer {session['access_token']}"}
    assert world.client().get("/v1/campaigns", headers=bearer).status_code == 200


def test_the_student_sees_what_asks_before_saying_yes(world: World, zhang: Student) -> None:
    """System and browser, out of our own short list; the code however it was typed."""
    code = _begin(world)
    typed = code["user_code"].lower().replace("-", " ")
    seen = zhang.post("/v1/auth/device/code", json={"user_code": typed}).get_json()
    assert (seen["client"], seen["state"]) == ("Windows · Chrome", "pending")
    assert _take(world, code).get_json()["code"] == "authorization_pending"


def test_a_secret_opens_one_session_only(world: World, zhang: Student) -> None:
    """Whoever copied it finds nothing."""
    code = _begin(world)
    _answer(zhang, code)
    assert _take(world, code).status_code == 200
    again = _take(world, code)
    assert (again.status_code, again.get_json()["code"]) == (410, "device_code_expired")


def test_a_code_is_answered_once(world: World, zhang: Student, li: Student) -> None:
    """A second student, or a second tap, finds no such code."""
    code = _begin(world)
    assert _answer(zhang, code).status_code == 200
    late = _answer(li, code)
    assert (late.status_code, late.get_json()["code"]) == (404, "device_code_unknown")
    assert _take(world, code).get_json()["student"] == zhang.session["student"]


def test_a_refused_browser_is_told_so(world: World, zhang: Student) -> None:
    """And gets no session."""
    code = _begin(world)
    _answer(zhang, code, "deny")
    refused = _take(world, code)
    assert (refused.status_code, refused.get_json()["code"]) == (403, "device_denied")


def test_after_five_minutes_neither_half_of_a_code_is_good(world: World, zhang: Student) -> None:
    """A code left on a screen in the library opens nothing."""
    code = _begin(world)
    world.clock.moment += timedelta(minutes=5)
    assert _answer(zhang, code).get_json()["code"] == "device_code_unknown"
    assert _take(world, code).get_json()["code"] == "device_code_expired"


def test_a_browser_that_asks_too_often_is_slowed_down(world: World) -> None:
    """With the seconds to wait."""
    code = _begin(world)
    _take(world, code)
    hasty = world.client().post("/v1/auth/device/token", json={"device_code": code["device_code"]})
    assert (hasty.status_code, hasty.get_json()["code"]) == (429, "slow_down")
    assert int(hasty.headers["Retry-After"]) >= code["interval"]


def test_nobody_answers_without_being_signed_in(world: World) -> None:
    """A code alone is worth nothing."""
    code = _begin(world)
    body = {"user_code": code["user_code"], "answer": "approve"}
    assert world.client().post("/v1/auth/device/answer", json=body).status_code == 401
    assert world.client().post("/v1/auth/device/code", json={"user_code": code["user_code"]}).status_code == 401


def test_codes_cannot_be_guessed_in_series(world: World, zhang: Student) -> None:
    """After twenty in an hour the student has to wait."""
    answers = [zhang.post("/v1/auth/device/code", json={"user_code": "BCDFGHJK"}).status_code for _ in range(21)]
    assert answers == [404] * 20 + [429]


def test_a_browsers_session_is_shorter_than_a_phones_and_stays_so(world: World, zhang: Student) -> None:
    """Twelve hours without use end it, however often it was renewed before; the phone's goes on."""
    code = _begin(world)
    _answer(zhang, code)
    first = _take(world, code).get_json()
    world.clock.moment += timedelta(hours=11)
    second = world.client().post("/v1/auth/refresh", json={"refresh_token": first["refresh_token"]}).get_json()
    world.clock.moment += timedelta(hours=13)
    late = world.client().post("/v1/auth/refresh", json={"refresh_token": second["refresh_token"]})
    phone = world.client().post("/v1/auth/refresh", json={"refresh_token": zhang.session["refresh_token"]})
    assert (late.status_code, phone.status_code) == (401, 200)


def test_logging_out_everywhere_ends_phone_and_browser_and_what_was_allowed(world: World, zhang: Student) -> None:
    """Also a browser that was let in a second ago and has not come yet."""
    inside, on_the_way = _begin(world), _begin(world)
    _answer(zhang, inside)
    session = _take(world, inside).get_json()
    _answer(zhang, on_the_way)
    assert zhang.delete("/v1/auth/sessions").status_code == 204
    bearer = {"Authorization": f"Bearer {session['access_token']}"}
    assert world.client().get("/v1/campaigns", headers=bearer).status_code == 401
    assert zhang.get("/v1/campaigns").status_code == 401
    assert _take(world, on_the_way).get_json()["code"] == "device_code_expired"


def test_a_student_who_was_erased_meanwhile_lets_nobody_in(world: World, zhang: Student) -> None:
    """Erasure reaches what was on its way."""
    code = _begin(world)
    _answer(zhang, code)
    assert zhang.post("/v1/me/erase").status_code == 204
    assert _take(world, code).status_code == 410


def test_old_codes_are_purged(world: World) -> None:
    """Nothing stays that has no use."""
    code = _begin(world)
    world.clock.moment += timedelta(minutes=6)
    world.house.purge()
    assert _take(world, code).get_json()["code"] == "device_code_expired"
    with world.house.parts.database.write() as uow:
        assert uow.device_logins.delete_before(world.clock.now() + timedelta(days=1)) == 0


def test_the_qr_code_says_what_the_mini_program_reads(world: World) -> None:
    """A link to the school's own address with the code in it, drawn as SVG without script."""
    code = _begin(world)
    assert code["verification_uri_complete"].endswith(f"/?device={plain_code(code['user_code'])}")
    assert code["qr"].startswith("<svg ")
    assert "script" not in code["qr"]
    assert set(plain_code(code["user_code"])) <= set(LETTERS)


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (CHROME, "Windows · Chrome"),
        ("Mozilla/5.0 (Macintosh) Version/17.5 Safari/605.1.15", "macOS · Safari"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "Linux · Firefox"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/126.0 Safari/537.36 Edg/126.0", "Windows · Edge"),
        ("您的班主任，请点允许", UNKNOWN),
        ("", UNKNOWN),
    ],
)
def test_a_browser_cannot_call_itself_what_it_likes(agent: str, name: str) -> None:
    """What a stranger writes never reaches a student's phone."""
    assert client_name(agent) == name


@pytest.fixture
def schools(tmp_path: Path) -> Iterator[World]:
    """An installation of a school: nobody signs in by name."""
    one = make_world(tmp_path, dev_login=False)
    yield one
    one.house.close()


def test_a_wechat_student_signs_a_pc_in_where_names_alone_open_nothing(schools: World) -> None:
    """What a school's students do."""
    session = schools.client().post("/v1/auth/wechat", json={"code": "good-1"}).get_json()
    phone = Student(schools, schools.client(), {"Authorization": f"Bearer {session['access_token']}"}, session)
    code = _begin(schools)
    _answer(phone, code)
    assert _take(schools, code).get_json()["student"] == session["student"]
