"""The house this process works in. A job gets an id and nothing else, so it looks here."""

from api.bootstrap import House

_HOUSES: list[House] = []
_PLACES: list[str] = []


class NoHouse(RuntimeError):
    """A job was started outside a worker."""


def enter(house: House, *, place: str | None = None) -> None:
    """Make `house` the one that jobs of this process work in, and `place` the process's own, where it has one."""
    _HOUSES[:] = [house]
    _PLACES[:] = [place] if place is not None else []


def leave() -> None:
    """Have no house any more."""
    _HOUSES.clear()
    _PLACES.clear()


def current_house() -> House:
    """Return the house entered last. Raises NoHouse."""
    if not _HOUSES:
        raise NoHouse
    return _HOUSES[0]


def current_place() -> str | None:
    """Return the place of this process in its crew, None for one that was started by itself."""
    return _PLACES[0] if _PLACES else None
