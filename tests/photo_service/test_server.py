"""The photo service over HTTP: one answer for each request, and every refusal a problem with a code."""

import io
import json
import threading
from random import Random

import httpx
import pytest
from fake_studio import PHOTO, FakeStudio
from flask import request
from flask.testing import FlaskClient

from photo_service.contract import Report, Verdict
from photo_service.multipart import read_parts
from photo_service.server import create_app, serve
from photo_service.specs import load_catalogue


@pytest.fixture
def fake() -> FakeStudio:
    return FakeStudio()


@pytest.fixture
def client(fake: FakeStudio) -> FlaskClient:
    return create_app(fake, at_once=1).test_client()


def form(content: bytes = b"good", field: str = "selfie", **fields: str | None) -> dict[str, object]:
    """Write a form as a browser does; a field that is None is left out."""
    values = {"spec": "hunan-pretco", **fields}
    parts: dict[str, object] = {field: ("自拍.jpg", content)} | {name: (None, value) for name, value in values.items()}
    absent = [name for name, value in values.items() if value is None]
    sent = httpx.Request("POST", "http://photo.test", files={k: v for k, v in parts.items() if k not in absent})
    return {"data": sent.read(), "content_type": sent.headers["Content-Type"]}


def send(client: FlaskClient, content: bytes = b"good", path: str = "/v1/render", headers: object = None, **fields):
    field = "photo" if path == "/v1/check" else "selfie"
    return client.post(path, **form(content, field, **fields), headers=headers)


def problem(response) -> dict[str, object]:
    assert response.content_type == "application/problem+json"
    body = json.loads(response.data)
    assert body["status"] == response.status_code
    return body


class TestRender:
    def test_a_passing_selfie_gives_report_and_photo(self, client: FlaskClient):
        """Both in one answer."""
        response = send(client)

        parts = read_parts(response.content_type, response.data)
        report = Report.from_json(json.loads(parts["report"].content))
        assert response.status_code == 200
        assert report.verdict is Verdict.PASS
        assert parts["photo"].content == PHOTO
        assert parts["photo"].content_type == "image/jpeg"

    @pytest.mark.parametrize("selfie", [b"wrong", b"bad"])
    def test_a_selfie_that_does_not_pass_gives_the_report_alone(self, client: FlaskClient, selfie: bytes):
        """Rejection is an answer, not an error."""
        response = send(client, selfie)

        assert response.status_code == 200
        assert read_parts(response.content_type, response.data).keys() == {"report"}

    def test_the_photo_alone_is_given_where_only_a_picture_is_accepted(self, client: FlaskClient):
        """`curl -H 'Accept: image/jpeg'` writes a file."""
        response = send(client, headers={"Accept": "image/jpeg"})

        assert (response.status_code, response.content_type, response.data) == (200, "image/jpeg", PHOTO)

    @pytest.mark.parametrize(("selfie", "code"), [(b"wrong", "not_compliant"), (b"bad", "unreadable_image")])
    def test_no_photo_is_a_problem_with_the_report_inside(self, client: FlaskClient, selfie: bytes, code: str):
        """Who accepts only a picture still learns the reasons."""
        body = problem(send(client, selfie, headers={"Accept": "image/jpeg"}))

        assert (body["status"], body["code"]) == (422, code)
        assert body["report"]["verdict"] == "fail"

    def test_a_chinese_file_name_arrives(self, client: FlaskClient, fake: FakeStudio):
        """The report names the file as the caller did."""
        send(client)

        assert fake.asked == [(b"good", "hunan-pretco", "自拍.jpg")]

    def test_a_background_may_be_asked_for(self, client: FlaskClient, fake: FakeStudio):
        """Once, and only one that the spec takes; without it the spec's own is painted."""
        assert send(client).status_code == 200
        assert send(client, spec="one-inch", background="蓝").status_code == 200
        assert fake.backgrounds == [None, "蓝"]

    def test_the_person_alone_comes_as_a_png(self, client: FlaskClient):
        """Named as such in both kinds of answer."""
        parts = send(client, background="transparent")
        alone = send(client, background="transparent", headers={"Accept": "image/png"})

        assert read_parts(parts.content_type, parts.data)["photo"].content_type == "image/png"
        assert (alone.content_type, alone.data) == ("image/png", PHOTO)

    def test_a_background_that_the_spec_does_not_take_is_refused(self, client: FlaskClient, fake: FakeStudio):
        """With what it does take, before anything is rendered."""
        body = problem(send(client, background="blue"))

        assert (body["status"], body["code"], body["choices"]) == (422, "background_refused", ["#FFFFFF"])
        assert fake.asked == []

    def test_a_large_selfie_is_kept_in_memory(self, client: FlaskClient):
        """A face is never put into a temporary file."""
        with client.application.test_request_context("/v1/render", method="POST", **form(bytes(5_000_000))):
            assert isinstance(request.files["selfie"].stream, io.BytesIO)

    def test_a_camera_file_arrives_whole_wherever_its_bytes_look_like_line_ends(
        self, client: FlaskClient, fake: FakeStudio
    ):
        """A JPEG is full of them, and a form is read piece by piece: no piece is taken for too long a form."""
        camera_file = Random(7).randbytes(3_000_000) + b"\r\n" * 100_000

        assert send(client, camera_file).status_code == 200
        assert fake.asked[0][0] == camera_file


