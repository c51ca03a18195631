"""Change a registry's secret without losing an event: old and new count side by side until the registry has moved."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from api.domain.delivery import Registry
from api.domain.errors import InvalidRequest, NotFound
from api.domain.ports import Clock, Database
from api.domain.signing import new_secret
from api.services.deeds import Deed, unrecorded

OVERLAP = timedelta(days=7)
"""How long the old secret counts beside the new one unless told otherwise: a school changes things once a week."""

LONGEST_OVERLAP = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Rotation:
    """A registry after a step, the secret it is to use from now on, and until when the old one counts as well."""

    registry: Registry
    secret: str = field(repr=False)
    old_until: datetime | None = None


class Kind(StrEnum):
    """Which of a registry's secrets: the one that signs what we send, or the one that signs what it answers."""

    SENT = "sent"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class _Kept:
    """The secrets of one kind, newest first, and when the older ceases to count."""

    secrets: tuple[str, ...]
    until: datetime | None


class RotateSecret:
    """Begin or finish the change of a secret. While it lasts, both sign what we send, or both open what we get."""

    def __init__(self, *, database: Database, clock: Clock, kind: Kind = Kind.SENT) -> None:
        self._database = database
        self._clock = clock
        self._kind = kind

    def begin(self, registry_id: str, *, overlap: timedelta = OVERLAP, deed: Deed = unrecorded) -> Rotation:
        """Put a new secret before the present one; both count until `overlap` is over, or until `finish`.

        Begun twice, the second secret given out replaces the first: only the newest and the last settled one count.
        Raises NotFound, and InvalidRequest for an overlap that is none or longer than thirty days.
        """
        if not timedelta() < overlap <= LONGEST_OVERLAP:
            raise InvalidRequest(reason="overlap")
        now, fresh = self._clock.now(), new_secret()
        return self._save(registry_id, lambda counting: _Kept((fresh, counting[-1]), now + overlap), now=now, deed=deed)

    def finish(self, registry_id: str, *, deed: Deed = unrecorded) -> Rotation:
        """Let the newest secret alone count. Raises NotFound, and InvalidRequest when no rotation was begun."""
        return self._save(registry_id, _newest_of_two, now=self._clock.now(), deed=deed)

    def _save(
        self, registry_id: str, change: Callable[[tuple[str, ...]], _Kept], *, now: datetime, deed: Deed
    ) -> Rotation:
        with self._database.write() as uow:
            registry = uow.registries.get(registry_id)
            if registry is None:
                raise NotFound(kind="registry", id=registry_id)
            kept = change(registry.signing(now) if self._kind is Kind.SENT else registry.answering(now))
            after = self._with(registry, kept)
            rotation = Rotation(registry=after, secret=kept.secrets[0], old_until=kept.until)
            uow.registries.save(after)
            deed(uow, rotation)
            uow.commit()
        return rotation

    def _with(self, registry: Registry, kept: _Kept) -> Registry:
        if self._kind is Kind.SENT:
            return replace(registry, secrets=kept.secrets, secrets_until=kept.until)
        return replace(registry, answer_secrets=kept.secrets, answer_secrets_until=kept.until)


def _newest_of_two(counting: tuple[str, ...]) -> _Kept:
    if len(counting) < 2:
        raise InvalidRequest(reason="no rotation was begun")
    return _Kept(counting[:1], None)
