"""Rows on their way back into records."""

from typing import Any

from sqlalchemy import Row


def row_values(row: Row[Any]) -> dict[str, Any]:
    """Return a row's values by column name."""
    return dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public accessor, underscored against column names
