"""Which messages a student can agree to, and, where WeChat does not tell us itself, that they did."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.domain.errors import NotFound
from api.domain.notice import NoticeKind, NoticeTemplate
from api.domain.ports import Clock, Database
from api.services.ledger import agreed


@dataclass(frozen=True, slots=True)
class NoticeOffer:
    """A template to ask the student for, and how many of its messages are agreed to (None: not known)."""

    kind: NoticeKind
    template_id: str
    credits: int | None


class ListNotices:
    """Show the templates that the mini-program asks for with `wx.requestSubscribeMessage`."""

    def __init__(self, *, database: Database, templates: Sequence[NoticeTemplate]) -> None:
        self._database = database
        self._templates = tuple(templates)

    def __call__(self, student_id: str) -> tuple[NoticeOffer, ...]:
        """Return one offer per template that the school has set up."""
        with self._database.read() as uow:
            return tuple(
                NoticeOffer(one.kind, one.template_id, uow.notices.credits(student_id, one.template_id))
                for one in self._templates
            )


class AgreeToNotices:
    """Take the client's word for what the student tapped, unless WeChat itself pushes it (`told_by_wechat`).

    A client that lies gains nothing: WeChat refuses the message, and the ledger is put right.
    """

    def __init__(
        self, *, database: Database, clock: Clock, templates: Sequence[NoticeTemplate], told_by_wechat: bool
    ) -> None:
        self._database = database
        self._clock = clock
        self._known = frozenset(one.template_id for one in templates)
        self._told_by_wechat = told_by_wechat

    def __call__(self, student_id: str, template_ids: Sequence[str]) -> None:
        """Enter each template once. Raises NotFound for one that is not ours."""
        wanted = frozenset(template_ids)
        if not wanted <= self._known:
            raise NotFound(kind="template", id=min(wanted - self._known))
        if self._told_by_wechat:
            return
        now = self._clock.now()
        with self._database.write() as uow:
            for template in sorted(wanted):
                agreed(uow, student_id, template, now=now)
            uow.commit()
