"""The pictures of a submission, for who reviews it; each view is noted."""

from flask import Response, request

from api.services.review_dossier import Picture
from api.web.console.guard import note, reviewer, staff_only
from api.web.console.review import bp
from api.web.console.review_ticket import is_valid
from api.web.context import house

_ON_PAGES = frozenset({Picture.PHOTO, Picture.THUMB})
"""What a page shows at once and notes itself; selfie and drawing are loaded when somebody wants to see them."""


@bp.get("/submissions/<submission_id>/<any(photo, thumb, selfie, explain):name>.jpg")
@staff_only
def picture(submission_id: str, name: str) -> Response:
    """Hand one picture out; outside a counsellor's classes there is none."""
    wanted = Picture(name)
    found = house().review.read_picture(reviewer(), submission_id, wanted)
    on_page = wanted in _ON_PAGES and is_valid(request.args.get("t", ""), submission_id)
    if not on_page:
        note("photo.viewed", subject=submission_id, detail={"picture": wanted.value})
    response = Response(found.bytes, mimetype="image/jpeg")
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
