"""`idphoto demo` proves the whole way of a real portrait, and says so with its exit status."""

import hashlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image
from standardwebhooks.webhooks import Webhook

ROOT = Path(__file__).parents[2]
MODELS = Path(os.environ.get("IDPHOTO_MODELS", ROOT / "var" / "models"))

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (MODELS / "manifest.json").exists(), reason="the networks are not installed: make setup"),
]


def run_demo(var, **env):
    return subprocess.run(
        [sys.executable, "-c", "from api.cli import main; main()", "demo", "--var", str(var)],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
        env={**os.environ, **env},
        cwd=ROOT,
    )


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """One run of the demo: what it printed and the directory of its results."""
    var = tmp_path_factory.mktemp("var")
    return run_demo(var), var / "demo"


def processes_under(path):
    """The command lines of living processes that mention a directory."""
    lines = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            line = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(path) in line and process.name != str(os.getpid()):
            lines.append(line)
    return lines


def test_every_step_is_proved(shown):
    """Login to receipt; exit status 0 and nothing on standard error."""
    result, _ = shown

    assert result.returncode == 0, result.stdout + result.stderr
    assert "✗" not in result.stdout
    for step in ("logs in", "gives consent", "on the roster", "uploads", "renders", "downloads", "hunan-pretco",
                 "confirms", "approves", "signed webhook", "delivered, once", "forged event is refused"):  # fmt: skip
        assert step in result.stdout
    assert result.stderr == ""


def test_the_photo_left_behind_is_what_one_inch_asks_for(shown):
    """Measured once more, here."""
    _, results = shown
    content = (results / "photo.jpg").read_bytes()
    with Image.open(io.BytesIO(content)) as photo:
        assert (photo.format, photo.mode, photo.size) == ("JPEG", "RGB", (295, 413))
        assert photo.info["dpi"] == pytest.approx((300, 300))
        assert photo.getpixel((0, 0)) == photo.getpixel((294, 0)) == (255, 255, 255)
        assert "exif" not in photo.info
    assert 5_000 <= len(content) < 500_000


def test_report_and_receipt_speak_of_that_photo(shown):
    """The same sha256 in the student's report, in the event and in what the registry pulled."""
    _, results = shown
    digest = hashlib.sha256((results / "photo.jpg").read_bytes()).hexdigest()
    report = json.loads((results / "report.json").read_text("utf-8"))
    receipt = json.loads((results / "receipt.json").read_text("utf-8"))

    assert report["verdict"] == "pass"
    assert report["output"]["sha256"] == digest
    assert receipt["signature"] == "verified"
    assert receipt["data"]["photo"]["sha256"] == receipt["photo"]["sha256"] == digest


def test_the_strict_spec_s_answer_is_shown_with_reasons_and_advice_in_chinese(shown):
    """The astronaut smiles: hunan-pretco wants a closed mouth and says so."""
    result, results = shown
    report = json.loads((results / "hunan-pretco-report.json").read_text("utf-8"))

    assert report["spec"] == "hunan-pretco"
    assert report["verdict"] == "fail"
    assert report["output"] is None
    for finding in report["findings"]:
        assert finding["message"] in result.stdout
        assert finding["advice"]


def test_nothing_personal_is_in_the_logs(shown):
    """The sample person's name, number and the tokens stay out of every log."""
    _, results = shown
    logs = "".join(path.read_text("utf-8") for path in results.glob("run-*/log/*.log"))
    secrets = "".join(path.read_text("ascii") for path in results.glob("run-*/registry/secrets")).split()

    assert "张示例" not in logs
    assert "430000" not in logs
    assert secrets
    assert not any(secret in logs for secret in secrets)
    assert Webhook(secrets[0])


def test_no_process_is_left_behind(shown):
    """Redis, web, workers and registry ended with the demo."""
    _, results = shown

    assert processes_under(results) == []


def test_a_step_that_fails_is_named_and_the_exit_status_tells(tmp_path):
    """Without networks no worker can render: status 1, the step and the remedy named, nothing left running."""
    result = run_demo(tmp_path / "var", IDPHOTO_MODELS=str(tmp_path / "none"))

    assert result.returncode == 1
    assert "step failed: " in result.stderr
    assert "render-1 ended" in result.stderr
    assert "idphoto models install" in result.stderr
    assert "Traceback" not in result.stdout + result.stderr
    assert processes_under(tmp_path) == []
