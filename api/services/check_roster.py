"""Show what a roster file would do before it does it, and then do exactly that."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from api.domain.campaign import Campaign
from api.domain.errors import InvalidRequest, NotFound, QueueUnavailable
from api.domain.errors_office import RosterMoved
from api.domain.errors_storage import StorageUnavailable
from api.domain.ids import new_id
from api.domain.ports import Bell, Blobs, Clock, Database
from api.domain.repositories import UnitOfWork
from api.domain.reviewer import Reviewer, as_reviewer
from api.domain.roster import RosterImport
from api.domain.roster_check import (
    LEASE,
    LIFE,
    MOST_TRIES,
    CheckState,
    Fate,
    PersonFate,
    RosterCheck,
    judged,
    taken_in,
    unreadable,
)
from api.domain.work import Ring, Work
from api.services.deeds import Deed, unrecorded
from api.services.guards import find_campaign
from api.services.load_roster import ImportWish, LoadRoster, Staged, take_in, tell
from api.services.roster_reader import RosterReader

MOST_FILE_BYTES = 7_000_000
MOST_PEOPLE = 200_000
_GAVE_UP = "读取这个文件时多次中断，请重新上传；若还是不行，请另存为 CSV UTF-8 再试"
_NOT_KEPT = "文件没有保存成功，请过一会儿重新上传"
_TOO_MANY = f"超过 {MOST_PEOPLE // 10000} 万行，请分批导入"


class UploadRoster:
    """Keep a roster file, sealed, for a worker to check."""

    def __init__(self, *, database: Database, clock: Clock, bell: Bell, blobs: Blobs) -> None:
        self._database = database
        self._clock = clock
        self._bell = bell
        self._blobs = blobs

    def __call__(
        self, staff: str | Reviewer, campaign: str, file: bytes, *, remove_missing: bool, deed: Deed = unrecorded
    ) -> RosterCheck:
        """Return the check that waits.

        Raises NotFound, InvalidRequest for a file that is empty or too large, and StorageUnavailable. The row is there
        before the file, so that no file of people is ever without an end; no worker takes it up meanwhile.
        """
        if not file or len(file) > MOST_FILE_BYTES:
            raise InvalidRequest(reason="file")
        now = self._clock.now()
        with self._database.read() as uow:
            found = find_campaign(uow, campaign)
        check = RosterCheck(
            id=new_id("im", now=now),
            campaign_id=found.id,
            by=as_reviewer(staff).name,
            remove_missing=remove_missing,
            created_at=now,
            ends_at=now + LIFE,
        )
        with self._database.write() as uow:
            uow.roster_checks.add(check)
            deed(uow, check)
            uow.commit()
        self._put(check, file)
        check = replace(check, next_at=now)
        with self._database.write() as uow:
            won = uow.roster_checks.swap(check, attempts=0)
            uow.commit()
        if not won:  # somebody forgot it while its file was on the way
            self._blobs.delete(check.key)
            raise NotFound(kind="roster import", id=check.id)
        ring(self._bell, check.id, 1)
        return check

    def _put(self, check: RosterCheck, file: bytes) -> None:
        try:
            self._blobs.put(check.key, file)
        except StorageUnavailable:
            with self._database.write() as uow:
                uow.roster_checks.swap(unreadable(check, trouble=_NOT_KEPT), attempts=0)
                uow.commit()
            raise


class CheckRoster:
    """Read an uploaded file, stage its people and say what taking them in would do. For the worker."""

    def __init__(
        self, *, database: Database, clock: Clock, blobs: Blobs, load: LoadRoster, reader: RosterReader
    ) -> None:
        self._database = database
        self._clock = clock
        self._blobs = blobs
        self._load = load
        self._reader = reader

    def __call__(self, check_id: str) -> RosterCheck | None:
        """Return the check with what was found, None where it was not due.

        Raises StorageUnavailable; its lease then runs out, and it is tried again.
        """
        claimed = self._claim(check_id)
        if claimed is None:
            return None
        check, campaign = claimed
        if check.attempts > MOST_TRIES:
            return self._keep(unreadable(check, trouble=_GAVE_UP), check)
        staged = self._read(check, campaign)
        if isinstance(staged, str):
            return self._keep(unreadable(check, trouble=staged), check)
        with self._database.read() as uow:
            wish = ImportWish(remove_missing=check.remove_missing)
            found = tell(uow, check.id, campaign, wish=wish, staged=staged)
            after = judged(check, found, mark=uow.roster_checks.mark(campaign.id))
        return self._keep(after, check)

    def _claim(self, check_id: str) -> tuple[RosterCheck, Campaign] | None:
        now = self._clock.now()
        with self._database.write() as uow:
            found = uow.roster_checks.get(check_id)
            if found is None or found.next_at is None or found.next_at > now:
                return None
            held = replace(found, attempts=found.attempts + 1, next_at=now + LEASE, read=0)
            campaign = uow.campaigns.get(found.campaign_id)
            if campaign is None or not uow.roster_checks.swap(held, attempts=found.attempts):
                return None
            uow.staging.forget(check_id)  # what a worker that died had staged
            uow.commit()
        return held, campaign

    def _read(self, check: RosterCheck, campaign: Campaign) -> Staged | str:
        """Stage the people; answer what was staged, or why the file as a whole cannot be read."""
        with self._reader.open(self._blobs.get(check.key)) as opened:
            if opened.trouble is not None:
                return opened.trouble
            progress = self._progress(replace(check, expected=opened.expected))
            try:
                return self._load.stage(check.id, campaign, opened.lines, progress=progress)
            except opened.unreadable as fault:
                return str(fault)
            except _TooMany:
                return _TOO_MANY

    def _progress(self, check: RosterCheck) -> Callable[[int], None]:
        def note(read: int) -> None:
            if read > MOST_PEOPLE:
                raise _TooMany
            with self._database.write() as uow:
                uow.roster_checks.swap(
                    replace(check, read=read, next_at=self._clock.now() + LEASE), attempts=check.attempts
                )
                uow.commit()

        return note

    def _keep(self, after: RosterCheck, before: RosterCheck) -> RosterCheck | None:
        with self._database.write() as uow:
            won = uow.roster_checks.swap(after, attempts=before.attempts)
            if after.state is not CheckState.READY:
                uow.staging.forget(after.id)
            uow.commit()
        try:
            self._blobs.delete(after.key)
        except StorageUnavailable:
            return after if won else None  # the file goes with the row, at its end
        return after if won else None


class _TooMany(Exception):
    """The file has more lines than a school has people."""


class TakeRosterIn:
    """Import what a check has shown, all of it and nothing else."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def __call__(self, campaign: str, check_id: str, *, deed: Deed = unrecorded) -> RosterCheck:
        """Return the check as carried out. Raises NotFound, RosterMoved where the roster is not as it was shown."""
        with self._database.write() as uow:
            found = find_campaign(uow, campaign)
            check = own_check(uow, found, check_id)
            if check.state is CheckState.DONE:
                return check
            if check.state is not CheckState.READY or check.ends_at <= self._clock.now():
                raise RosterMoved
            wish = ImportWish(remove_missing=check.remove_missing)
            if not _as_shown(check, tell(uow, check.id, found, wish=wish, staged=Staged(check.read)), uow):
                raise RosterMoved
            take_in(uow, check.id, found, wish=wish, now=self._clock.now())
            uow.staging.forget(check.id)
            done = taken_in(check, now=self._clock.now())
            uow.roster_checks.swap(done, attempts=check.attempts)
            deed(uow, done)
            uow.commit()
        return done


