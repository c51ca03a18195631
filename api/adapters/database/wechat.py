"""Notices and their credits, and the inbox of what WeChat pushed. Words and openids are sealed."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, exists, insert, or_, select, update

from api.adapters.database.rows import row_values
from api.adapters.database.sealing import open_json, seal_json
from api.adapters.database.tables import roster, submissions
from api.adapters.database.wechat_tables import notice_credits, notice_rounds, notices, wechat_pushes
from api.domain.notice import Notice, NoticeKind, NoticeState, settled
from api.domain.ports import Vault
from api.domain.push import Push
from api.domain.submission import SubmissionState

_LIVE = tuple(state.value for state in SubmissionState if state.live)


class SqlNotices:
    """Notices, the credits they cost, and which campaigns' ends were told."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def add(self, notice: Notice) -> bool:
        if self._connection.execute(select(notices.c.id).where(notices.c.once == notice.once)).first():
            return False
        self._connection.execute(insert(notices).values(**self._values(notice)))
        return True

    def get(self, notice_id: str) -> Notice | None:
        return next(iter(self._all(select(notices).where(notices.c.id == notice_id))), None)

    def swap(self, notice: Notice, *, state: NoticeState, attempts: int) -> bool:
        change = (
            update(notices)
            .where(notices.c.id == notice.id, notices.c.state == state.value, notices.c.attempts == attempts)
            .values(**self._values(notice))
        )
        return self._connection.execute(change).rowcount == 1

    def due(self, *, now: datetime, limit: int) -> tuple[Notice, ...]:
        query = select(notices).where(notices.c.state == NoticeState.PENDING.value, notices.c.next_at <= now)
        return self._all(query.order_by(notices.c.next_at, notices.c.id).limit(limit))

    def lease_expired(self, *, now: datetime, limit: int) -> tuple[Notice, ...]:
        query = select(notices).where(notices.c.state == NoticeState.SENDING.value, notices.c.lease_until <= now)
        return self._all(query.order_by(notices.c.id).limit(limit))

    def drop_untold(self, once: str, *, now: datetime) -> bool:
        query = select(notices).where(notices.c.once == once, notices.c.state == NoticeState.PENDING.value)
        found = next(iter(self._all(query)), None)
        if found is None:
            return False
        gone = settled(found, NoticeState.DROPPED, outcome="undone", now=now)
        return self.swap(gone, state=found.state, attempts=found.attempts)

    def drop_of(self, student_id: str, *, now: datetime) -> None:
        waiting = (NoticeState.PENDING.value, NoticeState.SENDING.value)
        query = select(notices).where(notices.c.student_id == student_id, notices.c.state.in_(waiting))
        for notice in self._all(query):
            gone = settled(notice, NoticeState.DROPPED, outcome="erased", now=now)
            self.swap(gone, state=notice.state, attempts=notice.attempts)
        self._connection.execute(delete(notice_credits).where(notice_credits.c.student_id == student_id))

    def round_begun(self, campaign_id: str, *, ends_at: datetime) -> bool:
        same = (notice_rounds.c.campaign_id == campaign_id, notice_rounds.c.ends_at == ends_at)
        return self._connection.execute(select(notice_rounds.c.made_at).where(*same)).first() is not None

    def begin_round(self, campaign_id: str, *, ends_at: datetime, now: datetime) -> None:
        self._connection.execute(insert(notice_rounds).values(campaign_id=campaign_id, ends_at=ends_at, made_at=now))

    def unfinished(self, campaign_id: str) -> tuple[tuple[str, str], ...]:
        live = exists().where(
            submissions.c.student_id == roster.c.student_id,
            submissions.c.campaign_id == campaign_id,
            submissions.c.state.in_(_LIVE),
        )
        query = select(roster.c.student_id, roster.c.id).where(
            roster.c.campaign_id == campaign_id, roster.c.student_id.is_not(None), ~live
        )
        return tuple((student, row_id) for student, row_id in self._connection.execute(query.order_by(roster.c.id)))

    def credits(self, student_id: str, template_id: str) -> int | None:
        query = select(notice_credits.c.credits).where(*_credit(student_id, template_id))
        return self._connection.execute(query).scalar_one_or_none()

    def set_credits(self, student_id: str, template_id: str, count: int, *, now: datetime) -> None:
        change = update(notice_credits).where(*_credit(student_id, template_id)).values(credits=count, changed_at=now)
        if self._connection.execute(change).rowcount == 0:
            self._connection.execute(
                insert(notice_credits).values(
                    student_id=student_id, template_id=template_id, credits=count, changed_at=now
                )
            )

    def delete_settled(self, *, before: datetime) -> int:
        return self._connection.execute(delete(notices).where(notices.c.settled_at < before)).rowcount

    def _all(self, query: Select[Any]) -> tuple[Notice, ...]:
        return tuple(self._notice(row) for row in self._connection.execute(query))

    def _values(self, notice: Notice) -> dict[str, Any]:
        values = {**asdict(notice), "kind": notice.kind.value, "state": notice.state.value}
        facts = values.pop("facts")
        return values | {"facts_sealed": seal_json(self._vault, facts, _facts(notice.id)) if facts else None}

    def _notice(self, row: Row[Any]) -> Notice:
        values = row_values(row)
        sealed = values.pop("facts_sealed")
        facts = open_json(self._vault, sealed, _facts(row.id)) if sealed else {}
        return Notice(**{**values, "kind": NoticeKind(row.kind), "state": NoticeState(row.state), "facts": facts})


