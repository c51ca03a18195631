"""Several hosts over one PostgreSQL server: each has connections of its own, and nothing happens twice or too late."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from house_fakes import PROFILE, SELFIE, World, make_world

from api.adapters.database.database import SqlDatabase
from api.bootstrap import House, furnish
from api.domain.errors import AppError, CampaignClosed, NotReviewable, ReviewConflict
from api.domain.id_number import check_digit
from api.domain.photo import PhotoState
from api.domain.roster import RosterLine
from api.domain.work import Work

HOSTS = 4


@dataclass(frozen=True)
class Campus:
    """One world and as many houses over the same database, as on so many machines."""

    world: World
    houses: tuple[House, ...]

    def all_at_once(self, do: Callable[[House], Any]) -> list[Any]:
        """Do the same thing on every host at the same moment; answer what each got, a refusal too."""
        gate = threading.Barrier(len(self.houses))

        def one(house: House) -> Any:
            gate.wait(timeout=10)
            try:
                return do(house)
            except AppError as refusal:
                return refusal

        with ThreadPoolExecutor(len(self.houses)) as pool:
            return list(pool.map(one, self.houses))


@pytest.fixture
def campus(tmp_path: Path, postgres_database: str) -> Iterator[Campus]:
    """Four hosts."""
    world = make_world(tmp_path, database_url=postgres_database)
    vault = world.house.parts.vault
    databases = [SqlDatabase(postgres_database, vault=vault) for _ in range(HOSTS)]
    houses = [furnish(world.house.settings, replace(world.house.parts, database=one)) for one in databases]
    yield Campus(world, tuple(houses))
    for database in (*databases, world.house.parts.database):
        database.close()


def test_four_workers_never_take_the_same_photo(campus: Campus):
    """Twelve photos, every worker rung for each of them: twelve renders, each of the first attempt."""
    alice = campus.world.student()
    photos = [campus.world.submit(alice).id for _ in range(12)]

    campus.all_at_once(lambda house: [house.render_photo(photo) for photo in photos])

    kept = [campus.world.house.read_photo(alice, photo).photo for photo in photos]
    assert len(campus.world.renderer.seen) == 12
    assert {(one.state, one.attempt) for one in kept} == {(PhotoState.READY, 1)}
    assert campus.world.files() == 24


def test_four_delivery_workers_send_an_event_once(campus: Campus):
    """Every one of them is rung for the same delivery: one try, one row."""
    campus.world.seed()
    owner = campus.world.house.list_registries()[0]
    ping = campus.world.house.ping_registry(owner.id)

    campus.all_at_once(lambda house: house.deliver(ping.id))

    assert len(campus.world.post.posted) == 1
    assert len(campus.world.house.list_attempts(ping.id)) == 1


def test_four_reviewers_decide_once(campus: Campus):
    """Two approve and two return the same photo at the same moment: one wins, the others hear who was first."""
    _, submission = campus.world.submitted()
    deciding = iter([0, 1, 2, 3])
    lock = threading.Lock()

    def decide(house: House) -> Any:
        with lock:
            turn = next(deciding)
        who = f"counsellor-{turn}"
        return house.approve(who, submission.id) if turn % 2 else house.return_(who, submission.id, "头发遮住了耳朵")

    told = campus.all_at_once(decide)

    refused = [one for one in told if isinstance(one, ReviewConflict | NotReviewable)]
    history = campus.world.house.read_history("registrar", submission.id)
    assert len(refused) == HOSTS - 1
    assert len(history) == 2


def test_a_photo_is_handed_in_once(campus: Campus):
    """A thumb that taps twice, on two hosts: one submission under review, one event owed."""
    alice, _ = campus.world.bound()
    photo = campus.world.ready(alice)

    campus.all_at_once(lambda house: house.confirm(alice, photo=photo.id, campaign="hunan-pretco", profile=PROFILE))

    assert len(campus.world.house.find_submissions()) == 1


def test_the_same_upload_again_is_the_same_photo(campus: Campus):
    """One idempotency key on four hosts: one photo, four times the same answer."""
    alice = campus.world.student()

    told = campus.all_at_once(
        lambda house: house.submit_selfie(
            alice, selfie=SELFIE, spec="hunan-pretco", campaign=None, idempotency_key="k-1"
        )
    )

    assert len({one.photo.id for one in told}) == 1


def test_a_row_is_one_persons(campus: Campus):
    """Four logins prove to be the same person at the same moment: one is bound."""
    person = campus.world.seed().roster[0]
    logins = iter([campus.world.student(name) for name in ("a", "b", "c", "d")])
    lock = threading.Lock()

    def bind(house: House) -> Any:
        with lock:
            who = next(logins)
        return house.bind_identity(who, campaign=person.campaign_id, name=person.name, id_number=person.id_number)

    told = campus.all_at_once(bind)

    assert sum(isinstance(one, AppError) for one in told) == HOSTS - 1


def test_one_sweeps_at_a_time(campus: Campus):
    """The lease in the database is taken by one; a photo whose worker died is put back once."""
    alice = campus.world.student()
    photo = campus.world.submit(alice)
    with campus.world.house.parts.database.write() as uow:
        held = replace(
            uow.photos.get(photo.id), state=PhotoState.RENDERING, attempt=1, lease_until=campus.world.clock.now()
        )
        uow.photos.swap(held, state=PhotoState.QUEUED, attempt=0)
        uow.commit()

    swept = campus.all_at_once(lambda house: house.sweep())

    assert sum(one.photos_released for one in swept) == 1


def test_nothing_is_handed_in_after_the_window_was_closed(campus: Campus):
    """The office moves the end while Alice hands in: whoever writes second sees what the first has kept."""
    alice, row = campus.world.bound()
    photo = campus.world.ready(alice)
    told: list[Any] = []

    def hand_in() -> None:
        try:
            campus.houses[0].confirm(alice, photo=photo.id, campaign="hunan-pretco", profile=PROFILE)
        except AppError as refusal:
            told.append(refusal)

    with campus.houses[1].parts.database.write() as uow:
        campaign = uow.campaigns.get(row.campaign_id)
        uow.campaigns.save(replace(campaign, ends_at=campus.world.clock.now() - timedelta(seconds=1)))
        thread = threading.Thread(target=hand_in)
        thread.start()
        thread.join(timeout=0.3)
        assert thread.is_alive()
        uow.commit()
    thread.join(timeout=10)

    assert isinstance(told[0], CampaignClosed)
    assert campus.world.house.find_submissions() == ()


def test_two_imports_of_one_file_leave_one_roster(campus: Campus):
    """The registrar sends the same file from two machines: everybody is on it once."""
    campus.world.seed()
    lines = [line(number) for number in range(60)]
    before = len(rows_of(campus))

    told = campus.all_at_once(lambda house: house.load_roster("cqwu-xuegong", iter(lines)))

    assert max(one.added for one in told if not isinstance(one, AppError)) == 60
    assert len(rows_of(campus)) == before + 60


def test_the_log_has_no_gap_and_no_fork(campus: Campus):
    """Four hosts write forty rows each: one chain."""
    campus.all_at_once(
        lambda house: [house.staff.note("review.viewed", actor="lin", subject=f"sb_{n}", detail={}) for n in range(40)]
    )
    proof = campus.world.house.staff.verify_audit()

    assert (proof.fault, proof.rows) == (None, 160)


def test_a_campus_works_off_what_it_owes(campus: Campus):
    """The ordinary day on four hosts: a photo, a confirmation, an approval, an event that arrives."""
    _, submission = campus.world.submitted()
    campus.houses[2].approve("counsellor-1", submission.id)

    campus.world.work_off(Work.DELIVER)

    assert b'"photo.approved"' in campus.world.post.posted[-1].body


def rows_of(campus: Campus) -> tuple[Any, ...]:
    with campus.world.house.parts.database.read() as uow:
        return uow.roster.of_campaign(uow.campaigns.by_slug("cqwu-xuegong").id)


def line(order: int) -> RosterLine:
    body = f"50000020000101{order:03d}"
    values = {
        "name": f"示例{order}",
        "id_number": body + check_digit(body),
        "student_number": f"S{order}",
        "college": "软件学院",
        "grade": "2023",
        "major": "软件技术",
        "class_": "1班",
    }
    return RosterLine(order + 2, values)
