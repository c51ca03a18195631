"""The way WeChat says no: HTTP 200, an errcode, an errmsg that ends in the request's id."""

import secrets
from collections.abc import Mapping
from typing import Any


class Refused(Exception):
    """A refusal. `because` quotes the rule of Tencent's document that was broken."""

    def __init__(self, errcode: int, errmsg: str, *, because: str = "") -> None:
        super().__init__(errmsg)
        self.errcode = errcode
        self.errmsg = errmsg
        self.because = because

    def to_json(self) -> dict[str, Any]:
        """Return the body as WeChat writes it; `_rule` is ours, for whoever debugs against the fake."""
        rid = f"{secrets.token_hex(4)}-{secrets.token_hex(4)}"
        body: dict[str, Any] = {"errcode": self.errcode, "errmsg": f"{self.errmsg} rid: {rid}"}
        return body | ({"_rule": self.because} if self.because else {})


def fields(
    given: Mapping[str, Any], *, required: Mapping[str, type], optional: Mapping[str, type] | None = None
) -> dict[str, Any]:
    """Return the fields if they are all there, of the right type, and none besides. Raises Refused.

    WeChat lets unknown fields pass in silence; here they are a bug of the caller's, for nobody reads them.
    """
    known = {**required, **(optional or {})}
    if "access_token" in given:
        raise Refused(47001, "data format error", because="access_token 只在 URL 参数中传递, 放在请求体会报 47001")
    for name in given:
        if name not in known:
            raise Refused(40097, f"invalid args: {name}", because=f"接口文档的请求参数里没有 {name}")
    for name in required:
        if name not in given or given[name] == "":
            raise Refused(40097, f"missing {name}", because=f"{name} 必填")
    for name, value in given.items():
        if not isinstance(value, known[name]) or (known[name] is int and isinstance(value, bool)):
            raise Refused(47001, f"data format error: {name}", because=f"{name} 的类型是 {known[name].__name__}")
    return dict(given)
