"""A large file over a school's line, broken, silent or behind a portal: it arrives, or it is said why."""

import hashlib
import io
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from model_server import Answer, ModelServer, model_server
from rich.console import Console

from photo_service.models.checksum import Checksum, file_checksum
from photo_service.models.download import FRUITLESS, LARGEST_BYTES, Downloader, open_client
from photo_service.models.download_bar import download_bar
from photo_service.models.errors import DiskFullError, DownloadFailedError, DownloadRefusedError, InstallBusyError
from photo_service.models.part_file import PartFile, only_one_in

CONTENT = bytes(range(256)) * 400
HALF = len(CONTENT) // 2


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with model_server() as running:
        yield running


@pytest.fixture
def part(tmp_path: Path) -> PartFile:
    return PartFile(tmp_path / "u2net.onnx")


def impatient() -> httpx.Client:
    """A client that takes a third of a second of silence for a dead line."""
    return httpx.Client(follow_redirects=True, timeout=httpx.Timeout(5, read=0.3), trust_env=False)


class Line:
    """A downloader whose waits take no time, with all it said and measured."""

    def __init__(self, *, room: int = 1 << 40) -> None:
        self.waited: list[float] = []
        self.said: list[str] = []
        self.seen: list[tuple[int, int | None]] = []
        self._downloader = Downloader(impatient, sleep=self.waited.append, room=lambda _: room)

    def fetch(self, url: str, part: PartFile, meter: Callable[[int, int | None], None] | None = None) -> bytes:
        self._downloader.fetch(url, part, meter=meter or self._note, say=self.said.append)
        return part.path.read_bytes()

    def _note(self, come: int, total: int | None) -> None:
        self.seen.append((come, total))


def test_a_file_arrives_whole_and_its_progress_is_told(server: ModelServer, part: PartFile) -> None:
    """The meter starts at nothing, never goes back, and ends at the size the server named."""
    server.will(Answer(CONTENT))
    line = Line()
    assert line.fetch(f"{server.url}/u2net.onnx", part) == CONTENT
    come = [come for come, _ in line.seen]
    assert come == sorted(come)
    assert (line.seen[0], line.seen[-1]) == ((0, len(CONTENT)), (len(CONTENT), len(CONTENT)))
    assert line.waited == []


def test_a_line_that_breaks_in_the_middle_is_taken_up_where_it_broke(server: ModelServer, part: PartFile) -> None:
    """Only the missing half is asked for, of the version the first half was of."""
    server.will(Answer(CONTENT, stop_after=HALF), Answer(CONTENT))
    line = Line()
    assert line.fetch(f"{server.url}/u2net.onnx", part) == CONTENT
    assert server.ranges_asked() == [None, f"bytes={HALF}-"]
    assert server.asked[1].if_range == '"v1"'
    assert len(line.waited) == 1
    assert "trying again" in line.said[0]


def test_a_download_that_was_interrupted_goes_on_another_day(server: ModelServer, part: PartFile) -> None:
    """Ctrl-C loses nothing: the next run continues, in another process just as well."""

    def tired(come: int, _: int | None) -> None:
        if come >= HALF:
            raise KeyboardInterrupt

    server.will(Answer(CONTENT, stop_after=HALF, then_silent=True), Answer(CONTENT))
    with pytest.raises(KeyboardInterrupt):
        Line().fetch(f"{server.url}/u2net.onnx", part, tired)
    assert part.size == HALF
    assert Line().fetch(f"{server.url}/u2net.onnx", PartFile(part.path.with_suffix(""))) == CONTENT
    assert server.ranges_asked()[-1] == f"bytes={HALF}-"


def test_a_server_that_falls_silent_is_left_and_asked_again(server: ModelServer, part: PartFile) -> None:
    """A line that is neither up nor down does not hold the operator for ever."""
    server.will(Answer(CONTENT, stop_after=HALF, then_silent=True), Answer(CONTENT))
    assert Line().fetch(f"{server.url}/u2net.onnx", part) == CONTENT
    assert server.ranges_asked() == [None, f"bytes={HALF}-"]


