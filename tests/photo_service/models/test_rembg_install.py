"""rembg's models are installed whole, verified and recorded, over the network, a mirror or by hand, or not at all."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner, Result
from made_networks import bright_is_person
from model_server import Answer, ModelServer, model_server

from photo_service.models.checksum import Checksum, file_checksum
from photo_service.models.commands import models
from photo_service.models.download import Downloader
from photo_service.models.errors import (
    DiskFullError,
    DownloadFailedError,
    DownloadRefusedError,
    EngineNotLocalError,
    InstallBusyError,
    LicenceNotAcceptedError,
    MirrorUnusableError,
    ModelCorruptError,
    ModelMissingError,
)
from photo_service.models.mirror import mirror_from, mirrored, shown
from photo_service.models.part_file import only_one_in
from photo_service.models.rembg_catalogue import ModelFile, RembgModel
from photo_service.models.rembg_install import Installer
from photo_service.models.rembg_store import forget, read_installed, rembg_records, verified_rembg_path
from photo_service.models.store import installed, rembg_path

NAME = "u2net_human_seg"
HOST = "https://github.com/danielgatis/rembg/releases/download/v0.0.0"
CONTENT = bright_is_person()


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with model_server() as running:
        running.will(Answer(CONTENT))
        yield running


def declared(path: Path, names: Mapping[str, bool]) -> dict[str, RembgModel]:
    """A catalogue in which each name is the small network; True where it is local."""
    path.write_bytes(CONTENT)
    checksum = file_checksum(path, "md5")
    return {name: RembgModel(name, local, ModelFile(f"{HOST}/{name}.onnx", checksum)) for name, local in names.items()}


@pytest.fixture
def carried(tmp_path: Path) -> Path:
    """The right file, on a USB stick."""
    return tmp_path / "stick.onnx"


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def installer(server: ModelServer, tmp_path: Path, carried: Path, said: list[str]) -> Installer:
    return Installer(
        home=tmp_path / "models",
        catalogue=declared(carried, {NAME: True, "bria-rmbg": True, "withoutbg": False, "u2netp": True}),
        downloader=Downloader(lambda: httpx.Client(trust_env=False), sleep=lambda _: None, room=lambda _: 1 << 40),
        mirror=server.url,
        say=said.append,
        meter=lambda *_: None,
    )


def files(installer: Installer) -> set[str]:
    """Everything that lies in the models' home."""
    return {path.name for path in installer.home.rglob("*") if path.is_file()}


def test_a_model_is_fetched_from_the_mirror_and_recorded(
    server: ModelServer, installer: Installer, said: list[str]
) -> None:
    """The mirror is asked for the file by its name; sha256, source and licence are kept for an auditor."""
    record = installer.install(NAME)
    assert [asked.path for asked in server.asked] == [f"/{NAME}.onnx"]
    assert record.state == "ok"
    assert record.path.read_bytes() == CONTENT
    kept = read_installed(installer.home, NAME)
    assert kept is not None
    assert kept.sha256 == record.sha256 == file_checksum(record.path).digest
    assert (kept.declared, kept.source, kept.size) == (
        str(installer.catalogue[NAME].file and installer.catalogue[NAME].file.checksum),
        f"{server.url}/{NAME}.onnx",
        len(CONTENT),
    )
    assert kept.rembg
    assert kept.licence == "Apache-2.0"
    assert files(installer) == {f"{NAME}.onnx", f"{NAME}.json"}
    assert any(kept.sha256 in line for line in said)
    assert verified_rembg_path(installer.home, NAME) == record.path


def test_the_second_installation_asks_nobody(server: ModelServer, installer: Installer) -> None:
    """What is there and sound is not fetched again."""
    installer.install(NAME)
    assert installer.install(NAME).ok
    assert len(server.asked) == 1


def test_wrong_bytes_are_refused_and_nothing_of_them_is_kept(server: ModelServer, installer: Installer) -> None:
    """A mirror that holds another file, or was tampered with, leaves no trace."""
    server.will(Answer(CONTENT[::-1]))
    with pytest.raises(DownloadRefusedError, match="not the file rembg names") as raised:
        installer.install(NAME)
    assert raised.value.code == "download_refused"
    assert files(installer) == set()


