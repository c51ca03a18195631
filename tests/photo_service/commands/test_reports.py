"""What a person reads of a report, and what a spreadsheet gets."""

import csv
from pathlib import Path

import pytest
from made_pictures import jpeg, textured
from PIL import Image

from photo_service.commands.batch import Done
from photo_service.commands.manifest import HEADINGS, write_manifest
from photo_service.commands.outputs import Job
from photo_service.commands.text_report import report_text
from photo_service.contract import Finding, Output, Problem, Report, Severity, Verdict
from photo_service.file_check import FileDesk
from photo_service.wording import Wording

OUTPUT = Output(180, 240, 72, 14210, "JPEG", "RGB", "ab" * 32, 95)
EARS = Finding("ears_covered", Severity.FAIL, "左耳被头发遮住", "请把头发别到耳后再拍", 0.5, 0.35)
MOUTH = Finding("mouth_open", Severity.WARN, "嘴没有合上", "请自然闭上嘴唇", 0.2, 0.1)


def report(*findings: Finding, error: Problem | None = None, output: Output | None = None) -> Report:
    verdict = Verdict.PASS if output else Verdict.FAIL
    return Report("hunan-pretco", verdict, "a.jpg", "selfie", findings=findings, output=output, error=error)


class TestText:
    def test_a_photo_shows_its_facts_and_its_file(self):
        """What an upload page will ask."""
        text = report_text(report(MOUTH, output=OUTPUT), Wording.load("zh-CN"), photo=Path("out.jpg"))

        assert text.splitlines()[0] == "a.jpg: 合格 (hunan-pretco)"
        assert "180x240 px, 72 dpi, 14,210 bytes, JPEG RGB, Q95" in text
        assert "照片已保存: out.jpg" in text
        assert "! 嘴没有合上 [mouth_open, 建议改进]" in text

    def test_a_rejection_shows_every_reason_with_what_to_do(self):
        """In the order in which they were found."""
        text = report_text(report(EARS, MOUTH), Wording.load("zh-CN"))

        assert text.index("✗ 左耳被头发遮住") < text.index("怎么办: 请把头发别到耳后再拍") < text.index("! 嘴没有合上")

    def test_at_most_three_reasons_are_shown_and_the_rest_are_counted(self):
        """Who hears nine reasons hears none; the most useful ones come first, and the others on request."""
        found = report(EARS, MOUTH, EARS, MOUTH, EARS)
        short, whole = (report_text(found, Wording.load("zh-CN"), shown=shown) for shown in (3, 10_000))

        assert short.count("怎么办") == 3
        assert "更多: 2 (--all)" in short
        assert whole.count("怎么办") == 5
        assert "更多" not in whole

    def test_an_unusable_file_shows_why(self):
        """And no verdict on the student."""
        text = report_text(report(error=Problem("unreadable_image", "打不开", "重拍")), Wording.load("zh-CN"))

        assert text.splitlines()[0] == "a.jpg: 无法判断 [unreadable_image]"


class TestManifest:
    def rows(self, folder: Path) -> list[dict[str, str]]:
        with (folder / "manifest.csv").open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    def test_each_selfie_is_a_row(self, tmp_path: Path):
        """Relative to the folders, so that both can be moved."""
        job = Job(Path("class/one/a.png"), tmp_path / "one/a.jpg", found_in=Path("class"), listed_in=tmp_path)

        done = [Done(job, report(output=OUTPUT), job.photo), Done(job, report(EARS, MOUTH), None)]
        write_manifest(tmp_path, done, lang="zh-CN")

        first, second = self.rows(tmp_path)
        assert tuple(first) == HEADINGS["zh-CN"]
        assert (first["自拍"], first["照片"], first["结论"]) == (str(Path("one/a.png")), str(Path("one/a.jpg")), "合格")
        assert (first["宽（像素）"], first["dpi"], first["字节"], first["背景"]) == ("180", "72", "14210", "")
        assert (second["结论"], second["代码"], second["照片"]) == ("不合格", "ears_covered", "")
        assert (second["不合格原因"], second["怎么办"]) == ("左耳被头发遮住", "请把头发别到耳后再拍")
        assert second["提醒"] == "嘴没有合上"

    def test_an_operator_may_have_it_in_english(self, tmp_path: Path):
        """For a program that reads it: the same columns under names without blanks."""
        job = Job(Path("class/a.png"), tmp_path / "a.jpg", found_in=Path("class"), listed_in=tmp_path)

        write_manifest(
            tmp_path, [Done(job, report(error=Problem("unreadable_image", "broken", "again")), None)], lang="en"
        )

        (row,) = self.rows(tmp_path)
        assert (row["source"], row["verdict"], row["codes"]) == ("a.png", "UNUSABLE", "unreadable_image")
        assert all(name.isidentifier() for name in HEADINGS["en"])
        assert len(HEADINGS["en"]) == len(HEADINGS["zh-CN"])

    @pytest.mark.parametrize("name", ["=cmd()|x.png", "+1.png", "-a.png", "@a.png"])
    def test_a_file_name_is_never_a_formula(self, tmp_path: Path, name: str):
        """A spreadsheet would run it."""
        job = Job(Path("class") / name, tmp_path / "a.jpg", found_in=Path("class"), listed_in=tmp_path)

        write_manifest(tmp_path, [Done(job, report(EARS), None)], lang="zh-CN")

        assert self.rows(tmp_path)[0]["自拍"] == f"'{name}"


class TestFileDesk:
    @pytest.fixture
    def desk(self) -> FileDesk:
        return FileDesk.open("zh-CN")

    def test_a_compliant_file_passes_with_its_measures(self, desk: FileDesk):
        """Measured on its bytes."""
        photo = jpeg(Image.fromarray(textured()), dpi=(72, 72))

        found = desk.check(photo, spec="hunan-pretco", source="a.jpg")

        assert found.verdict is Verdict.PASS
        assert found.output.bytes == len(photo)

    def test_a_fault_is_told_with_its_numbers(self, desk: FileDesk):
        """What it is and what it should be."""
        found = desk.check(jpeg(Image.fromarray(textured()), dpi=(300, 300)), spec="hunan-pretco", source="a.jpg")

        assert found.verdict is Verdict.FAIL
        assert found.output is None
        assert [finding.message for finding in found.findings] == ["分辨率标记是 300 dpi，规格要求 72 dpi"]

    def test_a_fault_that_the_spec_has_off_is_none(self, desk: FileDesk):
        """Notice B names no density."""
        photo = jpeg(Image.fromarray(textured(600, 800, grain=25)), dpi=(96, 96))

        assert desk.check(photo, spec="cqwu-xuegong", source="a.jpg").findings == ()

    def test_a_file_that_is_no_picture_is_an_error(self, desk: FileDesk):
        """As for a selfie."""
        assert desk.check(b"", spec="cet", source="a.jpg").error.code == "unreadable_image"
