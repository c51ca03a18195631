"""Drafts, reports of wrong records, regions, and a registry's roster."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from api.domain.record_error import RecordError
from api.domain.regions import Region
from api.domain.roster import RosterImport
from api.services.drafts import DraftView
from api.web.shapes.base import FaultOut, In, Moment, Out

About = Literal["name", "id_number", "student_number", "college", "grade", "major", "class", "missing", "other"]


class DraftIn(In):
    profile: dict[str, Any] = Field(description="what is filled in so far; nothing of it is refused")


class DraftOut(Out):
    profile: dict[str, Any]
    saved_at: Moment | None = Field(description="null: nothing was saved, and this is what was handed in last")
    errors: list[FaultOut] = Field(description="what would be refused if it were handed in now")

    @classmethod
    def of(cls, view: DraftView) -> "DraftOut":
        """Show a draft with its faults by JSON pointer, as a refused submission names them."""
        return cls(
            profile=dict(view.profile),
            saved_at=view.saved_at,
            errors=[
                FaultOut(detail=fault.message, pointer="#/profile/" + fault.path.replace(".", "/"))
                for fault in view.faults
            ],
        )


class RecordErrorIn(In):
    about: About = Field(description="which part of the record; `missing`: I am not on the roster")
    message: Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)] = Field(
        description="what is right, in the student's words"
    )


class RecordErrorOut(Out):
    id: str
    campaign: str
    about: About
    message: str
    created_at: Moment
    settled_at: Moment | None
    answer: str | None = Field(description="what the office says")

    @classmethod
    def of(cls, report: RecordError) -> "RecordErrorOut":
        """Show a report to its student; who settled it stays inside."""
        return cls(
            id=report.id,
            campaign=report.campaign_id,
            about=report.about.value,
            message=report.message,
            created_at=report.created_at,
            settled_at=report.settled_at,
            answer=report.answer,
        )


class RecordErrorsOut(Out):
    record_errors: list[RecordErrorOut]


class RegionOut(Out):
    code: str = Field(description="six digits (GB/T 2260); empty for places the table does not list")
    name: str

    @classmethod
    def of(cls, region: Region) -> "RegionOut":
        """Show one place."""
        return cls(code=region.code, name=region.name)


class RegionsOut(Out):
    regions: list[RegionOut]


class RosterOut(Out):
    """What became of a registry's roster."""

    read: int
    added: int
    changed: int
    unchanged: int

    @classmethod
    def of(cls, done: RosterImport) -> "RosterOut":
        """Show the counts."""
        return cls(read=done.read, added=done.added, changed=done.changed, unchanged=done.unchanged)
