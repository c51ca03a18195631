"""The application as a server starts it: from the environment alone, in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
PROBE = """
from api.wsgi import app
client = app().test_client()
print(client.get("/healthz").status_code, client.get("/").status_code, client.get("/readyz").get_json()["code"])
"""


def _start(code: str, **env: str) -> subprocess.CompletedProcess[str]:
    path = os.environ["PATH"]
    return subprocess.run(
        [sys.executable, "-c", code],
        env={"PATH": path, **env},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_application_starts_from_the_environment_and_says_what_is_missing(tmp_path: Path) -> None:
    """Alive without Redis, but not ready."""
    done = _start(PROBE, IDPHOTO_EMBEDDED="1", IDPHOTO_HOME=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["200", "200", "not_ready"]


def test_nothing_happens_when_the_modules_are_imported(tmp_path: Path) -> None:
    """No settings are read, no file is made, before somebody calls `app()`."""
    done = _start("import os, api.wsgi; print(os.listdir('.'))", PYTHONPATH=str(ROOT))
    assert done.returncode == 0, done.stderr
