"""One contract for files, kept by the disk and by a bucket alike; and what each does when it cannot."""

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from store_here import QUICK, REFUSALS, VAULT, Bucket

from api.adapters.blobs_disk import DiskBlobs
from api.adapters.blobs_s3 import S3Blobs
from api.adapters.s3_client import Patience
from api.adapters.sealed_blobs import SealedBlobs
from api.adapters.store_examination import Observed, examine_store
from api.domain.errors import BlobMissing, VaultError
from api.domain.errors_storage import StorageUnavailable

MakeBucket = Callable[[], Bucket]


@pytest.fixture(params=["disk", "s3"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SealedBlobs]:
    """An empty store of either kind."""
    if request.param == "disk":
        yield DiskBlobs(tmp_path / "blobs", vault=VAULT)
        return
    made = request.getfixturevalue("bucket").blobs(Patience(read_s=10, attempts=2))
    yield made
    made.close()


@pytest.fixture
def s3(bucket: Bucket) -> Iterator[S3Blobs]:
    """A bucket's files, with little patience."""
    made = bucket.blobs()
    yield made
    made.close()


def test_a_file_comes_back_whole(blobs: SealedBlobs):
    """Kept, replaced, deleted, deleted again."""
    blobs.put("selfie/ph_1", b"one")
    blobs.put("selfie/ph_1", b"two")

    assert blobs.get("selfie/ph_1") == b"two"
    blobs.delete("selfie/ph_1")
    blobs.delete("selfie/ph_1")
    with pytest.raises(BlobMissing):
        blobs.get("selfie/ph_1")


@pytest.mark.parametrize("data", [b"", b"\0", os.urandom(2_000_000)], ids=["empty", "a nought", "2 MB"])
def test_files_of_any_size_come_back(blobs: SealedBlobs, data: bytes):
    """Nothing at all, and as much as a phone sends."""
    blobs.put("image/ph_1-1", data)

    assert blobs.get("image/ph_1-1") == data


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some.text(max_size=40), some.binary(max_size=50))
def test_a_key_may_be_any_text(blobs: SealedBlobs, key: str, data: bytes):
    """Slashes, dots, noughts, Chinese, nothing: no key leads to another's file or out of the store."""
    blobs.put(key, data)
    blobs.put(f"{key}\0", b"somebody else's")

    assert blobs.get(key) == data
    blobs.delete(key)
    assert blobs.get(f"{key}\0") == b"somebody else's"


def test_writers_of_one_key_leave_one_of_their_files(blobs: SealedBlobs):
    """Eight at once: one whole file, never a mixture."""
    wanted = [bytes([number]) * 5000 for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda data: blobs.put("selfie/ph_1", data), wanted))

    assert blobs.get("selfie/ph_1") in wanted


def test_what_was_changed_in_the_store_does_not_open(blobs: SealedBlobs):
    """A byte turned, a file cut short, another student's file put under this name."""
    blobs.put("alice", b"alice's face")
    blobs.put("bob", b"bob's face")
    sealed = blobs.read_sealed("alice")

    for changed in (sealed[:-1] + bytes([sealed[-1] ^ 1]), sealed[:20], b"", blobs.read_sealed("bob")):
        blobs.write_sealed("alice", changed)
        with pytest.raises(VaultError):
            blobs.get("alice")


def test_a_store_that_is_there_answers(blobs: SealedBlobs):
    """And is still there after it was closed."""
    blobs.put("alice", b"alice's face")
    blobs.ping()
    blobs.close()
    blobs.ping()

    assert blobs.get("alice") == b"alice's face"


def test_a_disk_that_refuses_says_so_under_our_name(tmp_path: Path):
    """A file where the folder should be: every call, with the system's word for it."""
    (tmp_path / "file").write_text("in the way")
    blobs = DiskBlobs(tmp_path / "file", vault=VAULT)

    for call in (lambda: blobs.put("a", b"x"), lambda: blobs.get("a"), lambda: blobs.delete("a"), blobs.ping):
        with pytest.raises(StorageUnavailable, match=r"ENOTDIR|EEXIST") as fault:
            call()
        assert fault.value.retry_after == 30


def test_the_bucket_learns_neither_names_nor_contents(bucket: Bucket, s3: S3Blobs):
    """Digests under the prefix, sealed bytes, no metadata of ours."""
    s3.put("selfie/ph_张示例_430000200403120012", b"a face")

    ((key, sealed),) = bucket.objects().items()
    head = bucket.client.head_object(Bucket=bucket.address.bucket, Key=key)
    assert key.startswith("school/photos/")
    assert len(key.removeprefix("school/photos/")) == 64
    assert b"a face" not in sealed
    assert head["Metadata"] == {}


