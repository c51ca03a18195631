"""What a campaign asks for beside the photo: the form's draft, corrections of the record, and places to choose from."""

from apiflask import APIBlueprint

from api.domain.errors import NotFound
from api.domain.record_error import RecordField
from api.domain.regions import children
from api.web.bearer import bearer
from api.web.context import house, student
from api.web.shapes.collection import (
    DraftIn,
    DraftOut,
    RecordErrorIn,
    RecordErrorOut,
    RecordErrorsOut,
    RegionOut,
    RegionsOut,
)

bp = APIBlueprint("collection", __name__, url_prefix="/v1", tag="采集 Collection")


@bp.get("/campaigns/<campaign_id>/draft")
@bp.auth_required(bearer)
@bp.output(DraftOut)
def read_draft(campaign_id: str) -> DraftOut:
    """Show what the student has filled in, or handed in last."""
    return DraftOut.of(house().read_draft(student().id, campaign=campaign_id))


@bp.put("/campaigns/<campaign_id>/draft")
@bp.auth_required(bearer)
@bp.input(DraftIn)
@bp.output(DraftOut)
def save_draft(campaign_id: str, json_data: DraftIn) -> DraftOut:
    """Keep what the student has filled in so far, and tell what would still be refused."""
    return DraftOut.of(house().save_draft(student().id, campaign=campaign_id, profile=json_data.profile))


@bp.get("/campaigns/<campaign_id>/record-errors")
@bp.auth_required(bearer)
@bp.output(RecordErrorsOut)
def list_record_errors(campaign_id: str) -> RecordErrorsOut:
    """Show the student's own reports, with the office's answers."""
    found = house().list_record_errors(student().id, campaign=campaign_id)
    return RecordErrorsOut(record_errors=[RecordErrorOut.of(one) for one in found])


@bp.post("/campaigns/<campaign_id>/record-errors")
@bp.auth_required(bearer)
@bp.input(RecordErrorIn)
@bp.output(RecordErrorOut, status_code=201)
def report_record_error(campaign_id: str, json_data: RecordErrorIn) -> RecordErrorOut:
    """Tell the office that the school's record is wrong."""
    report = house().report_record_error(
        student().id, campaign=campaign_id, about=RecordField(json_data.about), message=json_data.message
    )
    return RecordErrorOut.of(report)


@bp.get("/regions")
@bp.output(RegionsOut)
def list_provinces() -> RegionsOut:
    """Show every province (GB/T 2260)."""
    return RegionsOut(regions=[RegionOut.of(one) for one in children(None)])


@bp.get("/regions/<code>")
@bp.output(RegionsOut)
def list_region(code: str) -> RegionsOut:
    """Show the cities of a province, or the counties of a city, by its six digits."""
    found = children(code)
    if not found:
        raise NotFound(kind="region", id=code)
    return RegionsOut(regions=[RegionOut.of(one) for one in found])
