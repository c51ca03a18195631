"""Fetch model files from where the operator says instead of from where rembg says."""

from collections.abc import Mapping

import httpx

from photo_service.models.errors import MirrorUnusableError

MIRROR_SETTING = "IDPHOTO_MODELS_MIRROR"
_URL, _PATH = "{url}", "{path}"


def mirror_from(env: Mapping[str, str]) -> str | None:
    """Read the setting: None when it is absent or empty."""
    return env.get(MIRROR_SETTING, "").strip() or None


def mirrored(url: str, mirror: str | None) -> str:
    """Say where to fetch a file from.

    Without a mirror from `url` itself. A plain mirror is a folder that holds the files under their own names:
    `https://files.school.example/models` gives `https://files.school.example/models/u2net.onnx`. For proxies of whole
    sites the mirror may hold `{path}`, the address without scheme and host, or `{url}`, the whole of it.
    Raises MirrorUnusableError.
    """
    if mirror is None:
        return url
    path = httpx.URL(url).path.lstrip("/")
    if _URL in mirror or _PATH in mirror:
        return _checked(mirror.replace(_URL, url).replace(_PATH, path), mirror)
    return _checked(f"{mirror.rstrip('/')}/{path.rsplit('/', 1)[-1]}", mirror)


def shown(url: str) -> str:
    """Give an address fit for messages and records: without the name and password a mirror may want, or a query."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        return "(an address that cannot be read)"
    return str(parsed.copy_with(userinfo=b"", query=None, fragment=None))


def _checked(address: str, mirror: str) -> str:
    advice = f"Set {MIRROR_SETTING} to an address like https://files.school.example/models, or unset it"
    try:
        parsed = httpx.URL(address)
    except httpx.InvalidURL as error:
        raise MirrorUnusableError(f"{MIRROR_SETTING} is no address: {error}", advice=advice) from error
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        raise MirrorUnusableError(f"{MIRROR_SETTING} is no http or https address: {shown(mirror)}", advice=advice)
    return address
