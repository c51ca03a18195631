"""What a school's registry may ask: the photo behind a signed link, and its own answer to a submission."""

from apiflask import APIBlueprint
from flask import Response, request

from api.web.context import house, limit_address
from api.web.files import send_image
from api.web.shapes.collection import RosterOut
from api.web.shapes.photos import VerdictOut

bp = APIBlueprint("registry", __name__, url_prefix="/v1/registry", tag="教务系统 Registry")


@bp.get("/photos/<token>")
def pull_image(token: str) -> Response:
    """Fetch the photo a webhook's signed link points to, while the link lives."""
    limit_address("registry")
    return send_image(house().pull_image(token))


@bp.post("/verdicts")
@bp.output(VerdictOut)
def take_verdict() -> VerdictOut:
    """Take a registry's signed answer to a submission (Standard Webhooks, the registry's own secret)."""
    limit_address("registry")
    submission = house().take_verdict(dict(request.headers), request.get_data(cache=False))
    return VerdictOut(submission=submission.id, state=submission.state.value)


@bp.post("/roster")
@bp.output(RosterOut)
def take_roster() -> RosterOut:
    """Take people into a campaign's roster, signed like a verdict: all of them, or with any fault nobody."""
    limit_address("registry")
    return RosterOut.of(house().take_roster(dict(request.headers), request.get_data(cache=False)))
