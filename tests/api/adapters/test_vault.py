"""What is sealed stays sealed."""

import base64
import multiprocessing
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from api.adapters.blobs_disk import DiskBlobs
from api.adapters.vault import KeyVault, key_from_file
from api.domain.errors import BlobMissing, VaultError
from api.domain.errors_storage import StorageUnavailable

OLD, NEW = b"o" * 32, b"n" * 32


@given(some.binary(max_size=2000), some.text(max_size=50))
def test_what_is_sealed_can_be_opened(plain: bytes, context: str):
    """Any bytes come back as they were, and are not to be seen meanwhile."""
    vault = KeyVault((NEW,))
    sealed = vault.seal(plain, context=context)

    assert vault.open(sealed, context=context) == plain
    assert len(plain) < 8 or plain not in sealed


@given(some.binary(min_size=1, max_size=100), some.data())
def test_a_changed_bit_is_noticed(plain: bytes, data):
    """No single bit can be turned anywhere."""
    vault = KeyVault((NEW,))
    sealed = bytearray(vault.seal(plain, context="c"))
    position = data.draw(some.integers(0, len(sealed) * 8 - 1))
    sealed[position // 8] ^= 1 << position % 8

    with pytest.raises(VaultError):
        vault.open(bytes(sealed), context="c")


def test_sealed_values_cannot_change_places():
    """One student's name put into another's row does not open."""
    vault = KeyVault((NEW,))

    with pytest.raises(VaultError):
        vault.open(vault.seal(b"x", context="roster.name:rr_1"), context="roster.name:rr_2")


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x02" + b"x" * 40, b"\x01" + b"x" * 11])
def test_rubbish_is_not_opened(sealed: bytes):
    """Too short, of another version, cut off: refused by name."""
    with pytest.raises(VaultError):
        KeyVault((NEW,)).open(sealed, context="c")


@given(some.binary(max_size=200), some.sampled_from([OLD, NEW]))
def test_what_was_sealed_before_keys_had_names_is_opened(plain: bytes, key: bytes):
    """The same without the name; whichever of the keys it was."""
    named = KeyVault((key,)).seal(plain, context="c")
    unnamed = b"\x01" + named[5:]

    assert KeyVault((NEW, OLD)).open(unnamed, context="c") == plain
    assert not unnamed.startswith(KeyVault((key,)).prefix)


@given(some.lists(some.binary(min_size=32, max_size=32), min_size=1, max_size=4, unique=True), some.data())
def test_a_sealed_value_tells_which_key_it_needs_and_nothing_of_it(keys: list[bytes], data):
    """Its name is that key's; the digests under a name are those of a vault that has that key alone."""
    vault = KeyVault(keys)
    wanted = data.draw(some.sampled_from(keys))
    sealed = KeyVault((wanted,)).seal(b"x", context="c")

    assert vault.open(sealed, context="c") == b"x"
    assert sealed.startswith(vault.prefix) == (wanted == keys[0])
    name = KeyVault((wanted,)).newest
    assert vault.keyed(name).index("430", context="i") == KeyVault((wanted,)).index("430", context="i")
    assert wanted not in sealed


def test_a_key_that_is_not_here_is_asked_for_by_its_name():
    """An operator who took the wrong one away reads which."""
    name = KeyVault((OLD,)).newest
    with pytest.raises(VaultError, match=name):
        KeyVault((NEW,)).keyed(name)


def test_a_key_can_be_replaced():
    """With the new key first and the old behind it, old data opens, new data needs the new key, look-ups still find."""
    old, both, new = KeyVault((OLD,)), KeyVault((NEW, OLD)), KeyVault((NEW,))

    assert both.open(old.seal(b"x", context="c"), context="c") == b"x"
    assert new.open(both.seal(b"x", context="c"), context="c") == b"x"
    assert both.index("430", context="c") == old.index("430", context="c")
    with pytest.raises(VaultError):
        old.open(both.seal(b"x", context="c"), context="c")


def test_an_index_tells_nothing():
    """Equal texts, equal digests; another context or key, another digest."""
    vault = KeyVault((NEW,))

    assert vault.index("430", context="a") == vault.index("430", context="a")
    assert (
        len(
            {
                vault.index("430", context="a"),
                vault.index("430", context="b"),
                KeyVault((OLD,)).index("430", context="a"),
            }
        )
        == 3
    )


def test_signatures_fit_into_an_address():
    """URL-safe, and different for each text and context."""
    vault = KeyVault((NEW,))
    signature = vault.sign("ph_1.1", context="pull-link")

    assert signature.replace("-", "").replace("_", "").isalnum()
    assert signature != vault.sign("ph_1.2", context="pull-link") != vault.sign("ph_1.2", context="other")


@pytest.mark.parametrize("keys", [(), (b"short",), (NEW, b"")])
def test_a_short_key_is_refused(keys: tuple[bytes, ...]):
    """32 bytes or nothing."""
    with pytest.raises(ValueError, match="32 bytes"):
        KeyVault(keys)


def test_the_key_file_is_ours_alone(tmp_path: Path):
    """Made at first use with mode 600, the same ever after."""
    path = tmp_path / "var" / "data.key"

    first, second = key_from_file(path), key_from_file(path)

    assert first == second
    assert len(first) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["data.key"]
    assert base64.b64decode(path.read_bytes()) == first


def test_processes_that_start_at_once_agree_on_the_key(tmp_path: Path):
    """API and worker start together on the first day: one key."""
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        keys = pool.map(key_from_file, [tmp_path / "data.key"] * 8)

    assert len(set(keys)) == 1


@pytest.fixture
def blobs(tmp_path: Path) -> DiskBlobs:
    """An empty store."""
    return DiskBlobs(tmp_path / "blobs", vault=KeyVault((NEW,)))


def test_files_come_back_whole(blobs: DiskBlobs):
    """Stored, replaced, deleted, deleted again."""
    blobs.put("selfie/ph_1", b"one")
    blobs.put("selfie/ph_1", b"two")

    assert blobs.get("selfie/ph_1") == b"two"
    blobs.delete("selfie/ph_1")
    blobs.delete("selfie/ph_1")
    with pytest.raises(BlobMissing):
        blobs.get("selfie/ph_1")


@pytest.mark.parametrize("key", ["../../etc/passwd", "/etc/passwd", "a\0b", "x" * 5000, "", "照片"])
def test_no_key_leaves_the_folder(blobs: DiskBlobs, tmp_path: Path, key: str):
    """Whatever a key says, its file is inside, in a folder by digest."""
    blobs.put(key, b"data")

    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert blobs.get(key) == b"data"
    assert len(files) == 1
    assert len(files[0].relative_to(tmp_path / "blobs").parts) == 3


def test_a_file_under_another_name_does_not_open(blobs: DiskBlobs, tmp_path: Path):
    """Copying Alice's file over Bob's shows nobody Alice's face."""
    blobs.put("a", b"alice")
    blobs.put("b", b"bob")
    first, second = sorted(path for path in tmp_path.rglob("*") if path.is_file())
    second.write_bytes(first.read_bytes())

    opened = []
    for key in ("a", "b"):
        try:
            opened.append(blobs.get(key))
        except VaultError:
            opened.append(b"refused")
    assert b"refused" in opened


def test_a_write_that_fails_leaves_the_old_file(blobs: DiskBlobs, tmp_path: Path):
    """Nothing half-written, and nothing beside it."""
    blobs.put("a", b"old")

    with pytest.raises(TypeError):
        blobs.put("a", "text, not bytes")

    assert blobs.get("a") == b"old"
    assert sum(path.is_file() for path in tmp_path.rglob("*")) == 1


def test_a_store_that_cannot_be_written_says_so(tmp_path: Path):
    """The health check sees it."""
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(StorageUnavailable, match="EEXIST"):
        DiskBlobs(tmp_path / "file", vault=KeyVault((NEW,))).ping()
