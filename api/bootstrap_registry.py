"""What the registrar's office does with registries and deliveries, put over the parts as one room of the house."""

from dataclasses import dataclass
from typing import Any

from api.adapters.parts import Parts
from api.services.deliveries_desk import FindDeliveries, ReplayMany, ShowRegistries
from api.services.registries import CheckEndpoint, SwitchRegistry
from api.services.rotate_secret import Kind, RotateSecret
from api.services.tell_earlier import TellEarlier


@dataclass(frozen=True, slots=True)
class RegistryRoom:
    """What can be asked about registries beside what the command line asks. Each field is a service to call."""

    check: CheckEndpoint
    switch: SwitchRegistry
    show: ShowRegistries
    deliveries: FindDeliveries
    replay_many: ReplayMany
    tell_earlier: TellEarlier
    rotate: RotateSecret
    rotate_answers: RotateSecret


def registry_room(parts: Parts) -> RegistryRoom:
    """Build the room."""
    kept: dict[str, Any] = {"database": parts.database}
    timed = kept | {"clock": parts.clock}
    return RegistryRoom(
        check=CheckEndpoint(post=parts.post),
        switch=SwitchRegistry(**timed),
        show=ShowRegistries(**kept),
        deliveries=FindDeliveries(**kept),
        replay_many=ReplayMany(**timed, bell=parts.bell),
        tell_earlier=TellEarlier(**timed, bell=parts.bell),
        rotate=RotateSecret(**timed),
        rotate_answers=RotateSecret(**timed, kind=Kind.ANSWERED),
    )
