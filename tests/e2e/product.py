"""The whole product as `idphoto up` runs it, and the people who use it over HTTP: nothing of it is imported here."""

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from clerk import Clerk, Page
from loopback import serving

from deploy.sample_registry.app import create_app as create_registry

ROOT = Path(__file__).parents[2]
IDPHOTO = [sys.executable, "-c", "from api.cli import main; main()"]
_STEP_S = 0.2


def until(see: Callable[[], Any], *, within_s: float = 90) -> Any:
    """Look again and again until there is something to see; answer it."""
    ends = time.monotonic() + within_s
    pause = threading.Event()
    while not (seen := see()):
        assert time.monotonic() < ends, "waited in vain"
        pause.wait(_STEP_S)
    return seen


def run(*arguments: str, expect: int = 0) -> str:
    """Run `idphoto …`; answer what it printed."""
    done = subprocess.run([*IDPHOTO, *arguments], capture_output=True, text=True, check=False, cwd=ROOT, timeout=300)
    assert done.returncode == expect, done.stdout + done.stderr
    return done.stdout


@dataclass
class School:
    """A running product and its people. `registry_url` is the school's own registry, in this process."""

    url: str
    printed: str
    registry_url: str
    secrets_file: Path
    leaving: ExitStack
    clerks: dict[str, Clerk] = field(default_factory=dict)

    def staff(self, role: str) -> Clerk:
        """Sign in as one of the sample staff, with what `idphoto up` printed."""
        if role not in self.clerks:
            login, password = sample_login(self.printed, role)
            self.clerks[role] = self._sign_in(login, password)
        return self.clerks[role]

    def counsellor(self, login: str, *, college: str = "", class_: str = "") -> Clerk:
        """Have the registrar open an account for some classes; sign in with the password that is shown once."""
        office = self.staff("registrar")
        form = office.open("/console/staff/new").form("/console/staff/new$")
        issued = office.send(form, login=login, name=f"{login}老师", role="counsellor")
        password = re.search(r'id="one-time">([^<]+)<', issued.html)
        assert password, issued.text
        person = office.open(issued.link("/console/staff/sf_"))
        office.send(person.form("/scopes$"), college=college, class_=class_)
        return self._sign_in(login, password[1])

    def student(self, name: str) -> "Phone":
        phone = Phone(self.url, name)
        self.leaving.callback(phone.http.close)
        return phone

    def new_registry(self, name: str, *, embed: bool = False) -> tuple[str, str]:
        """Have the registrar enter the school's registry; answer its id and the secret it signs its answers with."""
        office = self.staff("registrar")
        form = office.open("/console/registries/new").form("/console/registries/new$")
        photo = "embedded" if embed else "link"
        shown = office.send(form, name=name, url=f"{self.registry_url}/hook", photo=photo)
        secrets = dict(re.findall(r'id="secret-(\w+)" value="([^"]+)"', shown.html))
        assert set(secrets) == {"sent", "answered"}, shown.text
        self.secrets_file.write_text(secrets["sent"], "ascii")
        return shown.link("/console/registries/rg_").rpartition("/")[2], secrets["answered"]

    def received(self, count: int) -> list[dict[str, Any]]:
        """Answer the registry's events once there are so many."""

        def look() -> list[dict[str, Any]] | None:
            found: list[dict[str, Any]] = httpx.get(f"{self.registry_url}/received", trust_env=False).json()["events"]
            return found if len(found) >= count else None

        events: list[dict[str, Any]] = until(look)
        return events

    def photo_at_registry(self, name: str) -> bytes:
        """Answer a photo as the registry keeps it."""
        return httpx.get(f"{self.registry_url}/photos/{name}", trust_env=False).content

    def _sign_in(self, login: str, password: str) -> Clerk:
        clerk = Clerk(self.url, login, password)
        self.leaving.callback(clerk.close)
        return clerk


