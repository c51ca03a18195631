"""The registrar's desk, put over the parts; `api.bootstrap` keeps it on the house."""

from dataclasses import dataclass
from typing import Any

from api.adapters.parts import Parts
from api.adapters.roster_reader import FileRosterReader
from api.adapters.spreadsheets import SpreadsheetFiles
from api.config import Settings
from api.services.check_roster import CheckRoster, ForgetRosterCheck, ReadRosterCheck, TakeRosterIn, UploadRoster
from api.services.edit_campaign import CreateCampaign, EditCampaign, MoveWindow
from api.services.export_photos import RunExport
from api.services.fetch_export import FetchExport
from api.services.load_roster import LoadRoster
from api.services.office_desk import FindMissing, FindPeople
from api.services.office_work import ForgetOffice, OfficeWorker, SweepOffice
from api.services.prepare_export import AskForExport, PrepareExport
from api.services.remind import RemindMissing
from api.services.trusted_time import TrustedClock


@dataclass(frozen=True, slots=True)
class Office:
    """What the campaign pages can ask for, and what a worker does for them."""

    create_campaign: CreateCampaign
    edit_campaign: EditCampaign
    move_window: MoveWindow
    find_people: FindPeople
    find_missing: FindMissing
    remind_missing: RemindMissing
    upload_roster: UploadRoster
    read_roster_check: ReadRosterCheck
    take_roster_in: TakeRosterIn
    forget_roster_check: ForgetRosterCheck
    ask_for_export: AskForExport
    fetch_export: FetchExport
    sheets: SpreadsheetFiles
    work: OfficeWorker
    sweep: SweepOffice
    forget: ForgetOffice


def open_office(settings: Settings, parts: Parts) -> Office:
    """Return the desk."""
    kept: dict[str, Any] = {"database": parts.database}
    timed = kept | {"clock": parts.clock}
    filed = timed | {"blobs": parts.blobs}
    rung = timed | {"bell": parts.bell}
    sheets = SpreadsheetFiles()
    run = RunExport(**filed, specs=parts.specs)
    return Office(
        create_campaign=CreateCampaign(**timed, specs=parts.specs),
        edit_campaign=EditCampaign(**kept, specs=parts.specs),
        move_window=MoveWindow(**timed),
        find_people=FindPeople(**kept),
        find_missing=FindMissing(**kept),
        remind_missing=RemindMissing(**timed, templates=settings.wechat.templates if settings.wechat else ()),
        upload_roster=UploadRoster(**rung, blobs=parts.blobs),
        read_roster_check=ReadRosterCheck(**kept),
        take_roster_in=TakeRosterIn(**timed),
        forget_roster_check=ForgetRosterCheck(**kept, blobs=parts.blobs),
        ask_for_export=AskForExport(**rung),
        fetch_export=FetchExport(**filed),
        sheets=sheets,
        work=OfficeWorker(
            check_roster=CheckRoster(**filed, load=LoadRoster(**timed), reader=FileRosterReader()),
            prepare_export=PrepareExport(**filed, run=run, sheets=sheets),
        ),
        sweep=SweepOffice(**rung),
        forget=ForgetOffice(**filed | {"clock": TrustedClock(**timed)}),
    )
