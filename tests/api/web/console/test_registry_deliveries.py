"""What registries are owed, before the registrar's eyes: found by filter, told in words, sent again."""

import pytest
from web_world import Staff, World

from api.domain.audit import AuditFilter
from api.domain.delivery import Answer, DeliveryState, Event, cancelled, dead
from api.domain.registry_repositories import DeliveryFilter
from api.services.deliveries_desk import Replayed, ReplayMany
from api.services.registries import RegistryChange

PATH = "/console/registries/deliveries"


def answer(status: int | None, error: str | None = None) -> Answer:
    return Answer(status, None, error or (f"the registry answered {status}" if status else None), 12.4)


@pytest.fixture
def office(world: World) -> Staff:
    return world.staff("registrar")


@pytest.fixture
def owed(world: World) -> list[str]:
    """Three pings, the last of them a dead letter, and a photo's two events."""
    registry = world.seeded.registry.id
    ids = [world.house.ping_registry(registry).id for _ in range(3)]
    with world.house.parts.database.write() as uow:
        last = uow.deliveries.get(ids[2])
        uow.deliveries.swap(dead(last, now=world.clock.now()), state=last.state, attempts=0)
        uow.commit()
    submission = world.student().submit()["id"]
    found = world.house.find_submissions()[0].submission
    assert found.id == submission
    world.house.approve("li", submission)
    world.clock.sleep(1)
    return ids


def shown(page: str) -> set[str]:
    return {part.split('"')[0] for part in page.split(f'href="{PATH}/dl_')[1:]}


def test_deliveries_are_found_by_state_registry_campaign_and_event(world: World, office: Staff, owed: list[str]):
    """Each filter alone, and two together."""
    everything = len(world.house.list_deliveries())
    campaign = next(one for one in world.seeded.campaigns if one.slug == "hunan-pretco").id
    wanted = {
        "": everything,
        "?state=dead": 1,
        "?event=registry.ping": 3,
        f"?registry={world.seeded.registry.id}": everything,
        "?registry=rg_other": 0,
        f"?campaign={campaign}": everything - 3,
        "?state=dead&event=photo.approved": 0,
        "?state=nonsense&event=nonsense": everything,
    }

    assert everything > 3
    assert {query: len(shown(office.get(PATH + query).text)) for query in wanted} == wanted


def test_a_dead_letter_is_counted_on_every_page_of_the_list_and_leads_to_itself(office: Staff, owed: list[str]):
    """Nobody has to look for it."""
    page = office.get("/console/registries").text

    assert "有 1 条通知多次发送失败" in page
    assert f"{PATH}?state=dead" in page
    assert "死信" in office.get(f"{PATH}?state=dead").text


@pytest.mark.parametrize(
    ("came", "words"),
    [
        (answer(204), "对方已接收"),
        (answer(302), "对方要求跳转"),
        (answer(401), "对方拒绝了签名"),
        (answer(410), "对方表示不再接收"),
        (answer(413), "4 MB"),
        (answer(429), "对方要求稍后再来"),
        (answer(500), "对方程序出错（500）"),
        (answer(418), "对方拒绝（418）"),
        (answer(None, "no answer within 15 s"), "对方没有在规定时间内回答"),
        (answer(None, "the connection failed: [Errno 111] Connection refused"), "对方拒绝连接"),
        (answer(None, "the connection failed: [Errno 104] Connection reset by peer"), "对方中途断开了连接"),
        (answer(None, "the connection failed: [SSL: CERTIFICATE_VERIFY_FAILED] …"), "HTTPS 证书有问题"),
        (answer(None, "the host's address is private or this machine's own, and not allow-listed"), "IDPHOTO_REGISTRY"),
        (answer(None, "something nobody foresaw"), "没有成功"),
    ],
)
def test_a_delivery_tells_each_try_in_words(world: World, office: Staff, owed: list[str], came: Answer, words: str):
    """Time, duration, status, and what it means."""
    world.house.parts.post.answers = [came]
    world.house.deliver(owed[0])
    page = office.get(f"{PATH}/{owed[0]}").text

    assert words in page
    assert "12 毫秒" in page
    assert "第 1 次" in page


def test_a_try_whose_worker_died_is_told_as_such(world: World, office: Staff, owed: list[str]):
    """It began, and nothing was written after."""

    class Killed(Exception):
        pass

    def die(*_: object, **__: object) -> None:
        raise Killed

    world.house.parts.post.answers = [None]
    world.house.parts.post.post = die
    with pytest.raises(Killed):
        world.house.deliver(owed[0])

    assert "发送的进程中断了" in office.get(f"{PATH}/{owed[0]}").text


def test_one_is_sent_again_and_it_is_noted_who_did(world: World, office: Staff, owed: list[str]):
    """Due now, with the whole table before it, whatever became of it."""
    answer_ = office.post(f"{PATH}/{owed[2]}/replay", follow_redirects=True)
    view = world.house.registry.deliveries.one(owed[2])
    with world.house.parts.database.read() as uow:
        [entry] = uow.audit.find(AuditFilter(action="delivery.replayed"), before=None, limit=5)

    assert "已重新排队" in answer_.text
    assert (view.delivery.state, view.delivery.tries) == (DeliveryState.PENDING, 0)
    assert (entry.subject, entry.actor) == (owed[2], office.member.login)