def test_a_broken_line_leaves_the_part_and_the_next_run_ends_it(
    server: ModelServer, installer: Installer, said: list[str]
) -> None:
    """Half a model never counts as one; the other half is all the next run fetches."""
    server.will(Answer(CONTENT, stop_after=100), Answer(status=404))
    with pytest.raises(DownloadFailedError):
        installer.install(NAME)
    assert files(installer) == {f"{NAME}.onnx.part", f"{NAME}.onnx.part.json"}
    with pytest.raises(ModelMissingError):
        verified_rembg_path(installer.home, NAME)
    server.will(Answer(CONTENT))
    assert installer.install(NAME).ok
    assert server.ranges_asked()[-1] == "bytes=100-"
    assert any("Going on after" in line for line in said)
    assert files(installer) == {f"{NAME}.onnx", f"{NAME}.json"}


def test_offline_a_file_carried_by_hand_will_do(server: ModelServer, installer: Installer, carried: Path) -> None:
    """Nobody is asked anything, and what remains of a broken download is cleared away."""
    server.will(Answer(CONTENT, stop_after=100), Answer(status=404))
    with pytest.raises(DownloadFailedError):
        installer.install(NAME)
    before = len(server.asked)
    assert installer.install(NAME, file=carried).ok
    assert len(server.asked) == before
    assert files(installer) == {f"{NAME}.onnx", f"{NAME}.json"}
    kept = read_installed(installer.home, NAME)
    assert kept is not None
    assert kept.source == carried.name


def test_a_wrong_file_carried_by_hand_is_refused(installer: Installer, tmp_path: Path) -> None:
    """The wrong model, or a copy cut short."""
    wrong = tmp_path / "wrong.onnx"
    wrong.write_bytes(CONTENT[:-1])
    with pytest.raises(DownloadRefusedError, match=r"wrong\.onnx"):
        installer.install(NAME, file=wrong)
    with pytest.raises(DownloadFailedError, match="nowhere"):
        installer.install(NAME, file=tmp_path / "nowhere.onnx")
    assert files(installer) == set()


def test_a_disk_too_small_for_the_carried_file_is_said_to_be(installer: Installer, carried: Path) -> None:
    """Before anything is copied."""
    tight = replace(installer, downloader=Downloader(room=lambda _: 1000))
    with pytest.raises(DiskFullError):
        tight.install(NAME, file=carried)
    assert files(installer) == set()


def test_a_model_damaged_on_disk_is_refused_and_fetched_anew(server: ModelServer, installer: Installer) -> None:
    """By name when it is to be run, and mended by the same command that installed it."""
    path = installer.install(NAME).path
    path.write_bytes(CONTENT[:-1] + b"?")
    with pytest.raises(ModelCorruptError, match=f"idphoto models install {NAME}"):
        verified_rembg_path(installer.home, NAME)
    assert installer.install(NAME).ok
    assert len(server.asked) == 2


@pytest.mark.parametrize("record", [None, b"", b"{", b"[]", b'{"schema": 99}', b'{"schema": 1, "name": "u2netp"}'])
def test_a_model_without_its_record_does_not_count_until_it_is_looked_at(
    server: ModelServer, installer: Installer, record: bytes | None
) -> None:
    """Copied in by hand, or cut short before the record: never run; if it is the right file it is not fetched again."""
    path = installer.install(NAME).path
    path.with_suffix(".json").unlink()
    if record is not None:
        path.with_suffix(".json").write_bytes(record)
    with pytest.raises(ModelCorruptError, match="no record"):
        verified_rembg_path(installer.home, NAME)
    assert installer.install(NAME).ok
    assert len(server.asked) == 1


def test_a_sender_is_refused_before_anything_is_fetched(server: ModelServer, installer: Installer) -> None:
    """No option makes it otherwise."""
    with pytest.raises(EngineNotLocalError):
        installer.install("withoutbg", accept_licence=True)
    assert server.asked == []


def test_a_licence_with_conditions_must_be_accepted_by_name(server: ModelServer, installer: Installer) -> None:
    """bria-rmbg: told why, nothing fetched; accepted, it is installed and the acceptance recorded."""
    with pytest.raises(LicenceNotAcceptedError, match="commercial") as raised:
        installer.install("bria-rmbg")
    assert "--accept-licence" in raised.value.advice
    assert server.asked == []
    assert installer.install("bria-rmbg", accept_licence=True).ok
    assert verified_rembg_path(installer.home, "bria-rmbg").is_file()
    assert installer.install("bria-rmbg").ok


