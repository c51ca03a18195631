"""A registrar makes a school's system known and looks after what it is owed: a real Chromium, a real registry."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue

import httpx
import pytest
from desk import Desk
from playwright.sync_api import expect

from api.adapters.registry_http import HttpRegistryPost
from api.adapters.tethered import Tethered
from api.domain.delivery import DeliveryState, dead
from api.domain.work import Ring, Work


class School:
    """The sample registry in a process of its own; its engineer keeps the secrets in a file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir()
        self.secret_file = folder / "secrets"
        self.secret_file.touch()
        self.process = Tethered(
            [sys.executable, "-m", "deploy.sample_registry", "--directory", str(folder), "--secret-file",
             str(self.secret_file)],
            log=folder / "log",
        )  # fmt: skip
        while not (folder / "port").exists():
            assert self.process.poll() is None, (folder / "log").read_text()
            time.sleep(0.02)
        self.url = f"http://127.0.0.1:{(folder / 'port').read_text().strip()}"

    def know(self, *secrets: str) -> None:
        """Keep these secrets, newest first; the program reads them anew for every event."""
        self.secret_file.write_text("\n".join(secrets) + "\n")

    def received(self) -> list[str]:
        return [one["type"] for one in httpx.get(f"{self.url}/received", trust_env=False).json()["events"]]


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    one = School(tmp_path / "school")
    yield one
    one.process.end()


@contextmanager
def postman(desk: Desk) -> Iterator[None]:
    """Deliver whatever is rung for over real HTTP; a worker in a thread."""
    world, bag = desk.world, SimpleQueue[Ring | None]()
    world.house.parts.post.wire = HttpRegistryPost(5, allow_private=True)
    cook = world.bell.answer

    def answer(ring: Ring) -> None:
        if ring.work is Work.DELIVER:
            bag.put(ring)
        else:
            cook(ring)

    def walk() -> None:
        while (ring := bag.get()) is not None:
            world.house.deliver(ring.thing_id)

    world.bell.answer = answer
    thread = threading.Thread(target=walk)
    thread.start()
    try:
        yield
    finally:
        bag.put(None)
        thread.join()


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_a_registrar_adds_tries_rotates_and_sends_again(desk_of: Callable[..., Desk], school: School, width: int):
    """From an empty form to a dead letter that arrives after all."""
    desk = desk_of(width=width)
    with postman(desk):
        desk.sign_in(desk.world.account("registrar", login="lin"))
        school.know(made_known(desk, school))
        assert tried(desk, "对方已接收") == ["registry.ping"] == school.received()
        desk.shot("registry-ping")
        verified(desk)
        fresh = rotated(desk)
        tried(desk, "对方已接收")
        old_one_ended(desk)
        tried(desk, "对方拒绝了签名")
        give_up(desk)
        school.know(fresh)
        sent_again(desk)
        until(lambda: {one.state for one in desk.world.house.list_deliveries()} == {DeliveryState.DELIVERED})
        arrived(desk)


def made_known(desk: Desk, school: School) -> str:
    """Fill in the form; return the secret that is shown, this once."""
    page = desk.page
    desk.open("/console/registries")
    desk.shot("registries")
    page.get_by_role("link", name="登记新系统").click()
    page.get_by_label("名称").fill("新教务系统")
    page.get_by_label("接收地址").fill(f"{school.url}/hook")
    desk.shot("registry-form")
    page.get_by_role("button", name="登记并显示密钥").click()
    secret = page.get_by_role("textbox", name="通知密钥").input_value()
    assert secret.startswith("whsec_")
    desk.shot("registry-secrets")
    page.get_by_role("link", name="我已保存好").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("新教务系统")
    assert secret not in page.content()
    return secret


def tried(desk: Desk, words: str) -> list[str]:
    """Send a test event and wait for its outcome, which shows without a click."""
    desk.page.get_by_role("button", name="发送测试通知").click()
    expect(desk.page.get_by_text(words).first).to_be_visible()
    return [one.event.value for one in desk.world.house.list_deliveries(limit=1)]


