"""The catalogue of photo specifications, as the API shows it."""

from collections.abc import Mapping

from api.domain.errors import SpecUnknown
from photo_service.spec import Spec


class ListSpecs:
    """Show every specification."""

    def __init__(self, *, specs: Mapping[str, Spec]) -> None:
        self._specs = specs

    def __call__(self) -> tuple[Spec, ...]:
        """Return them in the catalogue's order."""
        return tuple(self._specs.values())


class GetSpec:
    """Show one specification."""

    def __init__(self, *, specs: Mapping[str, Spec]) -> None:
        self._specs = specs

    def __call__(self, spec_id: str) -> Spec:
        """Return it. Raises SpecUnknown."""
        try:
            return self._specs[spec_id]
        except KeyError as fault:
            raise SpecUnknown(spec=spec_id) from fault
