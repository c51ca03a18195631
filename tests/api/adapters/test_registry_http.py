"""An event reaches the school's registry and nothing else, and a misbehaving registry costs us seconds at most."""

import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from api.adapters.address_guard import AddressGuard, AddressRefused
from api.adapters.registry_http import HttpRegistryPost
from api.domain.delivery import Answer

NOW = datetime(2024, 12, 9, 8, 0, tzinfo=UTC)
SIGNED = {"webhook-id": "dl_1", "webhook-signature": "v1,c2VjcmV0", "content-type": "application/json"}


class Registry:
    """A registry on a loopback port that answers as the story wants and remembers what it got."""

    def __init__(self, *, tls=None):
        self.requests = []
        self.answers = {}
        self.stopping = threading.Event()
        registry = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                registry.requests.append((self.path, dict(self.headers.items()), body))
                registry.answers.get(self.path, answer(204))(self, registry)
                self.close_connection = True

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.handle_error = lambda *_: None
        if tls:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()

    def url(self, path="/", *, scheme="http", host="127.0.0.1"):
        return f"{scheme}://{host}:{self.port}{path}"

    def close(self):
        self.stopping.set()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


def answer(status, **headers):
    """A plain answer; header names with underscores for hyphens."""

    def act(handler, _registry):
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return act


def silent(handler, registry):
    registry.stopping.wait(20)


def dripping_head(handler, registry):
    """One byte of the answer's head now and then: each read succeeds, the whole never ends."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while not registry.stopping.wait(0.1):
        handler.wfile.write(b"x")


def endless_body(handler, registry):
    handler.send_response(200)
    handler.send_header("Content-Length", str(1 << 40))
    handler.end_headers()
    while not registry.stopping.is_set():
        handler.wfile.write(b"0" * 65536)


def broken_body(handler, _registry):
    handler.send_response(200)
    handler.send_header("Content-Length", "100")
    handler.end_headers()
    handler.wfile.write(b"short")


def garbage(handler, _registry):
    handler.wfile.write(b"\x16\x03\x01 this is not HTTP\r\n\r\n")


def endless_head(handler, registry):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while not registry.stopping.is_set():
        handler.wfile.write(b"X-Pad: " + b"0" * 60000 + b"\r\n")


@pytest.fixture
def registry():
    server = Registry()
    yield server
    server.close()


def post(url, *, timeout_s=5.0, allow_private=True, **how):
    sender = HttpRegistryPost(timeout_s, allow_private, now=lambda: NOW, **how)
    return sender.post(url, headers=SIGNED, body=b'{"type":"photo.approved"}')


def test_the_event_arrives_byte_for_byte(registry):
    """The signature is over the bytes, so not one of them may change; the headers come along."""
    came = post(registry.url("/hook?school=cqwu"))

    [(path, headers, body)] = registry.requests
    assert came.accepted
    assert came.error is None
    assert came.elapsed_ms > 0
    assert path == "/hook?school=cqwu"
    assert body == b'{"type":"photo.approved"}'
    assert SIGNED.items() <= {name.lower(): value for name, value in headers.items()}.items()
    assert headers["Host"] == f"127.0.0.1:{registry.port}"


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_only_2xx_is_success(registry, status):
    """Whatever the registry means by 201, it has the event."""
    registry.answers["/"] = answer(status)

    assert post(registry.url()) == Answer(status, None, None, pytest.approx(0, abs=5000))


@pytest.mark.parametrize("status", [400, 401, 404, 410, 500, 502])
def test_a_refusal_is_told_with_its_status(registry, status):
    """401: wrong secret; 410: never send again. What to do about it is the service's decision."""
    registry.answers["/"] = answer(status)
    came = post(registry.url())

    assert came.status == status
    assert came.error == f"the registry answered {status}"
    assert came.gone == (status == 410)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(registry, status):
    """A signed event is not carried elsewhere because a server says so."""
    registry.answers["/"] = answer(status, Location=registry.url("/elsewhere"))
    came = post(registry.url())

    assert came.status == status
    assert not came.accepted
    assert [path for path, *_ in registry.requests] == ["/"]