class TestRefusals:
    def test_an_unknown_field_is_refused(self, client: FlaskClient, fake: FakeStudio):
        """A mistyped option is not silently ignored."""
        body = problem(send(client, colour="blue"))

        assert (body["status"], body["code"]) == (400, "unknown_field")
        assert "colour" in body["detail"]
        assert fake.asked == []

    def test_an_unknown_query_is_refused(self, client: FlaskClient):
        """Neither in the address."""
        assert problem(send(client, path="/v1/render?spec=cet"))["code"] == "unknown_field"

    @pytest.mark.parametrize("missing", ["selfie", "spec"])
    def test_a_missing_field_is_named(self, client: FlaskClient, missing: str):
        """The detail says what to send."""
        body = problem(send(client, **{missing: None}))

        assert (body["status"], body["code"]) == (400, "missing_field")
        assert missing in body["detail"]

    def test_a_body_of_another_kind_is_refused(self, client: FlaskClient):
        """JSON has no place for a file."""
        assert problem(client.post("/v1/render", json={"spec": "cet"}))["code"] == "missing_field"

    def test_an_unknown_spec_is_answered_with_the_nearest(self, client: FlaskClient):
        """404, because the catalogue has no such thing."""
        body = problem(send(client, spec="hunan"))

        assert (body["status"], body["code"], body["near"]) == (404, "unknown_spec", ["hunan-pretco"])

    def test_too_large_an_upload_is_refused_unread(self, client: FlaskClient, fake: FakeStudio):
        """Ten megabytes, told in the student's language."""
        body = problem(send(client, bytes(11 * 1024 * 1024)))

        assert (body["status"], body["code"]) == (413, "upload_too_large")
        assert "最多 10 MB" in body["detail"]
        assert fake.asked == []

    def test_a_file_just_above_the_limit_is_refused_too(self, client: FlaskClient):
        """The form around it does not count."""
        assert problem(send(client, bytes(10 * 1024 * 1024 + 1)))["code"] == "upload_too_large"

    def test_a_path_that_is_none_is_a_problem(self, client: FlaskClient):
        """Even 404 and 405 are JSON."""
        assert problem(client.get("/v1/nothing"))["code"] == "not_found"
        refused = client.get("/v1/render")
        assert problem(refused)["code"] == "method_not_allowed"
        assert "POST" in refused.headers["Allow"]

    def test_a_defect_of_ours_shows_nothing_of_the_inside(self, client: FlaskClient):
        """The client learns that we failed, the log learns where."""
        response = send(client, b"defect")

        assert problem(response)["code"] == "internal_error"
        assert b"ZeroDivision" not in response.data

    def test_a_defect_gives_its_place_back(self, client: FlaskClient):
        """The next selfie is rendered."""
        send(client, b"defect")

        assert send(client).status_code == 200

    def test_beyond_its_places_it_asks_to_come_back(self, client: FlaskClient, fake: FakeStudio):
        """Requests do not pile up inside; health is answered meanwhile."""
        first: list[int] = []
        thread = threading.Thread(target=lambda: first.append(send(client, b"slow").status_code))
        thread.start()
        assert fake.started.wait(20)

        other = create_app_client_of(client)
        refused = send(other)
        healthy = other.get("/healthz")
        fake.go.set()
        thread.join()

        assert problem(refused)["code"] == "busy"
        assert refused.status_code == 503
        assert int(refused.headers["Retry-After"]) >= 1
        assert healthy.status_code == 200
        assert first == [200]


def create_app_client_of(client: FlaskClient) -> FlaskClient:
    """Another client of the same app, for another thread."""
    return client.application.test_client()


class TestTheRest:
    def test_check_gives_the_report(self, client: FlaskClient):
        """Of a finished photo."""
        response = send(client, b"wrong", path="/v1/check")

        assert response.status_code == 200
        assert Report.from_json(response.json).findings[0].code == "no_face"

    def test_specs_are_the_whole_catalogue(self, client: FlaskClient):
        """With every rule, so that a client needs no copy of its own."""
        specs = {spec["id"]: spec for spec in client.get("/v1/specs").json["specs"]}

        assert specs.keys() == load_catalogue().keys()
        assert specs["chsi-graduate"]["group"] == {"id": "school", "label": "学籍与毕业"}
        assert specs["hunan-pretco"]["background"]["colour"] == "#FFFFFF"
        assert specs["hunan-pretco"]["window"] == {"low": 1, "high": 100_000}

    def test_health_is_ready(self, client: FlaskClient):
        """The app exists only once the networks are loaded."""
        assert client.get("/healthz").json == {"status": "ready"}


def test_a_host_that_nobody_knows_is_named(fake: FakeStudio):
    """The operator learns which one was meant."""
    with pytest.raises(OSError, match="no address of this machine") as caught:
        serve(fake, host="no such host", port=0, at_once=1, say=print)

    assert caught.value.filename == "no such host:0"
