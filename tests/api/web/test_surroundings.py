"""Health, counters, request ids, headers and pages: what surrounds every answer."""

import re
from pathlib import Path

import pytest
from web_world import Student, World, make_world

from api.web.headers import FIXED


def test_alive_and_ready_are_two_questions(world: World) -> None:
    """A silent Redis makes the process not ready, but not dead."""
    assert world.client().get("/healthz").get_json() == {"status": "ok"}
    assert world.client().get("/readyz").get_json()["status"] == "ready"
    world.bell.silent = True
    answer = world.client().get("/readyz")
    assert (answer.status_code, answer.get_json()["code"]) == (503, "not_ready")
    assert "redis" in answer.get_json()["detail"]
    assert world.client().get("/healthz").status_code == 200


def test_requests_are_counted_by_route_and_never_by_id(world: World, zhang: Student) -> None:
    """No id, no path of a stranger's making becomes a label."""
    zhang.get("/v1/photos/ph_secretid")
    zhang.get("/no/such/page")
    text = world.client().get("/metrics").text
    assert 'http_requests_total{method="GET",route="/v1/photos/<photo_id>",status="404"} 1.0' in text
    assert 'route="unmatched"' in text
    assert "ph_secretid" not in text
    assert "no/such" not in text


@pytest.mark.parametrize(
    ("sent", "kept"), [("abcd-1234", True), ("short", False), ("a" * 65, False), ("x y z 1 2 3", False)]
)
def test_a_well_formed_request_id_is_kept_and_any_other_replaced(world: World, sent: str, kept: bool) -> None:
    """A proxy's id lives on; nothing odd gets into the log."""
    answer = world.client().get("/healthz", headers={"X-Request-Id": sent})
    assert (answer.headers["X-Request-Id"] == sent) is kept
    assert re.fullmatch(r"[A-Za-z0-9._-]{8,64}", answer.headers["X-Request-Id"])


@pytest.mark.parametrize(
    "path", ["/", "/docs", "/openapi.json", "/static/app.css", "/healthz", "/v1/specs", "/nowhere"]
)
def test_every_answer_carries_the_security_headers(world: World, path: str) -> None:
    """And none opens the API to another site."""
    answer = world.client().get(path, headers={"Origin": "https://elsewhere.example"})
    for name, value in FIXED.items():
        assert answer.headers[name] == value
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert not [name for name, _ in answer.headers if name.lower().startswith("access-control")]
    assert "Set-Cookie" not in answer.headers
    answer.close()


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_pages_hold_nothing_from_other_hosts_and_nothing_inline(world: World, path: str) -> None:
    """No address with a host, no script or style in the page itself."""
    page = world.client().get(path).text
    assert not re.findall(r"(?:src|href|action)=[\"'](?:https?:)?//", page)
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", page)


def test_static_files_hold_nothing_from_other_hosts() -> None:
    """Scripts and sheets load from here alone."""
    folder = Path(__file__).parents[3] / "api/web/static"
    for file in folder.rglob("*.*"):
        addresses = re.findall(r"https?://[^\s\"'`)]+", file.read_text(encoding="utf-8"))
        assert set(addresses) <= {"http://www.w3.org/2000/svg"}, file
        assert len(file.read_text(encoding="utf-8").splitlines()) <= 300


def test_the_docs_page_lists_every_call_and_every_error(world: World) -> None:
    """The problem types point into it."""
    page = world.client().get("/docs").text
    for rule in world.app.url_map.iter_rules():
        if rule.rule.startswith("/v1/"):
            assert rule.rule.replace("<", "{").replace(">", "}") in page
    assert 'id="problem-consent_required"' in page


def test_the_student_page_names_the_sample_people_only_while_trying_out(world: World, tmp_path: Path) -> None:
    """A school's installation lists nobody."""
    assert "示例" in world.client().get("/").text
    folder = tmp_path / "school"
    folder.mkdir()
    school = make_world(folder, dev_login=False)
    page = school.client().get("/").text
    assert 'data-dev-login="off"' in page
    assert "43000" not in page
    school.house.close()
