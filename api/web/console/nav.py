"""The rooms of the console, in the order of the navigation."""

from dataclasses import dataclass

from flask import current_app, request
from flask_login import current_user

from api.domain.reviewer import Role
from api.web.console.guard import me

BOTH = frozenset({Role.REGISTRAR, Role.COUNSELLOR})
OFFICE = frozenset({Role.REGISTRAR})


@dataclass(frozen=True, slots=True)
class Room:
    """One entry: where it leads, what it is called, who sees it, and its symbol in `static/icons.svg`."""

    endpoint: str
    words: str
    roles: frozenset[Role]
    icon: str

    @property
    def here(self) -> bool:
        """Tell whether the page is in this room: any page of the same blueprint and of the same beginning."""
        return (request.endpoint or "").split(".")[0] == self.endpoint.split(".", maxsplit=1)[0]


ROOMS: tuple[Room, ...] = (
    Room("campaigns.index", "campaign.nav", OFFICE, "list"),
    Room("review.queue", "review.nav", BOTH, "image"),
    Room("campaigns.my_progress", "campaign.nav_progress", frozenset({Role.COUNSELLOR}), "check"),
    Room("records.listed", "review.nav_records", BOTH, "bad"),
    Room("registries.index", "registry.nav", OFFICE, "send"),
    Room("staff.people", "staff.nav.people", OFFICE, "user"),
    Room("audit.log", "staff.nav.audit", OFFICE, "clock"),
)


def rooms() -> tuple[Room, ...]:
    """Return the entries for whoever looks; none before the login, nor before a password of one's own."""
    if not current_user.is_authenticated or me().must_change_password:
        return ()
    return tuple(room for room in ROOMS if me().role in room.roles and room.endpoint in current_app.view_functions)
