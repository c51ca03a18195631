"""Measure the review queue at a school's size: `python -m benchmarks.review_queue [SUBMISSIONS]`.

Fills a house with SUBMISSIONS (30,000 unless told otherwise) of invented people, one in six of them doubted, and prints
the processor time of each question that a page of the queue asks, for the office and for a counsellor of three classes,
and of the office's whole page, from the request to the last byte of its HTML.
"""

import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from secrets import token_urlsafe

from api.bootstrap import House, build
from api.cli.surroundings import embedded
from api.config import Settings
from api.domain.campaign import Campaign
from api.domain.identity import Channel, RosterRow, Student
from api.domain.ids import new_id
from api.domain.photo import Photo, PhotoState
from api.domain.repositories import UnitOfWork
from api.domain.review_queue import QueueFilter
from api.domain.reviewer import Reviewer, Role, Scope
from api.domain.staff import Caller
from api.domain.submission import Submission, SubmissionState, approved
from api.services.guards import find_campaign
from api.web.app import create_app
from api.web.limits import make_gauge

_PART = 500
_TIMES = 7
_CLASSES = 400
_LOGIN = "benchmark"
_WARNINGS = ("uneven_light", "ears_covered", "glasses_worn")


def main(arguments: list[str]) -> None:
    """Fill, ask, print."""
    count = int(arguments[0]) if arguments else 30_000
    with tempfile.TemporaryDirectory() as folder:
        house = build(Settings.from_env(embedded({"IDPHOTO_LOG_FORMAT": "json"}, home=Path(folder))))
        house.seed_sample(registry_url="http://127.0.0.1:9/hook")
        fill(house, count)
        waiting = QueueFilter(states=(SubmissionState.SUBMITTED,))
        scopes = tuple(Scope(class_=f"{number}班") for number in (7, 8, 9))
        people = {"office": Reviewer.registrar("office"), "counsellor": Reviewer("li", Role.COUNSELLOR, scopes)}
        for who, reviewer in people.items():
            for what, ask in _questions(house, reviewer, waiting):
                print(f"{who:10} {what:28} {_milliseconds(ask):7.1f} ms")
        print(f"{'office':10} {'the whole page':28} {_milliseconds(_page(house)):7.1f} ms")
        house.close()


def _page(house: House) -> Callable[[], object]:
    """Sign a registrar in at the console; return what asks for the first page of the queue."""
    password = token_urlsafe(16)
    issued = house.staff.add(_LOGIN, name="测试", role=Role.REGISTRAR)
    entered = house.staff.sign_in(_LOGIN, issued.password, caller=Caller())
    _, session = house.staff.know(entered.token)
    house.staff.change_password(entered.member, current=issued.password, new=password, session_id=session.id)
    browser = create_app(house, limits=make_gauge(None, house.clock)).test_client()
    form = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/console/login").text)
    token = form[1] if form else ""
    browser.post("/console/login", data={"login": _LOGIN, "password": password, "csrf_token": token})
    if browser.get("/console/review").status_code != HTTPStatus.OK:
        raise SystemExit("The registrar was not let in")
    return lambda: browser.get("/console/review").data


def fill(house: House, count: int) -> None:
    """Give `count` invented people a submission; two of three are decided already."""
    with house.parts.database.read() as uow:
        campaign = find_campaign(uow, "hunan-pretco")
    for start in range(0, count, _PART):
        with house.parts.database.write() as uow:
            for number in range(start, min(start + _PART, count)):
                _submit(uow, campaign, house, number)
            uow.commit()


def _submit(uow: UnitOfWork, campaign: Campaign, house: House, number: int) -> None:
    now = house.clock.now() - timedelta(hours=1)
    student = Student(id=new_id("st", now=now), channel=Channel.DEVELOPER, subject=f"bench{number}", created_at=now)
    row, photo = _person(student, campaign, number), _photo(student, campaign)
    uow.students.add(student)
    uow.roster.add(row)
    uow.photos.add(photo)
    entry = Submission(
        id=new_id("sb", now=now),
        student_id=student.id,
        campaign_id=campaign.id,
        roster_row_id=row.id,
        photo_id=photo.id,
        state=SubmissionState.SUBMITTED,
        profile={},
        created_at=now,
    )
    uow.submissions.add(entry)
    uow.review_queue.doubt(entry.id, _WARNINGS[: number % 3 + 1] if number % 6 == 0 else ())
    if number % 3:
        uow.submissions.swap(approved(entry, by="benchmark", now=now), state=SubmissionState.SUBMITTED)


def _person(student: Student, campaign: Campaign, number: int) -> RosterRow:
    return RosterRow(
        id=new_id("rr", now=student.created_at),
        campaign_id=campaign.id,
        name=f"示例{number}",
        id_number=f"430000{20040101}{number:04d}",
        student_number=f"B{number:08d}",
        college=f"学院{number % 12}",
        grade="2023",
        major=f"专业{number % 40}",
        class_=f"{number % _CLASSES}班",
        student_id=student.id,
    )


def _photo(student: Student, campaign: Campaign) -> Photo:
    return Photo(
        id=new_id("ph", now=student.created_at),
        student_id=student.id,
        spec=campaign.spec,
        campaign_id=campaign.id,
        state=PhotoState.READY,
        created_at=student.created_at,
        selfie_key="",
        selfie_sha256="",
        due_at=student.created_at,
    )


def _questions(house: House, who: Reviewer, waiting: QueueFilter) -> Iterator[tuple[str, Callable[[], object]]]:
    room = house.review
    one_class = QueueFilter(states=waiting.states, classes=("7班",))
    doubted = QueueFilter(states=waiting.states, findings=("ears_covered",))
    middle = room.show_queue(who, waiting, limit=100).cards[-1].submission_id
    yield "first page of 100", lambda: room.show_queue(who, waiting)
    yield "second page of 100", lambda: room.show_queue(who, waiting, after=middle)
    yield "one class", lambda: room.show_queue(who, one_class)
    yield "one finding", lambda: room.show_queue(who, doubted)
    yield "every state", lambda: room.show_queue(who, QueueFilter())
    yield "what can be filtered by", lambda: room.show_filters(who, waiting)
    yield "neighbours of one", lambda: room.show_neighbours(who, waiting, middle)


def _milliseconds(ask: Callable[[], object]) -> float:
    """Return the median processor time: the machine may be busy with something else."""
    taken = []
    for _ in range(_TIMES):
        begun = time.process_time()
        ask()
        taken.append((time.process_time() - begun) * 1000)
    return sorted(taken)[_TIMES // 2]


if __name__ == "__main__":
    main(sys.argv[1:])
