"""Try a school's endpoint as an attacker, a retry and a newer version of us would, and tell what it gets wrong."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.domain.delivery import Answer, Event, Registry
from api.domain.errors import NotFound
from api.domain.ids import new_id
from api.domain.ports import Clock, Database, RegistryPost
from api.domain.signing import TOLERANCE_S, headers, new_secret

_STALE_S = 2 * TOLERANCE_S
_PATIENCE_S = 30.0
_REFUSE = "返回 401；返回 2xx 表示没有核对签名和时间，5xx 表示程序出错"

QUESTIONS: Mapping[str, tuple[str, str]] = {
    "signed": ("接受签名正确的 registry.ping", "检查密钥，并用原始请求体字节计算签名"),
    "again": ("同一编号再来一次，仍返回 2xx", "按 webhook-id 去重，见过的返回 204"),
    "two_signatures": ("接受带两个签名的通知（换密钥时）", "webhook-signature 里有一个签名相同即可"),
    "unknown_type": ("不认识的 type 返回 2xx", "不认识的 type 忽略即可，否则新版本会不断重发"),
    "wrong_secret": ("拒绝错误的签名", _REFUSE),
    "changed_body": ("拒绝签名之后被改动的内容", _REFUSE),
    "too_old": ("拒绝十分钟前的通知", _REFUSE),
    "too_early": ("拒绝十分钟后的通知", _REFUSE),
    "unsigned": ("拒绝没有签名的请求", _REFUSE),
}
"""What is asked, by code, and what to mend where the answer is wrong: for a school's engineer."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One question put to the endpoint, whether it answered right, and what it did. `code` names the question."""

    code: str
    question: str
    right: bool
    answer: Answer
    advice: str


@dataclass(frozen=True, slots=True)
class _Message:
    """What is sent: body, secrets it is signed with, id, and when it says it was sent."""

    body: bytes
    secrets: Sequence[str]
    message_id: str
    sent_at: int


class VerifyEndpoint:
    """Send an endpoint events that it must take, and ones that it must refuse. Nobody's data is in any of them."""

    def __init__(self, *, database: Database, clock: Clock, post: RegistryPost) -> None:
        self._database = database
        self._clock = clock
        self._post = post

    def __call__(self, registry_id: str) -> tuple[Trial, ...]:
        """Return every trial, up to the first that got no answer at all. Nothing is put in the outbox.

        Who does not answer once would keep nine trials waiting for their time; nor does it go on after half a minute of
        slow answers. Raises NotFound.
        """
        with self._database.read() as uow:
            registry = uow.registries.get(registry_id)
        if registry is None:
            raise NotFound(kind="registry", id=registry_id)
        until = self._clock.monotonic() + _PATIENCE_S
        done: list[Trial] = []
        for trial in self._trials(registry):
            done.append(trial)
            if trial.answer.status is None or self._clock.monotonic() > until:
                break
        return tuple(done)

    def _trials(self, registry: Registry) -> Iterator[Trial]:
        """Put one question after the other, each when it is asked for."""
        ping = self._ping(registry)
        both = (new_secret(), *registry.signing(self._clock.now()))
        yield self._taken("signed", registry, ping)
        yield self._taken("again", registry, ping)
        yield self._taken("two_signatures", registry, self._ping(registry, secrets=both))
        yield self._taken("unknown_type", registry, self._ping(registry, kind="registry.unheard_of"))
        yield self._refused("wrong_secret", registry, self._ping(registry, secrets=(new_secret(),)))
        yield self._refused("changed_body", registry, ping, change=lambda body: body + b" ")
        yield self._refused("too_old", registry, self._ping(registry, ago_s=_STALE_S))
        yield self._refused("too_early", registry, self._ping(registry, ago_s=-_STALE_S))
        yield self._unsigned(registry, ping)

    def _ping(
        self,
        registry: Registry,
        *,
        secrets: Sequence[str] | None = None,
        kind: str = Event.PING.value,
        ago_s: int = 0,
    ) -> _Message:
        now = self._clock.now()
        body = json.dumps({"type": kind, "timestamp": now.isoformat(), "data": {"registry": registry.id}}).encode()
        return _Message(body, secrets or registry.signing(now), new_id("dl", now=now), int(now.timestamp()) - ago_s)

    def _taken(self, code: str, registry: Registry, message: _Message) -> Trial:
        answer = self._send(registry, message)
        question, advice = QUESTIONS[code]
        return Trial(code, question, answer.accepted, answer, advice)

    def _refused(
        self, code: str, registry: Registry, message: _Message, *, change: Callable[[bytes], bytes] = bytes
    ) -> Trial:
        return _refusal(code, self._send(registry, message, change=change))

    def _unsigned(self, registry: Registry, message: _Message) -> Trial:
        answer = self._post.post(registry.url, headers={"content-type": "application/json"}, body=message.body)
        return _refusal("unsigned", answer)

    def _send(self, registry: Registry, message: _Message, *, change: Callable[[bytes], bytes] = bytes) -> Answer:
        signed = headers(message.secrets, message_id=message.message_id, sent_at=message.sent_at, body=message.body)
        return self._post.post(
            registry.url, headers={**signed, "content-type": "application/json"}, body=change(message.body)
        )


def _refusal(code: str, answer: Answer) -> Trial:
    """Right is a client error: a 500 is a crash, and no answer is no refusal."""
    right = answer.status is not None and 400 <= answer.status < 500
    question, advice = QUESTIONS[code]
    return Trial(code, question, right, answer, advice)