def test_an_upload_is_one_plain_signed_request(bucket: Bucket, s3: S3Blobs):
    """No trailer, no `aws-chunked`, no CRC, which some stores refuse; the body's digest is part of the signature."""
    s3.put("selfie/ph_1", b"a face")

    (headers,) = bucket.store.headers
    assert bucket.store.asked[0][0] == "PUT"
    assert not [name for name in headers if "CHECKSUM" in name or "TRAILER" in name]
    assert "HTTP_CONTENT_ENCODING" not in headers
    assert len(headers["HTTP_X_AMZ_CONTENT_SHA256"]) == 64
    assert "hush hush" not in str(headers)


def test_a_file_goes_the_same_way_over_tls():
    """What boto3 does otherwise begins with https: still no trailer, still the body's digest."""
    import io

    from botocore.awsrequest import AWSResponse
    from urllib3 import HTTPResponse

    from api.adapters.s3_client import S3Clients
    from api.config_s3 import S3Address

    clients = S3Clients(S3Address("house", "", "cn-hangzhou", "https://oss.example", "virtual", "key", "hush"))
    client, seen = clients.client(), []

    def answer(request, **_more):
        seen.append(request)
        return AWSResponse(request.url, 200, {}, HTTPResponse(io.BytesIO()))

    client.meta.events.register("before-send.s3", answer)
    client.put_object(Bucket="house", Key="k", Body=b"a face")
    clients.close()

    assert seen[0].url == "https://house.oss.example/k"
    assert not [name for name in seen[0].headers if "checksum" in name.lower() or "trailer" in name.lower()]
    assert len(seen[0].headers["X-Amz-Content-SHA256"]) == 64


REASONS = {
    "slow_down": "throttled",
    "denied": "denied",
    "false_signature": "denied",
    "false_clock": "RequestTimeTooSkewed",
    "no_bucket": "NoSuchBucket",
    "broken": "broken",
    "wrong_region": "AuthorizationHeaderMalformed",
    "page": "http_404",
    "stall": "timeout",
    "hang_up": "cut_off",
}


@pytest.mark.parametrize("mode", REASONS)
def test_a_store_that_fails_is_named_never_believed(bucket: Bucket, s3: S3Blobs, mode: str):
    """Whatever it does, a file is neither kept nor gone: every call says that the store is at fault, and why."""
    assert set(REFUSALS) < set(REASONS)
    bucket.store.mode = mode

    for call in (lambda: s3.put("a", b"x"), lambda: s3.get("a"), lambda: s3.delete("a"), s3.ping):
        if mode == "stall" and call == s3.ping:
            continue  # its patience is its own: seconds
        with pytest.raises(StorageUnavailable) as fault:
            call()
        assert fault.value.facts["reason"] == REASONS[mode]
        assert (fault.value.code, fault.value.retry_after) == ("storage_unavailable", 30)


def test_an_answer_that_breaks_off_is_no_file(bucket: Bucket, s3: S3Blobs):
    """Ten bytes of a thousand."""
    bucket.store.mode = "cut"

    with pytest.raises(StorageUnavailable, match="cut_off"):
        s3.get("a")


def test_nobody_listening_is_unreachable(bucket: Bucket):
    """A port that nobody has."""
    gone = S3Blobs(replace(bucket.address, endpoint="http://127.0.0.1:1"), vault=VAULT, patience=QUICK)

    with pytest.raises(StorageUnavailable, match="unreachable"):
        gone.ping()
    gone.close()


def test_a_hiccup_is_tried_again_and_no_more_often_than_said(bucket: Bucket):
    """A store that is broken once is asked twice; one that stays broken is not asked a third time."""
    blobs = bucket.blobs(Patience(read_s=5, attempts=2))
    bucket.store.mode = "broken"
    with pytest.raises(StorageUnavailable):
        blobs.put("a", b"x")
    blobs.close()

    assert [method for method, _ in bucket.store.asked] == ["PUT", "PUT"]


