"""Settings that are well formed and still cannot be meant."""

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from api.adapters.vault import KEY_BYTES
from api.config import Settings
from photo_service.doctor import Symptom

_HERE = frozenset({"localhost", "127.0.0.1", "::1", "0.0.0.0"})  # noqa: S104  compared with, not bound to
_ANSWER_S = 5.0


def public_url(settings: Settings) -> Symptom:
    """Look whether registries, phones and WeChat can come in where we tell them to."""
    url, part = settings.public_url, "public address"
    if settings.embedded:
        return Symptom(part, url)
    if urlsplit(url).scheme != "https":
        why = "Photos and tokens would cross the network in the clear, and WeChat takes https alone"
        return Symptom(part, f"{url} is not https", "Set IDPHOTO_PUBLIC_URL to the https address of the proxy", why)
    if urlsplit(url).hostname in _HERE:
        why = "Registries fetch photos there, from their own machines"
        return Symptom(part, f"{url} is this machine to whoever asks", "Set IDPHOTO_PUBLIC_URL to the domain", why)
    return _answers(url)


def _answers(url: str) -> Symptom:
    try:
        status = httpx.get(f"{url}/healthz", timeout=_ANSWER_S).status_code
        found = f"answers {status}"
    except httpx.HTTPError as fault:
        status, found = 0, f"does not answer ({type(fault).__name__})"
    if status == 200:
        return Symptom("public address", f"{url} answers")
    advice = "Look at nginx, the certificate and the domain; from inside the network the domain must resolve too"
    return Symptom("public address", f"{url} {found}", advice, "Students and registries see the same")


def proxies(settings: Settings) -> Symptom:
    """An https address without a proxy in front cannot be: the API itself speaks plain HTTP."""
    count = settings.trusted_proxies
    if count == 0 and urlsplit(settings.public_url).scheme == "https":
        why = "Every caller counts as the proxy: one flood locks all out, and the audit log holds one address"
        return Symptom("reverse proxy", "none is believed", "Set IDPHOTO_TRUSTED_PROXIES=1, or their number", why)
    return Symptom("reverse proxy", f"{count} believed" if count else "none")


def secret_files(settings: Settings, env: Mapping[str, str]) -> Symptom:
    """Look whether anybody on this machine can read the files that hold secrets."""
    given = [Path(value) for name, value in env.items() if name.endswith("_FILE") and value and _ours(name)]
    own = [settings.home / "data.key"] if settings.embedded else []
    files = [file for file in (*given, *own) if file.exists()]
    open_ = [str(file) for file in files if os.name == "posix" and file.stat().st_mode & stat.S_IROTH]
    if open_:
        why = "Whoever has an account here reads them"
        return Symptom("secret files", f"{', '.join(open_)}: readable by everybody", "chmod o= FILE", why)
    return Symptom("secret files", f"{len(files)}, readable by their owner and group at most")


def _ours(name: str) -> bool:
    return name.startswith(("IDPHOTO_", "WECHAT_", "DATABASE_", "REDIS_", "BLOB_"))


def data_keys(settings: Settings) -> Symptom:
    """Look whether there are keys, each another, and none of the kind people type."""
    keys = settings.data_keys
    if settings.embedded and not keys:
        return Symptom("data keys", f"one, in {settings.home / 'data.key'}")
    weak = [key for key in keys if len(set(key)) < KEY_BYTES // 4]
    if weak or len(set(keys)) < len(keys):
        why = "A key that is guessed opens every picture"
        return Symptom("data keys", "one is no random key, or given twice", "openssl rand -base64 32", why)
    return Symptom("data keys", f"{len(keys)}, the first of them seals")
