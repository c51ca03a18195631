"""The pictures reviewers look at: owed with the submission, made when a worker has time, gone when the selfie goes."""

from datetime import timedelta

import pytest
from house_fakes import PROFILE, World

from api.domain.blob import BlobKind
from api.domain.errors import NotFound, RendererAway
from api.domain.exhibit import ExhibitState
from api.domain.reviewer import Reviewer, Role, Scope
from api.domain.work import Work
from api.services.review_dossier import Picture, PictureState
from photo_service.contract import UnreadableImage

LI = Reviewer(name="li", role=Role.COUNSELLOR, scopes=(Scope(class_="软件2201班"),))
STRANGER = Reviewer(name="wang", role=Role.COUNSELLOR, scopes=(Scope(college="陶瓷学院"),))


def make_all(world: World) -> int:
    """Sweep, then answer every bell for pictures."""
    world.house.sweep()
    count = 0
    while (photo := world.bell.take(Work.EXHIBIT)) is not None:
        world.house.review.make_exhibit(photo)
        count += 1
    return count


def files_of(world: World, photo_id: str) -> dict[BlobKind, object]:
    with world.house.parts.database.read() as uow:
        return {row.kind: row for row in uow.blobs.of_photo(photo_id)}


def state_of(world: World, photo_id: str) -> ExhibitState | None:
    with world.house.parts.database.read() as uow:
        due = uow.exhibits.get(photo_id)
    return due.state if due else None


def test_a_submission_gets_its_pictures_and_a_mere_photo_none(world: World):
    """Only what is to be reviewed is drawn, once."""
    alice, submission = world.submitted()
    other = world.ready(alice)

    assert make_all(world) == 1
    assert make_all(world) == 0

    assert state_of(world, submission.photo_id) is ExhibitState.MADE
    assert state_of(world, other.id) is None
    assert world.house.review.read_picture(LI, submission.id, Picture.SELFIE).bytes == b"small selfie"
    assert world.house.review.read_picture(LI, submission.id, Picture.DRAWING).bytes == b"drawing"
    assert world.house.review.read_picture(LI, submission.id, Picture.THUMB).bytes == b"thumb"


def test_before_they_are_there_the_page_can_say_so_and_the_photo_is_shown(world: World):
    """Nobody waits for a drawing."""
    _, submission = world.submitted()

    states = world.house.review.open_dossier(LI, submission.id).pictures
    assert states == {
        Picture.PHOTO: PictureState.READY,
        Picture.SELFIE: PictureState.WAITING,
        Picture.DRAWING: PictureState.WAITING,
    }
    photo = world.house.review.read_picture(LI, submission.id, Picture.PHOTO)
    assert world.house.review.read_picture(LI, submission.id, Picture.THUMB) == photo
    with pytest.raises(NotFound):
        world.house.review.read_picture(LI, submission.id, Picture.SELFIE)


def test_each_picture_ends_with_what_it_was_made_from(world: World):
    """Selfie and drawing when the selfie does, as the student was promised; the small copy with the photo."""
    _, submission = world.submitted()
    make_all(world)
    files = files_of(world, submission.photo_id)

    assert files[BlobKind.REVIEW_SELFIE].ends_at == files[BlobKind.SELFIE].ends_at
    assert files[BlobKind.DRAWING].ends_at == files[BlobKind.SELFIE].ends_at
    assert files[BlobKind.THUMB].ends_at == files[BlobKind.IMAGE].ends_at
    assert len({row.owner_id for row in files.values()}) == 1

    world.clock.forward(days=8)
    world.house.purge()

    assert set(files_of(world, submission.photo_id)) == {BlobKind.IMAGE, BlobKind.THUMB}
    states = world.house.review.open_dossier(LI, submission.id).pictures
    assert states[Picture.SELFIE] is PictureState.EXPIRED


def test_a_student_who_deletes_the_photo_deletes_its_pictures(world: World):
    """Rows and files, and what was owed."""
    alice, submission = world.submitted()
    make_all(world)

    world.house.delete_photo(alice, submission.photo_id)

    assert files_of(world, submission.photo_id) == {}
    assert world.files() == 0
    assert state_of(world, submission.photo_id) is None


def test_pictures_that_come_too_late_are_thrown_away(world: World):
    """Alice deletes her photo while the drawing is being made."""
    alice, submission = world.submitted()
    world.renderer.before = lambda: world.house.delete_photo(alice, submission.photo_id)

    assert make_all(world) == 1

    assert files_of(world, submission.photo_id) == {}
    assert world.files() == 0


def test_a_photo_service_that_is_away_costs_no_try(world: World):
    """It is asked again half a minute later, as often as it takes."""
    _, submission = world.submitted()
    world.renderer.exhibit_error = RendererAway()
    for _ in range(5):
        make_all(world)
        world.clock.forward(seconds=31)
    world.renderer.exhibit_error = None

    make_all(world)

    assert state_of(world, submission.photo_id) is ExhibitState.MADE


@pytest.mark.parametrize(("fault", "tries"), [(RuntimeError("a defect"), 3), (UnreadableImage(), 1)])
def test_what_cannot_be_drawn_is_given_up_and_reviewed_all_the_same(world: World, fault: Exception, tries: int):
    """A defect is tried three times, a selfie at fault once."""
    _, submission = world.submitted()
    world.renderer.exhibit_error = fault
    made = 0
    for _ in range(5):
        made += make_all(world)
        world.clock.forward(minutes=2)

    assert made == tries
    assert state_of(world, submission.photo_id) is ExhibitState.GIVEN_UP
    assert world.house.review.open_dossier(LI, submission.id).pictures[Picture.DRAWING] is PictureState.MISSING
    assert world.house.approve(LI, submission.id)


def test_two_workers_make_them_once(world: World):
    """The second finds the row claimed."""
    _, submission = world.submitted()
    second: list[object] = []
    world.renderer.before = lambda: second.append(world.house.review.make_exhibit(submission.photo_id))

    world.house.review.make_exhibit(submission.photo_id)

    assert second == [None]
    assert world.house.review.make_exhibit(submission.photo_id) is None


def test_a_worker_that_dies_is_followed_by_another(world: World):
    """The claim runs out after a minute."""
    _, submission = world.submitted()

    class KilledError(BaseException):
        """Nothing catches this."""

    world.renderer.exhibit_error = KilledError()
    with pytest.raises(KilledError):
        world.house.review.make_exhibit(submission.photo_id)
    world.renderer.exhibit_error = None
    assert make_all(world) == 0
    world.clock.forward(seconds=61)

    assert make_all(world) == 1
    assert state_of(world, submission.photo_id) is ExhibitState.MADE


def test_nobody_sees_pictures_of_another_class(world: World):
    """Not the photo, not the selfie, not the dossier."""
    _, submission = world.submitted()
    make_all(world)

    for picture in Picture:
        with pytest.raises(NotFound):
            world.house.review.read_picture(STRANGER, submission.id, picture)
    with pytest.raises(NotFound):
        world.house.review.open_dossier(STRANGER, submission.id)


def test_a_selfie_that_is_gone_already_leaves_nothing_to_draw(world: World):
    """The photo was made weeks ago and is handed in now."""
    alice, _ = world.bound()
    photo = world.ready(alice)
    world.clock.time += timedelta(days=9)
    world.house.purge()
    submission = world.house.confirm(alice, photo=photo.id, campaign="hunan-pretco", profile=PROFILE)
    make_all(world)

    assert state_of(world, photo.id) is ExhibitState.GIVEN_UP
    assert world.house.review.open_dossier(LI, submission.id).pictures[Picture.SELFIE] is PictureState.EXPIRED
