"""What staff do and the row of the audit log that says so: both stand, or neither, whenever the process dies."""

import ast
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from house_fakes import World
from sqlalchemy import select

from api import web
from api.adapters.database.tables import metadata
from api.domain.audit import AuditFilter
from api.domain.campaign_rules import CampaignFields
from api.domain.delivery import DeliveryState
from api.domain.record_error import RecordField
from api.domain.registry_repositories import DeliveryFilter
from api.domain.repositories import UnitOfWork
from api.domain.reviewer import Role
from api.services.deeds import Deed
from api.services.export_photos import ExportWish
from api.services.registries import RegistryChange
from api.services.review_batch import Choice
from api.services.staff_accounts import Issued

LOOKS = {
    "export.fetched",
    "export.list_fetched",
    "missing.listed",
    "missing.taken_out",
    "photo.viewed",
    "photos.viewed",
    "registry.verified",
    "roster.id_number_seen",
    "roster.listed",
    "roster.person_seen",
    "roster.searched",
    "staff.audit_exported",
    "staff.audit_verified",
    "staff.forbidden",
}
"""What changes nothing: its row stands alone. Whatever is written as a `note` by the console must be one of these."""

ROSTER = "姓名,身份证号,学号,院系,年级,专业,班级\n".encode()


class Killed(BaseException):
    """The process ends here."""


def dies_before(_uow: object, _done: object) -> None:
    """The change is made, its row is not."""
    raise Killed


def dies_after(deed: Deed) -> Deed:
    """Change and row are made, and nothing is kept yet."""

    def die(uow: UnitOfWork, done: object) -> None:
        deed(uow, done)
        raise Killed

    return die


