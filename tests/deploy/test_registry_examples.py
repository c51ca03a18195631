"""docs/registry.md promises receivers that work: they are run here and sent events with real signatures."""

import base64
import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from api.domain import signing
from api.domain.retry import SCHEDULE_S

DOCS = Path(__file__).parents[2] / "docs"
EXAMPLES = DOCS / "examples" / "registry"
PHOTO = b"\xff\xd8 a photo \xff\xd9"
SECRET, NEXT_SECRET, OTHER = signing.new_secret(), signing.new_secret(), signing.new_secret()

RECEIVERS = {
    "python": [sys.executable, str(EXAMPLES / "receiver.py"), "0", "{directory}"],
    "java": ["java", "-Xshare:auto", "-XX:TieredStopAtLevel=1", str(EXAMPLES / "Receiver.java"), "0", "{directory}"],
    "node": ["node", str(EXAMPLES / "receiver.mjs"), "0", "{directory}"],
    "php": ["php", "-S", "127.0.0.1:{port}", str(EXAMPLES / "receiver.php")],
}
"""How each is run; those that take port 0 say which one they got, PHP's server is told a free one."""


class Ours:
    """Our side of the wire, on a loopback port: the photo's pull URL, and the door for verdicts."""

    def __init__(self):
        self.status, self.content, self.verdicts = 200, PHOTO, []
        ours = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(ours.status)
                self.end_headers()
                self.wfile.write(ours.content)

            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                ours.verdicts.append((self.path, dict(self.headers.items()), body))
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture(scope="module")
def ours():
    server = Ours()
    yield server
    server.close()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port):
    """Wait until somebody listens."""
    deadline = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except ConnectionRefusedError:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        else:
            return


