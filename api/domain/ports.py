"""What the services need of the outside world. Adapters in `api/adapters` fit these by shape."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol

from api.domain.delivery import Answer
from api.domain.digests import Digests
from api.domain.repositories import UnitOfWork
from api.domain.work import Ring, Work
from photo_service.contract import Exhibit, Rendered


class Clock(Protocol):
    """The one source of time and of waiting."""

    def now(self) -> datetime:
        """Return the current time, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds on a clock that never jumps."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


class Database(Protocol):
    """The memory of the house. Every use case opens one or a few short units of work."""

    def read(self) -> AbstractContextManager[UnitOfWork]:
        """Open a unit of work that only looks."""
        ...

    def write(self) -> AbstractContextManager[UnitOfWork]:
        """Open a unit of work that holds the right to write from its first statement.

        Nothing is kept unless `commit()` is called. Raises Conflict where a unique rule was broken.
        """
        ...

    def ping(self) -> None:
        """Raise whatever the database raises when it is not there."""
        ...

    def close(self) -> None: ...


class Blobs(Protocol):
    """Files, sealed at rest. Every call raises StorageUnavailable where the store does not do what it is asked."""

    def put(self, key: str, data: bytes) -> None:
        """Store all of `data` or nothing, replacing what was there; a refused write may have arrived all the same."""
        ...

    def get(self, key: str) -> bytes:
        """Return the bytes. Raises BlobMissing, and VaultError where they were changed."""
        ...

    def delete(self, key: str) -> None:
        """Remove the file for good, older versions of it too; not being there is as good."""
        ...

    def reseal(self, key: str) -> bool:
        """Seal a file with the newest key; tell whether another had. Raises BlobMissing, VaultError."""
        ...

    def ping(self) -> None:
        """Raise StorageUnavailable where the store does not answer."""
        ...

    def close(self) -> None:
        """Give connections back."""
        ...


class SealedFiles(Protocol):
    """Files as they lie in a store, for moving them to another: nothing is opened on the way."""

    def read_sealed(self, key: str) -> bytes:
        """Return the bytes. Raises BlobMissing, StorageUnavailable."""
        ...

    def write_sealed(self, key: str, sealed: bytes) -> None:
        """Store all of them or nothing. Raises StorageUnavailable."""
        ...


class Bell(Protocol):
    """Tells workers that there is work. It may lose everything: the sweeper rings again."""

    def ring(self, ring: Ring) -> None:
        """Announce one piece of work; twice is the same as once. Raises QueueUnavailable."""
        ...

    def waiting(self, work: Work) -> frozenset[str]:
        """Return the ids of the rings nobody has answered yet. Raises QueueUnavailable."""
        ...

    def ping(self) -> None:
        """Raise QueueUnavailable when Redis does not answer."""
        ...

    def close(self) -> None: ...


class Vault(Protocol):
    """Keeps the keys. `context` names what is sealed (`roster.name`), so that sealed values cannot be swapped."""

    def seal(self, plain: bytes, *, context: str) -> bytes:
        """Encrypt and authenticate."""
        ...

    def open(self, sealed: bytes, *, context: str) -> bytes:
        """Decrypt. Raises VaultError."""
        ...

    def index(self, text: str, *, context: str) -> str:
        """Return a keyed digest to look a sealed value up by."""
        ...

    def sign(self, text: str, *, context: str) -> str:
        """Return a keyed signature, URL-safe."""
        ...

    @property
    def newest(self) -> str:
        """Return the name of the key that seals."""
        ...

    @property
    def oldest(self) -> str:
        """Return the name of the key that indexes and signs unless another is named."""
        ...

    @property
    def prefix(self) -> bytes:
        """Return how everything begins that the newest key has sealed."""
        ...

    def keyed(self, name: str) -> Digests:
        """Return what indexes and signs with the key of that name. Raises VaultError where it is not here."""
        ...


class WeChat(Protocol):
    """WeChat's server."""

    def openid_of(self, code: str) -> str:
        """Trade a login code for the user's openid.

        Raises WeChatBadCode, WeChatUserBlocked or WeChatUnavailable.
        """
        ...

    def phone_of(self, code: str, *, openid: str) -> str:
        """Trade a phone-number code for the user's own number. Raises WeChatError."""
        ...

    def send_notice(self, openid: str, *, template_id: str, data: Mapping[str, str]) -> None:
        """Send one subscribe message. Raises WeChatNoCredit and other WeChatErrors."""
        ...

    def poster_code(self, scene: str, *, page: str) -> bytes:
        """Return a mini-program code for print, as a picture. Raises WeChatError."""
        ...

    def check_image(self, url: str, *, openid: str) -> str:
        """Have the picture at `url` looked at; return the trace its answer will carry. Raises WeChatError."""
        ...

    def check_account(self) -> None:
        """Prove that WeChat knows our account. Raises WeChatError."""
        ...


class PushDoor(Protocol):
    """Where WeChat pushes messages to."""

    def echo(self, query: Mapping[str, str]) -> str:
        """Answer WeChat's check of our address. Raises PushRefused, NotFound where no push is set up."""
        ...

    def open(self, query: Mapping[str, str], body: bytes) -> Mapping[str, Any]:
        """Return the message inside a push. Raises PushRefused, NotFound where no push is set up."""
        ...


class Renderer(Protocol):
    """The photo service, in this process or over HTTP."""

    def render(self, selfie: bytes, *, spec: str, source: str, background: str | None = None) -> Rendered:
        """Turn a selfie into a photo and its report; `background` is one of the spec's choices, None for its own.

        Raises a PhotoServiceError for a selfie or a spec at fault, RendererAway where nobody answers; anything else
        is a failure of the machine.
        """
        ...

    def exhibit(self, selfie: bytes, *, spec: str, background: str | None = None) -> Exhibit:
        """Make what a reviewer looks at beside the photo. Raises as `render` does, also for a selfie at fault."""
        ...

    def warm(self) -> None:
        """Load what the first render would wait for."""
        ...


class RegistryPost(Protocol):
    """The way to registries."""

    def post(self, url: str, *, headers: Mapping[str, str], body: bytes) -> Answer:
        """Make one HTTP try. Never raises: whatever happens becomes an Answer."""
        ...

    def check(self, url: str) -> None:
        """Look whether events may go to an address, sending nothing. Raises EndpointRefused."""
        ...
