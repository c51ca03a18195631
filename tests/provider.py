"""A real OpenID Connect provider, in a process of its own on this machine."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

from api.config_oidc import OidcSettings


@contextmanager
def provider(folder: Path, users: Sequence[Mapping[str, object]]) -> Iterator[str]:
    """Run the provider with these people (each with a `sub`); give its issuer."""
    port = free_port()
    claims = [part for user in users for part in ("--user-claims", json.dumps(user))]
    with (folder / "provider.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce", "true", *claims],
            stdout=log,
            stderr=log,
            env={**os.environ, "NO_COLOR": "1"},
        )
        issuer = f"http://127.0.0.1:{port}"
        try:
            _wait(process, issuer, folder / "provider.log")
            yield issuer
        finally:
            process.terminate()
            process.wait(timeout=10)


def settings_for(issuer: str, *, claim: str = "preferred_username") -> OidcSettings:
    """Return what a school would set."""
    return OidcSettings(issuer=issuer, client_id="idphoto", client_secret="a secret", name="统一认证登录", claim=claim)


def _wait(process: subprocess.Popen[bytes], issuer: str, log: Path) -> None:
    transport = httpx.HTTPTransport(retries=60)  # httpcore backs off between the tries to connect
    with httpx.Client(transport=transport, trust_env=False, timeout=20) as client:
        answer = client.get(f"{issuer}/.well-known/openid-configuration")
    assert process.poll() is None, log.read_text()
    assert answer.status_code == 200


def free_port() -> int:
    """Return a loopback port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
