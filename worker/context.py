"""The house this process works in. A job gets an id and nothing else, so it looks here."""

from api.bootstrap import House

_HOUSES: list[House] = []


class NoHouse(RuntimeError):
    """A job was started outside a worker."""


def enter(house: House) -> None:
    """Make `house` the one that jobs of this process work in."""
    _HOUSES[:] = [house]


def leave() -> None:
    """Have no house any more."""
    _HOUSES.clear()


def current_house() -> House:
    """Return the house entered last. Raises NoHouse."""
    if not _HOUSES:
        raise NoHouse
    return _HOUSES[0]
