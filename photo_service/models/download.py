"""Fetch a large file over a bad line: continued where it broke off, tried again, never more than there is room for."""

import errno
import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import httpx
import tenacity

from photo_service.models.errors import DiskFullError, DownloadFailedError, DownloadRefusedError
from photo_service.models.mirror import shown
from photo_service.models.part_file import PartFile

Meter = Callable[[int, int | None], None]
"""Told the bytes that have come, and how many there will be where the server says so."""

CONNECT_S: Final = 15.0
SILENCE_S: Final = 60.0
"""So long may a server be silent in the middle of a file."""
FRUITLESS: Final = 5
"""So many attempts in a row may bring nothing new before we give up."""
LARGEST_BYTES: Final = 4 << 30
"""Four times the largest model rembg knows: whoever sends more sends no model."""
SPARE_BYTES: Final = 64 << 20
"""What is left free on the disk, for everyone else."""
_AGAIN: Final = frozenset({408, 425, 429, 500, 502, 503, 504})


def open_client() -> httpx.Client:
    """Open an HTTP client that heeds the proxies and certificates of the environment, as every other tool does.

    Raises DownloadFailedError when the environment names a proxy that cannot be used.
    """
    try:
        return httpx.Client(follow_redirects=True, timeout=httpx.Timeout(SILENCE_S, connect=CONNECT_S))
    except (ImportError, ValueError, httpx.InvalidURL) as error:
        raise DownloadFailedError(
            f"The proxy of this environment cannot be used: {error}",
            advice="Set HTTPS_PROXY to an http:// proxy and unset ALL_PROXY, or use --from FILE",
        ) from error


def free_bytes(folder: Path) -> int:
    """Say how much room there is."""
    return shutil.disk_usage(folder).free


