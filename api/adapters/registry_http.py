"""One HTTP try at a registry: bounded in time and size, never redirected, never led into our own network."""

import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpcore
import httpx

from api.adapters.address_guard import AddressGuard, AddressRefused, Resolve, resolve_by_system
from api.domain.delivery import Answer
from api.domain.trouble import SENTENCES, EndpointRefused, Trouble

_MAX_ANSWER_BYTES = 64 * 1024
"""An answer's body says nothing to us; this much is read so that the registry can end in peace."""

_MAX_ERROR_CHARS = 200


class HttpRegistryPost:
    """Posts signed events over HTTPS. Fits `api.domain.ports.RegistryPost`.

    `timeout_s` bounds the whole try, however slowly the registry drips. With `allow_private` plain HTTP, this machine
    and private networks are fine too (the embedded mode); otherwise `allowed_networks` lists the campus CIDRs a
    registry may sit on.
    """

    def __init__(
        self,
        timeout_s: float,
        allow_private: bool,
        *,
        allowed_networks: Iterable[str] = (),
        resolve: Resolve = resolve_by_system,
        tls: ssl.SSLContext | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._timeout_s = timeout_s
        self._schemes = {b"https", b"http"} if allow_private else {b"https"}
        self._guard = AddressGuard(allow_private=allow_private, allowed=allowed_networks, resolve=resolve)
        self._tls = tls or httpx.create_ssl_context(trust_env=False)
        self._now = now

    def post(self, url: str, *, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send one event and answer what came of it. Never raises for anything the network or the registry does."""
        started = time.monotonic()
        status: int | None = None
        retry_after_s: float | None = None
        error: str | None = None
        try:
            target = self._target(url)
            status, retry_after_s = self._send(target, headers=headers, body=body)
            error = None if 200 <= status < 300 else f"{SENTENCES[Trouble.ANSWERED]} {status}"
        except AddressRefused as refusal:
            error = str(refusal)
        except (httpcore.TimeoutException, TimeoutError):
            error = f"{SENTENCES[Trouble.TIMEOUT]} {self._timeout_s:g} s"
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as fault:
            error = f"{SENTENCES[Trouble.CONNECTION]}: {fault}"[:_MAX_ERROR_CHARS]
        return Answer(status, retry_after_s, error, (time.monotonic() - started) * 1000)

    def check(self, url: str) -> None:
        """Tell beforehand what a try would refuse. Looks the host up, connects to nothing. Raises EndpointRefused."""
        try:
            target = self._target(url)
            default = 443 if target.scheme == b"https" else 80
            self._guard.addresses_of(target.host.decode("ascii"), target.port or default)
        except AddressRefused as refusal:
            raise EndpointRefused(reason=refusal.trouble) from refusal

    def _target(self, url: str) -> httpcore.URL:
        """Check the URL before anything is resolved. Its text may hold a token and is never repeated."""
        try:
            parsed = httpx.URL(url)
        except (httpx.InvalidURL, UnicodeError) as fault:
            raise AddressRefused(Trouble.MALFORMED) from fault
        if parsed.raw_scheme not in self._schemes:
            raise AddressRefused(Trouble.SCHEME)
        if not parsed.raw_host or parsed.userinfo:
            raise AddressRefused(Trouble.HOST)
        if parsed.port is not None and not 0 < parsed.port < 65536:
            raise AddressRefused(Trouble.PORT)
        return httpcore.URL(
            scheme=parsed.raw_scheme, host=parsed.raw_host, port=parsed.port, target=parsed.raw_path or b"/"
        )

    def _send(self, target: httpcore.URL, *, headers: Mapping[str, str], body: bytes) -> tuple[int, float | None]:
        """Make one connection for one request; a pool would keep addresses that were checked long ago."""
        deadline = time.monotonic() + self._timeout_s
        backend = _GuardedBackend(self._guard, deadline=deadline)
        timeouts = dict.fromkeys(("connect", "read", "write", "pool"), self._timeout_s)
        with (
            httpcore.ConnectionPool(ssl_context=self._tls, network_backend=backend, retries=0) as pool,
            pool.stream(
                "POST", target, headers=list(headers.items()), content=body, extensions={"timeout": timeouts}
            ) as response,
        ):
            # The status is the answer; a body that breaks off, drips or never ends takes nothing from it.
            with suppress(httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError):
                _read_some(response)
            return response.status, self._retry_after_s(response)

    def _retry_after_s(self, response: httpcore.Response) -> float | None:
        """Read `Retry-After` in both of its forms; one that makes no sense is as good as none."""
        given = next((value for name, value in response.headers if name.lower() == b"retry-after"), None)
        if given is None:
            return None
        text = given.decode("ascii", errors="replace").strip()
        if text.isdecimal():
            return float(text[:12])
        try:
            moment = parsedate_to_datetime(text)
        except (ValueError, TypeError, OverflowError):
            return None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max(0.0, (moment - self._now()).total_seconds())


def _read_some(response: httpcore.Response) -> None:
    received = 0
    for chunk in response.iter_stream():
        received += len(chunk)
        if received > _MAX_ANSWER_BYTES:
            return


class _GuardedBackend(httpcore.SyncBackend):
    """Connects to the addresses that were checked; the name stays in the Host header and in the TLS handshake."""

    def __init__(self, guard: AddressGuard, *, deadline: float) -> None:
        self._guard = guard
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        trouble: Exception = httpcore.ConnectTimeout("the time was used up before a connection stood")
        for address in self._guard.addresses_of(host, port):
            left_s = _left_s(self._deadline, timeout)
            if left_s <= 0:
                break
            try:
                stream = super().connect_tcp(address, port, left_s, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as fault:
                trouble = fault
                continue
            return _BoundedStream(stream, deadline=self._deadline)
        raise trouble


class _BoundedStream(httpcore.NetworkStream):
    """A connection whose every step ends at one deadline, so that a registry cannot drip a worker to sleep."""

    def __init__(self, stream: httpcore.NetworkStream, *, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, timeout=self._left(httpcore.ReadTimeout, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, timeout=self._left(httpcore.WriteTimeout, timeout))

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left_s = self._left(httpcore.ConnectTimeout, timeout)
        return _BoundedStream(
            self._stream.start_tls(ssl_context, server_hostname=server_hostname, timeout=left_s),
            deadline=self._deadline,
        )

    def close(self) -> None:
        self._stream.close()

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    def _left(self, late: type[httpcore.TimeoutException], timeout: float | None) -> float:
        left_s = _left_s(self._deadline, timeout)
        if left_s <= 0:
            raise late("the time for this try is used up")
        return left_s


def _left_s(deadline: float, timeout: float | None) -> float:
    left_s = deadline - time.monotonic()
    return left_s if timeout is None else min(left_s, timeout)