def test_an_unaccepted_licence_is_not_run_either(server: ModelServer, installer: Installer) -> None:
    """A record copied from elsewhere without the acceptance does not do; accepting it fetches nothing again."""
    path = installer.install("bria-rmbg", accept_licence=True).path
    record = json.loads(path.with_suffix(".json").read_text())
    path.with_suffix(".json").write_text(json.dumps({**record, "accepted": False}))
    with pytest.raises(LicenceNotAcceptedError):
        verified_rembg_path(installer.home, "bria-rmbg")
    installer.install("bria-rmbg", accept_licence=True)
    assert verified_rembg_path(installer.home, "bria-rmbg") == path
    assert len(server.asked) == 1


def test_two_installations_into_one_home_do_not_meet(installer: Installer) -> None:
    """The second is told to wait."""
    with only_one_in(installer.home / "rembg"), pytest.raises(InstallBusyError):
        installer.install(NAME)


def test_a_removed_model_is_gone_with_all_that_belongs_to_it(installer: Installer) -> None:
    """And removing it twice does no harm."""
    installer.install(NAME)
    assert forget(installer.home, NAME)
    assert not forget(installer.home, NAME)
    assert files(installer) == set()


def test_the_list_shows_each_model_with_its_state(installer: Installer) -> None:
    """What is there, what could be, and under which licence."""
    installer.install(NAME)
    states = {record.name: record.state for record in rembg_records(installer.home, installer.catalogue)}
    assert states == {NAME: "ok", "bria-rmbg": "missing", "u2netp": "missing"}


@pytest.mark.parametrize(
    ("mirror", "expected"),
    [
        (None, f"{HOST}/u2net.onnx"),
        ("https://files.school.example/models", "https://files.school.example/models/u2net.onnx"),
        ("https://files.school.example/models/", "https://files.school.example/models/u2net.onnx"),
        ("http://10.0.0.8:8081/github/{path}", f"http://10.0.0.8:8081/github/{HOST.split('/', 3)[3]}/u2net.onnx"),
        ("https://proxy.example/{url}", f"https://proxy.example/{HOST}/u2net.onnx"),
    ],
)
def test_each_kind_of_mirror_is_understood(mirror: str | None, expected: str) -> None:
    """A folder of files, a proxy of a whole site, a proxy that takes the whole address."""
    assert mirrored(f"{HOST}/u2net.onnx", mirror) == expected


@pytest.mark.parametrize(
    "mirror", ["files.school.example", "ftp://files.school.example", "file:///srv", "http://", "{path}"]
)
def test_a_mirror_that_is_none_is_refused(mirror: str) -> None:
    """With an example of a right one."""
    with pytest.raises(MirrorUnusableError, match="IDPHOTO_MODELS_MIRROR") as raised:
        mirrored(f"{HOST}/u2net.onnx", mirror)
    assert "https://files.school.example/models" in raised.value.advice


def test_the_mirror_is_a_setting() -> None:
    """Empty is the same as absent."""
    assert mirror_from({"IDPHOTO_MODELS_MIRROR": " https://a.example "}) == "https://a.example"
    assert mirror_from({"IDPHOTO_MODELS_MIRROR": ""}) is mirror_from({}) is None


def test_what_a_mirror_keeps_secret_is_not_shown() -> None:
    """Neither a password nor a signature reaches a message or a record."""
    assert shown("https://me:secret@a.example/x.onnx?sig=1#2") == "https://a.example/x.onnx"
    assert "secret" not in shown("https://me:secret@[broken/x.onnx")


