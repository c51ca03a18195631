"""Take a campaign's approved photos out of the house, on record with who, when and why."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone

from api.domain.campaign import Campaign
from api.domain.errors import BlobMissing, InvalidRequest, NotFound
from api.domain.export import Export, ExportEntry, Layout, finished
from api.domain.export_sink import ExportSink, Progress
from api.domain.ids import new_id
from api.domain.ports import Blobs, Clock, Database
from api.domain.reviewer import Reviewer, as_reviewer
from api.domain.submission import SubmissionFilter, SubmissionState, SubmissionView, given_reason
from api.services.deeds import Deed, unrecorded
from api.services.file_names import file_name
from api.services.guards import find_campaign
from photo_service.spec import Spec

_BEIJING = timezone(timedelta(hours=8))
_PART = 200
_CET_PATTERN = "{id_number}.jpg"


@dataclass(frozen=True, slots=True)
class ExportWish:
    """Which photos, and how they are laid out. Empty filters take everyone."""

    college: str | None = None
    grade: str | None = None
    major: str | None = None
    class_: str | None = None
    layout: Layout = Layout.PLAIN

    @property
    def filters(self) -> dict[str, str]:
        """Return the filters that are set."""
        pairs = {"college": self.college, "grade": self.grade, "major": self.major, "class_": self.class_}
        return {name: value for name, value in pairs.items() if value is not None}


class BeginExport:
    """Put an export on record before the first photo leaves."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def __call__(
        self, staff: str | Reviewer, campaign: str, wish: ExportWish, *, reason: str, deed: Deed = unrecorded
    ) -> Export:
        """Return it. Raises NotFound, InvalidRequest without a reason."""
        why, now = given_reason(reason), self._clock.now()
        with self._database.write() as uow:
            export = Export(
                id=new_id("ex", now=now),
                campaign_id=find_campaign(uow, campaign).id,
                by=as_reviewer(staff).name,
                reason=why,
                filters=wish.filters,
                layout=wish.layout,
                as_of=now,
            )
            uow.exports.add(export)
            deed(uow, export)
            uow.commit()
        return export


class ListExports:
    """Show who took photos out."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def __call__(self, campaign: str) -> tuple[Export, ...]:
        """Return a campaign's exports, oldest first. Raises NotFound."""
        with self._database.read() as uow:
            return uow.exports.of_campaign(find_campaign(uow, campaign).id)


