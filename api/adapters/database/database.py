"""Units of work over SQLAlchemy."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from sqlalchemy import Connection, text

from api.adapters.database.audit import SqlAuditLog
from api.adapters.database.clock_mark import SqlClockMark
from api.adapters.database.collection import SqlDrafts, SqlExports, SqlExtensions, SqlRecordErrors
from api.adapters.database.deliveries import SqlDeliveries
from api.adapters.database.devices import SqlDeviceLogins
from api.adapters.database.engine import open_engine, to_read, to_write
from api.adapters.database.exhibits import SqlExhibits
from api.adapters.database.faults import telling_faults, telling_faults_of_writers
from api.adapters.database.keys import IndexingVault, SqlKeys
from api.adapters.database.media_checks import SqlMediaChecks
from api.adapters.database.office import SqlOfficeWork
from api.adapters.database.people import SqlConsents, SqlIdentityAttempts, SqlSessions, SqlStudents
from api.adapters.database.photos import SqlBlobRows, SqlPhotos
from api.adapters.database.registries import SqlLeases, SqlRegistries
from api.adapters.database.resealing import SqlSealed
from api.adapters.database.review_queue import SqlReviewQueue
from api.adapters.database.roster import SqlCampaigns, SqlRoster
from api.adapters.database.staff import SqlLoginDoors, SqlStaff, SqlStaffSessions
from api.adapters.database.staging import SqlRosterStaging
from api.adapters.database.stand import SqlStanding
from api.adapters.database.submissions import SqlSubmissions
from api.adapters.database.waits import SqlWaits
from api.adapters.database.wechat import SqlNotices, SqlPushes
from api.domain.ports import Vault


class SqlUnitOfWork(SqlOfficeWork):
    """All repositories over one connection in one transaction."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self.keys = SqlKeys(connection, vault)
        self._vault = IndexingVault(vault, self.keys)

    def commit(self) -> None:
        """Keep everything done so far. Raises Conflict where a unique rule is broken."""
        self._connection.commit()

    @cached_property
    def students(self) -> SqlStudents:
        return SqlStudents(self._connection, self._vault)

    @cached_property
    def sessions(self) -> SqlSessions:
        return SqlSessions(self._connection)

    @cached_property
    def consents(self) -> SqlConsents:
        return SqlConsents(self._connection, self._vault)

    @cached_property
    def campaigns(self) -> SqlCampaigns:
        return SqlCampaigns(self._connection)

    @cached_property
    def roster(self) -> SqlRoster:
        return SqlRoster(self._connection, self._vault)

    @cached_property
    def identity_attempts(self) -> SqlIdentityAttempts:
        return SqlIdentityAttempts(self._connection)

    @cached_property
    def photos(self) -> SqlPhotos:
        return SqlPhotos(self._connection, self._vault)

    @cached_property
    def blobs(self) -> SqlBlobRows:
        return SqlBlobRows(self._connection, self._vault)

    @cached_property
    def submissions(self) -> SqlSubmissions:
        return SqlSubmissions(self._connection, self._vault)

    @cached_property
    def registries(self) -> SqlRegistries:
        return SqlRegistries(self._connection, self._vault)

    @cached_property
    def deliveries(self) -> SqlDeliveries:
        return SqlDeliveries(self._connection, self._vault)

    @cached_property
    def leases(self) -> SqlLeases:
        return SqlLeases(self._connection)

    @cached_property
    def staging(self) -> SqlRosterStaging:
        return SqlRosterStaging(self._connection, self._vault)

    @cached_property
    def extensions(self) -> SqlExtensions:
        return SqlExtensions(self._connection)

    @cached_property
    def drafts(self) -> SqlDrafts:
        return SqlDrafts(self._connection, self._vault)

    @cached_property
    def record_errors(self) -> SqlRecordErrors:
        return SqlRecordErrors(self._connection, self._vault)

    @cached_property
    def exports(self) -> SqlExports:
        return SqlExports(self._connection)

    @cached_property
    def standing(self) -> SqlStanding:
        return SqlStanding(self._connection)

    @cached_property
    def notices(self) -> SqlNotices:
        return SqlNotices(self._connection, self._vault)

    @cached_property
    def pushes(self) -> SqlPushes:
        return SqlPushes(self._connection, self._vault)

    @cached_property
    def device_logins(self) -> SqlDeviceLogins:
        return SqlDeviceLogins(self._connection)

    @cached_property
    def media_checks(self) -> SqlMediaChecks:
        return SqlMediaChecks(self._connection)

    @cached_property
    def review_queue(self) -> SqlReviewQueue:
        return SqlReviewQueue(self._connection, self._vault)

    @cached_property
    def exhibits(self) -> SqlExhibits:
        return SqlExhibits(self._connection)

    @cached_property
    def staff(self) -> SqlStaff:
        return SqlStaff(self._connection, self._vault)

    @cached_property
    def staff_sessions(self) -> SqlStaffSessions:
        return SqlStaffSessions(self._connection)

    @cached_property
    def login_doors(self) -> SqlLoginDoors:
        return SqlLoginDoors(self._connection)

    @cached_property
    def clock_mark(self) -> SqlClockMark:
        return SqlClockMark(self._connection)

    @cached_property
    def waits(self) -> SqlWaits:
        return SqlWaits(self._connection)

    @cached_property
    def sealed(self) -> SqlSealed:
        return SqlSealed(self._connection, self._vault)

    @cached_property
    def audit(self) -> SqlAuditLog:
        return SqlAuditLog(self._connection)


class SqlDatabase:
    """The database behind its port. `engine` is for the schema alone."""

    def __init__(self, url: str, *, vault: Vault) -> None:
        self.engine = open_engine(url)
        self._vault = vault

    @contextmanager
    def read(self) -> Iterator[SqlUnitOfWork]:
        """Look at one consistent state; nothing is kept. Raises DatabaseUnavailable."""
        with telling_faults(), to_read(self.engine) as connection:
            yield SqlUnitOfWork(connection, self._vault)

    @contextmanager
    def write(self) -> Iterator[SqlUnitOfWork]:
        """Hold the right to write from the first statement on; keep only what is committed.

        Raises Conflict where a rule of the database is broken, DatabaseUnavailable also where another writer took
        longer than we wait.
        """
        with telling_faults_of_writers(), to_write(self.engine) as connection:
            yield SqlUnitOfWork(connection, self._vault)

    def ping(self) -> None:
        """Raise SQLAlchemyError when the database does not answer."""
        with self.engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()