def test_a_server_that_knows_no_ranges_is_begun_anew(server: ModelServer, part: PartFile) -> None:
    """It sends everything again; the first half is not written twice."""
    server.will(Answer(CONTENT, stop_after=HALF, ranges=False), Answer(CONTENT, ranges=False))
    assert Line().fetch(f"{server.url}/u2net.onnx", part) == CONTENT
    assert server.ranges_asked() == [None, f"bytes={HALF}-"]


def test_a_file_that_was_replaced_meanwhile_is_begun_anew(server: ModelServer, part: PartFile) -> None:
    """Half of yesterday's file and half of today's is no file."""
    other = CONTENT[::-1]
    server.will(Answer(CONTENT, stop_after=HALF), Answer(other, etag='"v2"'))
    assert Line().fetch(f"{server.url}/u2net.onnx", part) == other


def test_what_came_from_another_address_is_not_continued(server: ModelServer, part: PartFile) -> None:
    """Who changes the mirror begins anew: two mirrors may hold two files."""
    part.begin("https://elsewhere.example/u2net.onnx", version='"v1"', total=None)
    part.path.write_bytes(CONTENT[:HALF])
    server.will(Answer(CONTENT))
    assert Line().fetch(f"{server.url}/u2net.onnx", part) == CONTENT
    assert server.ranges_asked() == [None]


@pytest.mark.parametrize(
    ("etag", "modified", "continued"),
    [
        ('W/"v1"', None, None),
        ('W/"v1"', "Wed, 21 Oct 2015 07:28:00 GMT", "Wed, 21 Oct 2015 07:28:00 GMT"),
        (None, None, None),
    ],
)
def test_only_a_sure_version_is_continued(
    server: ModelServer, part: PartFile, etag: str | None, modified: str | None, continued: str | None
) -> None:
    """A weak ETag does not promise the same bytes; without a better name of the version all is fetched again."""
    answer = Answer(CONTENT, etag=etag, modified=modified)
    server.will(Answer(CONTENT, etag=etag, modified=modified, stop_after=HALF), answer)
    assert Line().fetch(f"{server.url}/u2net.onnx", part) == CONTENT
    assert server.asked[1].if_range == continued


@pytest.mark.parametrize(
    "confused", [Answer(CONTENT, starts_at=7), Answer(CONTENT, status=416, stop_after=0)], ids=["wrong part", "416"]
)
def test_a_server_confused_about_parts_is_asked_for_the_whole(
    server: ModelServer, part: PartFile, confused: Answer
) -> None:
    """Bytes from the wrong place never reach the file."""
    server.will(Answer(CONTENT, stop_after=HALF), confused, Answer(CONTENT))
    assert Line().fetch(f"{server.url}/u2net.onnx", part) == CONTENT
    assert server.ranges_asked() == [None, f"bytes={HALF}-", None]


def test_a_file_that_had_come_whole_is_not_asked_for_again(server: ModelServer, part: PartFile) -> None:
    """A machine switched off between the last byte and the checksum goes on with the checksum."""
    server.will(Answer(CONTENT))
    Line().fetch(f"{server.url}/u2net.onnx", part)
    assert Line().fetch(f"{server.url}/u2net.onnx", part) == CONTENT
    assert len(server.asked) == 1


def test_a_line_that_breaks_again_and_again_gets_there_as_long_as_it_gets_farther(
    server: ModelServer, part: PartFile
) -> None:
    """A gigabyte over a dormitory's wireless: three times as many breaks as are forgiven in vain."""
    breaks = [Answer(CONTENT, stop_after=2000)] * (3 * FRUITLESS)
    server.will(*breaks, Answer(CONTENT))
    line = Line()
    assert line.fetch(f"{server.url}/u2net.onnx", part) == CONTENT
    assert len(line.waited) == 3 * FRUITLESS


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(breaks=st.lists(st.integers(0, len(CONTENT)), max_size=4), ranges=st.booleans())
def test_wherever_a_line_breaks_the_bytes_are_the_same(
    server: ModelServer, part: PartFile, breaks: list[int], ranges: bool
) -> None:
    """No seam shows, whether the server knows ranges or not."""
    part.discard()
    server.will(*(Answer(CONTENT, stop_after=at, ranges=ranges) for at in breaks), Answer(CONTENT, ranges=ranges))
    assert Line().fetch(f"{server.url}/u2net.onnx", part) == CONTENT