def test_what_is_on_its_way_or_was_cancelled_is_left_alone(world: World, office: Staff, owed: list[str]):
    """And the page says so."""
    with world.house.parts.database.write() as uow:
        before = uow.deliveries.get(owed[0])
        uow.deliveries.swap(cancelled(before, now=world.clock.now()), state=before.state, attempts=0)
        uow.commit()
    page = office.post(f"{PATH}/{owed[0]}/replay", follow_redirects=True).text

    assert "没有重发" in page
    assert world.house.registry.deliveries.one(owed[0]).delivery.state is DeliveryState.CANCELLED


def test_a_replay_asks_a_registry_again_that_closed_itself_but_not_one_a_person_switched_off(
    world: World, office: Staff, owed: list[str]
):
    """410 is answered by a person's decision; a person's decision is not undone by the way."""
    registry = world.seeded.registry.id
    world.house.parts.post.answers = [answer(410)]
    world.house.deliver(owed[0])
    assert "对方已关闭" in office.get("/console/registries").text
    office.post(f"{PATH}/{owed[0]}/replay")
    assert world.house.list_registries()[0].disabled_at is None

    world.house.registry.switch.off(registry)
    page = office.post(f"{PATH}/{owed[2]}/replay", follow_redirects=True).text
    assert "启用后发送" in page
    assert world.house.list_registries()[0].switched_off
    assert world.house.deliver(owed[2]) is None


def test_a_batch_says_what_it_will_do_and_what_it_did(world: World, office: Staff, owed: list[str]):
    """The number before, the number after, and nothing but what was filtered."""
    query = "state=dead&event=registry.ping"
    ask = office.get(f"{PATH}/replay?{query}").text
    assert "符合条件的共 1 条" in ask
    assert "重发 1 条" in ask

    done = office.post(f"{PATH}/replay", {"state": "dead", "event": "registry.ping"}, follow_redirects=True).text
    assert "已重新排队 1 条（符合条件的共 1 条）" in done
    assert world.house.registry.show.dead_letters() == 0
    with world.house.parts.database.read() as uow:
        [entry] = uow.audit.find(AuditFilter(action="delivery.replayed_many"), before=None, limit=5)
    assert entry.detail == {"state": "dead", "event": "registry.ping", "again": "1", "found": "1"}


@pytest.mark.parametrize("state", ["", "pending", "sending", "cancelled", "nonsense"])
def test_a_batch_takes_only_what_is_settled(office: Staff, owed: list[str], state: str):
    """What is on its way needs nobody."""
    assert office.get(f"{PATH}/replay?state={state}").status_code == 422
    assert office.post(f"{PATH}/replay", {"state": state}).status_code == 422


def test_a_batch_larger_than_one_go_says_what_is_left(world: World, office: Staff):
    """Five dead letters, three at once: two are left, and another go takes them."""
    parts = world.house.parts
    ids = [world.house.ping_registry(world.seeded.registry.id).id for _ in range(5)]
    with parts.database.write() as uow:
        for one in map(uow.deliveries.get, ids):
            uow.deliveries.swap(dead(one, now=world.clock.now()), state=one.state, attempts=0)
        uow.commit()
    many = ReplayMany(database=parts.database, clock=parts.clock, bell=parts.bell, most=3)
    wanted = DeliveryFilter(state=DeliveryState.DEAD)

    assert [many(wanted), many(wanted), many(wanted)] == [Replayed(5, 3), Replayed(2, 2), Replayed(0, 0)]


def test_a_long_list_is_turned_page_by_page_and_shows_each_once(world: World, office: Staff):
    """Also where many were made in the same moment."""
    for _ in range(60):
        world.house.ping_registry(world.seeded.registry.id)
    first = office.get(PATH).text
    onward = first.split(f'href="{PATH}?before=')[1].split('"')[0]
    second = office.get(f"{PATH}?before={onward}").text

    assert "共 60 条" in first
    assert (len(shown(first)), len(shown(second))) == (50, 10)
    assert not shown(first) & shown(second)
    assert "下一页" not in second


def test_a_page_from_a_delivery_that_is_gone_begins_at_the_newest(world: World, office: Staff, owed: list[str]):
    """A bookmark, or nonsense."""
    assert office.get(f"{PATH}?before=dl_none").status_code == 200
    assert world.house.registry.deliveries(DeliveryFilter(event=Event.PING), before="dl_none").found == 3


def test_a_registry_that_does_not_want_an_event_is_not_owed_it(world: World):
    """Submitted is left out, approved is not; the revocation always comes."""
    registry = world.seeded.registry.id
    world.house.change_registry.apply(registry, RegistryChange(events=frozenset({Event.APPROVED})))
    student = world.student()
    submission = student.submit()["id"]
    assert world.house.list_deliveries() == ()
    world.house.approve("li", submission)
    world.house.revoke("li", submission, reason="照片与本人不符")

    assert {one.event for one in world.house.list_deliveries()} == {Event.APPROVED, Event.REVOKED}
