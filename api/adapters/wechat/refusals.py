"""WeChat's errcodes as errors of ours: what may pass, what a user must do, what only an administrator can mend."""

import re
from collections.abc import Mapping

from api.domain.errors_wechat import (
    WeChatBadCode,
    WeChatError,
    WeChatMisconfigured,
    WeChatNoCredit,
    WeChatUnavailable,
    WeChatUserBlocked,
)

TOKEN_ERRORS = frozenset({40001, 40014, 42001})
"""The access token is wrong, malformed or expired: fetch it again, once."""

RETRY_AFTER_S, NEXT_MINUTE_S, NEXT_DAY_S = 5, 60, 3600

_KINDS: Mapping[type[WeChatError], frozenset[int]] = {
    WeChatBadCode: frozenset(
        {
            40029,  # invalid code
            40163,  # code been used; not in Tencent's table, but real
            41008,  # missing code
        }
    ),
    WeChatUserBlocked: frozenset(
        {
            40226,  # code blocked: a user at high risk
        }
    ),
    WeChatNoCredit: frozenset(
        {
            43101,  # user refused, or the agreement is used up or taken back
            43108,  # the user has switched subscription messages off
        }
    ),
    WeChatMisconfigured: frozenset(
        {
            40003,  # openid of another mini-program
            40013,  # AppID
            40037,  # template id
            40097,  # arguments
            40125,  # AppSecret
            40129,  # scene
            40164,  # our address is not on the IP allow-list
            40243,  # AppSecret frozen
            41002,  # AppID missing
            41004,  # AppSecret missing
            41030,  # page not in the released version
            43104,  # AppID and openid do not belong together
            44002,  # empty body
            45168,  # content refused
            47001,  # body not understood
            47003,  # a field of the message does not fit
            48001,  # no right to this call
            50002,  # account limited
            61024,  # account of another kind
            85074,  # not released yet
        }
    ),
}
_QUOTA_MINUTE, _QUOTA_DAY = 45011, 45009
_RID = re.compile(r"rid:\s*([\w-]{1,64})")
_FIELD = re.compile(r"data\.([a-z_]+\d+)\.value")


def refusal(errcode: int | None, errmsg: str) -> WeChatError:
    """Return the error for an answer; an errcode nobody told us of counts as one that may pass.

    Of `errmsg` only the request's id and the name of a template's field are kept: it may quote what we sent.
    """
    rid = _RID.search(errmsg)
    facts: dict[str, object] = {"errcode": errcode, "rid": rid.group(1) if rid else None}
    field = _FIELD.search(errmsg)
    if field:
        facts["field"] = field.group(1)
    for kind, codes in _KINDS.items():
        if errcode in codes:
            return kind(retry_after=None, **facts)
    wait_s = {_QUOTA_MINUTE: NEXT_MINUTE_S, _QUOTA_DAY: NEXT_DAY_S}.get(errcode or 0, RETRY_AFTER_S)
    return WeChatUnavailable(retry_after=wait_s, **facts)


def no_answer() -> WeChatError:
    """Return the error for silence and for rubbish."""
    return WeChatUnavailable(retry_after=RETRY_AFTER_S, errcode=None, rid=None)
