"""Confirming a photo, and what counsellors make of it."""

from datetime import timedelta

import pytest
from house_fakes import PROFILE, World

from api.domain.campaign import WindowState
from api.domain.delivery import Event
from api.domain.errors import (
    AlreadySubmitted,
    CampaignClosed,
    IdentityRequired,
    InvalidProfile,
    InvalidRequest,
    NotFound,
    NotReviewable,
    PhotoNotReady,
    PhotoWrongSpec,
)
from api.domain.submission import SubmissionState


def confirm(world: World, student: str, photo: str, profile: dict | None = None):
    return world.house.confirm(
        student, photo=photo, campaign="hunan-pretco", profile=PROFILE if profile is None else profile
    )


def test_a_photo_is_confirmed_and_approved(world: World):
    """Under review first, approved by the counsellor, the registry owed both events."""
    alice, submission = world.submitted()

    approved = world.house.approve("counsellor-1", submission.id)

    assert submission.state is SubmissionState.SUBMITTED
    assert (approved.state, approved.decided_by) == (SubmissionState.APPROVED, "counsellor-1")
    assert {delivery.event for delivery in world.house.list_deliveries()} == {Event.SUBMITTED, Event.APPROVED}
    assert world.house.list_submissions(alice)[0].state is SubmissionState.APPROVED


def test_a_returned_photo_can_be_handed_in_again(world: World):
    """Alice reads the reason, takes another, and it comes back for review."""
    alice, submission = world.submitted()
    world.house.return_("counsellor-1", submission.id, "头发遮住了耳朵")

    world.clock.forward(seconds=1)
    second = confirm(world, alice, world.ready(alice).id)

    states = [(one.id, one.state.value, one.reason) for one in world.house.list_submissions(alice)]
    assert states == [(second.id, "submitted", None), (submission.id, "returned", "头发遮住了耳朵")]


def test_a_return_needs_a_reason(world: World):
    """A student cannot do anything with silence."""
    _, submission = world.submitted()

    with pytest.raises(InvalidRequest):
        world.house.return_("counsellor-1", submission.id, "  ")


def test_only_one_is_under_review_at_a_time(world: World):
    """A second confirmation waits for the first decision, and after an approval there is none."""
    alice, submission = world.submitted()
    other = world.ready(alice)

    with pytest.raises(AlreadySubmitted):
        confirm(world, alice, other.id)
    world.house.approve("counsellor-1", submission.id)
    with pytest.raises(AlreadySubmitted):
        confirm(world, alice, other.id)


def test_a_decision_is_made_once(world: World):
    """Approving twice, returning what is approved: refused by name. Revoking an approval is possible, once."""
    _, submission = world.submitted()
    world.house.approve("counsellor-1", submission.id)

    with pytest.raises(NotReviewable):
        world.house.approve("counsellor-2", submission.id)
    with pytest.raises(NotReviewable):
        world.house.return_("counsellor-2", submission.id, "迟了")
    assert world.house.revoke("registrar", submission.id, "学籍已注销").state is SubmissionState.REVOKED
    with pytest.raises(NotReviewable):
        world.house.revoke("registrar", submission.id, "再来一次")
    with pytest.raises(NotFound):
        world.house.approve("counsellor-1", "sb_nobody")


def test_only_ready_photos_of_the_right_spec_and_ones_own(world: World):
    """A queued one, one made for another spec, another student's: none of them."""
    alice, _ = world.bound()
    queued = world.submit(alice)
    other_spec = world.ready(alice, spec="one-inch")
    bobs = world.ready(world.student("bob"))

    with pytest.raises(PhotoNotReady):
        confirm(world, alice, queued.id)
    with pytest.raises(PhotoWrongSpec):
        confirm(world, alice, other_spec.id)
    with pytest.raises(NotFound):
        confirm(world, alice, bobs.id)


def test_only_people_of_the_roster_within_the_window(world: World):
    """Charlie proved nothing; and a second after the end even Alice is too late."""
    alice, row = world.bound()
    mine = world.ready(alice)
    charlie = world.student("charlie")
    his = world.ready(charlie)
    with world.house.parts.database.read() as uow:
        ends_at = uow.campaigns.get(row.campaign_id).ends_at

    with pytest.raises(IdentityRequired):
        confirm(world, charlie, his.id)
    world.clock.time = ends_at + timedelta(seconds=1)
    assert world.house.get_campaign(alice, "hunan-pretco").window is WindowState.CLOSED
    with pytest.raises(CampaignClosed):
        confirm(world, alice, mine.id)