class School:
    """A house in the middle of a collection, and what its staff can do next."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.student, self.submission = world.submitted()
        self.bob, self.row = world.bound("bob", index=1)
        world.clock.forward(seconds=1)
        self.report = world.house.report_record_error(
            self.bob, campaign="hunan-pretco", about=RecordField.NAME, message="名字写错了"
        )
        self.house = world.house
        self.registrar = self.added("zhao", Role.REGISTRAR).member
        self.lin = self.added("lin", Role.COUNSELLOR)
        self.registry = self.house.list_registries()[0]
        self.delivery = self.house.list_deliveries()[0]

    def added(self, login: str, role: Role) -> Issued:
        return self.house.staff.add(login, name=login, role=role)

    def deed(self) -> Deed:
        return self.house.staff.note.deed("test.done", who=self.registrar, subject="it", detail={"a": "b"})

    def state(self) -> dict[str, list[Any]]:
        with self.house.parts.database.read() as uow:
            connection = uow._connection
            return {table.name: connection.execute(select(table)).all() for table in metadata.sorted_tables}

    def rows(self) -> int:
        found = self.house.staff.find_audit.every(AuditFilter(action="test.done"))
        return sum(1 for _ in found)

    def approved(self) -> None:
        self.house.approve("lin", self.submission.id)

    def uploaded(self) -> str:
        return self.house.office.upload_roster("zhao", "hunan-pretco", ROSTER, remove_missing=False).id

    def checked(self) -> str:
        person = "王小明,11010519491231002X,20260001,软件学院,2026,软件技术,软件2601班\n".encode()
        check = self.house.office.upload_roster("zhao", "hunan-pretco", ROSTER + person, remove_missing=False)
        self.house.office.work(check.id)
        return check.id

    def fields(self) -> CampaignFields:
        campaign = self.house.office.edit_campaign.look("hunan-pretco").campaign
        return CampaignFields(**{one.name: getattr(campaign, one.name) for one in fields(CampaignFields)})

    def session(self) -> str:
        from api.domain.staff import Caller
        from api.services.staff_login import open_session

        with self.house.parts.database.write() as uow:
            open_session(uow, self.lin.member, clock=self.world.clock, caller=Caller())
            uow.commit()
        return self.house.staff.find.sessions(self.lin.member)[0].id


def _approve(school: School) -> Callable[[Deed], object]:
    return lambda deed: school.house.approve("lin", school.submission.id, deed=deed)


def _change_campaign(school: School) -> Callable[[Deed], object]:
    found = school.house.office.edit_campaign.look("hunan-pretco")
    wanted = replace(school.fields(), name="另一个名字")
    return lambda deed: school.house.office.edit_campaign("hunan-pretco", wanted, mark=found.mark, deed=deed)


def _tell_earlier(school: School) -> Callable[[Deed], object]:
    with school.house.parts.database.write() as uow:
        uow._connection.execute(metadata.tables["delivery_attempts"].delete())
        uow._connection.execute(metadata.tables["deliveries"].delete())
        uow.commit()
    return lambda deed: school.house.registry.tell_earlier("hunan-pretco", deed=deed)


def _replay_many(school: School) -> Callable[[Deed], object]:
    school.house.deliver(school.delivery.id)
    wanted = DeliveryFilter(state=DeliveryState.DELIVERED)
    return lambda deed: school.house.registry.replay_many(wanted, deed=deed)


def _finish_rotation(school: School) -> Callable[[Deed], object]:
    school.house.registry.rotate.begin(school.registry.id)
    return lambda deed: school.house.registry.rotate.finish(school.registry.id, deed=deed)


def _revoke(school: School) -> Callable[[Deed], object]:
    school.approved()
    return lambda deed: school.house.revoke("lin", school.submission.id, "看错了", deed=deed)


def _undo(school: School) -> Callable[[Deed], object]:
    school.approved()
    return lambda deed: school.house.review.undo("lin", school.submission.id, deed=deed)


def _end_session(school: School) -> Callable[[Deed], object]:
    session = school.session()
    return lambda deed: school.house.staff.end_sessions(school.lin.member, session, deed=deed)


def _end_others(school: School) -> Callable[[Deed], object]:
    school.session()
    return lambda deed: school.house.staff.end_sessions.others(school.lin.member, "this one", deed=deed)


def _change_password(school: School) -> Callable[[Deed], object]:
    words = {"current": school.lin.password, "new": "窗外的雨下了一整夜没有停", "session_id": "this one"}
    return lambda deed: school.house.staff.change_password(school.lin.member, **words, deed=deed)


def _take_in(school: School) -> Callable[[Deed], object]:
    check = school.checked()
    return lambda deed: school.house.office.take_roster_in("hunan-pretco", check, deed=deed)


def _drop(school: School) -> Callable[[Deed], object]:
    check = school.uploaded()
    return lambda deed: school.house.office.forget_roster_check("hunan-pretco", check, deed=deed)


def _choices(school: School) -> list[Choice]:
    return [Choice(school.submission.id)]


def _reopen(school: School) -> Callable[[Deed], object]:
    later = school.fields().ends_at.replace(year=2030)
    return lambda deed: school.house.office.move_window.reopen("hunan-pretco", ends_at=later, deed=deed)


def _extend(school: School) -> Callable[[Deed], object]:
    wish = {"until": school.fields().ends_at.replace(year=2030), "reason": "住院", "by": "zhao"}
    return lambda deed: school.house.extend_window("hunan-pretco", [school.row.student_number], **wish, deed=deed)


def _remove(school: School) -> Callable[[Deed], object]:
    school.house.office.take_roster_in("hunan-pretco", school.checked())
    return lambda deed: school.house.remove_from_roster("hunan-pretco", "20260001", deed=deed)


DEEDS: dict[str, Callable[[School], Callable[[Deed], object]]] = {
    "approve": _approve,
    "return": lambda one: lambda deed: one.house.return_("lin", one.submission.id, "重拍", deed=deed),
    "revoke": _revoke,
    "undo": _undo,
    "approve many": lambda one: lambda deed: one.house.approve_many("lin", _choices(one), deed=deed),
    "return many": lambda one: lambda deed: one.house.return_many("lin", _choices(one), "重拍", deed=deed),
    "settle a report": lambda one: lambda deed: one.house.settle_record_error("lin", one.report.id, "已改", deed=deed),
    "unbind": lambda one: lambda deed: one.house.unbind_row("lin", one.row.id, deed=deed),
    "remove from the roster": _remove,
    "upload a roster": lambda one: (
        lambda deed: one.house.office.upload_roster("zhao", "hunan-pretco", ROSTER, remove_missing=False, deed=deed)
    ),
    "take a roster in": _take_in,
    "drop a roster": _drop,
    "ask for an export": lambda one: (
        lambda deed: one.house.office.ask_for_export("zhao", "hunan-pretco", ExportWish(), reason="报名", deed=deed)
    ),
    "give longer": _extend,
    "create a campaign": lambda one: lambda deed: one.house.office.create_campaign("another", one.fields(), deed=deed),
    "change a campaign": _change_campaign,
    "close a campaign": lambda one: lambda deed: one.house.office.move_window.close("hunan-pretco", deed=deed),
    "reopen a campaign": _reopen,
    "tell a registry of earlier things": _tell_earlier,
    "remind": lambda one: lambda deed: one.house.office.remind_missing("zhao", "hunan-pretco", deed=deed),
    "add a registry": lambda one: lambda deed: one.house.add_registry("新", url="http://r.example/", deed=deed),
    "change a registry": lambda one: (
        lambda deed: one.house.change_registry.apply(one.registry.id, RegistryChange(name="新"), deed=deed)
    ),
    "switch a registry off": lambda one: lambda deed: one.house.registry.switch.off(one.registry.id, deed=deed),
    "switch a registry on": lambda one: lambda deed: one.house.registry.switch.on(one.registry.id, deed=deed),
    "ping a registry": lambda one: lambda deed: one.house.ping_registry(one.registry.id, deed=deed),
    "rotate a secret": lambda one: lambda deed: one.house.registry.rotate.begin(one.registry.id, deed=deed),
    "finish a rotation": _finish_rotation,
    "replay": lambda one: lambda deed: one.house.replay(one.delivery.id, deed=deed),
    "replay many": _replay_many,
    "add staff": lambda one: lambda deed: one.house.staff.add("new", name="", role=Role.COUNSELLOR, deed=deed),
    "change staff": lambda one: lambda deed: one.house.staff.change(one.lin.member.id, enabled=False, deed=deed),
    "reset a password": lambda one: lambda deed: one.house.staff.reset_password(one.lin.member.id, deed=deed),
    "change a password": _change_password,
    "end a session": _end_session,
    "end other sessions": _end_others,
}


@pytest.mark.both_databases
def test_a_process_that_dies_between_a_deed_and_its_row_leaves_neither(world: World):
    """Every table, row by row, is as it was; done again by a process that lives, there is one row of it."""
    school = School(world)
    for name in ("approve", "change staff", "rotate a secret", "give longer"):
        _neither_and_then_both(school, name)


@pytest.mark.parametrize("name", sorted(DEEDS.keys() - {"approve", "change staff", "rotate a secret", "give longer"}))
def test_no_deed_is_without_its_row(world: World, name: str):
    """Whatever staff can change at the console."""
    _neither_and_then_both(School(world), name)


def _neither_and_then_both(school: School, name: str) -> None:
    do, rows = DEEDS[name](school), school.rows()
    before = school.state()
    for deed in (dies_before, dies_after(school.deed())):
        with pytest.raises(Killed):
            do(deed)
        assert school.state() == before

    do(school.deed())

    assert school.rows() == rows + 1
    assert school.house.staff.verify_audit().fault is None


def test_a_deed_that_is_refused_leaves_no_row(world: World):
    """The second approval of the same photo."""
    school = School(world)
    school.approved()

    with pytest.raises(Exception, match="not_reviewable"):
        school.house.approve("lin", school.submission.id, deed=school.deed())

    assert school.rows() == 0


def test_the_console_notes_apart_only_what_changes_nothing():
    """A new page that changes something and writes its row afterwards does not get in."""
    noted = set()
    for file in (Path(web.__file__).parent / "console").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "note":
                noted.add(ast.literal_eval(node.args[0]))

    assert noted == LOOKS