def test_a_busy_server_is_asked_again(server: ModelServer, part: PartFile) -> None:
    """503 and 429 pass; the operator need not type the command twice."""
    server.will(Answer(status=503), Answer(status=429), Answer(CONTENT))
    line = Line()
    assert line.fetch(f"{server.url}/u2net.onnx", part) == CONTENT
    assert len(line.waited) == 2


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_file_that_is_not_there_is_not_asked_for_again(server: ModelServer, part: PartFile, status: int) -> None:
    """The address and the answer are told at once, with what to look at."""
    server.will(Answer(b"no", status=status))
    with pytest.raises(DownloadFailedError, match=rf"/u2net\.onnx answered {status}") as raised:
        Line().fetch(f"{server.url}/u2net.onnx", part)
    assert "IDPHOTO_MODELS_MIRROR" in raised.value.advice
    assert len(server.asked) == 1


def test_the_login_page_of_a_campus_network_is_no_model(server: ModelServer, part: PartFile) -> None:
    """A portal answers 200 to everything: it is named for what it is, and what had come before is kept."""
    server.will(Answer(CONTENT, stop_after=HALF), Answer(b"<html>Please log in", kind="text/html", ranges=False))
    with pytest.raises(DownloadRefusedError, match="web page") as raised:
        Line().fetch(f"{server.url}/u2net.onnx", part)
    assert raised.value.code == "download_refused"
    assert part.size == HALF


def test_without_network_the_ways_around_are_told(part: PartFile) -> None:
    """Tried a few times, then said: proxy, mirror, or by hand."""
    with model_server() as gone:
        nowhere = gone.url
    line = Line()
    with pytest.raises(DownloadFailedError) as raised:
        line.fetch(f"{nowhere}/u2net.onnx", part)
    assert raised.value.code == "download_failed"
    assert all(way in raised.value.advice for way in ("HTTPS_PROXY", "IDPHOTO_MODELS_MIRROR", "--from FILE"))
    assert len(line.waited) == FRUITLESS - 1


def test_a_line_that_stays_broken_keeps_what_has_come(server: ModelServer, part: PartFile) -> None:
    """And says how much that is, so that nobody begins anew by hand."""
    server.will(Answer(CONTENT, stop_after=HALF), Answer(CONTENT, stop_after=0))
    with pytest.raises(DownloadFailedError, match=r"0\.1 MB that have come are kept"):
        Line().fetch(f"{server.url}/u2net.onnx", part)
    assert part.path.read_bytes() == CONTENT[:HALF]


def test_a_disk_too_small_is_found_before_the_download(server: ModelServer, part: PartFile) -> None:
    """Nobody waits for an hour to be told."""
    server.will(Answer(CONTENT))
    with pytest.raises(DiskFullError, match="no room") as raised:
        Line(room=len(CONTENT)).fetch(f"{server.url}/u2net.onnx", part)
    assert "IDPHOTO_MODELS" in raised.value.advice
    assert part.size == 0


def test_no_server_fills_the_disk(server: ModelServer, part: PartFile) -> None:
    """What claims to be larger than any model is not taken at all."""
    server.will(Answer(CONTENT, promised=LARGEST_BYTES + 1))
    with pytest.raises(DownloadRefusedError, match="larger than any model"):
        Line().fetch(f"{server.url}/u2net.onnx", part)
    assert part.size == 0


