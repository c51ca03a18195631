"""Files in a bucket of an S3-compatible store, under `PREFIX/DIGEST`: the store learns neither whose they are nor what
is in them."""

from contextlib import closing
from typing import Any

from api.adapters.s3_client import BRIEF, USUAL, Patience, S3Clients, code_of, naming_faults
from api.adapters.sealed_blobs import SealedBlobs, name_of
from api.config_s3 import S3Address
from api.domain.ports import Vault

_NOBODY = "ready"
"""A name that no file has, for it is no digest: asking for it proves that the bucket is there and that we may read."""


class S3Blobs(SealedBlobs):
    """Keep each file as one object, under a name made from its key's digest."""

    def __init__(self, address: S3Address, *, vault: Vault, patience: Patience = USUAL) -> None:
        super().__init__(S3Files(address, patience), vault=vault)


class S3Files:
    """Fits `sealed_blobs.Files` over a bucket."""

    def __init__(self, address: S3Address, patience: Patience = USUAL) -> None:
        self._address = address
        self._clients = S3Clients(address, patience)
        self._brief = S3Clients(address, BRIEF)

    def write(self, name: str, sealed: bytes) -> None:
        """Put the object; S3 shows the old one or the new one, never a part."""
        with naming_faults():
            self._clients.client().put_object(**self._object(name), Body=sealed, ContentType="application/octet-stream")

    def read(self, name: str) -> bytes | None:
        """Return the object, None where the store says that there is none (and not where it may not tell)."""
        return self._get(self._clients.client(), name)

    def remove(self, name: str) -> None:
        """Delete the object and, where the bucket keeps versions, each of them.

        A versioned bucket answers a deletion by hiding the object and keeping its bytes, which the answer shows: then
        the versions are deleted one by one. Anything refused on the way is raised, so that the row stays and the next
        purge tries again.
        """
        client = self._clients.client()
        with naming_faults():
            gone = client.delete_object(**self._object(name))
            if gone.get("DeleteMarker") or gone.get("VersionId"):
                self._remove_versions(client, name)

    def ping(self) -> None:
        """Ask for an object that is not there."""
        self._get(self._brief.client(), _NOBODY)

    def close(self) -> None:
        """Close this process's connections."""
        self._clients.close()
        self._brief.close()

    def _get(self, client: Any, name: str) -> bytes | None:
        from botocore.exceptions import ClientError  # type: ignore[import-untyped]

        with naming_faults():
            try:
                answer = client.get_object(**self._object(name))
            except ClientError as fault:
                if code_of(fault) == "NoSuchKey":
                    return None
                raise
            with closing(answer["Body"]) as body:
                return bytes(body.read())

    def _remove_versions(self, client: Any, name: str) -> None:
        wanted = self._object(name)
        pages = client.get_paginator("list_object_versions").paginate(Bucket=wanted["Bucket"], Prefix=wanted["Key"])
        for page in pages:
            for version in (*page.get("Versions", ()), *page.get("DeleteMarkers", ())):
                if version["Key"] == wanted["Key"]:
                    client.delete_object(**wanted, VersionId=version["VersionId"])

    def _object(self, name: str) -> dict[str, str]:
        return {"Bucket": self._address.bucket, "Key": f"{self._address.prefix}{name}"}


def object_of(address: S3Address, key: str) -> dict[str, str]:
    """Return where the file of a key lies."""
    return {"Bucket": address.bucket, "Key": f"{address.prefix}{name_of(key)}"}