class SqlPushes:
    """The inbox. A message is forgotten once it is understood; its digest stays a while, to know a second sending."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def add(self, push: Push) -> bool:
        same = select(wechat_pushes.c.id).where(wechat_pushes.c.message_index == push.index)
        if self._connection.execute(same).first():
            return False
        self._connection.execute(insert(wechat_pushes).values(**self._values(push)))
        return True

    def get(self, push_id: str) -> Push | None:
        return next(iter(self._all(select(wechat_pushes).where(wechat_pushes.c.id == push_id))), None)

    def swap(self, push: Push, *, attempts: int) -> bool:
        change = (
            update(wechat_pushes)
            .where(
                wechat_pushes.c.id == push.id,
                wechat_pushes.c.settled_at.is_(None),
                wechat_pushes.c.attempts == attempts,
            )
            .values(**self._values(push))
        )
        return self._connection.execute(change).rowcount == 1

    def due(self, *, now: datetime, limit: int) -> tuple[Push, ...]:
        query = select(wechat_pushes).where(wechat_pushes.c.settled_at.is_(None), wechat_pushes.c.next_at <= now)
        return self._all(query.order_by(wechat_pushes.c.next_at, wechat_pushes.c.id).limit(limit))

    def delete_old(self, *, settled_before: datetime, received_before: datetime) -> int:
        old = or_(wechat_pushes.c.settled_at < settled_before, wechat_pushes.c.received_at < received_before)
        return self._connection.execute(delete(wechat_pushes).where(old)).rowcount

    def _all(self, query: Select[Any]) -> tuple[Push, ...]:
        return tuple(self._push(row) for row in self._connection.execute(query))

    def _values(self, push: Push) -> dict[str, Any]:
        values = asdict(push)
        index, message = values.pop("index"), values.pop("message")
        sealed = seal_json(self._vault, message, _message(push.id)) if message else None
        return values | {"message_index": index, "message_sealed": sealed}

    def _push(self, row: Row[Any]) -> Push:
        values = row_values(row)
        index, sealed = values.pop("message_index"), values.pop("message_sealed")
        return Push(**values, index=index, message=open_json(self._vault, sealed, _message(row.id)) if sealed else {})


def _credit(student_id: str, template_id: str) -> tuple[Any, Any]:
    return notice_credits.c.student_id == student_id, notice_credits.c.template_id == template_id


def _facts(notice_id: str) -> str:
    return f"notices.facts:{notice_id}"


def _message(push_id: str) -> str:
    return f"wechat_pushes.message:{push_id}"
