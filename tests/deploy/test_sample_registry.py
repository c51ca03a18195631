"""The sample registry is the school's side: it believes only what is signed, keeps each event once, checks each photo.

Everything here goes over real HTTP to its own process.
"""

import base64
import hashlib
import json
import sys
import threading
import time
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from standardwebhooks.webhooks import Webhook

from api.adapters.tethered import Tethered
from api.domain import signing

PHOTO = b"\xff\xd8 a photo, as far as a registry can tell \xff\xd9"
SECRET, OTHER = signing.new_secret(), signing.new_secret()


class PhotoServer:
    """Our side's pull URL, on a loopback port."""

    def __init__(self):
        self.content = PHOTO
        self.status = 200
        self.pulls = 0
        ours = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                ours.pulls += 1
                self.send_response(ours.status)
                self.end_headers()
                self.wfile.write(ours.content)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}/v1/registry/photos/token"

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


class School:
    """The registry's process and what a sender does with it."""

    def __init__(self, directory):
        self.directory = directory
        self.secret_file = directory / "secrets"
        self.secret_file.write_text(f"{SECRET}\n")
        self.start()

    def start(self):
        (self.directory / "inbox" / "port").unlink(missing_ok=True)
        self.process = Tethered(
            [sys.executable, "-m", "deploy.sample_registry", "--port", "0", "--directory",
             str(self.directory / "inbox"), "--secret-file", str(self.secret_file)],
            log=self.directory / "log",
        )  # fmt: skip
        port_file = self.directory / "inbox" / "port"
        while not port_file.exists():
            assert self.process.poll() is None, (self.directory / "log").read_text()
            time.sleep(0.02)
        self.url = f"http://127.0.0.1:{port_file.read_text().strip()}"

    def send(self, event, *, secrets=(SECRET,), message_id="dl_1", **changed):
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        headers = signing.headers(secrets, message_id=message_id, sent_at=int(time.time()), body=body)
        return httpx.post(f"{self.url}/hook", content=body, headers={**headers, **changed}, trust_env=False)

    def received(self):
        return httpx.get(f"{self.url}/received", trust_env=False).json()["events"]


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    school = School(tmp_path_factory.mktemp("school"))
    yield school
    school.process.end()


@pytest.fixture
def school(running):
    """The one process, with nothing received yet."""
    for path in (running.directory / "inbox").glob("*/*"):
        path.unlink()
    running.secret_file.write_text(f"{SECRET}\n")
    return running


@pytest.fixture
def photos():
    server = PhotoServer()
    yield server
    server.close()


def approved(photos, *, url=None, **changed):
    photo = {"id": "ph_1", "sha256": hashlib.sha256(PHOTO).hexdigest(), "bytes": len(PHOTO)}
    return {
        "type": "photo.approved",
        "timestamp": datetime.now(UTC).isoformat(),
        "data": {
            "submission": "sb_1",
            "student_number": "20230001",
            "photo": {**photo, **changed},
            "pull_url": photos.url if url is None else url,
        },
    }


def test_an_approved_photo_arrives_and_is_the_one_announced(school, photos):
    """Signed, pulled, compared by size and sha256, stored: event and photo."""
    assert school.send(approved(photos)).status_code == 204

    [event] = school.received()
    assert event["type"] == "photo.approved"
    assert event["message_id"] == "dl_1"
    assert event["signature"] == "verified"
    assert event["photo"] == {"file": "ph_1.jpg", "bytes": len(PHOTO), "sha256": hashlib.sha256(PHOTO).hexdigest()}
    assert (school.directory / "inbox" / "photos" / "ph_1.jpg").read_bytes() == PHOTO


def test_the_same_event_sent_twice_is_kept_once(school, photos):
    """Our answer may get lost on the way and the event comes again under the same id: not a second photo."""
    assert [school.send(approved(photos)).status_code for _ in range(3)] == [204, 204, 204]

    assert len(school.received()) == 1
    assert photos.pulls == 1