class Phone:
    """A student with a phone, signed in and agreed to everything."""

    def __init__(self, url: str, name: str) -> None:
        self.http = httpx.Client(base_url=url, trust_env=False, timeout=90)
        token = self.http.post("/v1/auth/dev", json={"name": name}).json()["access_token"]
        self.http.headers["Authorization"] = f"Bearer {token}"
        for text in self.http.get("/v1/consents").json()["consents"]:
            self.http.post("/v1/consents", json={"id": text["id"]})

    def bind(self, campaign: str, name: str, id_number: str) -> httpx.Response:
        return self.http.post("/v1/me/identity", json={"campaign": campaign, "name": name, "id_number": id_number})

    def photo(self, campaign: str, selfie: bytes) -> dict[str, Any]:
        """Take a selfie and wait for what comes of it."""
        file = {"selfie": ("selfie.jpg", selfie, "image/jpeg")}
        sent = self.http.post("/v1/photos", data={"campaign": campaign}, files=file)
        assert sent.status_code == 202, sent.text

        def look() -> dict[str, Any] | None:
            answer: dict[str, Any] = self.http.get(sent.json()["status_url"], params={"wait": 10}).json()
            return None if answer["state"] in {"queued", "rendering"} else answer

        done: dict[str, Any] = until(look, within_s=180)
        return done

    def ready(self, campaign: str, selfie: bytes) -> str:
        """Take a photo that passes; answer its id."""
        done = self.photo(campaign, selfie)
        assert done["state"] == "ready", done["report"]
        photo: str = done["id"]
        return photo

    def confirm(self, campaign: str, photo: str, profile: dict[str, Any]) -> httpx.Response:
        return self.http.post("/v1/submissions", json={"photo": photo, "campaign": campaign, "profile": profile})

    def hand_in(self, campaign: str, selfie: bytes, profile: dict[str, Any]) -> str:
        """Photo, form, submission; answer its id."""
        answer = self.confirm(campaign, self.ready(campaign, selfie), profile)
        assert answer.status_code == 201, answer.text
        submission: str = answer.json()["id"]
        return submission

    def outcome(self) -> tuple[str, str | None]:
        """Read what became of the newest submission, and why."""
        newest = self.http.get("/v1/submissions").json()["submissions"][0]
        return newest["state"], newest["reason"]


def sample_login(printed: str, login: str) -> tuple[str, str]:
    """Find a member of the sample staff in what `idphoto up` prints."""
    found = re.search(rf"^\s+{login}\s+password (\S+):", printed, re.MULTILINE)
    assert found, f"idphoto up prints no {login}:\n{printed}"
    return login, found[1]


def choose(page: Page, *names: str) -> list[str]:
    """Answer the tickets of these people in the review queue, as their boxes would be ticked."""
    found = re.findall(r'name="pick" value="([^"]+)"><span class="visually-hidden">([^<]*)<', page.html)
    chosen = [value for value, words in found if any(name in words for name in names)]
    assert len(chosen) == len(names), found
    return chosen


@contextmanager
def open_school(folder: Path, **env: str) -> Iterator[School]:
    """Run the product and the school's registry under a folder; both end with the block."""
    secrets = folder / "registry" / "secrets"
    secrets.parent.mkdir()
    secrets.touch()
    with ExitStack() as stack:
        registry_url = stack.enter_context(serving(create_registry(directory=secrets.parent, secret_file=secrets)))
        url, printed = stack.enter_context(_running(folder, env))
        leaving = stack.enter_context(ExitStack())
        yield School(url, printed, registry_url, secrets, leaving)


@contextmanager
def _running(folder: Path, env: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Run `idphoto up`; answer the address and what it printed."""
    command = [*IDPHOTO, "up", "--port", str(_free_port()), "--var", str(folder / "var"), "--workers", "1"]
    with (folder / "stderr").open("w") as errors:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=errors, text=True, cwd=ROOT, env={**os.environ, **env}
        )
        assert process.stdout is not None
        try:
            printed = ""
            while "Ctrl-C ends everything" not in printed:
                line = process.stdout.readline()
                assert line, "idphoto up ended: " + (folder / "stderr").read_text()
                printed += line
            yield f"http://127.0.0.1:{command[command.index('--port') + 1]}", printed
        finally:
            process.terminate()
            process.wait(60)
            process.stdout.close()


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
