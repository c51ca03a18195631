"""What a student may take back, take along and have forgotten; and what ends by itself."""

from dataclasses import replace
from datetime import timedelta

import pytest
from house_fakes import PROFILE, World, failing

from api.bootstrap import furnish
from api.domain.consent import Guardian
from api.domain.errors import ConsentRequired, NotAuthenticated, NotFound
from api.domain.errors_storage import StorageUnavailable
from api.domain.photo import PhotoState
from api.domain.submission import SubmissionState
from api.domain.work import Work


def test_the_texts_are_shown_with_what_was_given(world: World):
    """Bob sees two texts, none given; after giving one, when."""
    bob = world.student("bob", consented=False)

    world.house.give_consent(bob, "privacy-1")

    texts = {text.id: text.given_at for text in world.house.list_consents(bob)}
    assert texts == {"privacy-1": world.clock.now(), "face_photo-1": None}


def test_giving_twice_keeps_the_first_time(world: World):
    """The first time is the one that counts."""
    bob = world.student("bob", consented=False)
    first = world.house.give_consent(bob, "privacy-1").given_at
    world.clock.forward(days=1)

    assert world.house.give_consent(bob, "privacy-1").given_at == first
    with pytest.raises(NotFound):
        world.house.give_consent(bob, "no-such-text")


def test_withdrawing_the_face_consent_deletes_every_photo(world: World):
    """All files go at once, the submission is taken back, the registry is told, and no new selfie is taken."""
    alice, _ = world.submitted()
    world.submit(alice)
    world.work_off(Work.DELIVER)

    world.house.withdraw_consent(alice, "face_photo-1")
    world.work_off(Work.DELIVER)
    world.house.sweep()
    world.work_off(Work.DELIVER)

    assert world.files() == 0
    assert world.house.list_submissions(alice)[0].state is SubmissionState.REVOKED
    assert b"photo.revoked" in world.post.posted[-1].body
    with pytest.raises(ConsentRequired):
        world.submit(alice)


def test_withdrawing_the_privacy_consent_forgets_the_person(world: World):
    """Profile and bond to the roster go as well; the row is free again for its owner."""
    alice, row = world.bound()
    world.submitted()

    world.house.withdraw_consent(alice, "privacy-1")

    assert world.house.list_submissions(alice)[0].profile == {}
    assert world.house.export_me(alice)["identities"] == []
    again = world.student("alice-again")
    assert world.house.bind_identity(again, campaign="hunan-pretco", name=row.name, id_number=row.id_number)


def test_one_cannot_withdraw_what_was_not_given(world: World):
    """Nor twice."""
    alice = world.student()
    world.house.withdraw_consent(alice, "face_photo-1")

    with pytest.raises(NotFound):
        world.house.withdraw_consent(alice, "face_photo-1")


def test_a_deleted_photo_is_gone(world: World):
    """Files, report and photo; the others stay."""
    alice = world.student()
    kept, gone = world.ready(alice), world.ready(alice)

    world.house.delete_photo(alice, gone.id)

    assert world.files() == 2
    assert world.house.read_photo(alice, kept.id).photo.state is PhotoState.READY
    with pytest.raises(NotFound):
        world.house.read_photo(alice, gone.id)


def test_everything_kept_can_be_taken_along(world: World):
    """Alice's export has her consents, identity, photos and what she filled in."""
    alice, submission = world.submitted()

    export = world.house.export_me(alice)

    assert [consent["id"] for consent in export["consents"]] == ["privacy-1", "face_photo-1"]
    assert export["identities"][0]["name"] == "张示例"
    assert export["photos"][0]["report"]["verdict"] == "pass"
    assert export["submissions"][0]["id"] == submission.id
    assert export["submissions"][0]["profile"] == PROFILE


def test_the_guardian_the_longer_end_and_what_was_withdrawn_are_taken_along_too(world: World):
    """They are kept of Alice as well: who agreed for her, why she was given longer, and what she once agreed to."""
    alice, row = world.bound()
    guardian = Guardian(name="张家长", relation="母亲")
    world.house.give_consent(alice, "guardian-1", guardian=guardian)
    ends = world.house.get_campaign(alice, "hunan-pretco").ends_at
    until = ends + timedelta(days=1)
    world.house.extend_window("hunan-pretco", [row.student_number], until=until, reason="住院", by="office")
    world.house.withdraw_consent(alice, "face_photo-1")

    export = world.house.export_me(alice)

    told = {one["id"]: one for one in export["consents"]}
    assert told["guardian-1"]["guardian"] == {"name": "张家长", "relation": "母亲"}
    assert told["face_photo-1"]["withdrawn_at"] == world.clock.now().isoformat()
    assert told["privacy-1"]["withdrawn_at"] is None
    assert export["identities"][0]["longer"] == {"until": until.isoformat(), "reason": "住院"}


def test_an_erased_student_is_nobody(world: World):
    """No file, no login, no bond; logging in again makes a new student who starts from nothing."""
    alice, _ = world.submitted()
    session = world.house.login_as_developer("alice")

    world.house.erase_me(alice)

    assert world.files() == 0
    with pytest.raises(NotAuthenticated):
        world.house.authenticate(session.access_token)
    with pytest.raises(NotAuthenticated):
        world.house.refresh_session(session.refresh_token)
    fresh = world.house.login_as_developer("alice").student.id
    assert fresh != alice
    assert world.house.export_me(fresh)["photos"] == []


def test_files_end_by_themselves(world: World):
    """A rejected selfie after its week, an unsubmitted photo after its month; what was submitted stays longer."""
    alice, submission = world.submitted()
    world.renderer.outcomes = [failing()]
    rejected, unsubmitted = world.ready(alice), world.ready(alice)

    world.clock.forward(days=7)
    world.house.purge()
    with pytest.raises(NotFound):
        world.house.read_photo(alice, rejected.id)
    assert world.house.read_image(alice, unsubmitted.id)

    world.clock.forward(days=23)
    world.house.trusted_clock.believe()  # nobody was at work for three weeks
    world.house.purge()
    with pytest.raises(NotFound):
        world.house.read_photo(alice, unsubmitted.id)
    assert world.house.read_image(alice, submission.photo_id)

    world.clock.forward(days=365)
    world.house.trusted_clock.believe()
    assert world.house.purge().photos == 1
    assert world.files() == 0


def test_purging_twice_is_purging_once(world: World):
    """There is nothing left for the second time, and identity attempts go after a day."""
    alice, _ = world.bound()
    world.ready(alice)
    world.clock.forward(days=31)

    first, second = world.house.purge(), world.house.purge()

    assert (first.blobs, first.photos, first.attempts) == (2, 1, 1)
    assert (second.blobs, second.photos, second.attempts) == (0, 0, 0)


def test_one_file_that_cannot_be_deleted_keeps_no_other(world: World):
    """A folder with the wrong owner must not hold up the end of everybody else's pictures; and it is told."""
    photos = [world.submit(world.student(name)) for name in ("alice", "bob", "carol")]
    stuck = photos[0].selfie_key

    class OneStuck:
        """A store that lets go of everything but one file."""

        def __getattr__(self, name: str) -> object:
            return getattr(world.house.parts.blobs, name)

        def delete(self, key: str) -> None:
            if key == stuck:
                raise StorageUnavailable(reason="EACCES")
            world.house.parts.blobs.delete(key)

    house = furnish(world.house.settings, replace(world.house.parts, blobs=OneStuck()))
    world.clock.forward(days=8)

    with pytest.raises(StorageUnavailable):
        house.purge()

    assert world.files() == 1
    assert world.house.purge().blobs == 1
