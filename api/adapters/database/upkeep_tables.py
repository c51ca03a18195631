"""The tables of the installation's own upkeep. Their `metadata` is the one of `tables`."""

from sqlalchemy import Column, Integer, LargeBinary, String, Table

from api.adapters.database.tables import metadata
from api.adapters.database.types import UtcDateTime

_NAME = String(16)
"""The name of a data key: eight hexadecimal digits."""

clock_mark = Table(
    "clock_mark",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("latest", UtcDateTime, nullable=False),
)
"""One row: the latest moment at which something was deleted by the clock. Stamps of other rows prove nothing: a clock
that runs ahead stamps them too."""

key_in_force = Table(
    "key_in_force",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", _NAME, nullable=False),
)
"""One row, once a key was ever replaced: the key that indexes and signs the audit log. Without it, the oldest."""

retired_keys = Table(
    "retired_keys",
    metadata,
    Column("name", _NAME, primary_key=True),
    Column("through", Integer, nullable=False),
    Column("secrets_sealed", LargeBinary, nullable=False),
    Column("retired_at", UtcDateTime, nullable=False),
)
"""What the keys before indexed and signed with, sealed with the newest: the audit log's rows up to `through` are
verified by it, and the school's logins that were bound under it are found."""

files_on_the_way = Table("files_on_the_way", metadata, Column("key", String(120), primary_key=True))
"""Files that are being sealed anew: should the process die, and one of them be erased in that moment, the next run
knows which of them may lie there without a row."""
