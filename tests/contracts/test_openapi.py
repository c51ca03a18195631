"""The OpenAPI document is a promise: every route is in it, and every real answer is what it says."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012
from web_world import PROFILE, Student, World, make_world

from api.web.routes.photos import WORDS

STUDENT_SIDE = """
POST /v1/auth/wechat
POST /v1/auth/refresh
GET /v1/consents
POST /v1/consents
DELETE /v1/consents/{}
POST /v1/me/identity
GET /v1/specs
GET /v1/specs/{}
GET /v1/campaigns
GET /v1/campaigns/{}
POST /v1/photos
GET /v1/photos/{}
GET /v1/photos/{}/image
DELETE /v1/photos/{}
POST /v1/submissions
GET /v1/submissions
GET /v1/me/export
POST /v1/me/erase
"""
"""The design's table, call by call."""

BEYOND = {
    "POST /v1/auth/dev": "signing in by name, on one's own machine only",
    "GET /v1/registry/photos/{}": "the signed link a webhook carries",
    "POST /v1/registry/verdicts": "the registry's signed answer",
    "POST /v1/registry/roster": "the registry's own roster",
    "GET /v1/campaigns/{}/draft": "the form, unfinished",
    "PUT /v1/campaigns/{}/draft": "the form, kept",
    "GET /v1/campaigns/{}/record-errors": "corrections of the school's record",
    "POST /v1/campaigns/{}/record-errors": "corrections of the school's record",
    "GET /v1/regions": "places to choose a birthplace from",
    "GET /v1/regions/{}": "places to choose a birthplace from",
    "DELETE /v1/auth/session": "logging out",
    "DELETE /v1/auth/sessions": "logging out everywhere, from the page of one's own data",
    "POST /v1/auth/device": "a computer asks for a code, to be let in from the phone",
    "POST /v1/auth/device/token": "the computer waits for the phone's answer",
    "POST /v1/auth/device/code": "the phone looks at what asks",
    "POST /v1/auth/device/answer": "the phone lets it in, or does not",
    "GET /v1/photos": "one's own photos, from the page of one's own data",
    "GET /v1/me/notices": "the mini-program's subscribe messages",
    "POST /v1/me/notices": "the mini-program's subscribe messages",
    "POST /v1/me/phone": "the mini-program's phone-number button",
    "GET /wechat/push": "WeChat's check of the push address",
    "POST /wechat/push": "what WeChat pushes",
    "GET /healthz": "the load balancer",
    "GET /readyz": "the load balancer",
    "GET /metrics": "the operator",
    "GET /openapi.json": "the document itself",
    "GET /docs": "the document for people",
    "GET /": "the student page",
    "GET /static/{}": "the student page's own files",
}