@pytest.mark.parametrize(
    ("given", "understood_s"),
    [
        ("120", 120.0),
        ("0", 0.0),
        ("Mon, 09 Dec 2024 08:02:00 GMT", 120.0),
        ("Mon, 09 Dec 2024 16:02:00 +0800", 120.0),
        ("Mon, 09 Dec 2024 07:00:00 GMT", 0.0),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("Mon, 99 Dec 2024 99:99:99 GMT", None),
        ("9" * 400, 999_999_999_999.0),
    ],
)
def test_a_busy_registry_says_how_long(registry, given, understood_s):
    """503 with Retry-After, in seconds or as a date; nonsense is as good as none."""
    registry.answers["/"] = answer(503, Retry_After=given)
    came = post(registry.url())

    assert came.status == 503
    assert came.retry_after_s == understood_s


@pytest.mark.parametrize("behaviour", [silent, dripping_head])
def test_a_registry_that_is_slow_costs_the_timeout_and_no_more(registry, behaviour):
    """Silent, or dripping byte after byte so that no single read is ever late: the whole try is bounded."""
    registry.answers["/"] = behaviour
    came = post(registry.url(), timeout_s=0.5)

    assert came.status is None
    assert came.error == "no answer within 0.5 s"
    assert 400 < came.elapsed_ms < 3000


def test_an_endless_body_is_left_behind_and_the_status_stands(registry):
    """A terabyte of answer is not read."""
    registry.answers["/"] = endless_body
    came = post(registry.url())

    assert came.accepted
    assert came.elapsed_ms < 3000


def test_a_body_that_breaks_off_does_not_undo_the_success(registry):
    """The registry said 200: sending again would only be a duplicate."""
    registry.answers["/"] = broken_body

    assert post(registry.url()).accepted


@pytest.mark.parametrize("behaviour", [garbage, endless_head])
def test_what_is_not_http_is_a_failed_try_not_a_crash(registry, behaviour):
    """Another service on the port, or a head without an end."""
    registry.answers["/"] = behaviour
    came = post(registry.url())

    assert came.status is None
    assert came.error.startswith("the connection failed")


def test_a_registry_that_is_down_is_a_failed_try():
    """Nobody listens: the retry table takes over."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        came = post(f"http://127.0.0.1:{unused.getsockname()[1]}/hook?token=s3cret")

    assert came.status is None
    assert came.error.startswith("the connection failed")
    assert "s3cret" not in came.error
    assert "c2VjcmV0" not in came.error


@pytest.mark.parametrize(
    "url",
    ["", "/hook", "ftp://school.example/", "https://", "http//x", "https://user:pw@school.example/", "https://[::1",
     "https://school.example:99999/", "file:///etc/passwd", "https://\x00/"],
)  # fmt: skip
def test_a_url_that_makes_no_sense_is_named(url):
    """Typed wrongly by an operator: told, not raised, and not repeated (it may hold a token)."""
    came = post(url, resolve=lambda *_: pytest.fail("nothing to resolve here"))

    assert came.status is None
    assert "URL" in came.error
    assert "pw" not in came.error


def test_outside_the_embedded_mode_only_https_will_do():
    """A photo's pull URL does not cross a campus in the clear."""
    came = post("http://school.example/hook", allow_private=False, resolve=lambda *_: ["203.0.113.9"])

    assert came.error == "the registry's URL must begin with https://"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "registry.school.example"])
def test_a_name_that_leads_to_this_machine_is_refused(registry, host):
    """The oldest trick: a public name whose address is 127.0.0.1."""
    came = post(
        registry.url(scheme="https", host=host),
        allow_private=False,
        resolve=lambda name, _port: ["127.0.0.1"] if name.endswith("example") else [name.strip("[]")],
    )

    assert came.status is None
    assert registry.requests == []


def test_the_system_s_own_resolver_is_asked():
    """`localhost` goes through the real resolver and is refused for what it is."""
    came = post("https://localhost:9/", allow_private=False)

    assert came.error == "the host's address is private or this machine's own, and not allow-listed"


def test_a_name_that_does_not_exist_is_a_failed_try():
    """The resolver's error is told without its internals."""

    def nowhere(_host, _port):
        raise socket.gaierror(-2, "Name or service not known")

    assert post("https://gone.example/", resolve=nowhere).error == "the host name cannot be resolved"


def test_the_name_is_resolved_once_and_the_checked_address_is_connected_to(registry):
    """DNS rebinding: a second answer of the resolver is never asked for."""
    asked = []

    def rebinding(host, _port):
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["203.0.113.9"]

    came = post(registry.url(host="registry.school.example"), resolve=rebinding)

    assert came.accepted
    assert asked == ["registry.school.example"]
    assert registry.requests[0][1]["Host"] == f"registry.school.example:{registry.port}"


