"""The audit log is only ever added to, and whoever changes it below the database leaves a trace."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from house_fakes import World
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from api.adapters.database.staff_tables import audit_log
from api.domain.audit import AuditEntry, AuditFilter, AuditHead

pytestmark = pytest.mark.both_databases

TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=40)


def noted(world: World, count: int, *, action: str = "review.viewed") -> None:
    for n in range(count):
        world.house.staff.note(action, actor="lin", subject=f"sb_{n}", detail={"n": str(n)})


def tampered(world: World, statement: str) -> None:
    """Change the rows with the triggers out of the way, as somebody with the server's disk could."""
    engine = world.house.parts.database.engine
    guards = {
        "sqlite": ("DROP TRIGGER audit_log_no_update", "DROP TRIGGER audit_log_no_delete"),
        "postgresql": ("ALTER TABLE audit_log DISABLE TRIGGER ALL",),
    }
    with engine.begin() as connection:
        for one in (*guards[engine.dialect.name], statement):
            connection.exec_driver_sql(one)


def test_rows_can_neither_be_changed_nor_deleted_before_their_end(world: World):
    """The database itself refuses, whoever asks; a row past its end may go."""
    world.clock.time = datetime.now(UTC)
    noted(world, 1)
    world.clock.time -= timedelta(days=400)
    noted(world, 1)
    engine = world.house.parts.database.engine
    for refused in (update(audit_log).values(actor="x"), delete(audit_log).where(audit_log.c.seq == 1)):
        with pytest.raises(IntegrityError, match="append-only"), engine.begin() as connection:
            connection.execute(refused)
    with engine.begin() as connection:
        gone = connection.execute(delete(audit_log).where(audit_log.c.seq == 2)).rowcount

    assert gone == 1


def test_a_whole_log_is_proved_whole(world: World):
    """Every row fits its mark and the row before it."""
    assert world.house.staff.verify_audit().fault is None
    noted(world, 5)
    proof = world.house.staff.verify_audit()

    assert (proof.fault, proof.rows, proof.first, proof.last) == (None, 5, 1, 5)
    assert world.house.staff.verify_audit(expected=AuditHead(proof.last, proof.mark)).fault is None


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE audit_log SET actor = 'wang' WHERE seq = 3", ("changed", 3)),
        ("UPDATE audit_log SET at = '2026-01-01 00:00:00.000000' WHERE seq = 3", ("changed", 3)),
        ('UPDATE audit_log SET detail = \'{"n": "9"}\' WHERE seq = 3', ("changed", 3)),
        ("UPDATE audit_log SET keep_until = '2026-01-01 00:00:00.000000' WHERE seq = 3", ("changed", 3)),
        ("UPDATE audit_log SET mark = (SELECT mark FROM audit_log WHERE seq = 2) WHERE seq = 3", ("changed", 3)),
        ("DELETE FROM audit_log WHERE seq = 3", ("cut_middle", 3)),
        ("DELETE FROM audit_log WHERE seq <= 2", ("cut_front", 1)),
        ("DELETE FROM audit_log WHERE seq = 5", ("cut_end", 4)),
        ("DELETE FROM audit_log", ("cut_end", 0)),
    ],
)
def test_whatever_is_done_to_the_file_shows(world: World, statement: str, fault: tuple[str, int]):
    """A row changed, taken out, cut off at either end: the proof says which and where."""
    noted(world, 5)
    tampered(world, statement)
    proof = world.house.staff.verify_audit()

    assert (proof.fault, proof.at) == fault


def test_rows_past_their_end_are_purged_and_the_log_still_holds(world: World):
    """That they went is itself a row, which is why a cut by hand cannot pass for a purge."""
    world.clock.time = datetime(2024, 1, 1, tzinfo=UTC)  # long ago by the database's own clock, too
    noted(world, 3)
    world.clock.forward(days=200)
    noted(world, 2)
    world.clock.forward(days=170)
    world.house.purge()
    proof = world.house.staff.verify_audit()
    rows = world.house.staff.find_audit(AuditFilter()).rows

    assert (proof.fault, proof.first, proof.last) == (None, 4, 6)
    assert (rows[0].action, dict(rows[0].detail)) == ("staff.forgotten", {"through": "3", "rows": "3"})
    world.house.purge()
    assert world.house.staff.verify_audit().last == 6


def test_two_houses_over_one_database_write_one_chain(world: World, tmp_path: Path):
    """Processes take turns: no number twice, no row beside the chain."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(4) as hands:
        list(hands.map(lambda n: world.house.staff.note("review.viewed", subject=str(n)), range(40)))
    proof = world.house.staff.verify_audit()

    assert (proof.fault, proof.rows, proof.last) == (None, 40, 40)


@given(actor=TEXT, subject=st.none() | TEXT, detail=st.dictionaries(TEXT, TEXT, max_size=3))
def test_no_two_different_rows_are_signed_as_the_same_text(actor: str, subject: str | None, detail: dict[str, str]):
    """What is signed says unmistakably what the row says."""
    noon = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)

    def entry(**changes: object) -> str:
        given_ = {"actor": actor, "subject": subject, "detail": detail, **changes}
        row = {
            "seq": 1,
            "at": noon,
            "actor_id": None,
            "action": "a",
            "address": "",
            "request_id": "",
            "keep_until": noon,
        }
        return AuditEntry(**row, previous="p", **given_).text()

    assert entry() == entry(detail=dict(reversed(list(detail.items()))))
    assert entry() != entry(actor=actor + "x")
    assert entry() != entry(subject="" if subject is None else None)
    assert entry() != entry(detail={**detail, "one more key than forty characters could ever hold": ""})
