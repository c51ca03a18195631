"""Nothing unknown, nothing oversized, nothing that no database can keep gets past the door."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from web_world import Student, World

ROUTES = ["/v1/auth/dev", "/v1/auth/wechat", "/v1/auth/refresh", "/v1/consents", "/v1/me/identity", "/v1/submissions"]


@pytest.mark.parametrize("path", ROUTES)
def test_an_unknown_json_field_is_refused_by_name(zhang: Student, path: str) -> None:
    """Even beside missing ones: the misspelt field is the news."""
    answer = zhang.post(path, json={"face_alignment": True})
    body = answer.get_json()
    assert (answer.status_code, body["code"]) == (422, "unknown_field")
    assert body["errors"] == [{"pointer": "#/face_alignment", "detail": "不认识的字段。"}]
    assert "face_alignment" in body["detail"]


def test_an_unknown_query_argument_is_refused_on_every_route(world: World, zhang: Student) -> None:
    """Also where the route takes no argument at all."""
    for rule in world.app.url_map.iter_rules():
        if not rule.rule.startswith("/v1/"):
            continue
        path = rule.rule.replace("<", "").replace(">", "")
        method = next(iter((rule.methods or set()) - {"OPTIONS", "HEAD"}))
        answer = zhang.http.open(path + "?debug=1", method=method, headers=zhang.headers)
        assert (answer.status_code, answer.get_json()["code"]) == (422, "unknown_field"), rule
        assert answer.get_json()["errors"][0]["parameter"] == "debug"


def test_an_argument_given_twice_is_refused(zhang: Student) -> None:
    """Which of the two would be meant?"""
    answer = zhang.get("/v1/photos/ph_x?wait=1&wait=2")
    assert (answer.status_code, answer.get_json()["errors"][0]["parameter"]) == (422, "wait")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff",
        b'{"name": NaN}',
        b'{"name": Infinity}',
        b'{"name": 1e999}',
        b"[" * 30_000,
        b'{"name": ' + b"[" * 400 + b"]" * 400 + b"}",
        b'{"name": ' + b'{"a": ' * 400 + b"1" + b"}" * 401,
        b'{"name": "\\u0000"}',
        b'{"name": "\\ud800"}',
        b'{"name": 1' + b"0" * 5000 + b"}",
    ],
)
def test_what_is_no_plain_json_is_unreadable(world: World, body: bytes) -> None:
    """400, never 500."""
    answer = world.client().post("/v1/auth/dev", data=body, content_type="application/json")
    assert (answer.status_code, answer.get_json()["code"]) == (400, "bad_request")


@pytest.mark.parametrize("body", [b"[]", b'"x"', b"1", b"null", b'{"name": 7}', b'{"name": ""}', b'{"name": "   "}'])
def test_json_of_another_shape_is_named_as_such(world: World, body: bytes) -> None:
    """422 with the place."""
    answer = world.client().post("/v1/auth/dev", data=body, content_type="application/json")
    assert (answer.status_code, answer.get_json()["code"]) == (422, "invalid_request")
    assert answer.get_json()["errors"][0]["pointer"].startswith("#")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_json_under_another_name_is_of_the_wrong_kind(world: World, kind: str) -> None:
    """A form of a foreign page cannot post here."""
    answer = world.client().post("/v1/auth/dev", data=b'{"name": "x"}', content_type=kind)
    assert (answer.status_code, answer.get_json()["code"]) == (415, "unsupported_media_type")


def test_a_json_body_of_megabytes_is_refused_unread(zhang: Student) -> None:
    """64 KB is more than any form here holds."""
    answer = zhang.post("/v1/submissions", data=b"x" * 70_000, content_type="application/json")
    assert (answer.status_code, answer.get_json()["code"]) == (413, "upload_too_large")


def test_a_form_with_too_many_parts_is_told_so_and_not_that_the_photo_is_large(zhang: Student) -> None:
    """Nine small parts, and one endless word: neither is a matter of megabytes."""
    many = {f"field{number}": "x" for number in range(20)}
    for form in (many, {"spec": "x" * 300_000}):
        answer = zhang.post("/v1/photos", data=form, content_type="multipart/form-data")
        body = answer.get_json()
        assert (answer.status_code, body["code"]) == (413, "form_too_large")
        assert "8 项" in body["detail"]
        assert "MB" not in body["detail"]


def test_erasing_takes_no_body(zhang: Student) -> None:
    """Nobody erases half of themselves."""
    answer = zhang.post("/v1/me/erase", json={"keep": "photos"})
    assert (answer.status_code, answer.get_json()["code"]) == (422, "invalid_request")
    assert zhang.post("/v1/me/erase", json={}).status_code == 204


@pytest.mark.parametrize(
    "path",
    [
        "/v1/photos/..%2f..%2fetc%2fpasswd",
        "/v1/photos/%2e%2e%2f%2e%2e/image",
        "/v1/photos/ph_1%00",
        "/v1/photos/ph_1%0d%0aSet-Cookie:%20x",
        "/v1/photos/" + "a" * 600,
        "/v1/photos/照片",
        "/v1/campaigns/'%20OR%201=1--",
        "/static/../wsgi.py",
        "/static/%2e%2e/%2e%2e/wsgi.py",
        "/static/..%5cwsgi.py",
    ],
)
def test_path_tricks_lead_nowhere(zhang: Student, path: str) -> None:
    """404 and a problem document, with no header of the trickster's."""
    answer = zhang.get(path)
    assert answer.status_code == 404
    assert "Set-Cookie" not in answer.headers
    assert answer.mimetype == "application/problem+json"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.sampled_from(ROUTES), body=JSON)
def test_no_json_whatever_makes_a_fault_of_ours(world: World, zhang: Student, path: str, body: Any) -> None:
    """Below 500, and a problem when it is no success."""
    answer = zhang.post(path, json=body)
    assert answer.status_code < 500
    assert answer.status_code < 400 or answer.get_json()["code"]