class Downloader:
    """Fetches one file after the other. `connect` opens a client for each, `sleep` and `room` are clock and disk."""

    def __init__(
        self,
        connect: Callable[[], httpx.Client] = open_client,
        *,
        sleep: Callable[[float], None] = time.sleep,
        room: Callable[[Path], int] = free_bytes,
    ) -> None:
        self._connect = connect
        self._sleep = sleep
        self._room = room

    def fetch(self, url: str, part: PartFile, *, meter: Meter, say: Callable[[str], None]) -> None:
        """Bring every byte of `url` into `part`; what has come stays there when this fails.

        `say` is told of every attempt that broke off.
        Raises DownloadFailedError, DownloadRefusedError, DiskFullError, OSError.
        """
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(_BrokenOffError),
            stop=tenacity.stop_any(_Fruitless(FRUITLESS), tenacity.stop_after_attempt(100)),
            wait=tenacity.wait_random_exponential(multiplier=1, max=30),
            sleep=self._sleep,
            before_sleep=lambda state: say(f"Broken off, trying again: {state.outcome and state.outcome.exception()}"),
            reraise=True,
        )
        try:
            with self._connect() as client:
                retrying(self._attempt, client, url, part, meter)
        except _BrokenOffError as error:
            raise DownloadFailedError(f"Cannot fetch {shown(url)}: {error}", advice=_advice(error.reached)) from error
        except OSError as error:
            if error.errno in {errno.ENOSPC, errno.EDQUOT}:
                raise _disk_full(part.path.parent, "the rest of it") from error
            raise

    def make_room(self, folder: Path, needed: int) -> None:
        """Raise DiskFullError unless `needed` bytes more can be written into a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        if self._room(folder) < needed + SPARE_BYTES:
            raise _disk_full(folder, f"{needed / 1e6:.0f} MB")

    def _attempt(self, client: httpx.Client, url: str, part: PartFile, meter: Meter) -> None:
        if part.is_whole(url):
            return
        version = part.version(url)
        headers = {"Accept-Encoding": "identity"}
        if version:
            headers |= {"Range": f"bytes={part.size}-", "If-Range": version}
        try:
            with client.stream("GET", url, headers=headers) as response:
                self._prepare(response, url, part)
                self._receive(response, part, meter)
        except httpx.TransportError as error:
            raise _BrokenOffError(str(error) or type(error).__name__, reached=part.size) from error
        except (httpx.RequestError, httpx.InvalidURL) as error:
            raise DownloadFailedError(f"Cannot fetch {shown(url)}: {error}", advice=_advice(0)) from error

    def _prepare(self, response: httpx.Response, url: str, part: PartFile) -> None:
        """Judge the answer before its body is read: go on, begin anew, try again, or give up."""
        status = response.status_code
        if status in _AGAIN:
            raise _BrokenOffError(f"the server answered {status} {response.reason_phrase}", reached=part.size)
        if status == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE or (status == 206 and not _continues(response, part)):
            part.discard()
            raise _BrokenOffError(f"the server answered {status} for a part it has not got", reached=0)
        if status not in {200, 206}:
            raise DownloadFailedError(
                f"{shown(url)} answered {status} {response.reason_phrase}", advice=_advice(part.size)
            )
        if response.headers.get("Content-Type", "").startswith("text/html"):
            raise DownloadRefusedError(
                f"{shown(url)} is a web page, not a model",
                advice="It may be the login page of this network, or the mirror's own error page",
            )
        if status == 200:
            part.begin(url, version=_version(response), total=_length(response))

    def _receive(self, response: httpx.Response, part: PartFile, meter: Meter) -> None:
        come, length = part.size, _length(response)
        total = None if length is None else come + length
        self.make_room(part.path.parent, length or 0)
        meter(come, total)
        with part.open() as file:
            for chunk in response.iter_raw():
                come += len(chunk)
                if max(come, total or 0) > LARGEST_BYTES:
                    part.discard()
                    raise DownloadRefusedError(
                        f"{shown(str(response.url))} is larger than any model", advice="Look at what the mirror holds"
                    )
                file.write(chunk)
                meter(come, total)


class _BrokenOffError(Exception):
    """An attempt that ended before the file did, with so many bytes there by then. Worth another."""

    def __init__(self, reason: str, *, reached: int) -> None:
        super().__init__(reason)
        self.reached = reached


class _Fruitless(tenacity.stop.stop_base):
    """Stop when attempt after attempt gets no farther than one before. Who gets farther may go on."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._farthest = 0
        self._in_vain = 0

    def __call__(self, state: tenacity.RetryCallState) -> bool:
        error = state.outcome.exception() if state.outcome else None
        reached = error.reached if isinstance(error, _BrokenOffError) else 0
        self._in_vain = 0 if reached > self._farthest else self._in_vain + 1
        self._farthest = max(self._farthest, reached)
        return self._in_vain >= self._limit


def _version(response: httpx.Response) -> str | None:
    """Find what names this version of the file. A weak ETag may not be used to continue, by RFC 9110."""
    etag: str = response.headers.get("ETag", "")
    if etag and not etag.startswith("W/"):
        return etag
    changed: str | None = response.headers.get("Last-Modified")
    return changed


def _length(response: httpx.Response) -> int | None:
    length: str = response.headers.get("Content-Length", "")
    return int(length) if length.isdecimal() else None


def _continues(response: httpx.Response, part: PartFile) -> bool:
    """Tell whether a partial answer begins where the part ends."""
    found = re.match(r"bytes (\d+)-", response.headers.get("Content-Range", ""))
    return found is not None and int(found[1]) == part.size


def _advice(reached: int) -> str:
    kept = f"The {reached / 1e6:.1f} MB that have come are kept: run this again to go on. " if reached else ""
    return (
        f"{kept}Check the network or the proxy (HTTP_PROXY, HTTPS_PROXY), name a mirror in IDPHOTO_MODELS_MIRROR, "
        "or carry the file here by hand and use --from FILE"
    )


def _disk_full(folder: Path, needed: str) -> DiskFullError:
    return DiskFullError(
        f"There is no room for {needed} in {folder}", advice="Free some, or set IDPHOTO_MODELS to a folder elsewhere"
    )
