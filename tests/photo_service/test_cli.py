"""`idphoto make|check|specs|models|doctor`: what is printed where, which files there are, and the exit status."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from made_pictures import jpeg, pixel_bomb, quartered, saved

from photo_service.cli import main
from photo_service.client import HttpRenderer
from photo_service.codes import FindingCode
from photo_service.compliance import inspect
from photo_service.contract import Report
from photo_service.specs import load_catalogue


@pytest.fixture
def desk(tmp_path: Path, astronaut_jpeg: bytes, installed_models: Path) -> Path:
    """A folder with one selfie of each fate: fit for one-inch, of nobody, unreadable."""
    (tmp_path / "good.jpg").write_bytes(astronaut_jpeg)
    (tmp_path / "nobody.png").write_bytes(saved(quartered(640, 480), "PNG"))
    (tmp_path / "broken.jpg").write_bytes(jpeg(quartered(640, 480))[:900])
    return tmp_path


def idphoto(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def reports(result: Result) -> list[Report]:
    return [Report.from_json(json.loads(line)) for line in result.stdout.splitlines()]


class TestMake:
    def test_a_good_selfie_becomes_a_photo(self, desk: Path, catalogue):
        """Exit 0, the file is there and measures up."""
        result = idphoto("make", desk / "good.jpg", "--spec", "one-inch", "-o", desk / "out.jpg")

        assert result.exit_code == 0, result.output
        assert inspect((desk / "out.jpg").read_bytes(), catalogue["one-inch"]) == []
        assert "合格" in result.stdout
        assert str(desk / "out.jpg") in result.stdout

    def test_one_inch_is_what_is_made_when_nothing_is_said(self, desk: Path, catalogue):
        """The convention of no school; the photo lies beside the selfie."""
        assert idphoto("make", desk / "good.jpg").exit_code == 0
        assert inspect((desk / "good-one-inch.jpg").read_bytes(), catalogue["one-inch"]) == []

    def test_a_rejected_selfie_gives_reasons_and_no_photo(self, desk: Path):
        """Exit 1; each reason says what to do."""
        result = idphoto("make", desk / "nobody.png", "-o", desk / "out.jpg")

        assert result.exit_code == 1
        assert not (desk / "out.jpg").exists()
        assert "照片里没有找到人脸" in result.stdout
        assert "怎么办" in result.stdout

    def test_an_unusable_file_is_told_and_gives_no_photo(self, desk: Path):
        """Exit 2."""
        result = idphoto("make", desk / "broken.jpg", "-o", desk / "out.jpg")

        assert result.exit_code == 2
        assert not (desk / "out.jpg").exists()
        assert "unreadable_image" in result.stdout

    def test_json_is_one_document_a_selfie_and_nothing_else(self, desk: Path):
        """Even for a broken file and for one that is not there; the worst decides the status."""
        (desk / "bomb.png").write_bytes(pixel_bomb())
        names = ("good.jpg", "nobody.png", "broken.jpg", "missing.jpg", "bomb.png")

        result = idphoto("make", *(desk / name for name in names), "-o", desk / "out", "--report", "json")

        found = reports(result)
        assert result.exit_code == 2
        assert [Path(report.source).name for report in found] == list(names)
        assert [report.verdict for report in found] == ["pass", "fail", "fail", "fail", "fail"]
        assert [report.error and report.error.code for report in found] == [
            None,
            None,
            "unreadable_image",
            "unreadable_image",
            "too_many_pixels",
        ]
        assert [path.name for path in (desk / "out").iterdir()] == ["good.jpg"]

    def test_rejected_beside_compliant_is_status_1(self, desk: Path):
        """The compliant one is written all the same."""
        result = idphoto("make", desk / "good.jpg", desk / "nobody.png", "-o", desk / "out", "--report", "json")

        assert result.exit_code == 1
        assert (desk / "out/good.jpg").exists()

    def test_the_reasons_can_be_had_in_english(self, desk: Path):
        """For a foreign student."""
        assert "No face was found" in idphoto("make", desk / "nobody.png", "--lang", "en").stdout

    def test_hunan_refuses_what_one_inch_takes(self, desk: Path):
        """The same portrait, a smile and hair over the ears, under the strict notice."""
        result = idphoto("make", desk / "good.jpg", "--spec", "hunan-pretco", "--report", "json")

        failed = {finding.code for finding in reports(result)[0].findings if finding.severity == "fail"}
        assert result.exit_code == 1
        assert failed & {"mouth_open", "ears_covered"}
        assert failed <= set(FindingCode)

    def test_a_directory_gets_a_manifest(self, desk: Path):
        """One row a selfie, with the reasons, for a spreadsheet."""
        result = idphoto("make", desk, "-o", desk.parent / "photos", "--report", "json")

        with (desk.parent / "photos/manifest.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = {row["自拍"]: row for row in csv.DictReader(file)}
        assert result.exit_code == 2
        assert len(reports(result)) == 3
        assert {name: row["结论"] for name, row in rows.items()} == {
            "good.jpg": "合格",
            "nobody.png": "不合格",
            "broken.jpg": "无法判断",
        }
        assert rows["good.jpg"]["照片"] == "good.jpg"
        assert rows["good.jpg"]["宽（像素）"] == "295"
        assert rows["nobody.png"]["代码"] == "no_face"
        assert rows["broken.jpg"]["照片"] == ""

    def test_two_processes_give_the_same_as_one(self, desk: Path):
        """In the same order, byte for byte."""
        one = idphoto("make", desk / "good.jpg", desk / "nobody.png", "-o", desk / "one", "--report", "json")
        two = idphoto(
            "make", desk / "good.jpg", desk / "nobody.png", "-o", desk / "two", "--report", "json", "--jobs", 2
        )

        assert two.exit_code == one.exit_code == 1
        assert [report.findings for report in reports(two)] == [report.findings for report in reports(one)]
        assert (desk / "two/good.jpg").read_bytes() == (desk / "one/good.jpg").read_bytes()

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["--spec", "hunan"], "did you mean hunan-pretco?"),
            (["--report", "xml"], "xml"),
            (["--engine", "nonsense"], "nonsense"),
            (["--jobs", "0"], "0"),
            (["--background", "pink"], "#438EDB"),
            (["--spec", "hunan-pretco", "--background", "blue"], "#FFFFFF"),
            (["--spec", "cqwu-xuegong", "--background", "white"], "keeps its background"),
            (["--colour", "blue"], "--colour"),
        ],
    )
    def test_a_wrong_command_line_is_status_2_and_a_sentence(self, desk: Path, arguments: list[str], said: str):
        """On stderr; stdout stays empty, and there is no traceback."""
        result = idphoto("make", desk / "good.jpg", *arguments)

        assert result.exit_code == 2
        assert result.stdout == ""
        assert said in result.stderr
        assert "Traceback" not in result.stderr

    def test_the_selfie_itself_is_never_overwritten(self, desk: Path, astronaut_jpeg: bytes):
        """Not even when asked to."""
        assert idphoto("make", desk / "good.jpg", "-o", desk / "good.jpg").exit_code == 2
        assert (desk / "good.jpg").read_bytes() == astronaut_jpeg

    def test_without_networks_it_says_how_to_get_them(self, desk: Path, monkeypatch: pytest.MonkeyPatch):
        """One line, and the command to run."""
        monkeypatch.setenv("IDPHOTO_MODELS", str(desk / "none"))

        result = idphoto("make", desk / "good.jpg")

        assert result.exit_code == 2
        assert "idphoto models install" in result.stderr

    def test_a_place_that_cannot_be_written_is_told(self, desk: Path):
        """A file where a directory should be."""
        (desk / "file").write_bytes(b"")

        result = idphoto("make", desk / "good.jpg", "-o", desk / "file/out.jpg")

        assert result.exit_code == 2
        assert "Traceback" not in result.output

    def test_a_file_without_an_end_is_not_read_to_its_end(self, desk: Path):
        """A device says that it is empty, and is not."""
        result = idphoto("make", "/dev/zero", "--report", "json")

        assert (result.exit_code, reports(result)[0].error.code) == (2, "upload_too_large")

    def test_a_full_disk_under_the_reports_is_told_in_a_line(self, desk: Path):
        """No traceback where the output is redirected to."""
        with Path("/dev/full").open("wb") as full:
            ended = subprocess.run(
                [sys.executable, "-m", "photo_service.cli", "make", desk / "good.jpg", "--report", "json"],
                stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False,
            )  # fmt: skip

        assert ended.returncode == 2
        assert ended.stderr.splitlines() == ["Error: system: No space left on device"]


class TestCheck:
    @pytest.fixture
    def photo(self, desk: Path) -> Path:
        idphoto("make", desk / "good.jpg", "-o", desk / "photo.jpg")
        return desk / "photo.jpg"

    def test_our_own_photo_is_compliant(self, photo: Path):
        """What make wrote, check accepts."""
        result = idphoto("check", photo, "--spec", "one-inch", "--report", "json")

        assert result.exit_code == 0, result.output
        assert reports(result)[0].verdict == "pass"

    def test_another_specs_photo_is_not(self, photo: Path):
        """Size and density are named."""
        result = idphoto("check", photo, "--spec", "hunan-pretco", "--report", "json")

        codes = {finding.code for finding in reports(result)[0].findings}
        assert result.exit_code == 1
        assert {"wrong_size", "wrong_dpi"} <= codes

    def test_a_broken_file_is_unusable(self, photo: Path, desk: Path):
        """Status 2, one document each."""
        result = idphoto("check", photo, desk / "broken.jpg", desk / "missing.jpg", "--report", "json")

        assert result.exit_code == 2
        assert len(reports(result)) == 3

    def test_without_networks_the_file_alone_is_checked(self, photo: Path, monkeypatch: pytest.MonkeyPatch):
        """And that is said, on stderr."""
        monkeypatch.setenv("IDPHOTO_MODELS", str(photo.parent / "none"))

        result = idphoto("check", photo, "--spec", "one-inch", "--report", "json")

        assert result.exit_code == 0
        assert "Only the file itself" in result.stderr
        assert reports(result)[0].engine == "none"
        assert reports(result)[0].output.width == 295


class TestTheRest:
    def test_specs_lists_the_catalogue(self):
        """More of it in test_specs_search.py."""
        result = idphoto("specs")

        assert result.exit_code == 0
        assert "湖南高校英语应用能力考试" in result.stdout

    def test_one_spec_is_shown_with_its_source(self):
        """A reader can see where a number comes from."""
        result = idphoto("specs", "cet")

        assert "educity.cn" in result.stdout
        assert "144:192" in result.stdout

    def test_specs_as_json(self):
        """The whole list, or one."""
        assert [spec["id"] for spec in json.loads(idphoto("specs", "--json").stdout)] == list(load_catalogue())
        assert json.loads(idphoto("specs", "cet", "--json").stdout)["background"]["colour"] == "#64C5FF"

    def test_an_unknown_spec_is_status_2(self):
        """With the nearest."""
        result = idphoto("specs", "one-inches")

        assert result.exit_code == 2
        assert "one-inch" in result.stderr

    def test_specs_answer_at_once(self):
        """No image library and no network is loaded for a list."""
        heavy = {"numpy", "PIL", "onnxruntime", "flask", "httpx", "pypinyin"}
        script = f"""
