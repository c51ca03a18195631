"""A student's own phone number, as WeChat knows it, to fill in a form with. It is handed back and not kept."""

from api.domain.consent import ConsentKind
from api.domain.errors import NotAuthenticated
from api.domain.errors_wechat import WeChatBadCode
from api.domain.identity import Channel
from api.domain.ports import Database, WeChat
from api.services.guards import require_consents


class ReadPhone:
    """Trade the code of the mini-program's phone-number button for the number."""

    def __init__(self, *, database: Database, wechat: WeChat) -> None:
        self._database = database
        self._wechat = wechat

    def __call__(self, student_id: str, code: str) -> str:
        """Return the number. Raises ConsentRequired, WeChatError, and WeChatBadCode for who is not in by WeChat."""
        with self._database.read() as uow:
            require_consents(uow, student_id, ConsentKind.PRIVACY)
            student = uow.students.get(student_id)
        if student is None:
            raise NotAuthenticated
        if student.channel is not Channel.WECHAT:
            raise WeChatBadCode(errcode=None, rid=None)
        return self._wechat.phone_of(code, openid=student.subject)
