"""Children, their guardians, and rows that a counsellor frees again."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from house_fakes import PROFILE, World

from api.domain.campaign_rules import CampaignFields
from api.domain.consent import Guardian
from api.domain.delivery import Event
from api.domain.errors import AlreadySubmitted, ConsentRequired, InvalidRequest, NotAuthenticated, NotFound
from api.domain.id_number import check_digit
from api.domain.identity import RosterRow
from api.domain.reviewer import Reviewer, Role, Scope
from api.domain.submission import SubmissionState
from api.services.roster import Person

MOTHER = Guardian(name="王家长", relation="母亲")


def child(world: World, born: str = "20130101") -> str:
    """Log a child in who is on the roster."""
    world.seed()
    body = f"430000{born}001"
    person = Person("小示例", body + check_digit(body), "K1", "附属中学", "2025", "初中", "一班")
    world.house.import_roster("hunan-pretco", [person])
    found = world.student("kid")
    world.house.bind_identity(found, campaign="hunan-pretco", name=person.name, id_number=person.id_number)
    return found


def test_a_childs_photo_waits_for_the_guardian(world: World):
    """Bound, with both consents, and still no selfie is taken in; with the guardian's word it is."""
    kid = child(world)

    with pytest.raises(ConsentRequired) as refusal:
        world.submit(kid)
    assert refusal.value.facts["kinds"] == ("guardian",)
    texts = world.house.list_consents(kid)
    assert [text.kind.value for text in texts if text.given_at is None] == ["guardian"]

    world.house.give_consent(kid, "guardian-1", guardian=MOTHER)
    assert world.submit(kid)


def test_without_the_guardian_nothing_is_handed_in(world: World):
    """A photo made before the roster told the age goes no further."""
    photo_first = world.student("kid")
    photo = world.ready(photo_first)
    kid = child(world)

    assert kid == photo_first
    with pytest.raises(ConsentRequired):
        world.house.confirm(kid, photo=photo.id, campaign="hunan-pretco", profile=PROFILE)


def test_a_guardian_has_a_name(world: World):
    """Nobody else's consent takes one."""
    kid = child(world)

    with pytest.raises(InvalidRequest):
        world.house.give_consent(kid, "guardian-1")
    with pytest.raises(InvalidRequest):
        world.house.give_consent(kid, "privacy-1", guardian=MOTHER)


def test_the_guardian_is_kept_sealed_as_proof(world: World):
    """Who agreed can be shown; the database file does not tell."""
    kid = child(world)
    world.house.give_consent(kid, "guardian-1", guardian=MOTHER)
    data = b"".join(path.read_bytes() for path in world.house.settings.home.glob("idphoto.db*"))

    with world.house.parts.database.read() as uow:
        kept = [row.guardian for row in uow.consents.of(kid) if row.guardian]
    assert kept == [MOTHER]
    assert MOTHER.name.encode() not in data
    assert MOTHER.name not in repr(kept)


def test_a_guardian_may_take_it_back(world: World):
    """The photo goes, and no new one comes in."""
    kid = child(world)
    world.house.give_consent(kid, "guardian-1", guardian=MOTHER)
    world.ready(kid)
    world.house.withdraw_consent(kid, "guardian-1")

    assert world.files() == 0
    with pytest.raises(ConsentRequired):
        world.submit(kid)


def test_who_is_of_age_never_sees_the_guardians_text(world: World):
    """University students are not asked for their mothers."""
    alice, _ = world.bound()

    assert {text.kind.value for text in world.house.list_consents(alice)} == {"privacy", "face_photo"}


@pytest.mark.parametrize(
    ("now", "is_child"),
    [
        (datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 12, 31, 16, 0, 0, tzinfo=UTC), False),
    ],
)
def test_fourteen_is_reached_at_midnight_in_beijing(now: datetime, is_child: bool):
    """Born on New Year's Day 2013."""
    row = RosterRow("rr_1", "cp_1", "小示例", "43000020130101001X", "K1", "", "", "", "")

    assert row.under_14(now) is is_child


