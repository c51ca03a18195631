"""The fake over HTTP: WeChat's addresses, and under `/_fake/` what a phone's owner or a test does."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, Response, jsonify, request
from flask.typing import ResponseReturnValue

from deploy.fake_wechat import server_api
from deploy.fake_wechat.account import Account, Mood
from deploy.fake_wechat.pushing import Pusher, event
from deploy.fake_wechat.refusing import Refused

Handler = Callable[[Account, Mapping[str, Any]], dict[str, Any] | bytes]

WITH_TOKEN: Mapping[str, Handler] = {
    "/wxa/business/getuserphonenumber": server_api.phone_number,
    "/cgi-bin/message/subscribe/send": server_api.subscribe_send,
    "/wxa/getwxacodeunlimit": server_api.unlimited_code,
    "/wxa/media_check_async": server_api.media_check_async,
}
MAX_BODY_BYTES = 1024 * 1024


def create_app(account: Account, *, pusher: Pusher | None = None) -> Flask:
    """Build the fake around one account; with a `pusher` it pushes events as WeChat does."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.before_request(lambda: _arrive(account))
    app.register_error_handler(Refused, lambda refused: jsonify(refused.to_json()))

    @app.get("/sns/jscode2session")
    def jscode2session() -> ResponseReturnValue:
        return jsonify(server_api.jscode2session(account, _single(request.args.to_dict(flat=False))))

    @app.post("/cgi-bin/stable_token")
    def stable_token() -> ResponseReturnValue:
        _no_arguments(allowed=set())
        return jsonify(server_api.stable_token(account, _body()))

    for path, handler in WITH_TOKEN.items():
        app.add_url_rule(path, endpoint=path, view_func=_with_token(account, handler), methods=["POST"])
    _add_controls(app, account)
    _add_phone(app, account, pusher)
    return app


def _arrive(account: Account) -> ResponseReturnValue | None:
    """Count the call and let the mood speak first; WeChat answers everything, an error too, with 200."""
    if request.path.startswith("/_fake/"):
        return None
    account.count(request.path)
    if account.mood.slow_s:
        time.sleep(account.mood.slow_s)
    if account.mood.silent:
        return Response(status=502)
    errcode = account.next_errcode()
    if errcode is not None:
        quote = "-1: 系统繁忙, 此时请开发者稍候再试" if errcode == -1 else ""
        raise Refused(errcode, "system error" if errcode == -1 else "told to refuse", because=quote)
    return None


def _with_token(account: Account, handler: Handler) -> Callable[[], ResponseReturnValue]:
    def view() -> ResponseReturnValue:
        _no_arguments(allowed={"access_token"})
        account.check_token(request.args.get("access_token"))
        answer = handler(account, _body())
        return Response(answer, mimetype="image/jpeg") if isinstance(answer, bytes) else jsonify(answer)

    return view


def _no_arguments(*, allowed: set[str]) -> None:
    for name in request.args:
        if name not in allowed:
            raise Refused(40097, f"invalid args: {name}", because=f"URL 参数里没有 {name}")


def _single(values: Mapping[str, list[str]]) -> dict[str, str]:
    return {name: value[0] for name, value in values.items()}


def _body() -> dict[str, Any]:
    """Return the JSON object sent. 请求体是 JSON, UTF-8; `\\uXXXX` for Chinese slips past content checks."""
    raw = request.get_data()
    if not raw:
        raise Refused(44002, "empty post data", because="44002: POST 的数据包为空")
    body = request.get_json(force=True, silent=True)
    if not isinstance(body, dict):
        raise Refused(47001, "data format error", because="47001: 解析 JSON/XML 内容错误")
    if b"\\u" in raw:
        raise Refused(47001, "data format error: send UTF-8", because="请使用 UTF-8 编码, 不要转义为 \\uXXXX")
    return body


def _add_controls(app: Flask, account: Account) -> None:
    @app.post("/_fake/login/<user>")
    def login(user: str) -> ResponseReturnValue:
        """What wx.login does on the phone of `user`."""
        return jsonify(code=account.login_code(user))

    @app.post("/_fake/phone/<user>")
    def phone(user: str) -> ResponseReturnValue:
        return jsonify(code=account.phone_code(user))

    @app.post("/_fake/mood")
    def mood() -> ResponseReturnValue:
        """Be `slow_s`, `busy`, `silent`, or answer the next calls with `errcodes`; an empty object is the good mood."""
        account.mood = Mood(**request.get_json(force=True))
        return jsonify(ok=True)

    @app.post("/_fake/tokens/expire")
    def expire() -> ResponseReturnValue:
        account.expire_tokens()
        return jsonify(ok=True)

    @app.get("/_fake/seen")
    def seen() -> ResponseReturnValue:
        """Count the calls by path, and show the messages that were sent and the pictures to look at, by trace."""
        return jsonify(calls=dict(account.calls), sent=list(account.sent), checks=account.checks)


def _add_phone(app: Flask, account: Account, pusher: Pusher | None) -> None:
    """Add what a user does that WeChat tells the server of."""

    def tell(message: Mapping[str, Any]) -> ResponseReturnValue:
        return jsonify(pushed=pusher.push(message) if pusher else None)

    @app.post("/_fake/agree/<user>/<template>")
    def agree(user: str, template: str) -> ResponseReturnValue:
        """Tap 允许 once."""
        account.agree(user, template)
        entry = {"TemplateId": template, "SubscribeStatusString": "accept", "PopupScene": "0"}
        return tell(event("subscribe_msg_popup_event", account.openid(user), List=[entry]))

    @app.post("/_fake/media/<trace>/<suggest>/<label>")
    def media(trace: str, suggest: str, label: str) -> ResponseReturnValue:
        """Finish looking at a picture. `label` comes as a string, as WeChat sends it since November 2025."""
        user = account.checks[trace]["openid"]
        result = {"suggest": suggest, "label": label}
        detail = [{"strategy": "content_model", "errcode": 0, **result, "prob": 90}]
        more = {"appid": account.app_id, "trace_id": trace, "version": 2, "result": result, "detail": detail}
        return tell(event("wxa_media_check", str(user), **more))

    @app.post("/_fake/forget/<user>")
    def forget(user: str) -> ResponseReturnValue:
        """Have one's information deleted, in WeChat's own settings."""
        openid = account.openid(user)
        return tell(event("user_authorization_cancellation", openid, OpenID=openid, AppID=account.app_id))
