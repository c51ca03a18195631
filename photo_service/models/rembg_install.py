"""Install one of rembg's models: from where rembg says, from a mirror, or from a file carried here by hand."""

import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from photo_service.models.checksum import Checksum, file_checksum
from photo_service.models.download import Downloader, Meter
from photo_service.models.errors import DownloadFailedError, DownloadRefusedError
from photo_service.models.mirror import MIRROR_SETTING, mirrored, shown
from photo_service.models.part_file import PartFile, only_one_in
from photo_service.models.rembg_catalogue import Catalogue, ModelFile, find_file, rembg_version
from photo_service.models.rembg_notes import note_on
from photo_service.models.rembg_store import Installed, read_installed, record_installed, rembg_record, require_licence
from photo_service.models.store import ModelRecord, rembg_path


@dataclass(frozen=True, slots=True)
class Installer:
    """Installs into one home. `catalogue` says what there is, `mirror` where to fetch it from (None: from rembg's own
    host), `say` is told what is done and `meter` how far a download is."""

    home: Path
    catalogue: Catalogue
    downloader: Downloader
    mirror: str | None
    say: Callable[[str], None]
    meter: Meter

    def install(self, name: str, *, file: Path | None = None, accept_licence: bool = False) -> ModelRecord:
        """Put one model in place, unless it is there and sound, and record it.

        `file` is the model carried here by hand. May be interrupted at any point: the model is replaced whole, and
        its record, written last, is what makes it count. What has come of a download is kept for the next time.
        Raises UnknownEngineError, EngineNotLocalError, EngineUnsuitableError, LicenceNotAcceptedError,
        MirrorUnusableError, DownloadFailedError, DownloadRefusedError, DiskFullError, InstallBusyError, OSError.
        """
        wanted = find_file(self.catalogue, name)
        before, record = read_installed(self.home, name), rembg_record(self.home, name)
        accepted = accept_licence or (before is not None and before.accepted)
        require_licence(name, accepted=accepted)
        if record.ok and before is not None and before.accepted == accepted:
            self.say(f"{name} is in place: {record.path}")
            return record
        url = mirrored(wanted.url, self.mirror)
        with only_one_in(record.path.parent):
            source = self._bring(record, wanted, url, file)
            self._record(record, wanted, source, accepted=accepted)
        installed = rembg_record(self.home, name)
        self.say(f"Installed {name} ({installed.size / 1e6:.1f} MB, sha256 {installed.sha256})")
        return installed

    def _bring(self, record: ModelRecord, wanted: ModelFile, url: str, file: Path | None) -> str:
        """Have the right file in place, and say where it came from."""
        if record.state in {"outdated", "ok"} and wanted.checksum.of(record.path) == wanted.checksum:
            self.say(f"{record.path} is there already and is the right one")
            return "found in place"
        if file is not None:
            self.say(f"Taking {record.name} from {file}")
            self._copy(file, record.path, wanted.checksum)
            return file.name
        self.say(f"Downloading {record.name} from {shown(url)}")
        self._download(url, record.path, wanted.checksum)
        return shown(url)

    def _download(self, url: str, target: Path, checksum: Checksum) -> None:
        part = PartFile(target)
        if part.version(url):
            self.say(f"Going on after {part.size / 1e6:.1f} MB")
        self.downloader.fetch(url, part, meter=self.meter, say=self.say)
        found = checksum.of(part.path)
        if found != checksum:
            part.discard()
            raise DownloadRefusedError(
                f"{shown(url)} is not the file rembg names: {found}, not {checksum}",
                advice=f"Run this again; if it is refused again, look at the mirror ({MIRROR_SETTING}) or use --from",
            )
        part.become(target)

    def _copy(self, file: Path, target: Path, checksum: Checksum) -> None:
        """Copy a file carried by hand; it is the copy that is verified, not what lay there a moment before."""
        try:
            self.downloader.make_room(target.parent, file.stat().st_size)
            copy = _copied(file, beside=target)
        except OSError as error:
            raise DownloadFailedError(
                f"Cannot copy {file}: {error.strerror}", advice="Give the path of the model file after --from"
            ) from error
        try:
            found = checksum.of(copy)
            if found != checksum:
                raise DownloadRefusedError(
                    f"{file} is not the file rembg names: {found}, not {checksum}",
                    advice="It may be damaged or another model",
                )
            copy.replace(target)
        finally:
            copy.unlink(missing_ok=True)
        PartFile(target).discard()

    def _record(self, record: ModelRecord, wanted: ModelFile, source: str, *, accepted: bool) -> None:
        path = rembg_path(self.home, record.name)
        record_installed(
            self.home,
            Installed(
                name=record.name,
                size=path.stat().st_size,
                sha256=file_checksum(path).digest,
                declared=str(wanted.checksum),
                source=source,
                rembg=rembg_version(),
                licence=note_on(record.name).licence,
                accepted=accepted,
            ),
        )


def _copied(file: Path, *, beside: Path) -> Path:
    """Copy a file to a name of its own in the folder of another; nothing is left when that fails. Raises OSError."""
    handle, name = tempfile.mkstemp(dir=beside.parent, prefix=f".{beside.name}.", suffix=".copy")
    os.close(handle)
    copy = Path(name)
    try:
        shutil.copyfile(file, copy)
        copy.chmod(0o644)
    except OSError:
        with suppress(OSError):
            copy.unlink()
        raise
    return copy
