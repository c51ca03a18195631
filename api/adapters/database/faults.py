"""What a database says when it cannot do what it was asked, in the house's own words."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from api.domain.errors import Conflict, InvalidRequest
from api.domain.errors_database import DatabaseUnavailable

AGAIN_S = 5
"""After how long a caller may come back: a server that is restarted is away for a few seconds."""

_STANDBY = "25006"
"""SQLSTATE read_only_sql_transaction: after a fail-over we may speak to a server that only reads."""


@contextmanager
def telling_faults() -> Iterator[None]:
    """Turn the library's errors into ours, the database's own as their cause.

    Raises Conflict where a rule was broken, InvalidRequest for a value no column can hold (a text too long, a number
    out of range, NUL: what a check at the door has let through), and DatabaseUnavailable where the server does not
    answer, ended the connection, waited for a lock or a statement too long, or had no connection to give.
    """
    try:
        yield
    except IntegrityError as fault:
        raise Conflict from fault
    except DataError as fault:
        raise InvalidRequest(reason="a value does not fit its column") from fault.orig
    except PoolTimeout as fault:
        raise DatabaseUnavailable(retry_after=AGAIN_S) from fault
    except DBAPIError as fault:
        if not _is_away(fault):
            raise
        raise DatabaseUnavailable(retry_after=AGAIN_S) from fault.orig


def _is_away(fault: DBAPIError) -> bool:
    """Tell a database that cannot from a statement that is wrong, which SQLite calls by the same name."""
    if isinstance(fault.orig, sqlite3.Error) and fault.orig.sqlite_errorcode == sqlite3.SQLITE_ERROR:
        return False
    return isinstance(fault, OperationalError) or fault.connection_invalidated


@contextmanager
def telling_faults_of_writers() -> Iterator[None]:
    """Do the same for a transaction that writes. Raises DatabaseUnavailable also where the server only reads."""
    try:
        with telling_faults():
            yield
    except InternalError as fault:
        if getattr(fault.orig, "sqlstate", None) != _STANDBY:
            raise
        raise DatabaseUnavailable(retry_after=AGAIN_S) from fault.orig
