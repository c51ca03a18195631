"""A registry's rosters count by when they were true, not by when they arrive."""

import itertools
import json
from datetime import datetime, timedelta

import pytest
from house_fakes import ANSWER_SECRET, World
from test_load_roster import line, number

from api.domain import signing
from api.domain.errors import InvalidRequest
from api.services.load_roster import ImportWish


def person(order: int = 1, **changes: str) -> dict[str, str]:
    return {
        "name": f"示例{order}",
        "id_number": number(order),
        "student_number": f"S{order}",
        "college": "软件学院",
        "grade": "2023",
        "major": "软件技术",
        "class": "1班",
    } | changes


class Office:
    """A registry that sends rosters of one campaign."""

    def __init__(self, world: World):
        self.world = world
        self.campaign = world.seed().campaigns[0].id
        self.sent = 0

    def send(self, *people: dict[str, str], at: object = None):
        message = {"type": "roster.upsert", "data": {"campaign": self.campaign, "people": people}}
        if at is not None:
            message["timestamp"] = at.isoformat() if isinstance(at, datetime) else at
        body = json.dumps(message).encode()
        self.sent += 1
        sent_at = int(self.world.clock.now().timestamp())
        headers = signing.headers([ANSWER_SECRET], message_id=f"ro_{self.sent}", sent_at=sent_at, body=body)
        return self.world.house.take_roster(headers, body)

    def row(self, order: int = 1):
        with self.world.house.parts.database.read() as uow:
            return uow.roster.by_id_number(self.campaign, number(order))


@pytest.fixture
def office(world: World) -> Office:
    return Office(world)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_latest_word_on_a_person_stands_in_whatever_order_they_arrive(office: Office, order: tuple[int, ...]):
    """Moved to class 2 at one, to class 3 at two, back to class 1 at three: class 1, however the net shuffled them."""
    noon = office.world.clock.now()
    words = [("2班", 1), ("3班", 2), ("1班", 3)]
    for place in order:
        office.world.clock.forward(seconds=10)
        class_, minute = words[place]
        office.send(person(**{"class": class_}), at=noon - timedelta(minutes=10 - minute))

    assert office.row().class_ == "1班"
    assert office.row().said_at == noon - timedelta(minutes=7)


def test_what_is_too_old_is_counted_as_unchanged_and_the_rest_of_the_message_is_taken(office: Office):
    """One of two people was spoken of later: the other comes in, nobody is refused."""
    noon = office.world.clock.now()
    office.send(person(1, **{"class": "9班"}), at=noon)

    done = office.send(person(1), person(2), at=noon - timedelta(hours=1))

    assert (done.read, done.added, done.changed, done.unchanged) == (2, 1, 0, 1)
    assert (office.row(1).class_, office.row(2).class_) == ("9班", "1班")


def test_the_same_word_again_keeps_older_ones_out(office: Office):
    """Nothing changed at noon, yet it was said at noon: what was true at eleven comes too late."""
    noon = office.world.clock.now()
    office.send(person(**{"class": "2班"}), at=noon - timedelta(hours=2))
    office.send(person(**{"class": "2班"}), at=noon)

    office.send(person(**{"class": "1班"}), at=noon - timedelta(hours=1))

    assert office.row().class_ == "2班"


def test_an_old_message_never_trips_over_who_has_the_number_now(office: Office):
    """Two people changed student numbers; the message from before is late and harmless."""
    noon = office.world.clock.now()
    office.send(person(1), person(2, student_number="S2"), at=noon - timedelta(hours=2))
    office.send(person(1, student_number="S3"), at=noon - timedelta(minutes=50))
    office.send(person(2, student_number="S1"), at=noon - timedelta(minutes=40))

    done = office.send(person(1, student_number="S1"), at=noon - timedelta(hours=1))

    assert done.unchanged == 1
    assert office.row(1).student_number == "S3"


def test_without_a_timestamp_a_message_counts_when_it_arrives(office: Office):
    """As it always did."""
    office.send(person())
    office.world.clock.forward(seconds=1)

    assert office.send(person(**{"class": "2班"})).changed == 1


@pytest.mark.parametrize("at", ["", "soon", "2026-03-02T10:00:00", 7])
def test_a_time_that_is_none_is_refused(office: Office, at: object):
    """Without a zone it could be eight hours off."""
    with pytest.raises(InvalidRequest):
        office.send(person(), at=at)


def test_a_time_from_the_future_is_refused(office: Office):
    """It would beat every later word."""
    with pytest.raises(InvalidRequest):
        office.send(person(), at=office.world.clock.now() + timedelta(minutes=6))


def test_what_the_office_imports_by_hand_counts_at_once_and_keeps_older_messages_out(office: Office):
    """Even when the registry's clock is ahead of ours."""
    now = office.world.clock.now()
    office.send(person(**{"class": "2班"}), at=now + timedelta(minutes=4))

    office.world.house.load_roster(office.campaign, [line(2, 1, class_="5班")], wish=ImportWish())
    office.send(person(**{"class": "2班"}), at=now - timedelta(minutes=1))

    assert office.row().class_ == "5班"
