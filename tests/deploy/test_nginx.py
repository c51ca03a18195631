"""What stands in front of the API: the real nginx with our site, over TLS, before the real gunicorn."""

import base64
import os
import socket
import ssl
import subprocess
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from made_once import lay_empty_database
from nginx_here import NAME, ROOT, Front, find_nginx, make_front
from web_world import made_selfie

from api.adapters.embedded_redis import EmbeddedRedis
from api.bootstrap import build
from api.config import Settings
from api.domain.audit import AuditFilter
from api.domain.reviewer import Role
from api.web.strict import ENVELOPE_BYTES
from api.web.wording import load_catalogues

ID_NUMBER, PERSON = "430104200401010017", "张示例"
LINK = "eyJhbGciOiJub25lIn0.a-registry-s-link"


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """nginx before gunicorn, for all tests of this file."""
    nginx = find_nginx()
    if nginx is None:
        pytest.skip("no nginx is installed here")
    folder = tmp_path_factory.mktemp("front")
    lay_empty_database(folder / "home" / "idphoto.db")
    with EmbeddedRedis(folder / "redis") as redis:
        front = make_front(folder, redis_url=redis.url)
        try:
            front.start_api()
            front.start_nginx(nginx)
            yield front
        finally:
            for name in list(front.processes):
                front.stop(name)


@pytest.fixture(scope="module")
def alice(front: Front) -> dict[str, str]:
    """A student's token, got through nginx."""
    with front.client() as client:
        token = client.post("/v1/auth/dev", json={"name": "alice"}).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        for text in client.get("/v1/consents", headers=headers).json()["consents"]:
            client.post("/v1/consents", headers=headers, json={"id": text["id"]})
    return headers


def selfie_of(size: int) -> bytes:
    """Return a JPEG of exactly so many bytes."""
    plain = made_selfie()
    return plain + bytes(size - len(plain))


def upload(client: httpx.Client, who: dict[str, str], size: int) -> httpx.Response:
    files = {"selfie": ("selfie.jpg", selfie_of(size), "image/jpeg")}
    headers = who | {"Idempotency-Key": uuid.uuid4().hex}
    return client.post("/v1/photos", headers=headers, files=files, data={"spec": "hunan-pretco"})


