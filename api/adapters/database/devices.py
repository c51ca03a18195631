"""Browsers that a phone signs in."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, insert, select, update

from api.adapters.database.device_tables import device_logins
from api.adapters.database.rows import row_values
from api.domain.device_login import DeviceLogin, DeviceState


class SqlDeviceLogins:
    """Logins in the making, by the digests of their code and their secret."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, login: DeviceLogin) -> None:
        self._connection.execute(insert(device_logins).values(**_values(login)))

    def by_secret(self, digest: str) -> DeviceLogin | None:
        return self._one(select(device_logins).where(device_logins.c.secret_digest == digest))

    def by_code(self, digest: str) -> DeviceLogin | None:
        return self._one(select(device_logins).where(device_logins.c.code_digest == digest))

    def swap(self, login: DeviceLogin, *, state: DeviceState) -> bool:
        change = (
            update(device_logins)
            .where(device_logins.c.id == login.id, device_logins.c.state == state.value)
            .values(**_values(login))
        )
        return self._connection.execute(change).rowcount == 1

    def delete_of(self, student_id: str) -> None:
        self._connection.execute(delete(device_logins).where(device_logins.c.student_id == student_id))

    def delete_before(self, before: datetime) -> int:
        return self._connection.execute(delete(device_logins).where(device_logins.c.expires_at < before)).rowcount

    def _one(self, query: Select[Any]) -> DeviceLogin | None:
        row = self._connection.execute(query).one_or_none()
        return DeviceLogin(**{**row_values(row), "state": DeviceState(row.state)}) if row else None


def _values(login: DeviceLogin) -> dict[str, Any]:
    return {**asdict(login), "state": login.state.value}
