"""A page of the review queue is at hand at once because it asks the database a few questions, however many it shows."""

from collections.abc import Iterator
from contextlib import contextmanager

from review_people import hand_in
from sqlalchemy import event
from web_world import Staff, World

from api.domain.reviewer import Role

MOST = 25
"""Session and account among them; one more for every photo would make it a hundred and more."""


@contextmanager
def questions(world: World) -> Iterator[list[str]]:
    """Note every statement that reaches the database inside the block."""
    asked: list[str] = []

    def note(connection, cursor, statement, *_) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")):
            asked.append(statement)

    engine = world.house.parts.database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


def asked_for_a_page(world: World, office: Staff) -> tuple[int, int]:
    """How many photos the page shows, and how many questions it asked for them."""
    with questions(world) as asked:
        page = office.get("/console/review")
    assert page.status_code == 200
    return page.text.count('alt="'), len(asked)


def test_a_page_of_a_hundred_asks_the_database_no_more_than_a_page_of_ten(world: World) -> None:
    """And few questions at all."""
    office = world.staff(Role.REGISTRAR)
    office.get("/console/review")
    hand_in(world, 10, doubted=2)
    few, asked_for_few = asked_for_a_page(world, office)
    hand_in(world, 90, first=10, doubted=8)
    many, asked_for_many = asked_for_a_page(world, office)

    assert many - few == 90
    assert asked_for_many == asked_for_few <= MOST
