"""Look at a store as an operator would: can we do in it what we must, and can nobody else."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from api.adapters.blobs_s3 import object_of
from api.adapters.s3_client import S3Clients, naming_faults
from api.adapters.sealed_blobs import SealedBlobs
from api.config_s3 import S3Address
from api.domain.errors import BlobMissing, VaultError
from api.domain.errors_storage import StorageUnavailable
from api.domain.ports import Blobs

_ADVICE = {
    "unreachable": "Look at the endpoint's name and port, and at the network between",
    "timeout": "The store takes connections and does not answer: ask who runs it",
    "denied": "Look at the key, its policy (docs/storage.md has one) and, for a bucket of another account, at its own",
    "no_credentials": "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give this machine a role",
    "NoSuchBucket": "Make the bucket, or correct its name, region or addressing in BLOB_URL",
    "RequestTimeTooSkewed": "Set this machine's clock: signatures count for a quarter of an hour",
    "tls": "The certificate is not for this name, or of nobody we know: see addressing, and SSL_CERT_FILE",
    "throttled": "Wait; if it stays so, ask for a higher rate",
}
_LOOK = "Look the word up in the documents of the store, and in docs/storage.md"


@dataclass(frozen=True, slots=True)
class Observed:
    """One thing looked at: `why` it matters and what to do (`advice`) are empty where all is well."""

    part: str
    found: str
    advice: str = ""
    why: str = ""

    @property
    def well(self) -> bool:
        return not self.advice


def examine_store(blobs: SealedBlobs, address: S3Address | None) -> Iterator[Observed]:
    """Write, read and delete a file of a few bytes, and look at the bucket, if it is one. Changes nothing else."""
    kept = _Probe(f"probe/{uuid4().hex}")
    found = _attempt("files", lambda: kept.through(blobs))
    yield found
    if address is None or not found.well:
        return
    clients = S3Clients(address)
    try:
        client = clients.client()
        yield _attempt("old versions", lambda: _versions(client, blobs, address))
        yield _attempt("strangers", lambda: _strangers(blobs, address))
    finally:
        clients.close()


@dataclass(frozen=True, slots=True)
class _Probe:
    key: str

    def through(self, blobs: Blobs) -> Observed:
        """Take it through its whole life."""
        blobs.put(self.key, b"probe")
        try:
            same = blobs.get(self.key) == b"probe"
        finally:
            blobs.delete(self.key)
        try:
            blobs.get(self.key)
        except BlobMissing:
            if same:
                return Observed("files", "can be written, read and deleted")
        return Observed("files", "what was written or deleted is not what is read", _LOOK, "Photos would be lost")


def _versions(client: Any, blobs: SealedBlobs, address: S3Address) -> Observed:
    """See whether a bucket that keeps versions keeps what was deleted here."""
    status = client.get_bucket_versioning(Bucket=address.bucket).get("Status")
    if not status:
        return Observed("old versions", "none are kept")
    key = f"probe/{uuid4().hex}"
    blobs.put(key, b"probe")
    blobs.delete(key)
    wanted = object_of(address, key)
    left = client.list_object_versions(Bucket=wanted["Bucket"], Prefix=wanted["Key"])
    if left.get("Versions") or left.get("DeleteMarkers"):
        advice = "Use a bucket that never had versioning, or a lifecycle rule that ends old versions within a day"
        return Observed("old versions", f"kept (versioning is {status.lower()})", advice, "What is erased stays there")
    return Observed("old versions", "the bucket keeps them; with each file all of its versions are deleted")


def _strangers(blobs: SealedBlobs, address: S3Address) -> Observed:
    """Ask as nobody: for a file and for the list of files."""
    key = f"probe/{uuid4().hex}"
    nobody = S3Clients(replace(address, key_id=None, secret=None, token=None), anonymous=True)
    blobs.put(key, b"probe")
    try:
        client = nobody.client()
        reads = _is_let(client.head_object, **object_of(address, key))
        lists = _is_let(client.list_objects_v2, Bucket=address.bucket, Prefix=address.prefix, MaxKeys=1)
    finally:
        nobody.close()
        blobs.delete(key)
    if reads or lists:
        what = " and ".join(name for name, may in (("read", reads), ("list", lists)) if may)
        advice = "Block public access to the bucket, and take the policy or the ACL back that allows it"
        why = "The files are sealed, but a stranger sees how many there are and when they come and go"
        return Observed("strangers", f"anybody may {what} files", advice, why)
    return Observed("strangers", "are refused")


def _is_let(ask: Callable[..., Any], **what: object) -> bool:
    try:
        with naming_faults():
            ask(**what)
    except StorageUnavailable:
        return False
    return True


def _attempt(part: str, look: Callable[[], Observed]) -> Observed:
    try:
        with naming_faults():
            return look()
    except StorageUnavailable as fault:
        reason = str(fault.facts["reason"])
        if part == "files":
            return Observed(part, reason, _ADVICE.get(reason, _LOOK), "Nothing can be taken in")
        return Observed(part, f"cannot be told: {reason}")
    except (VaultError, BlobMissing) as fault:
        return Observed(part, f"what was just written does not come back ({fault.code})", _LOOK, "Photos would be lost")