def test_threads_share_one_client_and_a_forked_child_makes_its_own(bucket: Bucket):
    """As many as a server has, each its own file; and a process made by fork, as gunicorn does, works too."""
    blobs = bucket.blobs(Patience(read_s=10, attempts=1))
    together = threading.Barrier(8)

    def keep(number: int) -> bytes:
        together.wait()
        blobs.put(f"k{number}", bytes([number]))
        return blobs.get(f"k{number}")

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(keep, range(8))) == [bytes([number]) for number in range(8)]
    parents = blobs._files._clients.client()
    child = os.fork()
    if child == 0:
        own = blobs._files._clients.client()
        os._exit(0 if own is not parents and blobs.get("k3") == b"\x03" else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert blobs._files._clients.client() is parents
    blobs.close()


@pytest.mark.parametrize("status", ["Enabled", "Suspended"])
def test_a_deleted_file_leaves_no_version_behind(bucket: Bucket, s3: S3Blobs, status: str):
    """A bucket that keeps versions hides what is deleted; we delete each of them, and nobody else's."""
    bucket.keep_versions()
    s3.put("selfie/ph_1", b"one")
    s3.put("selfie/ph_1", b"two")
    s3.put("selfie/ph_2", b"another's")
    bucket.keep_versions(status)

    s3.delete("selfie/ph_1")

    assert bucket.versions() == 1
    assert s3.get("selfie/ph_2") == b"another's"


@pytest.mark.parametrize(("mode", "reason"), [("denied", "denied"), ("garbage", "broken")])
def test_versions_that_cannot_be_listed_are_not_taken_for_deleted(bucket: Bucket, s3: S3Blobs, mode: str, reason: str):
    """We may delete files but not list versions, or the list is rubbish: it is said, and the next try finishes."""
    bucket.keep_versions()
    s3.put("selfie/ph_1", b"one")
    bucket.store.mode, bucket.store.only = mode, "GET"

    with pytest.raises(StorageUnavailable, match=reason):
        s3.delete("selfie/ph_1")
    bucket.store.behave()
    s3.delete("selfie/ph_1")

    assert bucket.versions() == 0


def look(blobs: SealedBlobs, bucket: Bucket | None) -> dict[str, Observed]:
    return {one.part: one for one in examine_store(blobs, bucket.address if bucket else None)}


def test_a_disk_is_examined(tmp_path: Path):
    """Written, read, deleted; nothing is left of it."""
    found = look(DiskBlobs(tmp_path / "blobs", vault=VAULT), None)

    assert [one.well for one in found.values()] == [True]
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_bucket_that_anybody_may_read_is_found_out(bucket: Bucket, s3: S3Blobs):
    """The examination asks as a stranger, and leaves nothing behind."""
    bucket.store.store = knowing_everybody(bucket.store.store)
    found = look(s3, bucket)

    assert found["files"].well
    assert found["old versions"].found == "none are kept"
    assert found["strangers"].found == "anybody may read and list files"
    assert found["strangers"].advice
    assert bucket.objects() == {}


def test_a_bucket_that_refuses_strangers_is_well(bucket: Bucket, s3: S3Blobs):
    """Whoever comes without a signature is refused."""
    bucket.store.store = refusing_strangers(bucket.store.store)
    found = look(s3, bucket)

    assert found["strangers"] == Observed("strangers", "are refused")


def knowing_everybody(store):
    def answer(environ, start):
        signed = "AWS4-HMAC-SHA256 Credential=key/20261122/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0"
        environ.setdefault("HTTP_AUTHORIZATION", signed)
        return store(environ, start)

    return answer


def refusing_strangers(store):
    def answer(environ, start):
        if "HTTP_AUTHORIZATION" in environ:
            return store(environ, start)
        start("403 Forbidden", [("Content-Type", "application/xml")])
        return [b"<Error><Code>AccessDenied</Code></Error>"]

    return answer


def test_a_bucket_that_keeps_versions_is_told_of(bucket: Bucket, s3: S3Blobs):
    """Well, as long as each version really goes."""
    bucket.keep_versions()
    found = look(s3, bucket)["old versions"]

    assert found.well
    assert "all of its versions are deleted" in found.found
    assert bucket.versions() == 0


@pytest.mark.parametrize(("mode", "advice"), [("denied", "policy"), ("no_bucket", "Make the bucket")])
def test_what_is_wrong_with_a_bucket_comes_with_what_to_do(bucket: Bucket, s3: S3Blobs, mode: str, advice: str):
    """And nothing else is looked at then."""
    bucket.store.mode = mode
    found = look(s3, bucket)

    assert list(found) == ["files"]
    assert advice in found["files"].advice
