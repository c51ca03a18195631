"""A registry's own roster, upserted over its signed message."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from api.domain.campaign import Campaign
from api.domain.delivery import Registry
from api.domain.errors import InvalidRequest, InvalidRoster, ProfileFault, SignatureInvalid
from api.domain.ports import Clock, Database
from api.domain.repositories import UnitOfWork
from api.domain.roster import COLUMNS, RosterFault, RosterImport, RosterLine
from api.domain.roster_cells import tidied
from api.services.inbound import read_message, said_at, taken_before
from api.services.load_roster import ImportWish, LoadRoster

KIND = "roster.upsert"
MOST = 5000
"""People in one message; a registry with more sends several."""

_FIELDS = {"class" if name == "class_" else name: name for name in COLUMNS}


class TakeRoster:
    """Take people from a registry, signed with the registry's own secret.

    Body: `{"type": "roster.upsert", "timestamp": "…", "data": {"campaign": "…", "people": [{name, id_number,
    student_number, college, grade, major, class}]}}`. All of them or nobody; who is not in the message stays. A message
    id that was taken before changes nothing, and the same people again change nothing either. Of several words on one
    person the one with the latest `timestamp` stands, in whatever order they arrive.
    """

    def __init__(self, *, database: Database, clock: Clock, load: LoadRoster) -> None:
        self._database = database
        self._clock = clock
        self._load = load

    def __call__(self, headers: Mapping[str, str], body: bytes) -> RosterImport:
        """Return what was done. Raises SignatureInvalid, InvalidRequest, InvalidRoster with every fault."""
        message = read_message(body)
        now = self._clock.now()
        with self._database.write() as uow:
            campaign, registry = _addressed(uow, message["data"])
            taken = taken_before(uow, registry, headers=headers, body=body, now=now)
            people = _people(message)
            wish = ImportWish(said_at=said_at(message, now=now))
        if taken:
            return RosterImport(read=len(people), unchanged=len(people))
        done = self._load(campaign.id, _lines(people), wish=wish)
        if done.faults:
            raise InvalidRoster(faults=tuple(_fault(fault) for fault in done.faults))
        with self._database.write() as uow:
            taken_before(uow, registry, headers=headers, body=body, now=now)
            uow.commit()
        return done


def _addressed(uow: UnitOfWork, data: Mapping[str, Any]) -> tuple[Campaign, Registry]:
    """Return the campaign spoken of and the registry it belongs to; a stranger learns nothing from the refusal."""
    name = str(data.get("campaign"))
    campaign = uow.campaigns.get(name) or uow.campaigns.by_slug(name)
    registry = uow.registries.get(campaign.registry_id) if campaign and campaign.registry_id else None
    if campaign is None or registry is None:
        raise SignatureInvalid(reason="no registry of ours speaks of this campaign")
    return campaign, registry


def _people(message: Mapping[str, Any]) -> Sequence[Any]:
    people = message["data"].get("people")
    if message.get("type") != KIND:
        raise InvalidRequest(reason="type")
    if not isinstance(people, list) or not people or len(people) > MOST:
        raise InvalidRequest(reason="people")
    return people


def _lines(people: Sequence[Any]) -> Iterator[RosterLine]:
    """Give the people as lines counted from 1; what is not text is as good as missing."""
    for number, person in enumerate(people, start=1):
        given = person if isinstance(person, dict) else {}
        yield RosterLine(number, {name: _text(name, given.get(field)) for field, name in _FIELDS.items()})


def _text(name: str, value: Any) -> str:
    return tidied(name, value) if isinstance(value, str) else ""


def _fault(fault: RosterFault) -> ProfileFault:
    """Name a fault by its place in the message."""
    field = next(field for field, name in _FIELDS.items() if COLUMNS[name][0] == fault.column)
    return ProfileFault(path=f"people.{fault.line - 1}.{field}", message=fault.message)