def test_the_next_address_is_tried_when_the_first_does_not_answer(registry):
    """A registry with a dead IPv6 address is still reached over IPv4."""
    came = post(registry.url(host="dual.example"), resolve=lambda *_: ["::1", "127.0.0.1"])

    assert came.accepted


def certificate_for(name, folder):
    """A self-signed certificate for one host name; answers (server context, client context that trusts it)."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "chain.pem").write_bytes(secret + pem)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "chain.pem")
    return server, ssl.create_default_context(cadata=pem.decode())


@pytest.fixture
def tls_registry(tmp_path):
    server, client = certificate_for("registry.school.example", tmp_path)
    running = Registry(tls=server)
    yield running, client
    running.close()


def test_over_https_the_certificate_is_checked_against_the_name(tls_registry):
    """We connect to the checked address, but the name is what the certificate must be for."""
    registry, client = tls_registry
    allowed = {"allow_private": False, "allowed_networks": ["127.0.0.0/8"], "tls": client}

    right = post(
        registry.url(scheme="https", host="registry.school.example"), resolve=lambda *_: ["127.0.0.1"], **allowed
    )
    wrong = post(registry.url(scheme="https", host="other.school.example"), resolve=lambda *_: ["127.0.0.1"], **allowed)

    assert right.accepted
    assert wrong.status is None
    assert "certificate" in wrong.error.lower()
    assert len(registry.requests) == 1


def test_an_unknown_certificate_is_refused(tls_registry):
    """Self-signed and not installed: the event stays here."""
    registry, _ = tls_registry
    came = post(registry.url(scheme="https", host="registry.school.example"), resolve=lambda *_: ["127.0.0.1"])

    assert came.status is None
    assert registry.requests == []


REFUSED = [
    "10.1.2.3", "172.16.0.1", "192.168.1.1", "127.0.0.1", "127.8.8.8", "0.0.0.0", "100.64.0.1", "169.254.169.254",
    "100.100.100.200", "198.18.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1",
    "fd00:ec2::254", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::",
    "2001:db8::1", "fe80::1%eth0",
]  # fmt: skip


@pytest.mark.parametrize("address", REFUSED)
def test_no_event_goes_into_our_own_network(address):
    """Private, loopback, link-local, shared, multicast and metadata addresses, also when written as IPv6."""
    guard = AddressGuard(allow_private=False, resolve=lambda *_: [address])
    with pytest.raises(AddressRefused):
        guard.addresses_of("school.example", 443)


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "202.202.0.33", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]
)
def test_the_public_network_is_open(address):
    """A registry on the public network needs no permission."""
    assert AddressGuard(allow_private=False, resolve=lambda *_: [address]).addresses_of("school.example", 443)


def test_a_campus_network_can_be_allowed_by_itself():
    """`10.20.0.0/16` and nothing beside it."""
    guard = AddressGuard(allow_private=False, allowed=["10.20.0.0/16"], resolve=lambda host, _: [host])

    assert guard.addresses_of("10.20.3.4", 443) == ["10.20.3.4"]
    with pytest.raises(AddressRefused):
        guard.addresses_of("10.21.3.4", 443)


def test_one_private_address_among_public_ones_refuses_the_host():
    """Which of them a connection takes must not be left to chance."""
    guard = AddressGuard(allow_private=False, resolve=lambda *_: ["1.1.1.1", "10.0.0.1"])
    with pytest.raises(AddressRefused):
        guard.addresses_of("school.example", 443)


@pytest.mark.parametrize("address", ["169.254.169.254", "100.100.100.200", "fe80::1", "224.0.0.1", "0.0.0.0"])
def test_even_the_embedded_mode_does_not_talk_to_a_cloud_s_metadata(address):
    """Private is allowed there, the machine's credentials are not."""
    guard = AddressGuard(allow_private=True, resolve=lambda *_: [address])
    with pytest.raises(AddressRefused):
        guard.addresses_of("school.example", 443)


def test_a_host_without_addresses_is_refused():
    """A resolver may answer with nothing."""
    with pytest.raises(AddressRefused):
        AddressGuard(allow_private=True, resolve=lambda *_: []).addresses_of("school.example", 443)
