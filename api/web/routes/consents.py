"""What a student agrees to, and takes back."""

from apiflask import APIBlueprint

from api.domain.consent import Guardian
from api.web.bearer import bearer
from api.web.context import house, student
from api.web.shapes.people import ConsentGiven, ConsentOut, ConsentsOut

bp = APIBlueprint("consents", __name__, url_prefix="/v1/consents", tag="同意 Consents")


@bp.get("")
@bp.auth_required(bearer)
@bp.output(ConsentsOut)
def list_consents() -> ConsentsOut:
    """Show every text and when the student gave it."""
    texts = house().list_consents(student().id)
    return ConsentsOut(consents=[ConsentOut.of(text) for text in texts])


@bp.post("")
@bp.auth_required(bearer)
@bp.input(ConsentGiven)
@bp.output(ConsentOut, status_code=201)
def give_consent(json_data: ConsentGiven) -> ConsentOut:
    """Agree to one version of one text."""
    given = json_data.guardian
    guardian = Guardian(name=given.name, relation=given.relation) if given else None
    return ConsentOut.of(house().give_consent(student().id, json_data.id, guardian=guardian))


@bp.delete("/<consent_id>")
@bp.auth_required(bearer)
@bp.output({}, status_code=204, description="Withdrawn; what rested on it is deleted")
def withdraw_consent(consent_id: str) -> tuple[str, int]:
    """Take a consent back; what rests on it is deleted."""
    house().withdraw_consent(student().id, consent_id)
    return "", 204
