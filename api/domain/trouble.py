"""What can go wrong on the way to a registry, and the English sentence that an attempt keeps of it.

One list for the adapter that writes the sentences and for the console that tells them in the reader's language.
"""

from collections.abc import Mapping
from enum import StrEnum

from api.domain.errors import RequestError


class Trouble(StrEnum):
    """One way in which a try at a registry, or its address, comes to nothing."""

    MALFORMED = "malformed"
    SCHEME = "scheme"
    HOST = "host"
    PORT = "port"
    UNRESOLVED = "unresolved"
    FORBIDDEN = "forbidden"
    PRIVATE = "private"
    TIMEOUT = "timeout"
    CERTIFICATE = "certificate"
    REFUSED = "refused"
    RESET = "reset"
    CONNECTION = "connection"
    ANSWERED = "answered"


SENTENCES: Mapping[Trouble, str] = {
    Trouble.MALFORMED: "the registry's URL is malformed",
    Trouble.SCHEME: "the registry's URL must begin with https://",
    Trouble.HOST: "the registry's URL must name a host, and no user or password",
    Trouble.PORT: "the registry's URL names an impossible port",
    Trouble.UNRESOLVED: "the host name cannot be resolved",
    Trouble.FORBIDDEN: "the host's address is link-local, multicast or a cloud's metadata service",
    Trouble.PRIVATE: "the host's address is private or this machine's own, and not allow-listed",
    Trouble.TIMEOUT: "no answer within",
    Trouble.CONNECTION: "the connection failed",
    Trouble.ANSWERED: "the registry answered",
}
"""How an attempt's error begins. A failed connection goes on with what the system said of it."""

_OF_CONNECTIONS: Mapping[str, Trouble] = {
    "certificate": Trouble.CERTIFICATE,
    "refused": Trouble.REFUSED,
    "reset": Trouble.RESET,
    "disconnected without": Trouble.RESET,
}


class EndpointRefused(RequestError):
    """A registry's address to which no event may go. Facts: `reason`, a `Trouble`."""

    code = "endpoint_refused"


def trouble_of(error: str | None) -> Trouble | None:
    """Return what an attempt's error speaks of; None for none, and for one that nobody foresaw."""
    found = next((trouble for trouble, begins in SENTENCES.items() if (error or "").startswith(begins)), None)
    if found is not Trouble.CONNECTION:
        return found
    told = (error or "").lower()
    return next((trouble for words, trouble in _OF_CONNECTIONS.items() if words in told), found)
