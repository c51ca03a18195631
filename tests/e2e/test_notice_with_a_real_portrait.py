"""A real portrait through the real networks and out again in an export that `idphoto check` accepts.

The portrait is NASA's of an astronaut, in the public domain, and is here wherever the product is. The strict spec of
notice A refuses her (she smiles), so the campaign here asks for the one-inch spec; degraded versions of her are refused
with reasons. Everything goes over HTTP to a running product, in the office's layout for the CET importer.
"""

import io
import os
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from PIL import Image
from product import ROOT, open_school, run, until

from api.cli.demo.portrait import portrait_jpeg
from api.cli.times import beijing

MODELS = Path(os.environ.get("IDPHOTO_MODELS", ROOT / "var" / "models"))
PROFILE = {"guardians": [{"name": "家长", "relation": "母亲", "id_type": "护照", "id_number": "E12345678"}]}
NAME, NUMBER, SLUG = "甲示例", "11010519491231002X", "portrait"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (MODELS / "manifest.json").exists(), reason="the networks are not installed: make setup"),
]


def degraded() -> dict[str, bytes]:
    """The same portrait too dark to see, and too small to be enlarged."""
    made = {}
    with Image.open(io.BytesIO(portrait_jpeg())) as portrait:
        for name, picture in (("small", portrait.resize((96, 96))),
                              ("dark", portrait.point([value // 8 for value in range(256)] * 3))):  # fmt: skip
            buffer = io.BytesIO()
            picture.save(buffer, "JPEG", quality=92)
            made[name] = buffer.getvalue()
    return made


def roster() -> bytes:
    book, buffer = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["姓名", "身份证号", "学号", "学院", "年级", "专业", "班级"])
    book.active.append([NAME, NUMBER, "S1", "软件学院", "2022", "软件技术", "1班"])
    book.save(buffer)
    book.close()
    return buffer.getvalue()


def test_every_exported_photo_passes_the_check_of_its_spec(tmp_path: Path):
    """Degraded pictures are refused with reasons; the good one is approved, exported, and measured again."""
    with open_school(tmp_path) as school:
        office, now = school.staff("registrar"), datetime.now(UTC)
        form = office.open("/console/campaigns/new?template=hunan-pretco-2023").form("/campaigns/new$")
        starts, ends = beijing(now - timedelta(hours=1)), beijing(now + timedelta(hours=1))
        office.send(form, slug=SLUG, spec="one-inch", starts_at=starts, ends_at=ends)
        upload = office.open(f"/console/campaigns/{SLUG}/roster-import").form("/roster-import$")
        checked = office.send(upload, files={"file": ("名单.xlsx", roster(), "application/octet-stream")}).url
        ready_to_import = until(lambda: (page := office.open(checked)) and "/confirm" in page.html and page)
        office.send(ready_to_import.form("/confirm$"))

        phone = school.student("collins")
        assert phone.bind(SLUG, NAME, NUMBER).status_code == 200
        for picture in degraded().values():
            refused = phone.photo(SLUG, picture)
            assert refused["state"] == "rejected"
            assert refused["report"]["findings"]
        submission = phone.hand_in(SLUG, portrait_jpeg(), PROFILE)
        office.send(office.open(f"/console/review/{submission}").form("/approve$"))
        office.send(
            office.open(f"/console/campaigns/{SLUG}/exports").form("/exports$"), reason="四级报名", layout="cet"
        )

        def look():
            found = office.open(f"/console/campaigns/{SLUG}/exports")
            return next((address for address, _ in found.links if address.endswith(".zip")), None)

        content = office.open(until(look)).content

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist() == [f"{NUMBER}.jpg"]
        archive.extractall(tmp_path)
    run("check", str(tmp_path / f"{NUMBER}.jpg"), "--spec", "one-inch")