import sys
from photo_service.cli import main
main(["specs"], standalone_mode=False)
sys.exit(", ".join({heavy!r} & set(sys.modules)))
"""
        run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)

        assert run.stderr.strip() == ""

    def test_the_photo_service_answers_once_its_port_is_open(self, astronaut_jpeg: bytes, installed_models: Path):
        """A process of its own, ended by a signal."""
        command = [sys.executable, "-m", "photo_service.cli", "photo-service", "--port", "0"]
        environment = {**os.environ, "IDPHOTO_MODELS": str(installed_models)}
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as server:
            try:
                url = server.stderr.readline().rsplit(" ", 1)[-1].strip()
                renderer = HttpRenderer(url, timeout_s=60)
                renderer.warm()
                rendered = renderer.render(astronaut_jpeg, spec="one-inch", source="selfie")
                renderer.close()
            finally:
                server.terminate()

        assert rendered.photo is not None

    def test_models_are_listed_with_their_state(self, installed_models: Path, monkeypatch: pytest.MonkeyPatch):
        """Status 0 where all are sound, 1 where not."""
        monkeypatch.setenv("IDPHOTO_MODELS", str(installed_models))
        sound = idphoto("models", "list")
        monkeypatch.setenv("IDPHOTO_MODELS", str(installed_models / "none"))
        missing = idphoto("models", "list")

        assert (sound.exit_code, missing.exit_code) == (0, 1)
        assert "face_mesh" in sound.stdout
        assert "missing" in missing.stdout

    def test_installed_models_are_not_fetched_again(self, installed_models: Path):
        """The second `make setup` is quick."""
        result = idphoto("models", "install")

        assert result.exit_code == 0
        assert "in place" in result.stderr

    def test_a_wheel_that_is_none_is_refused(self, desk: Path, monkeypatch: pytest.MonkeyPatch):
        """`--from` with the wrong file: a sentence, not a traceback."""
        monkeypatch.setenv("IDPHOTO_MODELS", str(desk / "none"))

        result = idphoto("models", "install", "--from", desk / "good.jpg")

        assert result.exit_code == 2
        assert "Traceback" not in result.output

    def test_the_doctor_finds_nothing_wrong_here(self, installed_models: Path):
        """Every line begins with a tick."""
        result = idphoto("doctor")

        assert result.exit_code == 0, result.output
        assert all(line.startswith("✓") for line in result.stdout.splitlines())

    def test_the_doctor_names_what_is_missing_and_what_to_do(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
        """An installation without networks."""
        monkeypatch.setenv("IDPHOTO_MODELS", str(tmp_path / "none"))

        result = idphoto("doctor")

        wrong = [line for line in result.stdout.splitlines() if line.startswith("✗")]
        assert result.exit_code == 1
        assert wrong
        assert all("idphoto models install" in line for line in wrong)