def test_the_same_event_sent_twice_at_the_same_moment_is_kept_once(school, photos):
    """Two workers after a lease ran out."""
    senders = [threading.Thread(target=school.send, args=(approved(photos),)) for _ in range(6)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()

    assert len(school.received()) == 1
    assert photos.pulls == 1


def test_what_happened_last_counts_and_not_what_arrived_last(school, photos):
    """An approval that was held up arrives behind its revocation: the photo stays deleted; so with a late old end."""
    first, end, again = (
        {**approved(photos), "type": kind, "timestamp": at}
        for kind, at in (
            ("photo.approved", "2024-12-10T02:15:30+00:00"),
            ("photo.revoked", "2024-12-10T10:15:30.120000+08:00"),
            ("photo.approved", "2024-12-10T02:15:31+00:00"),
        )
    )
    photo = school.directory / "inbox" / "photos" / "ph_1.jpg"

    assert [school.send(one, message_id=f"dl_{at}").status_code for at, one in enumerate((end, first))] == [204, 204]
    assert not photo.exists()
    assert [school.send(one, message_id=f"dl_{at}").status_code for at, one in enumerate((again, end), 2)] == [204, 204]
    assert photo.read_bytes() == PHOTO

    assert [event["photo"].get("overtaken", False) for event in school.received()] == [False, True, False, True]
    assert httpx.get(school.url, trust_env=False).text.count("已有更晚的通知") == 2


def test_a_stranger_is_not_believed(school, photos):
    """Signed with another secret: 401, nothing pulled, nothing kept."""
    answer = school.send(approved(photos), secrets=[OTHER])

    assert answer.status_code == 401
    assert answer.json() == {"error": "the signature does not fit"}
    assert school.received() == []
    assert photos.pulls == 0


@pytest.mark.parametrize("signature", ["", "garbage", "v1", "v1,%%%", "v1,AAAA", "a,b,c"])
def test_a_malformed_signature_is_a_401_and_not_a_crash(school, photos, signature):
    """The official library lets ValueError out on some of these."""
    assert school.send(approved(photos), **{"webhook-signature": signature}).status_code == 401


def test_a_recording_from_yesterday_is_not_believed(school, photos):
    """Replayed after the five minutes: 401."""
    body = json.dumps(approved(photos)).encode()
    old = signing.headers([SECRET], message_id="dl_1", sent_at=int(time.time()) - 301, body=body)

    assert httpx.post(f"{school.url}/hook", content=body, headers=old, trust_env=False).status_code == 401


def test_a_body_changed_on_the_way_is_not_believed(school, photos):
    """One more space and the signature no longer fits; nor does text that is not UTF-8."""
    body = json.dumps(approved(photos)).encode()
    headers = signing.headers([SECRET], message_id="dl_1", sent_at=int(time.time()), body=body)
    for changed in (body + b" ", b"\xff\xfe"):
        assert httpx.post(f"{school.url}/hook", content=changed, headers=headers, trust_env=False).status_code == 401


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"null", b'{"type": 1, "timestamp": 2, "data": 3}', b"{"])
def test_a_signed_body_that_is_no_event_is_a_400(school, body):
    """Believed, but not understood."""
    assert school.send(body).status_code == 400
    assert school.received() == []


def test_a_huge_body_is_not_read(school):
    """An event is below 20 kB, or 3 MB with its photo; more than 4 MB is none."""
    assert school.send(b"0" * (4 * 1024 * 1024 + 1)).status_code == 413


def embedding(photos, content=PHOTO, **changed):
    """An event that carries its photo, as it is sent to a registry that asked for that."""
    announced = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    return approved(photos, jpeg_base64=base64.b64encode(content).decode(), **{**announced, **changed})


def test_a_photo_inside_the_event_is_taken_from_there_and_kept_once(school, photos):
    """Two megabytes, the most a spec allows: nothing is fetched, and the event's own record has no face in it."""
    content = PHOTO + bytes(2_000_000)

    assert school.send(embedding(photos, content)).status_code == 204
    assert photos.pulls == 0
    assert (school.directory / "inbox" / "photos" / "ph_1.jpg").read_bytes() == content
    assert "jpeg_base64" not in str(school.received())
    assert school.received()[0]["photo"]["bytes"] == len(content)


@pytest.mark.parametrize("changed", [{"bytes": 1}, {"sha256": "0" * 64}, {"jpeg_base64": "%%%"}, {"jpeg_base64": None}])
def test_a_photo_inside_the_event_must_be_the_one_announced(school, photos, changed):
    """Size, digest and base64: 422, and nothing is kept."""
    assert school.send(embedding(photos)).status_code == 204
    event = embedding(photos)
    event["data"]["photo"] |= changed

    assert school.send(event, message_id="dl_2").status_code == 422
    assert len(school.received()) == 1


def test_both_secrets_are_believed_while_they_are_changed(school, photos):
    """The secret file is read anew for each event: a rotation needs no restart."""
    school.secret_file.write_text(f"{OTHER}\n{SECRET}\n")
    assert school.send(approved(photos), secrets=[SECRET]).status_code == 204
    assert school.send(approved(photos), secrets=[OTHER], message_id="dl_2").status_code == 204

    school.secret_file.write_text(f"{OTHER}\n")
    assert school.send(approved(photos), secrets=[SECRET], message_id="dl_3").status_code == 401


