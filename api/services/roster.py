"""Bring a campaign's people in."""

from collections.abc import Iterable

from api.domain.id_number import normalise_id_number
from api.domain.identity import RosterRow
from api.domain.ids import new_id
from api.domain.ports import Clock, Database
from api.domain.roster import Person
from api.services.guards import find_campaign

__all__ = ["ImportRoster", "Person"]


class ImportRoster:
    """Add people to a campaign's roster; those already on it stay as they are."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def __call__(self, campaign: str, people: Iterable[Person]) -> tuple[RosterRow, ...]:
        """Return the rows that were added. Raises NotFound, and IdNumberInvalid before anything is kept."""
        checked = [(person, normalise_id_number(person.id_number)) for person in people]
        now = self._clock.now()
        added: list[RosterRow] = []
        with self._database.write() as uow:
            found = find_campaign(uow, campaign)
            for order, (person, number) in enumerate(checked):
                if uow.roster.by_id_number(found.id, number) is not None:
                    continue
                row = RosterRow(
                    id=new_id("rr", now=now, order=order),
                    campaign_id=found.id,
                    name=person.name.strip(),
                    id_number=number,
                    student_number=person.student_number.strip(),
                    college=person.college,
                    grade=person.grade,
                    major=person.major,
                    class_=person.class_,
                )
                uow.roster.add(row)
                added.append(row)
            uow.commit()
        return tuple(added)
