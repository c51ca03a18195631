"""Change a registry's secret without losing an event: old and new sign side by side until the registry has moved."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from api.domain.delivery import Registry
from api.domain.errors import InvalidRequest, NotFound
from api.domain.ports import Database
from api.domain.signing import new_secret


@dataclass(frozen=True, slots=True)
class Rotation:
    """A registry after a step, and the secret it is to use from now on."""

    registry: Registry
    secret: str = field(repr=False)


class RotateSecret:
    """Begin or finish the change of the secret that signs what we send."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def begin(self, registry_id: str) -> Rotation:
        """Put a new secret before the present one; both sign from now on.

        Begun twice, the second secret given out replaces the first: only the newest and the last settled one sign.
        Raises NotFound.
        """
        fresh = new_secret()
        return self._save(registry_id, lambda secrets: (fresh, secrets[-1]))

    def finish(self, registry_id: str) -> Rotation:
        """Let the newest secret alone sign. Raises NotFound, and InvalidRequest when no rotation was begun."""
        return self._save(registry_id, _newest_of_two)

    def _save(self, registry_id: str, change: Callable[[tuple[str, ...]], tuple[str, ...]]) -> Rotation:
        with self._database.write() as uow:
            registry = uow.registries.get(registry_id)
            if registry is None:
                raise NotFound(kind="registry", id=registry_id)
            after = replace(registry, secrets=change(registry.secrets))
            uow.registries.save(after)
            uow.commit()
        return Rotation(registry=after, secret=after.secrets[0])


def _newest_of_two(secrets: tuple[str, ...]) -> tuple[str, ...]:
    if len(secrets) < 2:
        raise InvalidRequest(reason="no rotation was begun")
    return secrets[:1]
