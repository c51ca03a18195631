"""`BLOB_URL` for an S3-compatible store: `s3://BUCKET/PREFIX?endpoint=…&region=…&addressing=path|virtual`.

Who we are there is told by `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY` (or their `_FILE` forms), never by the
address: addresses end up in logs, process lists and support mails.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import SplitResult, parse_qsl, urlsplit

from api.config_reader import Reader

_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
"""What all of AWS, OSS, COS and MinIO take: 3 to 63 small letters, digits, dots and hyphens."""

_PREFIX = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9._-]*/)*")
_REGION = re.compile(r"[a-z0-9-]{1,40}")
_CHOICES = ("endpoint", "region", "addressing")
_USUAL_REGION = "us-east-1"
"""What MinIO and Ceph are called unless somebody named them otherwise."""


@dataclass(frozen=True, slots=True)
class S3Address:
    """One place in one bucket.

    `prefix` is empty or ends with a slash. `endpoint` is None for AWS itself. `key_id` and `secret` are both None where
    the machine's own role is to be used (instance profile, web identity, a shared credentials file).
    """

    bucket: str
    prefix: str
    region: str
    endpoint: str | None
    addressing: str
    key_id: str | None = field(default=None, repr=False)
    secret: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)


def read_s3(reader: Reader, url: str, *, name: str) -> S3Address | None:
    """Return the store that `url`, the value of `name`, speaks of; None with its faults noted, never its value."""
    parts = _split(url)
    if parts is None or "@" in parts.netloc or ":" in parts.netloc:
        reader.fault(name, "must hold no user, password or port; give AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
        return None
    if not _BUCKET.fullmatch(parts.netloc) or ".." in parts.netloc:
        reader.fault(name, "must be s3://BUCKET/PREFIX with a bucket of 3 to 63 small letters, digits, dots or hyphens")
        return None
    prefix = f"{parts.path.strip('/')}/" if parts.path.strip("/") else ""
    if not _PREFIX.fullmatch(prefix) or parts.fragment:
        reader.fault(name, "has a prefix of other than letters, digits, dots, hyphens, underscores and single slashes")
    return _chosen(reader, name, parts.netloc, prefix, _choices(reader, name, parts.query))


def _chosen(reader: Reader, name: str, bucket: str, prefix: str, chosen: Mapping[str, str]) -> S3Address:
    endpoint = _endpoint(reader, name, chosen.get("endpoint"))
    region = chosen.get("region", _USUAL_REGION if endpoint else "")
    if not _REGION.fullmatch(region):
        reader.fault(name, "must name a region, as in ?region=cn-north-1; only with an endpoint may it be left out")
    addressing = chosen.get("addressing", "path" if endpoint else "virtual")
    if addressing not in {"path", "virtual"}:
        reader.fault(name, "has an addressing that is neither path nor virtual")
    if addressing == "virtual" and "." in bucket:
        reader.fault(name, "needs addressing=path: no certificate fits the dots of this bucket's name")
    key_id, secret = reader.secret("AWS_ACCESS_KEY_ID"), reader.secret("AWS_SECRET_ACCESS_KEY")
    if bool(key_id) != bool(secret):
        reader.fault("AWS_ACCESS_KEY_ID", "and AWS_SECRET_ACCESS_KEY are given together or not at all")
    token = reader.secret("AWS_SESSION_TOKEN") if key_id else None
    return S3Address(bucket, prefix, region, endpoint, addressing, key_id=key_id, secret=secret, token=token)


def _split(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:
        return None


def _choices(reader: Reader, name: str, query: str) -> dict[str, str]:
    chosen: dict[str, str] = {}
    for key, value in parse_qsl(query, keep_blank_values=True):
        if key not in _CHOICES or key in chosen:
            reader.fault(name, f"may say {', '.join(_CHOICES)} once each after the ?, and nothing else")
        chosen[key] = value.strip()
    return chosen


def _endpoint(reader: Reader, name: str, value: str | None) -> str | None:
    """Return the endpoint, without a slash at its end.

    Plain HTTP only inside our own network. The files are sealed, but a signed request is not: whoever sits on the line
    could repeat a deletion within the quarter of an hour that its signature counts, or answer that nothing is there.
    """
    if value is None:
        return None
    try:
        parts = urlsplit(value)
        bare = parts.path in {"", "/"} and not parts.query and not parts.fragment and "@" not in parts.netloc
        fits = bare and parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fits = False
    if not fits:
        reader.fault(name, "has an endpoint that is not https://HOST or https://HOST:PORT")
        return None
    if parts.scheme == "http" and not _is_near(parts.hostname or ""):
        reader.fault(name, "has a plain http endpoint outside this machine and private networks: use https")
    return value.rstrip("/")


def _is_near(host: str) -> bool:
    """Tell whether a host is this machine, a private address, or a bare name that only our own network knows."""
    try:
        address = ip_address(host)
    except ValueError:
        return "." not in host
    return address.is_loopback or (address.is_private and not address.is_unspecified)
