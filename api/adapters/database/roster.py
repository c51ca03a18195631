"""Campaigns and the people they are for."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, exists, insert, or_, select, update

from api.adapters.database.collection_tables import campaign_extensions, record_errors
from api.adapters.database.rows import row_values
from api.adapters.database.sealing import open_text, seal_text
from api.adapters.database.tables import campaigns, roster, submissions
from api.domain.campaign import Campaign
from api.domain.identity import RosterRow
from api.domain.ports import Vault
from api.domain.roster import Person


class SqlCampaigns:
    """Campaigns."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, campaign: Campaign) -> None:
        self._connection.execute(insert(campaigns).values(**_campaign_values(campaign)))

    def save(self, campaign: Campaign) -> None:
        self._connection.execute(
            update(campaigns).where(campaigns.c.id == campaign.id).values(**_campaign_values(campaign))
        )

    def get(self, campaign_id: str) -> Campaign | None:
        return next(iter(self._all(select(campaigns).where(campaigns.c.id == campaign_id))), None)

    def by_slug(self, slug: str) -> Campaign | None:
        return next(iter(self._all(select(campaigns).where(campaigns.c.slug == slug))), None)

    def all(self) -> tuple[Campaign, ...]:
        return self._all(select(campaigns).order_by(campaigns.c.created_at, campaigns.c.id))

    def _all(self, query: Select[Any]) -> tuple[Campaign, ...]:
        rows = self._connection.execute(query)
        return tuple(Campaign(**{**row_values(row), "deliver_on": frozenset(row.deliver_on)}) for row in rows)


