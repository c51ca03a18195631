"""Signing a browser in with the phone, after RFC 8628: the browser shows a code, the student confirms it in the
mini-program, the browser trades its secret for a session.

Only someone who is signed in already can confirm, and is shown what asks and since when; codes live five minutes and
answer once; a student may try few an hour.
"""

import io

import segno
from apiflask import APIBlueprint
from flask import request

from api.domain.device_login import Answer, plain_code
from api.web.bearer import bearer
from api.web.client_name import client_name
from api.web.context import gauge, house, limit_address, limit_student, student
from api.web.shapes.people import DeviceAnswer, DeviceAsked, DeviceCodeIn, DeviceIn, DeviceOut, DeviceToken, SessionOut

bp = APIBlueprint("devices", __name__, url_prefix="/v1/auth/device", tag="登录 Sessions")


@bp.post("")
@bp.input(DeviceIn)
@bp.output(DeviceOut)
def begin_device_login(json_data: DeviceIn) -> DeviceOut:  # noqa: ARG001  an empty body is still checked
    """Ask for a code to show to the student."""
    limit_address("device")
    code = house().student_room.begin_device_login(client_name(request.user_agent.string))
    address = house().settings.public_url.rstrip("/") + "/"
    whole = f"{address}?device={plain_code(code.code)}"
    return DeviceOut(
        device_code=code.secret,
        user_code=code.code,
        verification_uri=address,
        verification_uri_complete=whole,
        expires_in=code.expires_in,
        interval=code.interval,
        qr=_drawn(whole),
    )


@bp.post("/token")
@bp.input(DeviceToken)
@bp.output(SessionOut)
def take_device_session(json_data: DeviceToken) -> SessionOut:
    """Trade the secret for a session once the student has confirmed; `authorization_pending` until then."""
    limit_address("device_token_address")
    gauge().spend("device_token", json_data.device_code)
    return SessionOut.of(house().student_room.take_device_session(json_data.device_code))


@bp.post("/code")
@bp.auth_required(bearer)
@bp.input(DeviceCodeIn)
@bp.output(DeviceAsked)
def find_device_login(json_data: DeviceCodeIn) -> DeviceAsked:
    """Show which browser shows this code, before anything is allowed."""
    limit_student("device_code")
    return DeviceAsked.of(house().student_room.find_device_login(json_data.user_code))


@bp.post("/answer")
@bp.auth_required(bearer)
@bp.input(DeviceAnswer)
@bp.output(DeviceAsked)
def answer_device_login(json_data: DeviceAnswer) -> DeviceAsked:
    """Let the browser in as the student who asks, or turn it away."""
    limit_student("device_code")
    answer = Answer(json_data.answer)
    return DeviceAsked.of(house().student_room.answer_device_login(student().id, json_data.user_code, answer))


def _drawn(text: str) -> str:
    file = io.BytesIO()
    segno.make(text, error="m").save(file, kind="svg", scale=4, border=2, xmldecl=False)
    return file.getvalue().decode()
