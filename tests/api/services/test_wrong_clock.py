"""A machine whose clock is wrong: nothing is deleted by it, nobody waits for a time that never was, and it is told."""

from datetime import UTC, datetime, timedelta

import pytest
from house_fakes import World, answer
from hypothesis import given
from hypothesis import strategies as st

from api.domain.delivery import DeliveryState
from api.domain.errors_clock import ClockAhead
from api.domain.photo import PhotoState
from api.domain.trusted_time import MOST_BEHIND, MOST_SILENCE, ClockStand
from api.domain.work import Work
from api.web.installation_metrics import installation_gauges

YEAR = timedelta(days=366)
MOMENTS = st.datetimes(timezones=st.just(UTC))


def gauge(world: World, name: str) -> float | None:
    return installation_gauges(world.house).get_sample_value(name)


class TestAhead:
    """The clock says a year later than it is."""

    @pytest.mark.both_databases
    def test_nothing_that_has_an_end_date_is_deleted(self, world: World):
        """Photos, forms, exports, uploads and staff's traces stay; the refusal tells both times; later all goes on."""
        alice, submission = world.submitted()
        world.house.purge()
        right = world.clock.time
        world.clock.time += YEAR

        for purge in (world.house.purge, world.house.office.forget, world.house.purge):
            with pytest.raises(ClockAhead) as refusal:
                purge()
            assert refusal.value.facts == {
                "now": (right + YEAR).isoformat(),
                "latest": right.isoformat(),
                "days": 366,
            }
        world.clock.time = right + timedelta(minutes=10)

        assert world.house.purge().blobs == 0
        assert world.house.read_image(alice, submission.photo_id)

    def test_what_the_wrong_clock_stamped_proves_nothing(self, world: World):
        """Students log in and photos are made meanwhile: those stamps do not make the clock right."""
        alice, submission = world.submitted()
        world.house.purge()
        world.clock.time += YEAR
        world.house.sweep()
        world.ready(world.student("bob"))
        world.house.sweep()

        with pytest.raises(ClockAhead):
            world.house.purge()
        assert world.house.read_image(alice, submission.photo_id)

    def test_it_is_told_where_operators_look(self, world: World):
        """In /metrics; the doctor's words are tested with the doctor."""
        world.house.purge()
        world.clock.time += YEAR

        assert gauge(world, "idphoto_purge_refused") == 1
        assert gauge(world, "idphoto_clock_ahead_seconds") == YEAR.total_seconds()

    def test_an_operator_says_that_the_clock_is_right(self, world: World):
        """After a summer: once, and the purge goes on as ever."""
        world.submitted()
        world.house.purge()
        world.clock.time += YEAR

        world.house.trusted_clock.believe()

        assert world.house.purge().blobs > 0
        assert gauge(world, "idphoto_purge_refused") == 0
        world.clock.forward(days=1)
        world.house.purge()

    def test_a_weekend_needs_no_words(self, world: World):
        """Friday evening to Monday morning, week after week."""
        for _ in range(4):
            world.house.purge()
            world.clock.forward(hours=64)
        world.house.purge()
        assert gauge(world, "idphoto_purge_refused") == 0

    def test_a_new_installation_believes_its_first_clock(self, world: World):
        """There is nothing to lose yet."""
        world.house.purge()
        assert world.house.trusted_clock.look() == ClockStand(world.clock.time, world.clock.time)


class TestBehind:
    """The clock says a year earlier than it is."""

    def test_photos_that_do_not_end_are_told_of(self, world: World):
        """The purge runs, for what it deletes has ended; that it deletes too little is in /metrics."""
        world.house.purge()
        world.clock.time -= YEAR

        world.house.purge()

        assert world.house.trusted_clock.look().behind
        assert gauge(world, "idphoto_clock_ahead_seconds") == -YEAR.total_seconds()
        assert gauge(world, "idphoto_purge_refused") == 0

    def test_a_wrong_word_is_taken_back(self, world: World):
        """Somebody believed a clock that ran ahead: said again with the right one, the purge guards as before."""
        world.clock.time += YEAR
        world.house.trusted_clock.believe()
        world.clock.time -= YEAR
        assert world.house.trusted_clock.look().behind

        world.house.trusted_clock.believe()

        assert not world.house.trusted_clock.look().behind
        world.clock.time += YEAR
        with pytest.raises(ClockAhead):
            world.house.purge()


class TestCorrected:
    """The clock ran ahead, and is right again."""

    @pytest.mark.both_databases
    def test_a_photo_that_was_queued_meanwhile_is_made_now(self, world: World):
        """The student who handed it in next year does not wait for next year."""
        alice = world.student()
        world.clock.time += YEAR
        photo = world.submit(alice)
        world.clock.time -= YEAR
        world.bell.rings.clear()

        swept = world.house.sweep()
        world.work_off(Work.RENDER)

        assert swept.pulled_back == 1
        assert world.house.read_photo(alice, photo.id).photo.state is PhotoState.READY
        assert world.house.sweep().pulled_back == 0

    def test_a_photo_whose_worker_died_meanwhile_is_made_now(self, world: World):
        """Its lease ends next year."""

        class Killed(BaseException):
            pass

        def die() -> None:
            raise Killed

        alice = world.student()
        world.clock.time += YEAR
        photo = world.submit(alice)
        world.renderer.before = die
        with pytest.raises(Killed):
            world.house.render_photo(photo.id)
        world.renderer.before = lambda: None
        world.clock.time -= YEAR

        world.house.sweep()
        world.clock.forward(seconds=1)
        world.house.sweep()
        world.work_off(Work.RENDER)

        assert world.house.read_photo(alice, photo.id).photo.state is PhotoState.READY

    @pytest.mark.both_databases
    def test_an_event_that_was_owed_meanwhile_is_sent_now(self, world: World):
        """The first try failed next year, and the second was due a little later."""
        world.clock.time += timedelta(minutes=40)
        world.post.answers = [answer(503)]
        world.submitted()
        world.clock.time += YEAR
        world.work_off(Work.DELIVER)
        world.clock.time -= YEAR

        world.house.sweep()
        world.work_off(Work.DELIVER)

        assert {one.state for one in world.house.list_deliveries()} == {DeliveryState.DELIVERED}

    def test_waits_that_were_meant_stay(self, world: World):
        """A registry that is down is not asked sooner for it."""
        world.post.answers = [answer(503, retry_after_s=86_400)]
        world.submitted()
        world.work_off(Work.DELIVER)

        assert world.house.sweep().pulled_back == 0
        assert world.house.list_deliveries()[0].state is DeliveryState.PENDING

    @pytest.mark.both_databases
    def test_whoever_swept_meanwhile_holds_nobody_up(self, world: World):
        """A sweeper that died next year has a lease until then."""
        later = world.clock.time + YEAR
        with world.house.parts.database.write() as uow:
            uow.leases.take("sweep", holder="dead", now=later, until=later + timedelta(seconds=15))
            uow.commit()

        assert world.house.sweep().skipped is False


@given(latest=MOMENTS, now=MOMENTS)
def test_a_clock_is_ahead_behind_or_believed_and_never_two_of_them(latest: datetime, now: datetime):
    """Whatever the two moments: what things end by is never more than the longest silence after the latest."""
    stand = ClockStand(now=now, latest=latest)

    assert stand.ahead == (now - latest > MOST_SILENCE)
    assert stand.behind == (latest - now > MOST_BEHIND)
    assert not (stand.ahead and stand.behind)
    assert stand.believed - latest <= MOST_SILENCE
