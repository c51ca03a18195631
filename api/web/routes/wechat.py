"""What only the mini-program asks for, and the door through which WeChat itself pushes messages."""

from apiflask import APIBlueprint
from flask import Response, request

from api.web.bearer import bearer
from api.web.context import house, student
from api.web.shapes.wechat import NoticeOut, NoticesAgreed, NoticesOut, PhoneCode, PhoneOut

bp = APIBlueprint("wechat", __name__, url_prefix="/v1/me", tag="微信 WeChat")
push_bp = APIBlueprint("wechat_push", __name__, enable_openapi=False)

MAX_PUSH_BYTES = 64 * 1024
DONE = "success"
"""需要向微信服务器返回 success 或空串，否则微信服务器会重试."""


@bp.get("/notices")
@bp.auth_required(bearer)
@bp.output(NoticesOut)
def list_notices() -> NoticesOut:
    """Show the subscribe-message templates to ask the student for."""
    return NoticesOut(notices=[NoticeOut.of(offer) for offer in house().list_notices(student().id)])


@bp.post("/notices")
@bp.auth_required(bearer)
@bp.input(NoticesAgreed)
@bp.output({}, status_code=204, description="Entered")
def agree_to_notices(json_data: NoticesAgreed) -> tuple[str, int]:
    """Tell which messages the student tapped 允许 for; left aside where WeChat pushes that itself."""
    house().agree_to_notices(student().id, json_data.accepted)
    return "", 204


@bp.post("/phone")
@bp.auth_required(bearer)
@bp.input(PhoneCode)
@bp.output(PhoneOut)
def read_phone(json_data: PhoneCode) -> PhoneOut:
    """Trade the phone-number button's code for the student's own number, to fill a form in with; it is not kept."""
    return PhoneOut(phone_number=house().read_phone(student().id, json_data.code))


@push_bp.get("/wechat/push")
def check_address() -> Response:
    """Answer WeChat's check of this address."""
    return _plain(house().check_push_address(request.args.to_dict()))


@push_bp.post("/wechat/push")
def take_push() -> Response:
    """Take a pushed message in; what it asks for is done in the queue."""
    request.max_content_length = MAX_PUSH_BYTES
    house().take_push(request.args.to_dict(), request.get_data(cache=False))
    return _plain(DONE)


def _plain(text: str) -> Response:
    response = Response(text, mimetype="text/plain")
    response.headers["Cache-Control"] = "no-store"
    return response
