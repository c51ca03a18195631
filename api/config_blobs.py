"""`BLOB_URL`: a folder or a bucket."""

from pathlib import Path

from api.config_reader import Reader
from api.config_s3 import S3Address, read_s3

Place = Path | S3Address
"""Where files lie."""


def read_blob_url(reader: Reader, *, default: str | None) -> Place:
    """Return the place that `BLOB_URL` names; its faults are noted."""
    return read_place(reader, reader.given("BLOB_URL", default=default), name="BLOB_URL")


def read_place(reader: Reader, url: str, *, name: str) -> Place:
    """Return the place that `url`, the value of `name`, names; its faults are noted."""
    scheme, _, rest = url.partition(":")
    if scheme == "s3":
        return read_s3(reader, url, name=name) or Path()
    if url and scheme != "file":
        reader.fault(name, "must be a folder, as file:/var/lib/idphoto/blobs, or a bucket, as s3://BUCKET/PREFIX")
    return Path("/" + rest.lstrip("/"))