class SqlRoster:
    """Rosters; name and numbers are sealed, and a row is found by the keyed digest of its ID number."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def add(self, row: RosterRow) -> None:
        self._connection.execute(insert(roster).values(**self.values(row)))

    def values(self, row: RosterRow) -> dict[str, Any]:
        """Return a record as a row of this table."""
        return {
            "id": row.id,
            "campaign_id": row.campaign_id,
            "name_sealed": self._seal(row.id, "name", row.name),
            "id_number_index": self._vault.index(row.id_number, context="roster.id_number"),
            "id_number_sealed": self._seal(row.id, "id_number", row.id_number),
            "student_number_index": student_number_index(self._vault, row.student_number),
            "student_number_sealed": self._seal(row.id, "student_number", row.student_number),
            "college": row.college,
            "grade": row.grade,
            "major": row.major,
            "class_name": row.class_,
            "student_id": row.student_id,
            "bound_at": row.bound_at,
            "said_at": row.said_at,
        }

    def matching(self, campaign_id: str, people: Sequence[Person]) -> tuple[RosterRow, ...]:
        """Return everyone on the roster who has the ID number or the student number of one of `people`."""
        numbers = [self._vault.index(person.id_number, context="roster.id_number") for person in people]
        students = [student_number_index(self._vault, person.student_number) for person in people]
        either = or_(roster.c.id_number_index.in_(numbers), roster.c.student_number_index.in_(students))
        return self._all(select(roster).where(roster.c.campaign_id == campaign_id, either))

    def delete_unused(self, row_id: str) -> bool:
        """Remove a row on which nothing rests; False where something does."""
        used = (
            exists().where(submissions.c.roster_row_id == roster.c.id)
            | exists().where(campaign_extensions.c.roster_row_id == roster.c.id)
            | exists().where(record_errors.c.roster_row_id == roster.c.id)
        )
        change = delete(roster).where(roster.c.id == row_id, roster.c.student_id.is_(None), ~used)
        return self._connection.execute(change).rowcount == 1

    def get(self, row_id: str) -> RosterRow | None:
        return next(iter(self._all(select(roster).where(roster.c.id == row_id))), None)

    def by_id_number(self, campaign_id: str, id_number: str) -> RosterRow | None:
        index = self._vault.index(id_number, context="roster.id_number")
        query = select(roster).where(roster.c.campaign_id == campaign_id, roster.c.id_number_index == index)
        return next(iter(self._all(query)), None)

    def by_student_number(self, campaign_id: str, student_number: str) -> RosterRow | None:
        index = student_number_index(self._vault, student_number)
        query = select(roster).where(roster.c.campaign_id == campaign_id, roster.c.student_number_index == index)
        return next(iter(self._all(query)), None) if index is not None else None

    def many(self, row_ids: Sequence[str]) -> dict[str, RosterRow]:
        return {row.id: row for row in self._all(select(roster).where(roster.c.id.in_(row_ids)))}

    def page(self, campaign_id: str, *, after_id: str | None, limit: int) -> tuple[RosterRow, ...]:
        query = select(roster).where(roster.c.campaign_id == campaign_id)
        if after_id is not None:
            query = query.where(roster.c.id > after_id)
        return self._all(query.order_by(roster.c.id).limit(limit))

    def of_campaign(self, campaign_id: str) -> tuple[RosterRow, ...]:
        return self._all(select(roster).where(roster.c.campaign_id == campaign_id).order_by(roster.c.id))

    def of_student(self, student_id: str) -> tuple[RosterRow, ...]:
        query = select(roster).where(roster.c.student_id == student_id)
        return self._all(query.order_by(roster.c.bound_at, roster.c.id))

    def bind(self, row_id: str, *, student_id: str, now: datetime) -> bool:
        change = (
            update(roster)
            .where(roster.c.id == row_id, roster.c.student_id.is_(None))
            .values(student_id=student_id, bound_at=now)
        )
        return self._connection.execute(change).rowcount == 1

    def unbind(self, student_id: str) -> None:
        self._connection.execute(
            update(roster).where(roster.c.student_id == student_id).values(student_id=None, bound_at=None)
        )

    def unbind_row(self, row_id: str) -> None:
        self._connection.execute(update(roster).where(roster.c.id == row_id).values(student_id=None, bound_at=None))

    def _all(self, query: Select[Any]) -> tuple[RosterRow, ...]:
        return tuple(self.record(row) for row in self._connection.execute(query))

    def record(self, row: Row[Any]) -> RosterRow:
        """Return the record of a row of this table."""
        return RosterRow(
            id=row.id,
            campaign_id=row.campaign_id,
            name=self._open(row.id, "name", row.name_sealed),
            id_number=self._open(row.id, "id_number", row.id_number_sealed),
            student_number=self._open(row.id, "student_number", row.student_number_sealed),
            college=row.college,
            grade=row.grade,
            major=row.major,
            class_=row.class_name,
            student_id=row.student_id,
            bound_at=row.bound_at,
            said_at=row.said_at,
        )

    def staged(self, row: Row[Any], *, campaign_id: str) -> RosterRow:
        """Return the record that a row of the staging table is to become."""
        return RosterRow(
            id=row.row_id,
            campaign_id=campaign_id,
            name=self._open(row.row_id, "name", row.name_sealed),
            id_number=self._open(row.row_id, "id_number", row.id_number_sealed),
            student_number=self._open(row.row_id, "student_number", row.student_number_sealed),
            college=row.college,
            grade=row.grade,
            major=row.major,
            class_=row.class_name,
        )

    def _seal(self, row_id: str, column: str, text: str) -> bytes:
        return seal_text(self._vault, text, f"roster.{column}:{row_id}")

    def _open(self, row_id: str, column: str, sealed: bytes) -> str:
        return open_text(self._vault, sealed, f"roster.{column}:{row_id}")


def student_number_index(vault: Vault, student_number: str) -> str | None:
    """Return what a row is found by; nothing for a person without a student number."""
    return vault.index(student_number, context="roster.student_number") if student_number else None


def _campaign_values(campaign: Campaign) -> dict[str, Any]:
    return {
        "id": campaign.id,
        "slug": campaign.slug,
        "name": campaign.name,
        "spec": campaign.spec,
        "starts_at": campaign.starts_at,
        "ends_at": campaign.ends_at,
        "profile_schema": dict(campaign.profile_schema),
        "registry_id": campaign.registry_id,
        "deliver_on": sorted(campaign.deliver_on),
        "created_at": campaign.created_at,
        "template": campaign.template,
        "file_name": campaign.file_name,
    }
