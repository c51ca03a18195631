"""The npm library of Standard Webhooks believes our signatures, as a school that runs Node would."""

import json
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from api.domain import signing

SCRIPT = """
const { Webhook } = require("standardwebhooks");
const tries = JSON.parse(require("fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(tries.map(({ secret, headers, body }) => {
  try { new Webhook(secret).verify(body, headers); return true; } catch { return false; }
})));
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the library in it, where node and npm are at hand and npm reaches a registry."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("node and npm are not installed")
    folder = tmp_path_factory.mktemp("node")
    try:
        installed = subprocess.run(
            ["npm", "install", "--no-audit", "--no-fund", "--silent", "standardwebhooks@1"],
            cwd=folder,
            capture_output=True,
            timeout=60,
            check=False,
        )
    except subprocess.TimeoutExpired:
        pytest.skip("npm reached no registry within a minute")
    if installed.returncode != 0:
        pytest.skip("npm could not install standardwebhooks")
    return folder


def test_the_npm_library_verifies_what_we_sign_and_nothing_else(library: Path):
    """One secret, two in a rotation, Chinese in the body; not a changed body, another secret or an old time."""
    old, new, other = signing.new_secret(), signing.new_secret(), signing.new_secret()
    body = '{"type":"photo.approved","data":{"reason":"请重拍"}}'
    now = int(time.time())

    def trial(*secrets: str, known: str, body_sent: str = body, sent_at: int = now) -> dict[str, object]:
        headers = signing.headers(secrets, message_id="dl_1", sent_at=sent_at, body=body.encode())
        return {"secret": known, "headers": headers, "body": body_sent}

    tries = [
        trial(new, known=new),
        trial(new, old, known=new),
        trial(new, old, known=old),
        trial(new, known=new, body_sent=body + " "),
        trial(new, known=other),
        trial(new, known=new, sent_at=now - 600),
    ]
    done = subprocess.run(
        ["node", "-e", SCRIPT],
        cwd=library,
        input=json.dumps(tries),
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )

    assert json.loads(done.stdout) == [True, True, True, False, False, False]
