"""The calls a mini-program's server makes, each with the rules of its page in Tencent's document."""

import io
import re
import secrets
from collections.abc import Mapping
from typing import Any

from PIL import Image

from deploy.fake_wechat.account import Account
from deploy.fake_wechat.refusing import Refused, fields
from deploy.fake_wechat.template_rules import check_value

SCENE = re.compile(r"[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]{1,32}")


def jscode2session(account: Account, query: Mapping[str, str]) -> dict[str, Any]:
    """GET /sns/jscode2session. It takes no access_token; a success carries no errcode."""
    if "access_token" in query:
        raise Refused(40097, "invalid args: access_token", because="code2Session 的请求参数里没有 access_token")
    known = fields(query, required={"appid": str, "secret": str, "js_code": str, "grant_type": str})
    if known["grant_type"] != "authorization_code":
        raise Refused(40002, "invalid grant_type", because="授权类型, 此处只需填写 authorization_code")
    _check_credentials(account, known)
    user = account.spend_login_code(known["js_code"])
    return {"session_key": secrets.token_urlsafe(18), "openid": account.openid(user)}


def stable_token(account: Account, body: Mapping[str, Any]) -> dict[str, Any]:
    """POST /cgi-bin/stable_token."""
    known = fields(body, required={"grant_type": str, "appid": str, "secret": str}, optional={"force_refresh": bool})
    if known["grant_type"] != "client_credential":
        raise Refused(40002, "invalid grant_type", because="填写 client_credential")
    _check_credentials(account, known)
    if known.get("force_refresh"):
        account.expire_tokens()
    token, left_s = account.stable_token()
    return {"access_token": token, "expires_in": left_s}


def phone_number(account: Account, body: Mapping[str, Any]) -> dict[str, Any]:
    """POST /wxa/business/getuserphonenumber."""
    known = fields(body, required={"code": str}, optional={"openid": str})
    user = account.spend_phone_code(known["code"])
    if "openid" in known and known["openid"] != account.openid(user):
        raise Refused(40003, "invalid openid", because="传入 openid 时, 会校验 code 与 openid 的绑定关系")
    digits = f"{int(account.openid(user)[1:9], 16) % 10**8:08}"
    watermark = {"timestamp": int(account.clock()), "appid": account.app_id}
    number = f"139{digits}"
    info = {"phoneNumber": number, "purePhoneNumber": number, "countryCode": 86, "watermark": watermark}
    return {"errcode": 0, "errmsg": "ok", "phone_info": info}


def subscribe_send(account: Account, body: Mapping[str, Any]) -> dict[str, Any]:
    """POST /cgi-bin/message/subscribe/send."""
    known = fields(
        body,
        required={"touser": str, "template_id": str, "data": dict},
        optional={"page": str, "miniprogram_state": str, "lang": str},
    )
    _check_choice(known, "miniprogram_state", {"developer", "trial", "formal"})
    _check_choice(known, "lang", {"zh_CN", "en_US", "zh_HK", "zh_TW"})
    if not account.knows(known["touser"]):
        raise Refused(40003, "invalid openid", because="40003: touser 字段 openid 为空或者不正确")
    if known["template_id"] not in account.templates:
        raise Refused(40037, "invalid template_id", because="40037: 订阅模板 id 为空或不正确")
    if known.get("miniprogram_state", "formal") == "formal":
        _check_page(account, known.get("page"))
    _check_data(known["data"], wanted=account.templates[known["template_id"]])
    account.spend_agreement(known["touser"], known["template_id"])
    account.sent.append(known)
    return {"errcode": 0, "errmsg": "ok", "msgid": len(account.sent)}