@dataclass(frozen=True, slots=True)
class FatesPage:
    """Some of those an import would touch, and the row id after which the next ones come (None: no more)."""

    people: tuple[PersonFate, ...]
    after: str | None


class ReadRosterCheck:
    """Look at an upload."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def __call__(self, campaign: str, check_id: str) -> RosterCheck:
        """Return it. Raises NotFound."""
        with self._database.read() as uow:
            return own_check(uow, find_campaign(uow, campaign), check_id)

    def all(self, campaign: str) -> tuple[RosterCheck, ...]:
        """Return a campaign's uploads, newest first. Raises NotFound."""
        with self._database.read() as uow:
            return uow.roster_checks.of_campaign(find_campaign(uow, campaign).id)

    def fates(self, campaign: str, check_id: str, fate: Fate, *, after: str = "", limit: int = 50) -> FatesPage:
        """Return whom the import would add, change or remove. Raises NotFound."""
        with self._database.read() as uow:
            check = own_check(uow, find_campaign(uow, campaign), check_id)
            found = uow.roster_checks.fates(check, fate, after=after, limit=limit + 1)
        people = found[:limit]
        last = (people[-1].after or people[-1].before) if len(found) > limit else None
        return FatesPage(people, last.id if last else None)


class ForgetRosterCheck:
    """Let an upload go before its time."""

    def __init__(self, *, database: Database, blobs: Blobs) -> None:
        self._database = database
        self._blobs = blobs

    def __call__(self, campaign: str, check_id: str, *, deed: Deed = unrecorded) -> None:
        """Raise NotFound where there is none, StorageUnavailable, with the row left as it was."""
        with self._database.read() as uow:
            check = own_check(uow, find_campaign(uow, campaign), check_id)
        self._blobs.delete(check.key)
        with self._database.write() as uow:
            uow.staging.forget(check.id)
            uow.roster_checks.delete(check.id)
            deed(uow, check)
            uow.commit()


def own_check(uow: UnitOfWork, campaign: Campaign, check_id: str) -> RosterCheck:
    """Return the campaign's upload. Raises NotFound."""
    check = uow.roster_checks.get(check_id)
    if check is None or check.campaign_id != campaign.id:
        raise NotFound(kind="roster import", id=check_id)
    return check


def ring(bell: Bell, thing_id: str, attempt: int) -> None:
    """Tell a worker; a bell that is away is rung again by the sweeper."""
    try:
        bell.ring(Ring(Work.OFFICE, thing_id, attempt))
    except QueueUnavailable:
        return


def _as_shown(check: RosterCheck, now: RosterImport, uow: UnitOfWork) -> bool:
    shown = (check.added, check.changed, check.unchanged, check.removed, check.kept)
    counted = (now.added, now.changed, now.unchanged, now.removed, now.kept)
    return shown == counted and not now.faults and check.mark == uow.roster_checks.mark(check.campaign_id)
