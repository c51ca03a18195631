"""What WeChat pushes: taken in and answered at once, understood in the queue."""

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

from api.domain.errors import QueueUnavailable
from api.domain.errors_wechat import PushRefused
from api.domain.identity import Channel, Student
from api.domain.ids import new_id
from api.domain.ports import Bell, Clock, Database, PushDoor, Vault
from api.domain.push import Push, PushEvent, claimed, settled
from api.domain.work import Ring, Work
from api.services.ledger import book
from api.services.media_check import book_verdict
from api.services.rights import EraseMe

LEASE_S = 30
_AGAIN = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=12))
"""How long after each try the next one follows; the last wait repeats until the message is too old to be kept."""


class CheckPushAddress:
    """Answer WeChat's check that the address is ours."""

    def __init__(self, *, door: PushDoor) -> None:
        self._door = door

    def __call__(self, query: Mapping[str, str]) -> str:
        """Return what WeChat wants to hear. Raises PushRefused, NotFound."""
        return self._door.echo(query)


class TakePush:
    """Keep a message that WeChat pushed, once, and ring for it."""

    def __init__(self, *, database: Database, clock: Clock, bell: Bell, vault: Vault, door: PushDoor) -> None:
        self._database = database
        self._clock = clock
        self._bell = bell
        self._vault = vault
        self._door = door

    def __call__(self, query: Mapping[str, str], body: bytes) -> Push | None:
        """Return what was kept, None for what came before. Raises PushRefused, NotFound."""
        message = self._door.open(query, body)
        now = self._clock.now()
        push = Push(id=new_id("ps", now=now), index=self._index(message), message=message, received_at=now, next_at=now)
        with self._database.write() as uow:
            if not uow.pushes.add(push):
                return None
            uow.commit()
        with suppress(QueueUnavailable):  # the sweeper rings later
            self._bell.ring(Ring(Work.PUSH, push.id, 1))
        return push

    def _index(self, message: Mapping[str, Any]) -> str:
        """Return what a second sending of the message has in common with the first: its MsgId, or all of it."""
        number = message.get("MsgId")
        try:
            content = f"id:{number}" if number else json.dumps(message, sort_keys=True, ensure_ascii=False)
            return self._vault.index(content, context="wechat_pushes.message")
        except ValueError as fault:
            raise PushRefused(reason="malformed") from fault


class HandlePush:
    """Do what a message asks for: enter credits and opinions, erase whoever asked for it; leave all else alone."""

    def __init__(self, *, database: Database, clock: Clock, erase_me: EraseMe) -> None:
        self._database = database
        self._clock = clock
        self._erase_me = erase_me

    def __call__(self, push_id: str) -> Push | None:
        """Return the message as settled, None when it was not due. A try that breaks off is made again later."""
        held = self._claim(push_id)
        if held is None:
            return None
        student = self._student(held)
        if student is not None and held.asks_for_erasure:
            self._erase_me(student.id)
        return self._settle(held, student)

    def _claim(self, push_id: str) -> Push | None:
        now = self._clock.now()
        with self._database.write() as uow:
            found = uow.pushes.get(push_id)
            if found is None or found.settled_at is not None or found.next_at > now:
                return None
            held = claimed(found, until=now + _AGAIN[min(found.attempts, len(_AGAIN) - 1)])
            if not uow.pushes.swap(held, attempts=found.attempts):
                return None
            uow.commit()
        return held

    def _student(self, push: Push) -> Student | None:
        if push.event is None or not push.user:
            return None
        with self._database.read() as uow:
            return uow.students.by_subject(Channel.WECHAT, push.user)

    def _settle(self, held: Push, student: Student | None) -> Push | None:
        now = self._clock.now()
        after = settled(held, now=now)
        with self._database.write() as uow:
            if not uow.pushes.swap(after, attempts=held.attempts):
                return None
            if held.event is PushEvent.MEDIA_CHECK:
                book_verdict(uow, held, now=now)
            elif student is not None and not held.asks_for_erasure:
                book(uow, student.id, held, now=now)
            uow.commit()
        return after
