"""What a newcomer reads after `make run`."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from api.cli.welcome import as_typed, welcome
from api.domain.reviewer import Role
from api.services.seed_staff import SampleLogin

ROOT = Path(__file__).parents[3]


def told(capsys: pytest.CaptureFixture[str], url: str) -> str:
    seeded = SimpleNamespace(campaigns=(), roster=())
    staff = (
        SampleLogin("counsellor", Role.COUNSELLOR, (), "abcd-efgh"),
        SampleLogin("registrar", Role.REGISTRAR, (), None),
    )
    stack = SimpleNamespace(
        url=url, registry_url="http://127.0.0.1:9", fake_wechat_url=None, seeded=seeded, staff=staff
    )
    welcome(stack, var=Path("var"))
    return capsys.readouterr().out


def test_the_way_into_wechat_devtools_is_spelt_out(capsys: pytest.CaptureFixture[str]):
    """Folder, test AppID, the box to tick, the address, and where a school reads on."""
    words = told(capsys, "http://127.0.0.1:8000")

    for word in ("miniprogram/", "touristappid", "不校验合法域名", "http://127.0.0.1:8000 in", "docs/wechat.md"):
        assert word in words
    assert "(already)" in words


def test_another_port_has_to_be_written_into_the_client(capsys: pytest.CaptureFixture[str]):
    """The client as delivered knocks at 8000."""
    assert "http://127.0.0.1:8765 in miniprogram/client/config.js (set develop to it)" in told(
        capsys, "http://127.0.0.1:8765"
    )


def test_three_logins_are_printed_each_with_where_it_leads(capsys: pytest.CaptureFixture[str]):
    """A password that somebody has chosen since is not printed; how to make a new one is."""
    words = told(capsys, "http://127.0.0.1:8000")

    assert "student      any name: takes a photo at http://127.0.0.1:8000/" in words
    assert "counsellor   password abcd-efgh: reviews 软件学院 and 教育学院 at /console/review" in words
    assert "registrar    `idphoto staff reset-password registrar`: runs the campaigns at /console/campaigns" in words


def test_the_commands_are_printed_as_a_shell_here_takes_them():
    """After `make run` nothing is on the PATH: a bare name would not be found, or be somebody else's."""
    own = Path("/home/me/idphoto/.venv/bin/idphoto")

    assert as_typed(own, known=None, folder=Path("/home/me/idphoto")) == ".venv/bin/idphoto"
    assert as_typed(own, known="/usr/bin/idphoto", folder=Path("/home/me/idphoto")) == ".venv/bin/idphoto"
    assert as_typed(own, known=None, folder=Path("/srv")) == str(own)
    assert as_typed(own, known=str(own), folder=Path("/srv")) == "idphoto"


def test_what_is_spelt_out_is_true():
    """The AppID, the address and the section it names are really there."""
    project = json.loads((ROOT / "miniprogram/project.config.json").read_text())

    assert project["appid"] == "touristappid"
    assert 'develop: "http://127.0.0.1:8000"' in (ROOT / "miniprogram/client/config.js").read_text()
    assert "## 八、用开发者工具试一遍" in (ROOT / "docs/wechat.md").read_text()
