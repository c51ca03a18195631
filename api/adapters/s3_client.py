"""The way to an S3-compatible store: one client a process, bounded in time, and every failure under one name."""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from api.config_s3 import S3Address
from api.domain.errors_storage import StorageUnavailable

_POOL = 32
"""Connections kept open at most, made as they are needed; more than a server process has threads (8, or 12 in the
embedded mode), so that none is thrown away after one use."""

_CONNECT_S = 3.0

_DENIED = frozenset({401, 403})
_THROTTLED = frozenset({429, 503})
_UNANSWERED: Mapping[str, str] = {
    "EndpointConnectionError": "unreachable",
    "ConnectTimeoutError": "unreachable",
    "ReadTimeoutError": "timeout",
    "ConnectionClosedError": "cut_off",
    "ResponseStreamingError": "cut_off",
    "IncompleteReadError": "cut_off",
    "HTTPClientError": "cut_off",
    "SSLError": "tls",
    "ProxyConnectionError": "proxy",
    "NoCredentialsError": "no_credentials",
    "PartialCredentialsError": "no_credentials",
    "CredentialRetrievalError": "no_credentials",
    "ResponseParserError": "garbage",
}


@dataclass(frozen=True, slots=True)
class Patience:
    """How long one call may take: each silence `read_s` seconds, `attempts` tries in all (botocore's `standard` mode:
    only what may pass is tried again, after at most a few seconds)."""

    read_s: float
    attempts: int


USUAL = Patience(read_s=10.0, attempts=2)
"""27 s at the worst (twice 3 s to connect and 10 s of silence, a second between): within a photo's lease (30 s) and
well within a delivery's (60 s)."""

BRIEF = Patience(read_s=3.0, attempts=1)
"""For the health check: a load balancer that asks every few seconds must not fill the threads of a server."""


class S3Clients:
    """Gives the client of this process.

    A client is safe for threads, but not across a fork, so each process makes its own, when it first needs one. Two
    threads that come first at once make two, of which one is kept.
    """

    def __init__(self, address: S3Address, patience: Patience = USUAL, *, anonymous: bool = False) -> None:
        self._address = address
        self._patience = patience
        self._signature = "anonymous" if anonymous else "s3v4"
        self._made: dict[int, Any] = {}

    def client(self) -> Any:
        """Return it. Raises StorageUnavailable where the machine's own credentials cannot be read."""
        process = os.getpid()
        found = self._made.get(process)
        if found is None:
            with naming_faults():
                found = self._made.setdefault(process, _make(self._address, self._patience, self._signature))
        return found

    def close(self) -> None:
        """Close this process's connections."""
        found = self._made.pop(os.getpid(), None)
        if found is not None:
            found.close()


@contextmanager
def naming_faults() -> Iterator[None]:
    """Turn whatever the store, the line or the credentials do into StorageUnavailable."""
    from botocore.exceptions import BotoCoreError, ClientError  # type: ignore[import-untyped]
    from botocore.parsers import ResponseParserError  # type: ignore[import-untyped]

    try:
        yield
    except ClientError as fault:
        raise StorageUnavailable(reason=_answered(fault)) from fault
    except (BotoCoreError, ResponseParserError) as fault:
        name = type(fault).__name__
        raise StorageUnavailable(reason=_UNANSWERED.get(name, name)) from fault


def code_of(fault: Any) -> str:
    """Return the store's own name for what it refused, `NoSuchKey` say."""
    return str(fault.response.get("Error", {}).get("Code", ""))


def _answered(fault: Any) -> str:
    code, status = code_of(fault), int(fault.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    if code in {"NoSuchBucket", "RequestTimeTooSkewed"}:
        return code
    if status in _DENIED:
        return "denied"
    if status in _THROTTLED or code == "SlowDown":
        return "throttled"
    if status >= 500:
        return "broken"
    return code if re.fullmatch(r"[A-Za-z]{3,60}", code) else f"http_{status}"


def _make(address: S3Address, patience: Patience, signature: str) -> Any:
    """Make a client.

    Checksums only where the operation demands them: since 1.36 boto3 sends a CRC with every upload, over TLS as the
    trailer of an `aws-chunked` body (boto/boto3#4392), which OSS answers with InvalidArgument
    (karakeep-app/karakeep#2191) and R2 with NotImplemented (aws/aws-sdk-js-v3#6810). Nothing is lost by it: the SHA-256
    of the body is part of the signature instead, which the store checks, and what comes back is checked by its seal.
    """
    from botocore import UNSIGNED  # type: ignore[import-untyped]
    from botocore.config import Config  # type: ignore[import-untyped]
    from botocore.session import Session  # type: ignore[import-untyped]

    session = Session()
    session.register_component("data_loader", _descriptions())
    config = Config(
        signature_version=UNSIGNED if signature == "anonymous" else signature,
        s3={"addressing_style": address.addressing, "payload_signing_enabled": True},
        connect_timeout=_CONNECT_S,
        read_timeout=patience.read_s,
        retries={"mode": "standard", "total_max_attempts": patience.attempts},
        max_pool_connections=_POOL,
        tcp_keepalive=True,
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        ignore_configured_endpoint_urls=True,
    )
    return session.create_client(
        "s3",
        region_name=address.region,
        endpoint_url=address.endpoint,
        aws_access_key_id=address.key_id,
        aws_secret_access_key=address.secret,
        aws_session_token=address.token,
        config=config,
    )


@cache
def _descriptions() -> Any:
    """Return what reads the descriptions of S3, once: all clients share them."""
    from botocore.loaders import create_loader  # type: ignore[import-untyped]

    return create_loader()
