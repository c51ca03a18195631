"""The student's own person: identity, export, erasure."""

from apiflask import APIBlueprint
from flask import Response, json

from api.web.bearer import bearer
from api.web.context import house, limit_student, student
from api.web.shapes.people import Identity, RosterRowOut

bp = APIBlueprint("me", __name__, url_prefix="/v1/me", tag="本人 Me")


@bp.post("/identity")
@bp.auth_required(bearer)
@bp.input(Identity)
@bp.output(RosterRowOut)
def bind_identity(json_data: Identity) -> RosterRowOut:
    """Prove to be a person of the campaign's roster by name and ID number together."""
    limit_student("identity")
    row = house().bind_identity(
        student().id, campaign=json_data.campaign, name=json_data.name, id_number=json_data.id_number
    )
    return RosterRowOut.of(row)


@bp.get("/export")
@bp.auth_required(bearer)
@bp.doc(responses={200: "Everything kept of the student, as one JSON document"})
def export() -> Response:
    """Hand out everything that is kept of the student."""
    response = Response(json.dumps(house().export_me(student().id)), mimetype="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="campus-id-photo.json"'
    return response


@bp.post("/erase")
@bp.auth_required(bearer)
@bp.output({}, status_code=204, description="Erased; every session of the student has ended")
def erase() -> tuple[str, int]:
    """Erase everything that is kept of the student, and end every session."""
    house().erase_me(student().id)
    return "", 204