class TestCommands:
    @pytest.fixture
    def idphoto_models(self, installer: Installer, monkeypatch: pytest.MonkeyPatch):
        """Run `idphoto models …` in the home the installer fills."""
        monkeypatch.setenv("IDPHOTO_MODELS", str(installer.home))

        def run(*arguments: object) -> Result:
            return CliRunner().invoke(models, [str(argument) for argument in arguments])

        return run

    def test_the_list_names_both_families(self, idphoto_models, installer: Installer) -> None:
        """Name, state, size, use and licence, in lines for people."""
        installer.install(NAME)
        lines = {line.split()[0]: line for line in idphoto_models("list").stdout.splitlines()}
        assert "missing" in lines["face_mesh"]
        assert "ok" in lines[NAME]
        assert "whole people" in lines[NAME]
        assert "available" in lines["birefnet-portrait"]
        assert "~973 MB" in lines["birefnet-portrait"]
        assert "CC-BY-NC" in lines["bria-rmbg"]

    def test_the_list_for_machines_says_where_to_get_each(self, idphoto_models, installer: Installer) -> None:
        """Who fills a mirror reads addresses and checksums from here."""
        installer.install(NAME)
        listed = {entry["name"]: entry for entry in json.loads(idphoto_models("list", "--json").stdout)}
        assert listed["selfie_segmentation"]["engine"] == "selfie"
        assert listed["face_mesh"]["engine"] is None
        assert listed[NAME]["engine"] == f"rembg:{NAME}"
        assert (listed[NAME]["state"], listed[NAME]["size"]) == ("ok", len(CONTENT))
        assert listed["u2netp"]["url"].endswith("/u2netp.onnx")
        assert Checksum.parse(listed["u2netp"]["checksum"])
        assert listed["bria-rmbg"]["conditions"]

    def test_what_is_not_installed_does_no_harm_but_what_is_damaged_does(
        self, idphoto_models, installer: Installer, monkeypatch: pytest.MonkeyPatch, home: Path
    ) -> None:
        """Exit status 0 with the embedded networks alone, 1 with a damaged one."""
        for record in installed(home):
            (installer.home / record.path.name).parent.mkdir(parents=True, exist_ok=True)
            (installer.home / record.path.name).write_bytes(record.path.read_bytes())
        (installer.home / "manifest.json").write_bytes((home / "manifest.json").read_bytes())
        assert idphoto_models("list").exit_code == 0
        installer.install(NAME).path.write_bytes(b"damaged")
        assert idphoto_models("list").exit_code == 1

    def test_the_real_checksum_is_asked_for(self, idphoto_models, carried: Path) -> None:
        """The command takes what rembg declares, so our small network is refused; status 2 and one line."""
        result = idphoto_models("install", NAME, "--from", carried)
        assert result.exit_code == 2
        assert "md5:c09ddc2e0104f800e3e1bb4652583d1f" in result.stderr
        assert "[download_refused]" in result.stderr
        assert "Traceback" not in result.output

    @pytest.mark.parametrize(
        ("arguments", "told"),
        [
            (("install", "u2nett"), "Did you mean u2net?"),
            (("install", "atlascloud"), "[engine_not_local]"),
            (("install", "bria-rmbg"), "[licence_not_accepted]"),
            (("install", "u2net", "u2netp", "--from", __file__), "one NAME"),
            (("remove", "nobody"), "[unknown_engine]"),
        ],
    )
    def test_a_wrong_wish_is_answered_in_a_line(self, idphoto_models, arguments: tuple[str, ...], told: str) -> None:
        """Status 2, the reason and the code."""
        result = idphoto_models(*arguments)
        assert result.exit_code == 2
        assert told in result.stderr

    def test_the_mirror_of_the_environment_is_used(
        self, idphoto_models, server: ModelServer, monkeypatch: pytest.MonkeyPatch, installer: Installer
    ) -> None:
        """And its wrong file refused: the checksum is rembg's, whatever the mirror says."""
        monkeypatch.setenv("IDPHOTO_MODELS_MIRROR", f"{server.url}/models")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        result = idphoto_models("install", "u2netp")
        assert result.exit_code == 2
        assert [asked.path for asked in server.asked] == ["/models/u2netp.onnx"]
        assert "not the file rembg names" in result.stderr
        assert files(installer) == set()

    def test_a_model_is_removed(self, idphoto_models, installer: Installer) -> None:
        """By the name it was installed under."""
        installer.install(NAME)
        assert "Removed" in idphoto_models("remove", NAME).stderr
        assert not rembg_path(installer.home, NAME).exists()
        assert "was not installed" in idphoto_models("remove", NAME).stderr