class TestUploads:
    """A phone's photo gets through; more than the limit is told in words."""

    def test_the_largest_selfie_is_taken_in_and_touches_no_disk(self, front: Front, alice: dict[str, str]):
        """9.9 MB: taken by the API, held by nginx in memory alone."""
        with front.client() as client:
            answer = upload(client, alice, 9_900_000)

        assert answer.status_code == 202, answer.text
        assert list((front.folder / "body").rglob("*")) == []

    def test_a_slow_phone_is_waited_for(self, front: Front, alice: dict[str, str]):
        """The body comes in pieces with pauses between them, and is one upload all the same."""
        with front.client() as client:
            request = client.build_request(
                "POST",
                "/v1/photos",
                headers=alice,
                files={"selfie": ("selfie.jpg", made_selfie(), "image/jpeg")},
                data={"spec": "hunan-pretco"},
            )
            body = request.read()

            def slowly() -> Iterator[bytes]:
                for at in range(0, len(body), len(body) // 4 + 1):
                    threading.Event().wait(0.1)
                    yield body[at : at + len(body) // 4 + 1]

            headers = {**request.headers}
            answer = client.post("/v1/photos", headers=headers, content=slowly())

        assert answer.status_code == 202, answer.text

    def test_what_is_too_large_is_refused_as_a_problem(self, front: Front, alice: dict[str, str]):
        """11 MB: nginx itself answers, in the API's own words."""
        with front.client() as client:
            answer = upload(client, alice, 11_000_000)

        told = answer.json()
        assert answer.status_code == 413
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert told["code"] == "upload_too_large"
        assert told["title"] == load_catalogues()["zh-CN"].problems["upload_too_large"].title
        assert told["request_id"] == answer.headers["X-Request-Id"]

    def test_a_console_form_that_is_too_large_gets_a_page(self, front: Front):
        """A registrar's roster of 9 MB: words on a page, in Chinese."""
        with front.client() as client:
            answer = client.post("/console/login", content=bytes(9_000_000))

        assert answer.status_code == 413
        assert answer.headers["Content-Type"].startswith("text/html")
        assert "名单不超过 7 MB" in answer.text

    def test_the_limit_is_the_one_of_the_settings(self):
        """Just above what the API takes, so that it is the API that says how much is too much."""
        site = (ROOT / "deploy/nginx/idphoto.conf.template").read_text()
        limit = int(site.split("location = /v1/photos")[1].split("client_max_body_size ")[1].split("k;")[0]) * 1024
        default = 10_000_000 + ENVELOPE_BYTES

        assert default <= limit < default + 4096
        assert f"client_body_buffer_size {limit // 1024}k" in site


class TestWaiting:
    """Long polls hold."""

    def test_a_long_poll_is_held(self, front: Front, alice: dict[str, str]):
        """`?wait=` goes through: nobody renders here, so the answer comes when the wait is over."""
        with front.client() as client:
            photo = upload(client, alice, 200_000).json()["id"]
            begun = time.monotonic()
            answer = client.get(f"/v1/photos/{photo}?wait=2", headers=alice)
            took = time.monotonic() - begun

        assert answer.json()["state"] == "queued"
        assert took >= 1.9


class TestWhoComesIn:
    """The caller's address reaches the API, and no caller chooses it."""

    def test_the_address_of_the_connection_counts(self, front: Front):
        """A failed login is in the audit log under the real address, whatever the caller claims to be."""
        forged = {"X-Forwarded-For": "6.6.6.6, 7.7.7.7", "Forwarded": "for=6.6.6.6", "X-Real-IP": "6.6.6.6"}
        house = build(Settings.from_env(front.env))
        house.staff.add("zhao", name="赵老师", role=Role.REGISTRAR)
        with front.client(address="127.0.0.2") as client:
            answer = fail_to_log_in(client, "zhao", headers=forged)
            assert answer.status_code == 401, answer.text

        seen = {row.address for row in house.staff.find_audit(AuditFilter(action="staff.login_failed"), limit=10).rows}
        house.close()
        assert seen == {"127.0.0.2"}

    def test_the_console_knows_that_it_came_by_https(self, front: Front):
        """Its cookie is for encrypted connections alone, and addresses it makes are the domain's."""
        with front.client() as client:
            answer = client.get("/console/login")

        assert "Secure" in answer.headers["Set-Cookie"]
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"

    def test_another_name_gets_no_answer(self, front: Front):
        """A scanner that asks by address never gets as far as a certificate."""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with (
            socket.create_connection(("127.0.0.1", front.port)) as plain,
            pytest.raises((ssl.SSLError, ConnectionError)),
            context.wrap_socket(plain, server_hostname="other.example"),
        ):
            pass

    def test_browsers_may_speak_http2(self, front: Front):
        """Offered in the handshake."""
        context = ssl.create_default_context(cafile=str(front.folder / "tls" / "fullchain.pem"))
        context.set_alpn_protocols(["h2", "http/1.1"])
        with (
            socket.create_connection(("127.0.0.1", front.port)) as plain,
            context.wrap_socket(plain, server_hostname=NAME) as secured,
        ):
            assert secured.selected_alpn_protocol() == "h2"
            assert secured.version() in {"TLSv1.2", "TLSv1.3"}

    def test_plain_http_is_sent_to_https(self, front: Front):
        """Whoever types the bare domain."""
        answer = httpx.get(f"http://127.0.0.1:{front.plain_port}/console/login?x=1")

        assert answer.status_code == 301
        assert answer.headers["Location"] == f"https://{NAME}/console/login?x=1"


class TestWhatStaysInside:
    """Counters are for the machine's own network."""

    def test_metrics_are_refused_from_outside_and_told_inside(self, front: Front):
        """The two processes of the API are counted together, whichever is asked."""
        with front.client() as client:
            assert client.get("/metrics").status_code == 404
            assert client.get("/readyz").status_code == 404
            assert client.get("/healthz").status_code == 200
            for _ in range(8):
                client.get("/v1/specs/hunan-pretco")
        inside = [httpx.get(f"http://127.0.0.1:{front.api_port}/metrics").text for _ in range(4)]
        counted = {
            float(line.rsplit(" ", 1)[1])
            for text in inside
            for line in text.splitlines()
            if line.startswith("http_requests_total") and 'route="/v1/specs/<spec_id>"' in line
        }

        assert len(counted) == 1
        assert counted.pop() >= 8
        assert all('idphoto_part_up{part="database"} 1.0' in text for text in inside)


class TestTheWordsAreOurs:
    """What nginx says is what the API would have said."""

    @pytest.mark.parametrize(("problem", "code"), [("413", "upload_too_large"), ("429", "rate_limited")])
    def test_titles_are_those_of_the_catalogue(self, problem: str, code: str):
        """So that the mini-program's tests of words hold for both."""
        site = (ROOT / "deploy/nginx/idphoto.conf.template").read_text("utf-8")
        said = site.split(f"location @problem_{problem}")[1].split("}';")[0]

        assert f'"title":"{load_catalogues()["zh-CN"].problems[code].title}"' in said
        assert f'"code":"{code}"' in said

    def test_a_word_that_could_be_configuration_is_refused(self, tmp_path: Path):
        """A typing error in site.env must not become a directive."""
        text = (ROOT / "deploy/nginx/site.env.example").read_text()
        (tmp_path / "site.env").write_text(text.replace("SITE_API=127.0.0.1:8000", "SITE_API=127.0.0.1:8000;evil"))
        done = subprocess.run(
            ["sh", str(ROOT / "deploy/nginx/render.sh"), str(tmp_path / "site.env")],
            capture_output=True,
            text=True,
            check=False,
        )

        assert done.returncode == 2
        assert "SITE_API" in done.stderr


@pytest.fixture(scope="module")
def down(front: Front, alice: dict[str, str]) -> Front:
    """The same after a day of calls that carry secrets, with the API stopped: for the last tests of this file."""
    with front.client() as client:
        client.get("/static/app.css")
        client.get(f"/v1/registry/photos/{LINK}")
        client.get(f"/v1/campaigns?id_number={ID_NUMBER}", headers=alice)
        client.post("/v1/me/identity", headers=alice, json={"campaign": "none", "name": PERSON, "id_number": ID_NUMBER})
        client.get("/wechat/push?signature=5ecre7&echostr=5ecre7", headers={"Referer": f"https://x/?id={ID_NUMBER}"})
    front.stop("api")
    return front


class TestTheApiIsDown:
    """A restart, an upgrade, a machine that burns: everybody is told in their own way."""

    def test_programs_get_a_problem_document(self, down: Front):
        """502, with when to come back."""
        with down.client() as client:
            answer = client.get("/v1/specs")

        assert answer.status_code == 502
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.headers["Retry-After"]
        assert answer.json()["code"] == "not_ready"
        assert answer.json()["request_id"] == answer.headers["X-Request-Id"]

    def test_people_get_a_page_and_pages_keep_their_looks(self, down: Front):
        """In Chinese; a style sheet that was fetched before is there still."""
        with down.client() as client:
            page, style = client.get("/"), client.get("/static/app.css")

        assert page.status_code == 502
        assert "服务正在重启或升级" in page.text
        assert style.status_code == 200

    def test_no_log_holds_a_secret(self, down: Front, alice: dict[str, str]):
        """Tokens, queries, ID numbers, a registry's links to photos: written down nowhere, not even beside errors."""
        with down.client() as client:
            client.get(f"/v1/registry/photos/{LINK}?code=5ecre7", headers=alice)
        written = down.everything_logged()

        assert '"path":"/v1/registry/photos/-"' in down.access_log()
        for secret in (alice["Authorization"].removeprefix("Bearer "), LINK, ID_NUMBER, PERSON, "5ecre7"):
            assert secret not in written


def fail_to_log_in(client: httpx.Client, login: str, *, headers: dict[str, str]) -> Any:
    """Type a wrong password at the console."""
    page = client.get("/console/login", headers=headers).text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    form = {"login": login, "password": base64.b64encode(os.urandom(12)).decode(), "csrf_token": token}
    return client.post("/console/login", data=form, headers=headers | {"Referer": f"https://{NAME}/console/login"})
