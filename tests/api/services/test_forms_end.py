"""What a student filled in has an end date, as everything else that is kept."""

from datetime import timedelta

from house_fakes import PROFILE, World
from sqlalchemy import text

from api.domain.record_error import RecordField
from api.domain.reviewer import Reviewer
from api.domain.submission import SubmissionState
from api.services.forget_forms import ForgetForms, FormsForgotten
from api.web.console.review_data import profile_lines

SLUG = "hunan-pretco"
OFFICE = Reviewer.registrar("office")


def test_a_draft_ends_a_month_after_its_campaign(world: World):
    """Alice never handed it in: 30 days after the last second nobody can any more, and it goes; not a day before."""
    alice, _ = world.bound()
    world.house.save_draft(alice, campaign=SLUG, profile=PROFILE)
    ends = world.house.get_campaign(alice, SLUG).ends_at

    world.clock.time = ends + timedelta(days=30)
    assert world.house.purge().drafts == 0
    world.clock.forward(seconds=1)
    assert world.house.purge().drafts == 1

    assert world.house.read_draft(alice, campaign=SLUG).profile == {}
    assert world.house.export_me(alice)["drafts"] == []


def test_who_was_given_longer_keeps_the_draft_longer(world: World):
    """The month begins with her own last second; Bob's draft goes with the campaign's."""
    alice, row = world.bound()
    bob, _ = world.bound("bob", index=1)
    for student in (alice, bob):
        world.house.save_draft(student, campaign=SLUG, profile=PROFILE)
    ends = world.house.get_campaign(alice, SLUG).ends_at
    until = ends + timedelta(days=7)
    world.house.extend_window(SLUG, [row.student_number], until=until, reason="住院", by="office")

    world.clock.time = ends + timedelta(days=31)
    assert world.house.purge().drafts == 1
    assert world.house.read_draft(alice, campaign=SLUG).profile == PROFILE

    world.clock.time = until + timedelta(days=31)
    world.house.trusted_clock.believe()  # nobody was at work for a week
    assert world.house.purge().drafts == 1


def test_a_profile_ends_with_the_photo_that_was_handed_in_with_it(world: World):
    """A year after the submission both are gone; that she handed in, and what was decided, stays on record."""
    alice, submission = world.submitted()
    world.clock.time = submission.created_at + timedelta(days=365) - timedelta(seconds=1)
    assert world.house.purge().profiles == 0
    assert world.house.list_submissions(alice)[0].profile == PROFILE

    world.clock.forward(seconds=1)
    purged = world.house.purge()

    assert (purged.profiles, purged.photos) == (1, 1)
    assert world.house.list_submissions(alice)[0].id == submission.id
    told = world.house.export_me(alice)["submissions"][0]
    assert told["profile"] == {}
    assert world.house.purge().profiles == 0


def test_a_submission_whose_profile_has_ended_can_still_be_reviewed(world: World):
    """The page shows no form, deciding works, and what was deleted does not come back sealed as an empty one."""
    alice, submission = world.submitted()
    world.clock.time = submission.created_at + timedelta(days=365)
    world.house.purge()

    dossier = world.house.review.open_dossier(OFFICE, submission.id)
    assert profile_lines(dossier) == ()
    world.house.return_("office", submission.id, "照片已到期，请重拍")

    assert world.house.list_submissions(alice)[0].state is SubmissionState.RETURNED
    assert _sealed(world) == [None]


def test_a_whole_year_of_profiles_ends_in_one_purge(world: World):
    """However many there are, a batch at a time: nobody who writes meanwhile waits for all of them."""
    _, submission = world.submitted()
    bob, _ = world.bound("bob", index=1)
    world.house.confirm(bob, photo=world.ready(bob).id, campaign=SLUG, profile=PROFILE)
    world.clock.time = submission.created_at + timedelta(days=365)
    days = {"image_days": 30, "submitted_days": 365}

    forget = ForgetForms(database=world.house.parts.database, clock=world.clock, batch=1, **days)

    assert forget() == FormsForgotten(profiles=2, drafts=0, reports=0)


def test_what_a_student_wrote_about_a_wrong_record_ends_too(world: World):
    """A year after it was sent the words go; that something was reported, and the office's answer, stays."""
    alice, _ = world.bound()
    sent = world.house.report_record_error(alice, campaign=SLUG, about=RecordField.CLASS, message="我在二班")
    world.clock.time = sent.created_at + timedelta(days=365) - timedelta(seconds=1)
    assert world.house.purge().reports == 0

    world.clock.forward(seconds=1)
    assert world.house.purge().reports == 1

    answered = world.house.settle_record_error("office", sent.id, "已更正")
    assert (answered.message, answered.answer) == ("", "已更正")
    assert world.house.purge().reports == 0


def _sealed(world: World) -> list[bytes | None]:
    with world.house.parts.database.engine.connect() as connection:
        return list(connection.execute(text("SELECT profile_sealed FROM submissions")).scalars())
