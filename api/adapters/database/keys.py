"""Which key indexes and signs: told by the database, so that every process changes over in the same moment."""

from datetime import datetime
from functools import cached_property

from sqlalchemy import Connection, insert, select, update

from api.adapters.database.upkeep_tables import key_in_force, retired_keys
from api.adapters.vault import KeyedDigests
from api.domain.digests import Digests
from api.domain.ports import Vault

_ROW = 1


class SqlKeys:
    """The key in force and those before it, as this unit of work sees them."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    @property
    def in_force(self) -> str:
        """Return the name of the key that indexes and signs: the one recorded, else the oldest that is given."""
        return self._recorded or self._vault.oldest

    def sign(self, text: str, *, context: str) -> str:
        return self._digests.sign(text, context=context)

    def index(self, text: str, *, context: str) -> str:
        return self._digests.index(text, context=context)

    def signing(self, seq: int) -> Digests:
        return next((digests for through, digests in self._retired if seq <= through), self._digests)

    def ever(self) -> tuple[Digests, ...]:
        return (self._digests, *(digests for _, digests in self._retired))

    def switch(self, *, through: int, now: datetime) -> None:
        """Let the newest key index and sign from here on, and keep what the one before did so with."""
        before, digests = self.in_force, self._digests
        sealed = self._vault.seal(digests.secrets, context=_context(before))
        kept = {"name": before, "through": through, "secrets_sealed": sealed, "retired_at": now}
        self._connection.execute(insert(retired_keys).values(**kept))
        if self._connection.execute(update(key_in_force).values(name=self._vault.newest)).rowcount == 0:
            self._connection.execute(insert(key_in_force).values(id=_ROW, name=self._vault.newest))
        for remembered in ("_recorded", "_digests", "_retired"):
            self.__dict__.pop(remembered, None)

    @cached_property
    def _recorded(self) -> str | None:
        found: str | None = self._connection.execute(select(key_in_force.c.name)).scalar_one_or_none()
        return found

    @cached_property
    def _digests(self) -> Digests:
        return self._vault.keyed(self.in_force)

    @cached_property
    def _retired(self) -> tuple[tuple[int, Digests], ...]:
        rows = self._connection.execute(
            select(retired_keys).order_by(retired_keys.c.through, retired_keys.c.retired_at)
        )
        return tuple(
            (row.through, KeyedDigests(self._vault.open(row.secrets_sealed, context=_context(row.name))))
            for row in rows
        )


class IndexingVault:
    """The vault as repositories use it: its indexes are those of the key in force."""

    def __init__(self, vault: Vault, keys: SqlKeys) -> None:
        self._vault = vault
        self._keys = keys

    def seal(self, plain: bytes, *, context: str) -> bytes:
        """Encrypt and authenticate."""
        return self._vault.seal(plain, context=context)

    def open(self, sealed: bytes, *, context: str) -> bytes:
        """Decrypt. Raises VaultError."""
        return self._vault.open(sealed, context=context)

    def index(self, text: str, *, context: str) -> str:
        """Return the digest under the key in force."""
        return self._keys.index(text, context=context)

    def sign(self, text: str, *, context: str) -> str:
        """Return the signature by the oldest key that is given."""
        return self._vault.sign(text, context=context)

    @property
    def newest(self) -> str:
        return self._vault.newest

    @property
    def oldest(self) -> str:
        return self._vault.oldest

    @property
    def prefix(self) -> bytes:
        return self._vault.prefix

    def keyed(self, name: str) -> Digests:
        """Return one key's digests. Raises VaultError."""
        return self._vault.keyed(name)


def _context(name: str) -> str:
    return f"retired_keys.secrets:{name}"