def unlimited_code(account: Account, body: Mapping[str, Any]) -> bytes:
    """POST /wxa/getwxacodeunlimit: a picture, or JSON where it is refused."""
    optional: dict[str, type] = {
        "page": str, "check_path": bool, "env_version": str, "width": int,
        "auto_color": bool, "line_color": dict, "is_hyaline": bool,
    }  # fmt: skip
    known = fields(body, required={"scene": str}, optional=optional)
    if not SCENE.fullmatch(known["scene"]):
        raise Refused(40129, "invalid scene", because="最大32个可见字符, 只支持数字, 大小写英文以及部分特殊字符")
    if not 280 <= known.get("width", 430) <= 1280:
        raise Refused(40097, "invalid width", because="二维码的宽度, 默认 430px, 最小 280px, 最大 1280px")
    _check_choice(known, "env_version", {"release", "trial", "develop"})
    if known.get("check_path", True):
        _check_page(account, known.get("page"))
    return _picture(known["scene"], known.get("width", 430))


def media_check_async(account: Account, body: Mapping[str, Any]) -> dict[str, Any]:
    """POST /wxa/media_check_async, version 2: the answer is a trace, the opinion is pushed later."""
    wanted = {"media_url": str, "media_type": int, "version": int, "scene": int, "openid": str}
    known = fields(body, required=wanted)
    for name, choices, because in (
        ("media_type", {1, 2}, "1: 音频; 2: 图片"),
        ("version", {2}, "接口版本号, 2.0 版本为固定值 2"),
        ("scene", {1, 2, 3, 4}, "1 资料; 2 评论; 3 论坛; 4 社交日志"),
    ):
        if known[name] not in choices:
            raise Refused(40097, f"invalid args: {name}", because=because)
    if not re.fullmatch(r"https?://[^\s/]+/\S+", known["media_url"]):
        raise Refused(40097, "invalid args: media_url", because="要检测的图片或音频的 url, 支持 http 与 https")
    if not account.knows(known["openid"]):
        raise Refused(40003, "invalid openid", because="用户需在近两小时访问过小程序")
    trace = secrets.token_hex(16)
    account.checks[trace] = known
    return {"errcode": 0, "errmsg": "ok", "trace_id": trace}


def _check_credentials(account: Account, known: Mapping[str, Any]) -> None:
    if known["appid"] != account.app_id:
        raise Refused(40013, "invalid appid")
    if known["secret"] != account.secret:
        raise Refused(40125, "invalid appsecret")


def _check_choice(known: Mapping[str, Any], name: str, choices: set[str]) -> None:
    if name in known and known[name] not in choices:
        raise Refused(40097, f"invalid args: {name}", because=f"{name} 的合法值: {', '.join(sorted(choices))}")


def _check_page(account: Account, page: str | None) -> None:
    if page is None:
        return
    path = page.partition("?")[0]
    if path.startswith("/"):
        raise Refused(41030, "invalid page", because="根路径前不要填加 /, 必须是已经发布的小程序存在的页面")
    if path not in account.pages:
        raise Refused(41030, "invalid page", because="必须是已经发布的小程序存在的页面")


def _check_data(data: Mapping[str, Any], *, wanted: tuple[str, ...]) -> None:
    """Every key of the template and none besides, each `{"value": …}` and fitting its kind."""
    for key in wanted:
        entry = data.get(key)
        if not isinstance(entry, dict) or set(entry) != {"value"}:
            raise Refused(47003, f"argument invalid! data.{key}.value is empty", because="模板参数不准确, 可能为空")
        check_value(key, entry["value"])
    for key in data:
        if key not in wanted:
            raise Refused(47003, f"argument invalid! data.{key} unknown", because="模板里没有这个参数")


def _picture(scene: str, width: int) -> bytes:
    """Draw a picture that differs by scene; no phone can read it, and it says so by being plain squares."""
    bits = int.from_bytes(scene.encode().ljust(32, b"\0"), "big")
    small = Image.new("L", (16, 16))
    small.putdata([255 if bits >> place & 1 else 0 for place in range(256)])
    file = io.BytesIO()
    small.resize((width, width), Image.Resampling.NEAREST).save(file, "JPEG")
    return file.getvalue()