def test_a_leap_days_child_is_fourteen_on_the_first_of_march():
    """There is no 29 February 2026; on the 28th the child still is one."""
    row = RosterRow("rr_1", "cp_1", "小示例", "43000020120229001X", "K1", "", "", "", "")

    assert row.under_14(datetime(2026, 2, 28, 12, 0, tzinfo=UTC))
    assert not row.under_14(datetime(2026, 3, 1, 12, 0, tzinfo=UTC))


def test_a_counsellor_frees_a_row(world: World):
    """Charlie had taken Alice's place; afterwards Alice can take it, and what Charlie handed in is taken back."""
    _, submission = world.submitted("charlie")
    row = _row(world, submission.roster_row_id)

    unbound = world.house.unbind_row("li", row.id)

    assert unbound.row.student_id is None
    assert unbound.taken_back.state is SubmissionState.REVOKED
    with world.house.parts.database.read() as uow:
        owed = uow.deliveries.find(registry_id=None, state=None, limit=10)
    assert Event.REVOKED in {delivery.event for delivery in owed}
    alice = world.student("alice")
    assert world.house.bind_identity(alice, campaign="hunan-pretco", name=row.name, id_number=row.id_number)
    photo = world.ready(alice)
    assert world.house.confirm(alice, photo=photo.id, campaign="hunan-pretco", profile=PROFILE)
    with pytest.raises(AlreadySubmitted):
        world.house.confirm(alice, photo=photo.id, campaign="hunan-pretco", profile=PROFILE)


def test_the_registry_forgets_every_photo_it_heard_of_under_the_freed_row(world: World):
    """A wrong login's photos: one returned, one only ready. Both were told of under the student number of another."""
    mallory, row = world.bound("mallory")
    campaign = world.house.show_campaigns("hunan-pretco")[0].campaign
    fields = replace(CampaignFields.of(campaign), deliver_on=campaign.deliver_on | {Event.READY.value})
    edit = world.house.office.edit_campaign
    edit("hunan-pretco", fields, mark=edit.look("hunan-pretco").mark)
    for_campaign = {"spec": None, "campaign": "hunan-pretco"}
    returned, ready = (world.submit(mallory, **for_campaign) for _ in range(2))
    for photo in (returned, ready):
        world.house.render_photo(photo.id)
    world.clock.forward(seconds=1)
    entry = world.house.confirm(mallory, photo=returned.id, campaign="hunan-pretco", profile=PROFILE)
    world.house.return_("li", entry.id, "不是本人")
    world.clock.forward(seconds=1)

    assert world.house.unbind_row("li", row.id).taken_back is None

    ends = [one for one in world.house.list_deliveries() if one.event is Event.REVOKED]
    assert {one.photo_id for one in ends} == {returned.id, ready.id}
    assert {one.data["student_number"] for one in ends} == {row.student_number}


def test_a_counsellor_frees_only_rows_of_their_classes(world: World):
    """Another class is not there for them; nor is a row that is free."""
    _, row = world.bound()
    stranger = Reviewer("wang", Role.COUNSELLOR, (Scope(class_="别的班"),))
    own = Reviewer("li", Role.COUNSELLOR, (Scope(class_=row.class_),))

    with pytest.raises(NotFound):
        world.house.unbind_row(stranger, row.id)
    assert world.house.unbind_row(own, row.id).taken_back is None
    with pytest.raises(NotFound):
        world.house.unbind_row(own, row.id)


def test_logging_out_ends_the_whole_family(world: World):
    """The pair in hand and its refreshed children; another phone stays in."""
    first = world.house.login_as_developer("alice")
    second = world.house.refresh_session(first.refresh_token)
    other = world.house.login_as_developer("alice")

    world.house.end_session(second.access_token)

    for dead in (first.access_token, second.access_token):
        with pytest.raises(NotAuthenticated):
            world.house.authenticate(dead)
    with pytest.raises(NotAuthenticated):
        world.house.refresh_session(second.refresh_token)
    with pytest.raises(NotAuthenticated):
        world.house.end_session(second.access_token)
    assert world.house.authenticate(other.access_token)


def _row(world: World, row_id: str) -> RosterRow:
    with world.house.parts.database.read() as uow:
        return uow.roster.get(row_id)
