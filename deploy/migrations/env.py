"""Alembic's entry: migrate over the connection we are handed, or over `DATABASE_URL` from the command line."""

import os
from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

from api.adapters.database.collation import order_by_code_point
from api.adapters.database.collection_tables import metadata
from api.adapters.database.device_tables import device_logins as _devices  # noqa: F401 - its tables join `metadata`
from api.adapters.database.engine import open_engine
from api.adapters.database.review_tables import exhibits as _review  # noqa: F401 - its tables join `metadata`
from api.adapters.database.staff_tables import staff as _staff  # noqa: F401 - its tables join `metadata`
from api.adapters.database.types import UtcDateTime
from api.adapters.database.upkeep_tables import clock_mark as _upkeep  # noqa: F401 - its tables join `metadata`
from api.adapters.database.wechat_tables import notices as _wechat  # noqa: F401 - its tables join `metadata`


def _render(kind: str, item: object, _: AutogenContext) -> str | Literal[False]:
    """Write our column type as the plain one, so that an old migration never depends on today's code."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=_render,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
        order_by_code_point(connection, metadata)


def _main() -> None:
    given: Connection | None = context.config.attributes.get("connection")
    if given is not None:
        _migrate(given)
        return
    engine = open_engine(os.environ["DATABASE_URL"])
    with engine.connect() as connection:
        _migrate(connection)
        connection.commit()
    engine.dispose()


_main()