class Receiver:
    """A running example, its inbox, and what a sender does with it."""

    def __init__(self, command, directory, ours):
        self.directory = directory
        self.ours = ours
        port = free_port()
        secrets = f"{SECRET} {NEXT_SECRET}"
        self.process = subprocess.Popen(
            [part.format(port=port, directory=directory) for part in command],
            env={**os.environ, "WEBHOOK_SECRETS": secrets, "WEBHOOK_DIR": str(directory)},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        if command[0] == "php":
            wait_for(port)
        else:
            port = self.process.stdout.readline().split()[-1]
        self.url = f"http://127.0.0.1:{port}/hook"

    def send(self, body, *, secrets=(SECRET,), message_id="dl_1", sent_at=None, **changed):
        raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        when = int(time.time()) if sent_at is None else sent_at
        headers = {**signing.headers(secrets, message_id=message_id, sent_at=when, body=raw), **changed}
        return httpx.post(self.url, content=raw, headers=headers, timeout=20, trust_env=False).status_code

    def photos(self):
        return {path.name: path.read_bytes() for path in self.directory.glob("*.jpg")}

    def events(self):
        return [json.loads(path.read_text("utf-8")) for path in self.directory.glob("*.json")]

    def close(self):
        self.process.terminate()
        self.process.wait(20)
        self.process.stdout.close()


@pytest.fixture(scope="module", params=sorted(RECEIVERS))
def running(request, tmp_path_factory, ours):
    command = RECEIVERS[request.param]
    if shutil.which(command[0]) is None:
        pytest.skip(f"no {command[0]} on this machine")
    receiver = Receiver(command, tmp_path_factory.mktemp(request.param), ours)
    yield receiver
    receiver.close()


@pytest.fixture
def receiver(running):
    for path in running.directory.iterdir():
        path.unlink()
    running.ours.status, running.ours.content = 200, PHOTO
    return running


def event(ours, type_="photo.approved", **changed):
    """The payload as `api.services.deliver` writes it: compact, `photo` beginning with its id."""
    return {
        "type": type_,
        "timestamp": "2024-12-10T02:15:30.120000+00:00",
        "data": {
            "submission": "sb_1",
            "state": "approved",
            "campaign": {"id": "cp_1", "slug": "cqwu", "name": "学工系统"},
            "student_number": "C2023001",
            "photo": {
                "id": "ph_0193ad5b",
                "spec": "cqwu-xuegong",
                "sha256": hashlib.sha256(PHOTO).hexdigest(),
                "bytes": len(PHOTO),
            }
            | changed,
            "pull_url": f"{ours.url}/v1/registry/photos/token",
        },
    }


def test_a_receiver_keeps_the_event_and_the_photo(receiver):
    """What a school copies from the guide works as it stands."""
    assert receiver.send(event(receiver.ours)) == 204

    assert receiver.photos() == {"ph_0193ad5b.jpg": PHOTO}
    assert receiver.events() == [event(receiver.ours)]


def test_a_receiver_keeps_an_event_that_comes_twice_once(receiver):
    """The same `webhook-id` again: 204, and nothing new."""
    assert [receiver.send(event(receiver.ours)) for _ in range(3)] == [204, 204, 204]

    assert len(receiver.events()) == 1


def test_a_receiver_goes_by_when_things_happened_and_not_by_when_they_arrive(receiver):
    """An approval that arrives behind the revocation that came after it brings nothing back; so with an old end."""
    seconds = ("2024-12-10T02:15:30+00:00", "2024-12-10T02:15:30.120000+00:00", "2024-12-10T02:15:31+00:00")
    approved, revoked, again = (
        event(receiver.ours, type_) | {"timestamp": at}
        for type_, at in zip(("photo.approved", "photo.revoked", "photo.approved"), seconds, strict=True)
    )

    assert [receiver.send(one, message_id=f"dl_{at}") for at, one in enumerate((revoked, approved))] == [204, 204]
    assert receiver.photos() == {}
    assert [receiver.send(one, message_id=f"dl_{at}") for at, one in enumerate((again, revoked), start=2)] == [204, 204]
    assert receiver.photos() == {"ph_0193ad5b.jpg": PHOTO}
    assert len(receiver.events()) == 4


def test_a_receiver_believes_both_secrets_during_a_rotation(receiver):
    """Signed with the old, the new, or both secrets."""
    for number, secrets in enumerate(([SECRET], [NEXT_SECRET], [NEXT_SECRET, SECRET], [OTHER, SECRET])):
        assert receiver.send(event(receiver.ours), secrets=secrets, message_id=f"dl_{number}") == 204


def test_a_receiver_refuses_a_stranger(receiver):
    """Another secret, a recording, a time from the future, a changed body, malformed headers: 401, nothing kept."""
    sent = event(receiver.ours)
    now = int(time.time())

    assert receiver.send(sent, secrets=[OTHER]) == 401
    assert receiver.send(sent, sent_at=now - 400) == 401
    assert receiver.send(sent, sent_at=now + 400) == 401
    assert receiver.send(sent, **{"webhook-id": "dl_2"}) == 401
    assert receiver.send(sent, **{"webhook-timestamp": "soon"}) == 401
    for signature in ("", "garbage", "v1", "v1,", "v1,%%%", "v2,AAAA"):
        assert receiver.send(sent, **{"webhook-signature": signature}) == 401
    assert list(receiver.directory.iterdir()) == []


def test_a_receiver_asks_again_when_the_photo_cannot_be_pulled(receiver):
    """503 now; the same event later succeeds."""
    receiver.ours.status = 500
    assert receiver.send(event(receiver.ours)) == 503

    receiver.ours.status = 200
    assert receiver.send(event(receiver.ours)) == 204


def test_a_receiver_refuses_another_photo_than_the_announced_one(receiver):
    """Nothing is kept of a photo whose sha256 is not the announced one."""
    receiver.ours.content = PHOTO[::-1]

    assert receiver.send(event(receiver.ours)) == 422
    assert list(receiver.directory.iterdir()) == []


def test_a_receiver_deletes_a_revoked_photo(receiver):
    """The student withdrew."""
    receiver.send(event(receiver.ours))
    revoked = event(receiver.ours, "photo.revoked")
    del revoked["data"]["pull_url"]

    assert receiver.send(revoked, message_id="dl_2") == 204
    assert receiver.photos() == {}


def test_a_receiver_answers_a_ping_and_a_body_that_is_no_event(receiver):
    """204 for a ping, 400 for nonsense that is well signed; no crash either way."""
    ping = {"type": "registry.ping", "timestamp": "2024-12-10T02:15:30+00:00", "data": {"registry": "rg_1"}}

    assert receiver.send(ping) == 204
    assert receiver.send(b"nonsense", message_id="dl_2") == 400


def embedding(content=PHOTO, **changed):
    """An event as it is sent to a school that asked for the photo inside it: with the link beside it."""
    announced = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    return announced | {"jpeg_base64": base64.b64encode(content).decode()} | changed


def test_a_receiver_takes_the_photo_out_of_the_event(receiver):
    """Two megabytes, the most a spec allows; the link is not needed, and the face is kept once."""
    receiver.ours.status = 500
    content = PHOTO + bytes(range(256)) * 7_800

    assert receiver.send(event(receiver.ours, **embedding(content))) == 204
    assert receiver.photos() == {"ph_0193ad5b.jpg": content}
    [kept] = receiver.events()
    assert "jpeg_base64" not in str(kept)
    assert kept["data"]["photo"]["bytes"] == len(content)


def test_a_receiver_refuses_another_photo_inside_the_event(receiver):
    """The digest counts wherever the photo comes from."""
    wrong = embedding(jpeg_base64=base64.b64encode(PHOTO[::-1]).decode())

    assert receiver.send(event(receiver.ours, **wrong)) == 422
    assert list(receiver.directory.iterdir()) == []


def test_a_receiver_does_not_read_a_body_without_end(receiver):
    """More than four megabytes are no event of ours: an answer, or a connection that ends, and nothing kept."""
    with suppress(httpx.TransportError):
        assert receiver.send(b"0" * (5 * 1024 * 1024)) == 413
    assert receiver.send(event(receiver.ours)) == 204


def test_a_receiver_never_lets_an_id_become_a_path(receiver):
    """A photo's id with slashes in it writes nothing outside the inbox."""
    assert receiver.send(event(receiver.ours, id="../evil")) == 400
    assert not (receiver.directory.parent / "evil.jpg").exists()


ANSWERS = {"python": [sys.executable, str(EXAMPLES / "answer.py")], "openssl": ["sh", str(EXAMPLES / "answer.sh")]}


@pytest.fixture(params=sorted(ANSWERS))
def answer(request, ours):
    """Run an example that answers a review; returns what arrived at our door."""
    if request.param == "openssl" and not (shutil.which("openssl") and shutil.which("curl")):
        pytest.skip("no openssl or curl on this machine")

    def run(*arguments):
        ours.verdicts.clear()
        subprocess.run(
            [*ANSWERS[request.param], ours.url, *arguments],
            env={**os.environ, "ANSWER_SECRET": SECRET, "NO_PROXY": "*", "no_proxy": "*"},
            capture_output=True,
            timeout=30,
            check=True,
        )
        [arrived] = ours.verdicts
        return arrived

    return run


def test_an_answer_made_by_the_examples_is_believed_by_us(answer):
    """A school's verdict signed with the example code passes our own verification."""
    path, headers, body = answer("sb_1", "approved")

    assert path == "/v1/registry/verdicts"
    assert signing.verify([SECRET], headers=headers, body=body, now=int(time.time())).startswith("vd_")
    assert json.loads(body) == {"type": "submission.approved", "data": {"submission": "sb_1"}}


def test_a_returned_submission_carries_its_reason_in_chinese(answer):
    """The student reads it as the registrar wrote it."""
    _, headers, body = answer("sb_1", "returned", "照片与本人不符，请重拍")

    assert signing.verify([SECRET], headers=headers, body=body, now=int(time.time()))
    assert json.loads(body)["data"] == {"submission": "sb_1", "reason": "照片与本人不符，请重拍"}


def test_the_guide_s_retry_table_is_the_one_we_keep():
    """A promise on paper that the program could break unseen."""
    guide = (DOCS / "registry.md").read_text("utf-8")
    row = next(line for line in guide.splitlines() if line.startswith("| 等待 |"))
    units = {"秒": 1, "分": 60, "小时": 3600}
    waits = [
        0 if cell == "立即" else int(cell.split()[0]) * units[cell.split()[1]]
        for cell in (cell.strip() for cell in row.strip("|").split("|")[1:])
    ]

    assert tuple(waits) == SCHEDULE_S
    assert f"**{signing.TOLERANCE_S} 秒**" in guide


def test_the_guide_s_vector_is_the_published_one():
    """A school checks its own code against these five lines."""
    guide = (DOCS / "registry.md").read_text("utf-8")
    cell = dict(re.findall(r"^\| (\S+) \| `([^`]+)`", guide, re.MULTILINE))
    made = signing.headers(
        [cell["密钥"]],
        message_id=cell["`webhook-id`"],
        sent_at=int(cell["`webhook-timestamp`"]),
        body=cell["请求体"].encode(),
    )

    assert made["webhook-signature"] == cell["签名"]
    assert base64.b64decode(cell["签名"].removeprefix("v1,"))


def test_the_guide_names_only_files_that_exist():
    """No dead links to examples."""
    guide = (DOCS / "registry.md").read_text("utf-8")
    linked = re.findall(r"\]\((examples/[^)]+)\)", guide)

    assert {"receiver.py", "Receiver.java", "receiver.php", "Receiver.cs"} <= {Path(path).name for path in linked}
    assert all((DOCS / path).is_file() for path in linked)