GUARDIAN = PROFILE["guardians"][0]


@pytest.mark.parametrize(
    ("profile", "path", "message"),
    [
        ({}, "guardians", "此项必填"),
        ({"guardians": []}, "guardians", "至少填 1 项"),
        ({"guardians": [GUARDIAN] * 5}, "guardians", "最多填 4 项"),
        ({"guardians": [{**GUARDIAN, "name": ""}]}, "guardians.0.name", "此项必填"),
        ({"guardians": [{**GUARDIAN, "name": "长" * 51}]}, "guardians.0.name", "最多填 50 个字"),
        ({"guardians": [{**GUARDIAN, "relation": "朋友"}]}, "guardians.0.relation", "请从给出的选项里选择"),
        (
            {"guardians": [{**GUARDIAN, "id_number": "430000197001010010"}]},
            "guardians.0.id_number",
            "身份证号不正确，请核对",
        ),
        ({"guardians": [{**GUARDIAN, "phone": "12345"}]}, "guardians.0.phone", "填写的内容不符合要求"),
        ({"guardians": [GUARDIAN], "nickname": "x"}, "nickname", "没有这一项"),
        ({"guardians": "爸爸"}, "guardians", "格式不对"),
    ],
)
def test_a_form_says_what_does_not_fit(world: World, profile: dict, path: str, message: str):
    """Each fault names its field and says what is wrong, in Chinese."""
    alice, _ = world.bound()
    photo = world.ready(alice)

    with pytest.raises(InvalidProfile) as refusal:
        confirm(world, alice, photo.id, profile)

    assert (path, message) in [(fault.path, fault.message) for fault in refusal.value.faults]


def test_a_passport_is_no_id_number(world: World):
    """A guardian with a passport gives its number, which has no check digit."""
    alice, _ = world.bound()
    guardian = {**GUARDIAN, "id_type": "护照", "id_number": "E12345678", "employer": "自由职业"}

    assert confirm(world, alice, world.ready(alice).id, {"guardians": [guardian]})


def test_all_faults_come_at_once(world: World):
    """One round trip is enough to learn everything that is missing."""
    alice, _ = world.bound()
    photo = world.ready(alice)

    with pytest.raises(InvalidProfile) as refusal:
        confirm(world, alice, photo.id, {"guardians": [{}]})

    paths = {fault.path for fault in refusal.value.faults}
    assert paths == {f"guardians.0.{name}" for name in ("name", "relation", "id_type", "id_number")}


def test_counsellors_find_their_class(world: World):
    """By state, college, grade, major and class, with the person and the photo beside it."""
    world.submitted()

    for filters in ({}, {"college": "软件学院"}, {"grade": "2022", "class_": "软件2201班"}, {"state": "submitted"}):
        (found,) = world.house.find_submissions(**filters)
        assert (found.row.name, found.photo.state.value) == ("张示例", "ready")
    assert world.house.find_submissions(college="陶瓷学院") == ()
    assert world.house.find_submissions(state="approved") == ()
    with pytest.raises(InvalidRequest):
        world.house.find_submissions(state="whatever")


def test_profiles_are_sealed(world: World):
    """Whoever reads the database file finds no guardian."""
    world.submitted()
    data = b"".join(path.read_bytes() for path in world.house.settings.home.glob("idphoto.db*"))

    assert "张家长".encode() not in data
    assert b"430000197001010019" not in data


def test_the_second_notices_form(world: World):
    """Phone, birthplace to the county, family, status, group: complete it passes, each part missing is named."""
    alice, _ = world.bound(campaign="cqwu-xuegong")
    photo = world.ready(alice, spec="cqwu-xuegong")
    profile = {
        "phone": "13800000000",
        "birthplace": {"province": "重庆市", "city": "重庆市", "county": "永川区"},
        "family": [{"name": "陈家长", "relation": "母亲", "phone": "13900000000"}],
        "political_status": "共青团员",
        "ethnic_group": "土家族",
    }

    for missing in profile:
        partial = {key: value for key, value in profile.items() if key != missing}
        with pytest.raises(InvalidProfile):
            world.house.confirm(alice, photo=photo.id, campaign="cqwu-xuegong", profile=partial)

    assert world.house.confirm(alice, photo=photo.id, campaign="cqwu-xuegong", profile=profile)
