"""Consents, identity, export: what a student decides."""

import pytest
from web_world import Student, World


def test_without_consent_no_photo_call_works_and_the_page_is_told_why(world: World) -> None:
    """A selfie of someone who agreed to nothing is not even stored."""
    wang = world.student("王示例", consents=False)
    answer = wang.upload()
    assert (answer.status_code, answer.get_json()["code"]) == (403, "consent_required")
    assert world.bell.rings == []


def test_the_face_photo_needs_its_own_consent(world: World) -> None:
    """Agreeing to the privacy notice alone is not enough."""
    wang = world.student("王示例", consents=False)
    texts = wang.get("/v1/consents").get_json()["consents"]
    assert [text["kind"] for text in texts] == ["privacy", "face_photo"]
    wang.post("/v1/consents", json={"id": texts[0]["id"]})
    assert wang.upload().get_json()["code"] == "consent_required"
    given = wang.post("/v1/consents", json={"id": texts[1]["id"]})
    assert given.status_code == 201
    assert given.get_json()["given_at"] == "2026-03-02T02:00:00Z"
    assert wang.upload().status_code == 202


def test_withdrawing_consent_takes_the_photos_with_it(world: World, zhang: Student) -> None:
    """What rested on the consent is gone, and the next upload asks again."""
    photo = zhang.ready_photo()
    assert zhang.delete("/v1/consents/face_photo-1").status_code == 204
    assert zhang.get(f"/v1/photos/{photo}").status_code == 404
    assert zhang.upload().get_json()["code"] == "consent_required"


def test_a_student_is_bound_by_name_and_number_and_sees_the_number_masked(world: World, zhang: Student) -> None:
    """The full number never comes back."""
    person = world.person("张示例")
    body = {"campaign": person.campaign_id, "name": "张示例", "id_number": person.id_number}
    answer = zhang.post("/v1/me/identity", json=body)
    assert answer.status_code == 200
    assert person.id_number not in answer.text
    assert answer.get_json()["id_number_masked"].count("*") == 12
    assert answer.get_json()["class"] == person.class_
    assert zhang.get(f"/v1/campaigns/{person.campaign_id}").get_json()["bound"] is True


def test_a_wrong_name_and_a_wrong_number_are_answered_alike(world: World, zhang: Student) -> None:
    """Nobody can find out who is on a roster."""
    zhang_row, li_row = world.person("张示例"), world.person("李示例")
    wrong_name = {"campaign": zhang_row.campaign_id, "name": "李示例", "id_number": zhang_row.id_number}
    elsewhere = {"campaign": zhang_row.campaign_id, "name": "张示例", "id_number": world.person("陈示例").id_number}
    answers = [zhang.post("/v1/me/identity", json=body).get_json() for body in (wrong_name, elsewhere)]
    for answer in answers:
        answer.pop("request_id")
    assert answers[0] == answers[1]
    assert answers[0]["code"] == "identity_mismatch"
    assert li_row.id_number not in str(answers)


def test_the_standards_own_example_number_passes_the_checksum(world: World, zhang: Student) -> None:
    """11010519491231002X stands in GB 11643: it is on no roster here, but it is a number."""
    campaign = world.seeded.campaigns[0].id
    body = {"campaign": campaign, "name": "张示例", "id_number": "11010519491231002X"}
    assert zhang.post("/v1/me/identity", json=body).get_json()["code"] == "identity_mismatch"
    typo = zhang.post("/v1/me/identity", json=body | {"id_number": "110105194912310021"})
    assert (typo.status_code, typo.get_json()["code"]) == (422, "id_number_invalid")


def test_guessing_identities_ends_after_five_tries(world: World, zhang: Student) -> None:
    """Then it is an hour's wait, said in words and in `Retry-After`."""
    person = world.person("张示例")
    body = {"campaign": person.campaign_id, "name": "某某", "id_number": person.id_number}
    for _ in range(5):
        assert zhang.post("/v1/me/identity", json=body).status_code == 422
    answer = zhang.post("/v1/me/identity", json=body)
    assert (answer.status_code, answer.get_json()["code"]) == (429, "too_many_attempts")
    assert int(answer.headers["Retry-After"]) > 0
    assert "5 次" in answer.get_json()["detail"]


def test_a_student_can_take_everything_along(zhang: Student) -> None:
    """The export is one JSON document, offered as a file, kept by nobody on the way."""
    zhang.submit()
    answer = zhang.get("/v1/me/export")
    assert answer.mimetype == "application/json"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.get_json()["submissions"]


@pytest.mark.parametrize("path", ["/v1/consents/none-1", "/v1/consents/face_photo-1"])
def test_a_consent_that_was_not_given_cannot_be_withdrawn(world: World, path: str) -> None:
    """404, not a silent success."""
    assert world.student("王示例", consents=False).delete(path).status_code == 404