class RunExport:
    """Write an export's photos, or go on with one that was interrupted.

    It holds what was approved at the moment it began and still is. A photo whose file is gone or changed stops it: an
    export that silently lacks somebody would cost that student the examination.
    """

    def __init__(self, *, database: Database, clock: Clock, blobs: Blobs, specs: Mapping[str, Spec]) -> None:
        self._database = database
        self._clock = clock
        self._blobs = blobs
        self._specs = specs

    def __call__(self, export_id: str, sink: ExportSink, *, progress: Progress = lambda _done, _all: None) -> Export:
        """Return it finished. Raises NotFound, InvalidRequest where it holds nobody, BlobMissing."""
        with self._database.read() as uow:
            export = uow.exports.get(export_id)
            campaign = uow.campaigns.get(export.campaign_id) if export else None
        if export is None or campaign is None:
            raise NotFound(kind="export", id=export_id)
        count = self._write(export, campaign, sink, progress)
        size, digest = sink.finish()
        done = finished(export, now=self._clock.now(), photos=count, size=size, sha256=digest)
        with self._database.write() as uow:
            uow.exports.save(done)
            uow.commit()
        return done

    def _write(self, export: Export, campaign: Campaign, sink: ExportSink, progress: Progress) -> int:
        total, done, after = self._written(export, sink)
        if not total:
            raise InvalidRequest(reason="no approved photo fits")
        name = _Names(self._pattern(export, campaign), sink.entries())
        for view in self._views(export, after_id=after):
            sink.add(_entry(view, name(view)), self._jpeg(view))
            done += 1
            progress(done, total)
        return done

    def _written(self, export: Export, sink: ExportSink) -> tuple[int, int, str | None]:
        """Return how many photos it holds in all, how many of them are written, and the last of those.

        Where somebody was taken back since, what was written holds too many, and is dropped.
        """
        total, done, after = 0, 0, None
        entries, agree, reading = sink.entries(), True, True
        for wanted in self._ids(export):
            total += 1
            entry = next(entries, None) if reading else None
            agree = agree and (entry is None or entry.submission_id == wanted)
            reading = entry is not None and agree
            done, after = (done + 1, wanted) if reading else (done, after)
        if agree and (not reading or next(entries, None) is None):
            return total, done, after
        sink.start_over()
        return total, 0, None

    def _ids(self, export: Export) -> Iterator[str]:
        """Give the ids alone, for which nothing needs to be opened."""
        wanted = _filter(export)
        while True:
            with self._database.read() as uow:
                part = uow.submissions.ids(wanted)
            yield from part
            if len(part) < _PART:
                return
            wanted = replace(wanted, after_id=part[-1])

    def _views(self, export: Export, *, after_id: str | None = None) -> Iterator[SubmissionView]:
        wanted = replace(_filter(export), after_id=after_id)
        while True:
            with self._database.read() as uow:
                part = uow.submissions.find(wanted)
            yield from part
            if len(part) < _PART:
                return
            wanted = replace(wanted, after_id=part[-1].submission.id)

    def _pattern(self, export: Export, campaign: Campaign) -> str:
        if export.layout is Layout.CET:
            return _CET_PATTERN
        return campaign.file_name or self._specs[campaign.spec].file_name

    def _jpeg(self, view: SubmissionView) -> bytes:
        key = view.photo.image_key or ""
        jpeg = self._blobs.get(key)
        if hashlib.sha256(jpeg).hexdigest() != view.photo.image_sha256:
            raise BlobMissing(key=key)
        return jpeg


class _Names:
    """Names files by a pattern; a name that two people share gets a number.

    Names that differ only by capital letters are one file on Windows. They are remembered only where the pattern does
    not hold the ID number, which nobody shares.
    """

    def __init__(self, pattern: str, written: Iterator[ExportEntry]) -> None:
        self._pattern = pattern
        self._shared = "{id_number}" not in pattern
        self._used = {entry.file_name.casefold() for entry in written} if self._shared else set()

    def __call__(self, view: SubmissionView) -> str:
        wanted = file_name(self._pattern, view.photo, view.row)
        name, number = wanted, 1
        while name.casefold() in self._used:
            number += 1
            stem, dot, ending = wanted.rpartition(".")
            name = f"{stem}-{number}{dot}{ending}" if dot else f"{wanted}-{number}"
        if self._shared:
            self._used.add(name.casefold())
        return name


def _filter(export: Export) -> SubmissionFilter:
    return SubmissionFilter(
        campaign=export.campaign_id,
        state=SubmissionState.APPROVED,
        decided_until=export.as_of,
        limit=_PART,
        college=export.filters.get("college"),
        grade=export.filters.get("grade"),
        major=export.filters.get("major"),
        class_=export.filters.get("class_"),
    )


def _entry(view: SubmissionView, name: str) -> ExportEntry:
    row, photo, entry = view.row, view.photo, view.submission
    size, digest = photo.image_bytes or 0, photo.image_sha256 or ""
    line = (
        name,
        row.name,
        row.id_number,
        row.student_number,
        row.college,
        row.grade,
        row.major,
        row.class_,
        _beijing(entry.decided_at),
        entry.decided_by or "",
        str(size),
        digest,
    )
    return ExportEntry(
        submission_id=entry.id, file_name=name, bytes=size, sha256=digest, line=line, key=photo.image_key or ""
    )


def _beijing(moment: datetime | None) -> str:
    return (moment or datetime.fromtimestamp(0, tz=UTC)).astimezone(_BEIJING).strftime("%Y-%m-%d %H:%M:%S")