SIGNED_IN = {"/v1/auth/session", "/v1/auth/sessions", "/v1/auth/device/code", "/v1/auth/device/answer"}
"""What of the entrance only those who are in may call."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    one = make_world(Path(tmp_path_factory.mktemp("contract")))
    yield one
    one.house.close()


@pytest.fixture(scope="module")
def spec(world: World) -> dict[str, Any]:
    document: dict[str, Any] = world.client().get("/openapi.json").get_json()
    return document


def _plain(path: str) -> str:
    return re.sub(r"[<{][^>}]+[>}]", "{}", path)


def _served(world: World) -> set[str]:
    return {
        f"{method} {_plain(rule.rule)}"
        for rule in world.app.url_map.iter_rules()
        if not rule.rule.startswith(("/console", "/bootstrap/"))  # pages for people, not calls for programs
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def test_every_call_of_the_design_is_served_and_every_other_is_justified(world: World) -> None:
    """Nothing is missing, nothing grew by itself."""
    promised = set(STUDENT_SIDE.split("\n")) - {""}
    assert _served(world) == promised | BEYOND.keys()


def test_the_document_describes_every_call_of_the_api(world: World, spec: dict[str, Any]) -> None:
    """Whatever is served below /v1 is described, and nothing else is."""
    described = {f"{method.upper()} {_plain(path)}" for path, calls in spec["paths"].items() for method in calls}
    api = {call for call in _served(world) if " /v1/" in call}
    assert {call for call in described if " /v1/" in call} == api


def test_the_document_is_sound(spec: dict[str, Any]) -> None:
    """OpenAPI 3.1, unique operation ids, references that resolve, schemas that are schemas."""
    assert spec["openapi"].startswith("3.1")
    calls = [call for path in spec["paths"].values() for call in path.values()]
    ids = [call["operationId"] for call in calls]
    assert len(ids) == len(set(ids))
    for name, schema in spec["components"]["schemas"].items():
        assert name
        Draft202012Validator.check_schema(schema)
    for reference in set(re.findall(r"'\$ref': '([^']+)'", str(spec))):
        assert _resolved(spec, reference) is not None, reference


def test_the_upload_s_form_is_told_whole(spec: dict[str, Any]) -> None:
    """It says that nothing else is taken, so everything that is taken stands there."""
    form = spec["paths"]["/v1/photos"]["post"]["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert form["additionalProperties"] is False
    assert set(form["properties"]) == {"selfie", *WORDS}


def test_every_call_that_needs_a_student_says_so(world: World, spec: dict[str, Any]) -> None:
    """What answers 401 without a token carries the security scheme, and the other way round."""
    open_calls = {"/v1/specs", "/v1/specs/{spec_id}", "/v1/regions", "/v1/regions/{code}"}
    for path, calls in spec["paths"].items():
        for method, call in calls.items():
            guarded = path.startswith("/v1/") and not path.startswith(("/v1/auth", "/v1/registry"))
            guarded = guarded or path in SIGNED_IN
            assert bool(call.get("security")) is (guarded and path not in open_calls), (method, path)
    assert spec["components"]["securitySchemes"]["BearerAuth"]["scheme"].lower() == "bearer"


def test_every_refusal_is_documented_as_a_problem(spec: dict[str, Any]) -> None:
    """One shape for all of them."""
    for path, calls in spec["paths"].items():
        for call in calls.values():
            refusals = {code: answer for code, answer in call["responses"].items() if code >= "400"}
            assert "500" in refusals, path
            for answer in refusals.values():
                assert answer["content"]["application/problem+json"]["schema"]["$ref"].endswith("/Problem")


def _resolved(spec: dict[str, Any], reference: str) -> Any:
    node: Any = spec
    for part in reference.removeprefix("#/").split("/"):
        node = node.get(part) if isinstance(node, dict) else None
    return node


class Checked:
    """A student whose every answer is held against the document."""

    def __init__(self, student: Student, spec: dict[str, Any]) -> None:
        self.student = student
        self.spec = spec
        self.seen: set[str] = set()
        resource = Resource.from_contents(spec, default_specification=DRAFT202012)
        self._registry: Any = Registry().with_resource("urn:spec", resource)

    def __call__(self, method: str, path: str, **more: Any) -> Any:
        answer = getattr(self.student, method)(path, **more)
        template = next(known for known in self.spec["paths"] if _matches(known, path.partition("?")[0]))
        call = self.spec["paths"][template][method]
        code = str(answer.status_code)
        assert code in call["responses"], f"{method} {path} answers {code}, which is not documented"
        self._check(call["responses"][code], answer)
        self.seen.add(f"{method} {template} {code}")
        return answer

    def _check(self, documented: dict[str, Any], answer: Any) -> None:
        content = documented.get("content", {})
        if not content:
            return
        assert answer.mimetype in content, f"{answer.mimetype} is not documented"
        schema = content[answer.mimetype].get("schema", {})
        if answer.mimetype.endswith("json") and schema:
            whole = {"$id": "urn:answer", **_absolute(schema)}
            Draft202012Validator(whole, registry=self._registry).validate(answer.get_json())


def _absolute(schema: dict[str, Any]) -> dict[str, Any]:
    return {key: f"urn:spec{value}" if key == "$ref" else value for key, value in schema.items()}


def _matches(template: str, path: str) -> bool:
    return re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", template), path) is not None


def test_real_answers_are_what_the_document_says(world: World, spec: dict[str, Any]) -> None:
    """A whole visit, good and bad, each answer validated against its own schema."""
    ask = Checked(world.student("张示例", consents=False), spec)
    ask("post", "/v1/auth/dev", json={"name": "张示例"})
    ask("post", "/v1/auth/wechat", json={"code": "good-7"})
    ask("post", "/v1/auth/wechat", json={"code": "bad"})
    ask("post", "/v1/photos", json={})
    for text in ask("get", "/v1/consents").get_json()["consents"]:
        ask("post", "/v1/consents", json={"id": text["id"]})
    ask("get", "/v1/specs")
    ask("get", "/v1/specs/cet")
    ask("get", "/v1/specs/none")
    campaign = ask("get", "/v1/campaigns").get_json()["campaigns"][0]["id"]
    ask("get", f"/v1/campaigns/{campaign}")
    person = world.person("张示例")
    identity = {"campaign": person.campaign_id, "name": person.name, "id_number": person.id_number}
    ask("post", "/v1/me/identity", json=identity | {"name": "错"})
    ask("post", "/v1/me/identity", json=identity)
    ask("post", "/v1/me/identity", json=identity | {"nick": "x"})
    draft = f"/v1/campaigns/{campaign}/draft"
    ask("get", draft)
    ask("put", draft, json={"profile": {"guardians": []}})
    ask("put", draft, json={"profile": 7})
    ask("get", "/v1/campaigns/none/draft")
    ask("post", f"/v1/campaigns/{campaign}/record-errors", json={"about": "major", "message": "应为软件工程"})
    ask("post", f"/v1/campaigns/{campaign}/record-errors", json={"about": "weather", "message": "x"})
    ask("get", f"/v1/campaigns/{campaign}/record-errors")
    for code in ("", "/430000", "/430200", "/000000"):
        ask("get", f"/v1/regions{code}")
    _photos(ask, world, person.campaign_id)
    ask("get", "/v1/me/export")
    ask("delete", "/v1/consents/face_photo-1")
    ask("post", "/v1/auth/refresh", json={"refresh_token": ask.student.session["refresh_token"]})
    ask("get", "/v1/consents")
    assert len(ask.seen) >= 24


def _photos(ask: Checked, world: World, campaign: str) -> None:
    def upload(verdict: str) -> str:
        world.renderer.verdict = verdict
        photo = ask.student.upload(campaign=campaign).get_json()["id"]
        ask("get", f"/v1/photos/{photo}")
        world.render(photo)
        ask("get", f"/v1/photos/{photo}?wait=1")
        return str(photo)

    for verdict in ("fail", "garbage"):
        ask("get", f"/v1/photos/{upload(verdict)}/image")
    photo = upload("warn")
    ask("get", f"/v1/photos/{photo}/image")
    ask("post", "/v1/submissions", json={"photo": photo, "campaign": campaign, "profile": {}})
    ask("post", "/v1/submissions", json={"photo": photo, "campaign": campaign, "profile": PROFILE})
    ask("post", "/v1/submissions", json={"photo": photo, "campaign": campaign, "profile": PROFILE})
    ask("get", "/v1/submissions")
    ask("delete", f"/v1/photos/{photo}")
    ask("delete", f"/v1/photos/{photo}")
