"""Confirming a photo for a campaign, and what became of it."""

from apiflask import APIBlueprint

from api.web.bearer import bearer
from api.web.context import house, student
from api.web.shapes.photos import Confirmation, SubmissionOut, SubmissionsOut

bp = APIBlueprint("submissions", __name__, url_prefix="/v1/submissions", tag="提交 Submissions")


@bp.post("")
@bp.auth_required(bearer)
@bp.input(Confirmation)
@bp.output(SubmissionOut, status_code=201)
def confirm(json_data: Confirmation) -> SubmissionOut:
    """Confirm a ready photo for a campaign, with the form the campaign asks for."""
    submission = house().confirm(
        student().id, photo=json_data.photo, campaign=json_data.campaign, profile=json_data.profile
    )
    return SubmissionOut.of(submission)


@bp.get("")
@bp.auth_required(bearer)
@bp.output(SubmissionsOut)
def list_submissions() -> SubmissionsOut:
    """Show the student's submissions, each with its review's outcome and reason."""
    return SubmissionsOut(submissions=[SubmissionOut.of(one) for one in house().list_submissions(student().id)])
