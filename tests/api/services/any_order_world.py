"""What the machine of `test_any_order` acts on: a house of three students, and how things die in it."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from typing import Any

from house_fakes import ANSWER_SECRET, World, answer

from api.domain import signing

SLUG = "hunan-pretco"


class PowerCut(BaseException):
    """The worker's process ends here, at once: nothing after it runs."""


class DyingLine(list[Any]):
    """Answers of a registry that took the event, of which the sender never hears: it dies before they arrive."""

    def pop(self, place: Any = -1) -> Any:
        raise PowerCut


def cut(*_: object) -> None:
    """Die."""
    raise PowerCut


@contextmanager
def dying(world: World, where: str) -> Iterator[None]:
    """Let workers die inside the block: before an event is sent, after it was taken, or while a photo is made."""
    if where == "before sending":
        world.post.before = cut
    elif where == "after sending":
        world.post.answers = DyingLine([answer(204)])
    else:
        world.renderer.before = cut
    try:
        yield
    except PowerCut:
        pass
    finally:
        world.post.before = world.renderer.before = lambda: None
        world.post.answers = []


def registry_voice(world: World) -> Callable[[str, str, datetime], Any]:
    """Give the registry's mouth: it says of a submission that it was approved or returned, at a moment."""
    numbers = count()

    def say(kind: str, submission: str, at: datetime) -> Any:
        message = {"type": kind, "timestamp": at.isoformat(), "data": {"submission": submission, "reason": "请重拍"}}
        body = json.dumps(message).encode()
        sent_at = int(world.clock.now().timestamp())
        head = signing.headers([ANSWER_SECRET], message_id=f"msg_{next(numbers)}", sent_at=sent_at, body=body)
        return world.house.take_verdict(head, body)

    return say
