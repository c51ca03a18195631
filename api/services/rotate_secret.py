"""Change a registry's secret without losing an event: old and new sign side by side until the registry has moved."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from api.domain.delivery import Registry
from api.domain.errors import InvalidRequest, NotFound
from api.domain.ports import Database
from api.domain.signing import new_secret


@dataclass(frozen=True, slots=True)
class Rotation:
    """A registry after a step, and the secret it is to use from now on."""

    registry: Registry
    secret: str = field(repr=False)


class Kind(StrEnum):
    """Which of a registry's secrets: the one that signs what we send, or the one that signs what it answers."""

    SENT = "sent"
    ANSWERED = "answered"


class RotateSecret:
    """Begin or finish the change of a secret. While it lasts, both sign what we send, or both open what we get."""

    def __init__(self, *, database: Database, kind: Kind = Kind.SENT) -> None:
        self._database = database
        self._kind = kind

    def begin(self, registry_id: str) -> Rotation:
        """Put a new secret before the present one; both count from now on.

        Begun twice, the second secret given out replaces the first: only the newest and the last settled one count.
        Raises NotFound.
        """
        fresh = new_secret()
        return self._save(registry_id, lambda secrets: (fresh, secrets[-1]))

    def finish(self, registry_id: str) -> Rotation:
        """Let the newest secret alone count. Raises NotFound, and InvalidRequest when no rotation was begun."""
        return self._save(registry_id, _newest_of_two)

    def _save(self, registry_id: str, change: Callable[[tuple[str, ...]], tuple[str, ...]]) -> Rotation:
        with self._database.write() as uow:
            registry = uow.registries.get(registry_id)
            if registry is None:
                raise NotFound(kind="registry", id=registry_id)
            sent = self._kind is Kind.SENT
            secrets = change(registry.secrets if sent else registry.answer_secrets)
            after = replace(registry, secrets=secrets) if sent else replace(registry, answer_secrets=secrets)
            uow.registries.save(after)
            uow.commit()
        return Rotation(registry=after, secret=secrets[0])


def _newest_of_two(secrets: tuple[str, ...]) -> tuple[str, ...]:
    if len(secrets) < 2:
        raise InvalidRequest(reason="no rotation was begun")
    return secrets[:1]
