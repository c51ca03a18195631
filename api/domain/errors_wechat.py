"""What WeChat answers, and what claims to come from it; a branch of the tree in `api/domain/errors.py`.

- AppError
  - WeChatError             what WeChat answered
    - WeChatUnavailable     `wechat_unavailable`
    - WeChatBadCode         `wechat_bad_code`
    - WeChatUserBlocked     `wechat_user_blocked`
    - WeChatNoCredit        `wechat_no_credit` (never reaches a student: the notice is dropped)
    - WeChatMisconfigured   `wechat_misconfigured`
  - PushRefused             `push_refused`
  - NoticeUnfittable        `notice_unfittable` (never reaches a student: the notice waits for a person)
"""

from api.domain.errors import AppError


class WeChatError(AppError):
    code = "wechat_unavailable"


class WeChatUnavailable(WeChatError):
    """WeChat did not answer, or answered that it is busy. Facts: `errcode`, `rid`."""

    code = "wechat_unavailable"


class WeChatBadCode(WeChatError):
    """The login code is wrong, stale or used. Facts: `errcode`, `rid`."""

    code = "wechat_bad_code"


class WeChatUserBlocked(WeChatError):
    """WeChat refuses this user. Facts: `errcode`, `rid`."""

    code = "wechat_user_blocked"


class WeChatNoCredit(WeChatError):
    """The user does not take this message: never agreed, got what was agreed to, or took it back.

    Facts: `errcode`, `rid`.
    """

    code = "wechat_no_credit"


class WeChatMisconfigured(WeChatUnavailable):
    """WeChat refuses our account, our settings or what we sent; asking again changes nothing.

    Facts: `errcode`, `rid`, and `field` where WeChat named a template's field.
    """

    code = "wechat_misconfigured"


class PushRefused(AppError):
    """A message that claims to come from WeChat and does not prove it. Facts: `reason`."""

    code = "push_refused"


class NoticeUnfittable(AppError):
    """A text that no field of this kind can hold. Facts: `field`."""

    code = "notice_unfittable"
