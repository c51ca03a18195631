"""The desk's long work: checked rosters and prepared exports, taken by a worker, picked up again, forgotten in time."""

from api.domain.errors import QueueUnavailable
from api.domain.ports import Bell, Blobs, Clock, Database
from api.domain.work import Ring, Work
from api.services.check_roster import CheckRoster
from api.services.prepare_export import PrepareExport, list_keys

LIMIT_S = 3600
"""How long one piece may take: an export of 30,000 photos takes minutes."""

_BATCH = 100


class OfficeWorker:
    """Do one piece of the desk's work."""

    def __init__(self, *, check_roster: CheckRoster, prepare_export: PrepareExport) -> None:
        self._check_roster = check_roster
        self._prepare_export = prepare_export

    def __call__(self, thing_id: str) -> None:
        """Check the roster file, or prepare the export, that has this id."""
        if thing_id.startswith("ex_"):
            self._prepare_export(thing_id)
        else:
            self._check_roster(thing_id)


class SweepOffice:
    """Ring for what waits: bells that were lost, and work whose worker died."""

    def __init__(self, *, database: Database, clock: Clock, bell: Bell) -> None:
        self._database = database
        self._clock = clock
        self._bell = bell

    def __call__(self) -> int:
        """Return how many bells were rung."""
        now = self._clock.now()
        with self._database.read() as uow:
            checks = uow.roster_checks.due(now=now, limit=_BATCH)
            exports = uow.export_files.due(now=now, limit=_BATCH)
        rings = [Ring(Work.OFFICE, one.id, one.attempts + 1) for one in checks]
        rings += [Ring(Work.OFFICE, one.id, one.attempts + 1) for one in exports]
        try:
            waiting = self._bell.waiting(Work.OFFICE) if rings else frozenset()
            missing = [ring for ring in rings if ring.id not in waiting]
            for ring in missing:
                self._bell.ring(ring)
        except QueueUnavailable:
            return 0
        return len(missing)


class ForgetOffice:
    """Delete what has ended: uploads, previews and the contents of exports.

    That there was an export stays on record. The clock is the one that refuses to leap.
    """

    def __init__(self, *, database: Database, clock: Clock, blobs: Blobs) -> None:
        self._database = database
        self._clock = clock
        self._blobs = blobs

    def __call__(self) -> int:
        """Return how many went. A row goes only after its files are gone. Raises ClockAhead."""
        now = self._clock.now()
        with self._database.read() as uow:
            checks = uow.roster_checks.ended(now=now, limit=_BATCH)
            exports = uow.export_files.ended(now=now, limit=_BATCH)
        for key in (*(check.key for check in checks), *(key for one in exports for key in list_keys(one.id))):
            self._blobs.delete(key)
        with self._database.write() as uow:
            for check in checks:
                uow.staging.forget(check.id)
                uow.roster_checks.delete(check.id)
            for export in exports:
                uow.export_files.forget(export.id)
            uow.commit()
        return len(checks) + len(exports)
