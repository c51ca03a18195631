"""What somebody did, put on record in the very unit of work that does it: both stand, or neither."""

from collections.abc import Callable
from typing import Any

from api.domain.repositories import UnitOfWork

Deed = Callable[[UnitOfWork, Any], None]
"""Called with the unit of work just before its commit, and with what the deed leads to. Whoever acts brings it along:
staff a row of the audit log (`Note.deed`), students, registries and the worker nothing."""


def unrecorded(_uow: UnitOfWork, _done: object) -> None:
    """Put nothing on record."""
