"""Confirming a photo, and what the review answers."""

from datetime import timedelta

from web_world import PROFILE, Student, World


def test_a_confirmed_photo_is_under_review_and_its_outcome_is_shown(world: World, zhang: Student) -> None:
    """Returned with a reason, then submitted again and approved."""
    first = zhang.submit()
    assert first["state"] == "submitted"
    world.house.return_("staff-1", first["id"], "刘海遮住了眉毛")
    shown = zhang.get("/v1/submissions").get_json()["submissions"]
    assert [(one["state"], one["reason"]) for one in shown] == [("returned", "刘海遮住了眉毛")]
    second = zhang.submit()
    world.house.approve("staff-1", second["id"])
    states = {one["id"]: one["state"] for one in zhang.get("/v1/submissions").get_json()["submissions"]}
    assert states == {first["id"]: "returned", second["id"]: "approved"}
    assert "staff-1" not in zhang.get("/v1/submissions").text


def test_every_fault_of_a_profile_is_named_by_its_json_pointer(zhang: Student) -> None:
    """The page puts each sentence under its field."""
    campaign = zhang.bind()
    photo = zhang.ready_photo(campaign=campaign)
    profile = {"guardians": [{"name": "", "relation": "邻居", "id_type": "护照"}], "hobby": "x"}
    answer = zhang.post("/v1/submissions", json={"photo": photo, "campaign": campaign, "profile": profile})
    assert (answer.status_code, answer.get_json()["code"]) == (422, "invalid_profile")
    pointers = {error["pointer"] for error in answer.get_json()["errors"]}
    assert {"#/profile/guardians/0/name", "#/profile/guardians/0/relation", "#/profile/hobby"} <= pointers
    assert "#/profile/guardians/0/id_number" in pointers


def test_a_second_submission_while_the_first_is_under_review_is_refused(zhang: Student) -> None:
    """One at a time."""
    zhang.submit()
    campaign = zhang.bind()
    again = zhang.post(
        "/v1/submissions",
        json={"photo": zhang.ready_photo(campaign=campaign), "campaign": campaign, "profile": PROFILE},
    )
    assert (again.status_code, again.get_json()["code"]) == (409, "already_submitted")


def test_after_the_last_second_nothing_is_accepted_and_the_time_is_told_in_beijing_time(
    world: World, zhang: Student
) -> None:
    """The notice says 23:59:59, and so does the refusal."""
    campaign = zhang.bind()
    photo = zhang.ready_photo(campaign=campaign)
    world.clock.moment = world.seeded.campaigns[0].ends_at + timedelta(seconds=1)
    zhang.sign_in("张示例")
    answer = zhang.post("/v1/submissions", json={"photo": photo, "campaign": campaign, "profile": PROFILE})
    assert (answer.status_code, answer.get_json()["code"]) == (409, "campaign_closed")
    assert "23:59:59" in answer.get_json()["detail"]


def test_a_campaign_photo_needs_a_proved_identity(world: World, zhang: Student) -> None:
    """Nobody submits for someone else."""
    answer = zhang.upload(campaign=world.seeded.campaigns[0].id)
    assert (answer.status_code, answer.get_json()["code"]) == (403, "identity_required")


def test_a_photo_of_another_spec_is_not_taken(zhang: Student) -> None:
    """The two specs are named."""
    campaign = zhang.bind()
    answer = zhang.post(
        "/v1/submissions", json={"photo": zhang.ready_photo(), "campaign": campaign, "profile": PROFILE}
    )
    assert (answer.status_code, answer.get_json()["code"]) == (409, "photo_wrong_spec")
    assert "one-inch" in answer.get_json()["detail"]
