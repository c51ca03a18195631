"""The real nginx with our site in front of the real gunicorn with our API, on loopback ports."""

import datetime as dt
import ipaddress
import os
import shutil
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from api.cli.stack import free_port

ROOT = Path(__file__).parents[2]
NAME = "id.school.example"
_WITHIN_S = 30.0
_MAIN = """
daemon off;
{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/main.error.log;
events {{ worker_connections 512; }}
http {{
    include /etc/nginx/mime.types;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    scgi_temp_path {folder}/scgi;
    uwsgi_temp_path {folder}/uwsgi;
    include {folder}/site.conf;
}}
"""


def find_nginx() -> str | None:
    """Return nginx's path; Debian keeps it where users do not look."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


@dataclass
class Front:
    """nginx, its certificate and its logs; and the API behind it."""

    folder: Path
    port: int
    plain_port: int
    api_port: int
    env: dict[str, str]
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"https://{NAME}:{self.port}"

    @contextmanager
    def client(self, *, address: str | None = None) -> Iterator[httpx.Client]:
        """Come in from outside, from a loopback address of one's own where one is given."""
        context = ssl.create_default_context(cafile=str(self.folder / "tls" / "fullchain.pem"))
        transport = httpx.HTTPTransport(verify=context, local_address=address)
        with httpx.Client(transport=_Resolved(transport, self.port), base_url=self.url, timeout=60) as client:
            yield client

    def access_log(self) -> str:
        return (self.folder / "access.log").read_text("utf-8")

    def everything_logged(self) -> str:
        """Return all that nginx and gunicorn wrote anywhere."""
        return "".join(file.read_text("utf-8", errors="replace") for file in self.folder.glob("*.log"))

    def start_api(self) -> None:
        log = (self.folder / "api.log").open("ab")
        command = [sys.executable, "-c", "from api.cli import main; main()", "serve", "--port", str(self.api_port)]
        with log:
            self.processes["api"] = subprocess.Popen(command, env=self.env, stdout=log, stderr=log, cwd=ROOT)
        self._until(f"http://127.0.0.1:{self.api_port}/healthz", "api")

    def stop(self, name: str) -> None:
        process = self.processes.pop(name)
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)

    def start_nginx(self, nginx: str) -> None:
        command = [nginx, "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")]
        self.processes["nginx"] = subprocess.Popen(command, cwd=self.folder)
        self._until(f"http://127.0.0.1:{self.plain_port}/", "nginx")

    def _until(self, url: str, name: str) -> None:
        end = time.monotonic() + _WITHIN_S
        while True:
            assert self.processes[name].poll() is None, self.everything_logged()
            try:
                httpx.get(url, timeout=2)
            except httpx.HTTPError:
                assert time.monotonic() < end, f"{name} does not answer: {self.everything_logged()}"
                time.sleep(0.05)
            else:
                return


class _Resolved(httpx.BaseTransport):
    """Finds our domain on this machine, as its name server would; the name stays in TLS and Host."""

    def __init__(self, inner: httpx.HTTPTransport, port: int) -> None:
        self._inner, self._port = inner, port

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        moved = httpx.Request(
            request.method,
            request.url.copy_with(host="127.0.0.1", port=self._port),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": request.url.host},
        )
        return self._inner.handle_request(moved)

    def close(self) -> None:
        self._inner.close()


def make_front(folder: Path, *, redis_url: str) -> Front:
    """Write certificate, site and main file as an operator does, on ports nobody has."""
    front = Front(folder, free_port(), free_port(), free_port(), {})
    (folder / "tls").mkdir()
    (folder / "metrics").mkdir()
    _certificate(folder / "tls")
    (folder / "site.env").write_text(
        f"SITE_NAME={NAME}\nSITE_API=127.0.0.1:{front.api_port}\nSITE_TLS={folder}/tls\n"
        f"SITE_PAGES={ROOT}/deploy/nginx/pages\nSITE_CACHE={folder}/cache\n"
        f"SITE_LOG={folder}/access.log\nSITE_ERRORS={folder}/error.log\n"
    )
    site = subprocess.run(
        ["sh", str(ROOT / "deploy/nginx/render.sh"), str(folder / "site.env")],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    lines = [line for line in site.splitlines() if "listen [::]" not in line]
    moved = "\n".join(lines).replace("listen 443", f"listen 127.0.0.1:{front.port}")
    (folder / "site.conf").write_text(moved.replace("listen 80", f"listen 127.0.0.1:{front.plain_port}"))
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(_MAIN.format(folder=folder, user=user))
    front.env |= {
        "PATH": os.environ["PATH"],
        "IDPHOTO_EMBEDDED": "1",
        "IDPHOTO_HOME": str(folder / "home"),
        "IDPHOTO_MODELS": str(folder / "models"),
        "REDIS_URL": redis_url,
        "IDPHOTO_PUBLIC_URL": front.url,
        "IDPHOTO_TRUSTED_PROXIES": "1",
        "IDPHOTO_LOG_FORMAT": "json",
        "PROMETHEUS_MULTIPROC_DIR": str(folder / "metrics"),
        "GUNICORN_CMD_ARGS": "--keep-alive=75 --no-control-socket --graceful-timeout=2",
    }
    return front


def _certificate(folder: Path) -> None:
    """Sign a certificate for our domain ourselves."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=2))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName(NAME), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    encoded = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    (folder / "privkey.pem").write_bytes(encoded)
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