def test_a_name_and_password_of_the_mirror_are_never_shown(server: ModelServer, part: PartFile) -> None:
    """They stand in the address and must not stand in a log."""
    server.will(Answer(status=404))
    address = f"{server.url}/u2net.onnx?signature=abc".replace("http://", "http://librarian:secret@")
    with pytest.raises(DownloadFailedError) as raised:
        Line().fetch(address, part)
    assert "secret" not in str(raised.value)
    assert "abc" not in str(raised.value)
    assert "/u2net.onnx" in str(raised.value)


def test_the_proxy_of_the_environment_is_used(
    server: ModelServer, part: PartFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server plays the proxy: the model's own host does not exist."""
    monkeypatch.setenv("HTTP_PROXY", server.url)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    server.will(Answer(CONTENT))
    Downloader(open_client, room=lambda _: 1 << 40).fetch(
        "http://models.invalid/u2net.onnx", part, meter=lambda *_: None, say=lambda _: None
    )
    assert part.path.read_bytes() == CONTENT
    assert server.asked[0].path == "http://models.invalid/u2net.onnx"


def test_a_proxy_that_cannot_be_used_is_named(part: PartFile, monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's ALL_PROXY=socks5://… meets a sentence, not a traceback."""
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:7890")
    with pytest.raises(DownloadFailedError, match="proxy") as raised:
        Downloader().fetch("http://models.invalid/u2net.onnx", part, meter=lambda *_: None, say=lambda _: None)
    assert "ALL_PROXY" in raised.value.advice


def test_a_terminal_shows_how_much_has_come() -> None:
    """The operator sees that it moves, and of how much."""
    screen = io.StringIO()
    with download_bar(Console(file=screen, force_terminal=True, width=120)) as meter:
        meter(0, 2_000_000)
        meter(1_000_000, 2_000_000)
    assert "1.0/2.0 MB" in screen.getvalue()


def test_a_log_file_gets_no_bar() -> None:
    """Nor does a download whose size nobody names trouble the meter."""
    log = io.StringIO()
    with download_bar(Console(file=log)) as meter:
        meter(0, None)
        meter(1_000_000, None)
    assert log.getvalue().strip() == ""


def test_two_installations_do_not_write_the_same_file(tmp_path: Path) -> None:
    """The second is told of the first; once that has ended it may go on."""
    with only_one_in(tmp_path), pytest.raises(InstallBusyError, match="Another process"), only_one_in(tmp_path):
        pytest.fail("two at once")
    with only_one_in(tmp_path):
        pass


@pytest.mark.parametrize("note", [b"", b"{", b"[]", b'{"url": 3}'])
def test_a_broken_note_is_no_note(part: PartFile, note: bytes) -> None:
    """Whatever a crash left in it, the download begins anew."""
    part.begin("http://a.example/x", version='"v1"', total=9)
    part.path.write_bytes(CONTENT)
    part.path.with_name(f"{part.path.name}.json").write_bytes(note)
    assert part.version("http://a.example/x") is None
    assert not part.is_whole("http://a.example/x")


@given(content=st.binary(max_size=300), algorithm=st.sampled_from(["md5", "sha256"]))
def test_a_checksum_written_down_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, algorithm: str
) -> None:
    """And is the one hashlib gives for the same bytes."""
    file = tmp_path_factory.getbasetemp() / "hashed"
    file.write_bytes(content)
    found = file_checksum(file, algorithm)
    assert found == Checksum.parse(str(found)) == Checksum.parse(f" {algorithm}:{found.digest.upper()}")
    assert found.digest == hashlib.new(algorithm, content).hexdigest()


@given(text=st.one_of(st.text(), st.from_regex(r"(md5|sha1|sha256|):[0-9a-fg]{30,66}", fullmatch=True)))
def test_what_is_no_checksum_is_not_taken_for_one(text: str) -> None:
    """Either it is read and means itself, or it is refused."""
    with suppress(ValueError):
        assert str(Checksum.parse(text)) == text.strip().lower()
        assert re.fullmatch("(md5:[0-9a-f]{32})|(sha256:[0-9a-f]{64})", text.strip().lower())