def test_another_photo_than_the_announced_one_is_refused(school, photos):
    """Same length, other bytes: 422, and nothing is kept."""
    photos.content = PHOTO[::-1]

    assert school.send(approved(photos)).status_code == 422
    assert school.received() == []
    assert not (school.directory / "inbox" / "photos" / "ph_1.jpg").exists()


@pytest.mark.parametrize("changed", [{"bytes": 1}, {"sha256": "0" * 64}, {"bytes": None}])
def test_a_photo_that_is_not_as_announced_is_refused(school, photos, changed):
    """Size and sha256 both count."""
    assert school.send(approved(photos, **changed)).status_code == 422


def test_a_photo_that_cannot_be_pulled_now_is_asked_for_again(school, photos):
    """503 with Retry-After: the sender comes back with the same id, and then it works."""
    photos.status = 500
    answer = school.send(approved(photos))
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"

    photos.status = 200
    assert school.send(approved(photos)).status_code == 204
    assert len(school.received()) == 1


@pytest.mark.parametrize("url", ["", "nonsense", "http://127.0.0.1:1/x", "ftp://x/y", "http://[::1"])
def test_a_pull_url_that_leads_nowhere_is_a_503(school, photos, url):
    """Whatever the URL is, no crash."""
    assert school.send(approved(photos, url=url)).status_code == 503


def test_a_revoked_photo_is_deleted(school, photos):
    """The student withdrew: the registry keeps the event and not the picture."""
    school.send(approved(photos))
    revoked = {**approved(photos), "type": "photo.revoked"}

    assert school.send(revoked, message_id="dl_2").status_code == 204
    assert not (school.directory / "inbox" / "photos" / "ph_1.jpg").exists()
    assert [event["type"] for event in school.received()] == ["photo.approved", "photo.revoked"]


def test_an_event_whose_photo_is_gone_already_is_kept_without_it(school, photos):
    """The student erased it before the event got through: there is no link, and nothing to pull."""
    event = approved(photos)
    del event["data"]["pull_url"]

    assert school.send(event).status_code == 204
    assert school.received()[0]["photo"] is None


def test_a_ping_is_received(school):
    """`idphoto registry ping` tells whether secret and address are right, without a photo."""
    ping = {"type": "registry.ping", "timestamp": datetime.now(UTC).isoformat(), "data": {}}

    assert school.send(ping).status_code == 204
    assert [event["type"] for event in school.received()] == ["registry.ping"]


def test_ids_cannot_name_files_elsewhere(school, photos):
    """A photo's id with slashes in it becomes a file name all the same."""
    assert school.send(approved(photos, id="../../../evil"), message_id="/dl/~").status_code == 204

    assert not list(school.directory.rglob("evil*"))
    assert {path.parent.parent.name for path in school.directory.rglob("*.jpg")} == {"inbox"}


def test_the_page_shows_what_came_and_escapes_it(school, photos):
    """A person can look; a student number with markup in it stays text."""
    event = approved(photos)
    event["data"]["student_number"] = "<script>alert(1)</script>"
    school.send(event)
    page = httpx.get(school.url, trust_env=False)

    assert "签名已验证" in page.text
    assert "<script>" not in page.text
    assert "&lt;script&gt;" in page.text
    assert httpx.get(f"{school.url}/photos/ph_1.jpg", trust_env=False).content == PHOTO
    assert httpx.get(f"{school.url}/photos/none.jpg", trust_env=False).status_code == 404


def test_what_was_received_survives_a_restart(school, photos):
    """Down for the night, up again: the list is still there and duplicates are still known."""
    school.send(approved(photos))
    school.process.end()
    with pytest.raises(httpx.ConnectError):
        school.send(approved(photos))
    school.start()

    assert school.send(approved(photos)).status_code == 204
    assert len(school.received()) == 1


def test_the_registry_s_own_library_signs_what_it_believes(school, photos):
    """Sanity of this very test: an event signed by the official library, not by us, is believed too."""
    body = json.dumps(approved(photos))
    now = datetime.now(UTC)
    headers = {
        "webhook-id": "dl_9",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(SECRET).sign("dl_9", now, body),
    }

    assert httpx.post(f"{school.url}/hook", content=body, headers=headers, trust_env=False).status_code == 204
