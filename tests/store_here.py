"""An S3-compatible store on this machine, over real HTTP, that can be told to misbehave.

It is moto's, in this process; it checks neither signatures nor policies. What a store refuses is played by the
answers below, whose form is that of the vendors' documents.
"""

import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from loopback import serving
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from api.adapters.blobs_s3 import S3Blobs
from api.adapters.s3_client import Patience, S3Clients
from api.adapters.vault import KeyVault
from api.config_s3 import S3Address

VAULT = KeyVault((b"v" * 32,))
QUICK = Patience(read_s=3.0, attempts=1)
"""One try; and a silence that a busy machine does not reach by itself."""
_NUMBERS = count(1)

REFUSALS = {
    "slow_down": ("503 Slow Down", "SlowDown"),
    "denied": ("403 Forbidden", "AccessDenied"),
    "false_signature": ("403 Forbidden", "SignatureDoesNotMatch"),
    "false_clock": ("403 Forbidden", "RequestTimeTooSkewed"),
    "no_bucket": ("404 Not Found", "NoSuchBucket"),
    "broken": ("500 Internal Server Error", "InternalError"),
    "wrong_region": ("400 Bad Request", "AuthorizationHeaderMalformed"),
}
"""What a store answers with an error document."""

App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass
class Misbehaving:
    """Passes requests on to the store behind it, unless `mode` says otherwise; remembers what was asked of it."""

    store: App
    mode: str = ""
    only: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        self.asked.append((method, path))
        self.headers.append({name: value for name, value in environ.items() if name.startswith(("HTTP_", "CONTENT_"))})
        if not self.mode or (self.only and method != self.only):
            return self.store(environ, start)
        if self.mode in REFUSALS:
            status, code = REFUSALS[self.mode]
            start(status, [("Content-Type", "application/xml")])
            return [f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>no</Message></Error>".encode()]
        return {"stall": self._stall, "hang_up": self._hang_up, "cut": _cut, "garbage": _garbage, "page": _page}[
            self.mode
        ](environ, start)

    def _stall(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        self.released.wait(timeout=30)
        return self._hang_up(environ, start)

    def _hang_up(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """Close the line without a word."""
        environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
        start("200 OK", [])
        return []

    def behave(self) -> None:
        """Be a store like any other again."""
        self.mode, self.only = "", ""
        self.released.set()
        self.released = threading.Event()


def _cut(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Promise a thousand bytes and give ten."""
    start("200 OK", [("Content-Length", "1000")])
    return [b"0123456789"]


def _garbage(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """An answer that is no XML, where one is due."""
    start("200 OK", [("Content-Type", "application/xml")])
    return [b"<ListVersionsResult><Version><Key>unfin"]


def _page(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """What a proxy in between answers: not the store's own word that nothing is there."""
    start("404 Not Found", [("Content-Type", "text/html")])
    return [b"<html><body>no such page</body></html>"]


@dataclass(frozen=True)
class Bucket:
    """A bucket of a test's own, and the store it is in."""

    address: S3Address
    store: Misbehaving
    client: Any

    def blobs(self, patience: Patience = QUICK) -> S3Blobs:
        return S3Blobs(self.address, vault=VAULT, patience=patience)

    def objects(self) -> dict[str, bytes]:
        """Return everything in it."""
        found = self.client.list_objects_v2(Bucket=self.address.bucket).get("Contents", ())
        return {
            one["Key"]: self.client.get_object(Bucket=self.address.bucket, Key=one["Key"])["Body"].read()
            for one in found
        }

    def versions(self) -> int:
        """Count what is kept of what is there and what was deleted, the marks of deletion too."""
        found = self.client.list_object_versions(Bucket=self.address.bucket)
        return len(found.get("Versions", ())) + len(found.get("DeleteMarkers", ()))

    def keep_versions(self, status: str = "Enabled") -> None:
        self.client.put_bucket_versioning(Bucket=self.address.bucket, VersioningConfiguration={"Status": status})


@contextmanager
def s3_store() -> Iterator[Callable[[], Bucket]]:
    """Serve a store; what it gives makes a new bucket."""
    store = Misbehaving(DomainDispatcherApplication(create_backend_app))
    with serving(store) as url:
        address = S3Address("house", "school/photos/", "us-east-1", url, "path", key_id="key", secret="hush hush")
        clients = S3Clients(address)

        def make() -> Bucket:
            mine = replace(address, bucket=f"house-{next(_NUMBERS)}")
            store.behave()
            clients.client().create_bucket(Bucket=mine.bucket)
            store.asked.clear()
            store.headers.clear()
            return Bucket(mine, store, clients.client())

        yield make
        store.behave()
        clients.close()
