"""Try a school's endpoint as an attacker, a retry and a newer version of us would, and tell what it gets wrong."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from api.domain.delivery import Answer, Event, Registry
from api.domain.errors import NotFound
from api.domain.ids import new_id
from api.domain.ports import Clock, Database, RegistryPost
from api.domain.signing import TOLERANCE_S, headers, new_secret

_STALE_S = 2 * TOLERANCE_S


@dataclass(frozen=True, slots=True)
class Trial:
    """One question put to the endpoint, whether it answered right, and what it did."""

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
        """Return every trial. Nothing is put in the outbox. Raises NotFound."""
        with self._database.read() as uow:
            registry = uow.registries.get(registry_id)
        if registry is None:
            raise NotFound(kind="registry", id=registry_id)
        ping = self._ping(registry)
        return (
            self._taken("接受签名正确的 registry.ping", registry, ping, advice="检查密钥，并用原始请求体字节计算签名"),
            self._taken("同一编号再来一次，仍返回 2xx", registry, ping, advice="按 webhook-id 去重，见过的返回 204"),
            self._taken(
                "接受带两个签名的通知（换密钥时）",
                registry,
                self._ping(registry, secrets=(new_secret(), *registry.secrets)),
                advice="webhook-signature 里有一个签名相同即可",
            ),
            self._taken(
                "不认识的 type 返回 2xx",
                registry,
                self._ping(registry, kind="registry.unheard_of"),
                advice="不认识的 type 忽略即可，否则新版本会不断重发",
            ),
            self._refused("拒绝错误的签名", registry, self._ping(registry, secrets=(new_secret(),))),
            self._refused("拒绝签名之后被改动的内容", registry, ping, change=lambda body: body + b" "),
            self._refused("拒绝十分钟前的通知", registry, self._ping(registry, ago_s=_STALE_S)),
            self._refused("拒绝十分钟后的通知", registry, self._ping(registry, ago_s=-_STALE_S)),
            self._unsigned(registry, ping),
        )

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
        return _Message(body, secrets or registry.secrets, new_id("dl", now=now), int(now.timestamp()) - ago_s)

    def _taken(self, question: str, registry: Registry, message: _Message, *, advice: str) -> Trial:
        answer = self._send(registry, message)
        return Trial(question, answer.accepted, answer, advice)

    def _refused(
        self, question: str, registry: Registry, message: _Message, *, change: Callable[[bytes], bytes] = bytes
    ) -> Trial:
        answer = self._send(registry, message, change=change)
        return _refusal(question, answer)

    def _unsigned(self, registry: Registry, message: _Message) -> Trial:
        answer = self._post.post(registry.url, headers={"content-type": "application/json"}, body=message.body)
        return _refusal("拒绝没有签名的请求", answer)

    def _send(self, registry: Registry, message: _Message, *, change: Callable[[bytes], bytes] = bytes) -> Answer:
        signed = headers(message.secrets, message_id=message.message_id, sent_at=message.sent_at, body=message.body)
        return self._post.post(
            registry.url, headers={**signed, "content-type": "application/json"}, body=change(message.body)
        )


def _refusal(question: str, answer: Answer) -> Trial:
    """Right is a client error: a 500 is a crash, and no answer is no refusal."""
    right = answer.status is not None and 400 <= answer.status < 500
    return Trial(question, right, answer, "返回 401；返回 2xx 表示没有核对签名和时间，5xx 表示程序出错")
