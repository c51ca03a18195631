"""What nobody types on purpose is answered with a page that says so, never with a fault of ours."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from web_world import World

from api.web.console.school_login import _login

WRITTEN = {
    "name": "春季采集",
    "slug": "spring",
    "spec": "one-inch",
    "starts_at": "2026-03-02T00:00",
    "ends_at": "2026-04-02T00:00",
    "form_source": "none",
    "deliver_on": "photo.approved",
}


@pytest.mark.parametrize("wanted", ["http://[", "//[", "//evil.example/", "\\\\evil.example", "javascript:alert(1)"])
def test_an_address_that_is_none_leads_home(world: World, wanted: str):
    """After the login and after the language switch, signed in or not."""
    member = world.account("registrar", login="wang")
    stranger = world.staff("registrar", login="li")
    entered = world.client()
    token = entered.get("/console/login").text.split('name="csrf_token" value="')[1].split('"')[0]
    form = {"login": member.login, "password": "窗外的雨下了一整夜没有停", "csrf_token": token}

    assert entered.post("/console/login", query_string={"next": wanted}, data=form).location == "/console/"
    assert stranger.post("/console/language", {"lang": "en", "back": wanted}).location == "/console/"


@pytest.mark.parametrize("moment", ["0001-01-01T00:00", "9999-12-31T23:59:59", "1999-12-31T23:59", "٢٠٢٦-٠٣-٠٢"])
@pytest.mark.parametrize("field", ["starts_at", "ends_at"])
def test_a_moment_of_no_century_of_ours_is_told_at_its_field(world: World, field: str, moment: str):
    """Where time itself ends, too."""
    office = world.staff("registrar")
    made = office.post("/console/campaigns/new", {**WRITTEN, field: moment})
    again = office.post("/console/campaigns/hunan-pretco/reopen", {"ends_at": moment})
    longer = {"until": moment, "student": "2022010101", "reason": "病假"}

    assert made.status_code == 422
    assert again.status_code == 302
    assert office.post("/console/campaigns/hunan-pretco/extensions", longer).status_code == 422


@pytest.mark.parametrize(
    "schema",
    [
        '{"type":"object","properties":{"a":{"title":"\\ud800","type":"string"}}}',
        '{"type":"object","properties":{"a":{"title":"x","type":["string","null"]}}}',
        '{"type":"object","properties":{"a":{"type":"object","title":"x","properties":{"b":{"$ref":"#/properties/a"}}}}}',
        '{"type":"object","properties":{"a":' + '{"not":' * 400 + "{}" + "}" * 400 + "}}",
    ],
    ids=["half a character", "two types", "a form within itself", "nested without end"],
)
def test_a_form_that_would_never_end_is_refused_with_what_is_wrong(world: World, schema: str):
    """In the preview and when it is kept."""
    office = world.staff("registrar")
    written = {**WRITTEN, "form_source": "custom", "profile_schema": schema}

    assert office.post("/console/campaigns/form-preview", {"profile_schema": schema}).status_code == 422
    assert office.post("/console/campaigns/new", written).status_code == 422


def test_nul_is_refused_at_the_door(world: World):
    """PostgreSQL keeps none: what SQLite lets through would be a fault of ours there."""
    office = world.staff("registrar")

    assert office.get("/console/review?college=a%00b").status_code == 400
    assert office.get("/console/campaigns?a%5Cx00=%00").status_code == 400
    assert office.post("/console/staff/new", {"login": "lin", "name": "林\0", "role": "counsellor"}).status_code == 400


@pytest.mark.parametrize(
    ("claim", "claims", "login"),
    [
        ("phone_number", {"phone_number": "13900000000"}, ""),
        ("phone_number", {"phone_number": "13900000000", "phone_number_verified": False}, ""),
        ("phone_number", {"phone_number": "13900000000", "phone_number_verified": "true"}, ""),
        ("phone_number", {"phone_number": "13900000000", "phone_number_verified": True}, "13900000000"),
        ("email", {"email": "lin@school.example"}, ""),
        ("preferred_username", {"preferred_username": ["lin"]}, ""),
        ("preferred_username", {"preferred_username": "lin"}, "lin"),
    ],
)
def test_a_number_that_nobody_has_verified_proves_as_little_as_an_address(
    claim: str, claims: dict[str, Any], login: str
):
    """Whoever may type any telephone number at the provider does not become a colleague by it."""
    oidc: Any = SimpleNamespace(claim=claim)

    assert _login(oidc, json.loads(json.dumps(claims))) == login
