"""The talk with WeChat from end to end: every part its own process, WeChat's place taken by the strict fake."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from api.adapters.database.database import SqlDatabase
from api.cli.stack import Plan, Stack
from api.domain.identity import Channel

pytestmark = pytest.mark.slow

RETURNED = "fake-returned"


@dataclass
class Phone:
    """Alice's phone: the mini-program on it, and WeChat around it."""

    product: httpx.Client
    wechat: httpx.Client

    def sign_in(self) -> None:
        code = self.wechat.post("/_fake/login/alice").json()["code"]
        session = self.product.post("/v1/auth/wechat", json={"code": code}).json()
        self.product.headers["Authorization"] = f"Bearer {session['access_token']}"
        for text in self.product.get("/v1/consents").json()["consents"]:
            assert self.product.post("/v1/consents", json={"id": text["id"]}).status_code == 201

    def credits(self, template: str) -> int | None:
        offers = self.product.get("/v1/me/notices").json()["notices"]
        return next(one["credits"] for one in offers if one["template_id"] == template)

    def inbox(self) -> list[dict]:
        return self.wechat.get("/_fake/seen").json()["sent"]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """`idphoto up --fake-wechat`, without a renderer: no photo is made here."""
    plan = Plan(home=tmp_path_factory.mktemp("up"), port=0, env={}, renderers=0, fake_wechat=True)
    with Stack(plan, say=lambda line: None) as running:
        yield running


@pytest.fixture
def phone(stack: Stack) -> Iterator[Phone]:
    """A phone that is signed in."""
    with (
        httpx.Client(base_url=stack.url, trust_env=False, timeout=15) as product,
        httpx.Client(base_url=stack.fake_wechat_url, trust_env=False, timeout=15) as wechat,
    ):
        one = Phone(product, wechat)
        one.sign_in()
        yield one


def until(so: Callable[[], bool], *, within_s: float = 20) -> bool:
    """Look every 50 ms until it is so."""
    ends, pause = time.monotonic() + within_s, threading.Event()
    while time.monotonic() < ends:
        if so():
            return True
        pause.wait(0.05)
    return False


def test_a_tap_a_notice_and_being_forgotten(stack: Stack, phone: Phone) -> None:
    """Alice agrees to one message, hears once that the window closes soon, and has WeChat delete her information."""
    pushed = phone.wechat.post(f"/_fake/agree/alice/{RETURNED}").json()
    phone.wechat.post("/_fake/agree/alice/fake-closing")

    assert pushed == {"pushed": "success"}
    assert until(lambda: phone.credits(RETURNED) == 1)
    assert until(lambda: phone.credits("fake-closing") == 1)

    campaign = stack.seeded.campaigns[0]
    person = next(row for row in stack.seeded.roster if row.campaign_id == campaign.id)
    identity = {"campaign": campaign.id, "name": person.name, "id_number": person.id_number}
    assert phone.product.post("/v1/me/identity", json=identity).status_code == 200
    _let_close_soon(stack, campaign.id)

    assert until(lambda: len(phone.inbox()) == 1)
    (message,) = phone.inbox()
    assert message["template_id"] == "fake-closing"
    assert message["data"]["thing3"] == {"value": "请在截止前拍照并提交"}
    assert until(lambda: phone.credits("fake-closing") == 0)

    assert phone.wechat.post("/_fake/forget/alice").json() == {"pushed": "success"}
    assert until(lambda: phone.product.get("/v1/consents").status_code == 401)
    with stack.house.parts.database.read() as uow:
        assert uow.students.by_subject(Channel.WECHAT, message["touser"]) is None
        assert uow.roster.get(person.id).student_id is None

    for secret in (message["touser"], "access_token", "fake-secret", person.id_number, person.name):
        assert secret not in _logs(stack)


def _logs(stack: Stack) -> str:
    return "".join(path.read_text() for path in Path(stack._logs).glob("*.log"))


def _let_close_soon(stack: Stack, campaign_id: str) -> None:
    """Move the end of the window to an hour from now."""
    from dataclasses import replace
    from datetime import timedelta

    database = stack.house.parts.database
    assert isinstance(database, SqlDatabase)
    with database.write() as uow:
        campaign = uow.campaigns.get(campaign_id)
        ends_at = (stack.house.clock.now() + timedelta(hours=1)).replace(microsecond=0)
        uow.campaigns.save(replace(campaign, ends_at=ends_at))
        uow.commit()