def back_to_the_registry(desk: Desk) -> None:
    desk.page.locator("main").get_by_role("link", name="新教务系统").last.click()
    expect(desk.page.get_by_role("heading", level=1)).to_have_text("新教务系统")


def verified(desk: Desk) -> None:
    """Nine trials by the official library's side of the wire."""
    back_to_the_registry(desk)
    desk.page.get_by_role("button", name="全面自查").click()
    expect(desk.page.get_by_text("九项全部正确")).to_be_visible()
    desk.shot("registry-verified")
    back_to_the_registry(desk)


def rotated(desk: Desk) -> str:
    """Change the secret with a day of overlap; return the new one."""
    page = desk.page
    page.get_by_label("旧密钥再用").first.select_option("1 天")
    page.get_by_role("button", name="更换 通知密钥").click()
    fresh = page.get_by_role("textbox", name="通知密钥").input_value()
    expect(page.get_by_text("为止仍然有效")).to_be_visible()
    page.get_by_role("link", name="我已保存好").click()
    expect(page.get_by_text("新旧两个密钥都有效，旧密钥到")).to_be_visible()
    desk.shot("registry")
    return fresh


def old_one_ended(desk: Desk) -> None:
    """The school has not moved yet: what is sent now is not believed."""
    back_to_the_registry(desk)
    desk.page.get_by_role("button", name="旧密钥现在失效 通知密钥").click()
    expect(desk.page.get_by_text("旧密钥已失效")).to_be_visible()


def sent_again(desk: Desk) -> None:
    """From the list's alarm to the batch's summary."""
    page = desk.page
    desk.open("/console/registries")
    desk.shot("registries-with-dead-letters")
    page.get_by_role("link", name="查看并重发").click()
    desk.shot("dead-letters")
    page.get_by_role("link", name="全部重发（1 条）").click()
    desk.shot("registry-replay")
    page.get_by_role("button", name="重发 1 条").click()
    expect(page.get_by_role("status").first).to_contain_text("已重新排队 1 条")


def arrived(desk: Desk) -> None:
    """Two tries stand there: refused, then taken."""
    page = desk.page
    desk.open("/console/registries/deliveries")
    desk.shot("deliveries")
    page.locator("tbody").get_by_role("link", name="测试").first.click()
    expect(page.get_by_text("第 2 次")).to_be_visible()
    desk.shot("delivery")


def test_an_address_inside_the_campus_is_refused_before_anything_is_sent(desk: Desk):
    """The reason stands by the field, the form stays filled in; keyboard and screen reader are led there."""
    desk.world.house.parts.post.refused = {"https://10.1.2.3/hook": "private"}
    desk.sign_in(desk.world.account("registrar", login="lin"))
    desk.open("/console/registries/new")
    desk.page.get_by_label("名称").fill("学工系统")
    desk.page.get_by_label("接收地址").fill("https://10.1.2.3/hook")
    desk.page.get_by_role("button", name="登记并显示密钥").click()

    expect(desk.page.get_by_text("IDPHOTO_REGISTRY_NETWORKS").first).to_be_visible()
    expect(desk.page.get_by_label("接收地址")).to_have_value("https://10.1.2.3/hook")
    expect(desk.page.get_by_label("接收地址")).to_have_attribute("aria-invalid", "true")
    desk.shot("registry-form-refused")


def give_up(desk: Desk) -> None:
    """Let the retry table run out for what was refused."""
    with desk.world.house.parts.database.write() as uow:
        [waiting] = uow.deliveries.find(registry_id=None, state=DeliveryState.PENDING.value, limit=5)
        gone = dead(waiting, now=desk.world.clock.now())
        assert uow.deliveries.swap(gone, state=waiting.state, attempts=waiting.attempts)
        uow.commit()


def until(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.05)
