"""What is kept of a registry ends when it has to: secrets after their overlap, message ids after a month."""

from datetime import timedelta

import pytest
from house_fakes import World, answer

from api.domain.delivery import DeliveryState, Event
from api.domain.errors import Conflict, InvalidRequest, NotFound
from api.domain.trouble import EndpointRefused
from api.domain.work import Work
from api.services.registries import RegistryChange


def test_an_old_secret_is_gone_from_the_database_after_its_overlap(world: World):
    """It no longer counts from that second on, and the next purge drops it."""
    registry = world.seed().registry
    sent = world.house.registry.rotate.begin(registry.id, overlap=timedelta(days=1))
    answers = world.house.registry.rotate_answers.begin(registry.id, overlap=timedelta(days=2))
    world.clock.forward(hours=25)
    world.house.purge()
    [after] = world.house.list_registries()

    assert (after.secrets, after.secrets_until) == ((sent.secret,), None)
    assert after.answer_secrets == (answers.secret, *registry.answer_secrets)
    assert after.answer_secrets_until == answers.old_until


def test_events_are_signed_with_both_secrets_until_the_overlap_is_over(world: World):
    """Two signatures, then one."""
    registry = world.seed().registry
    world.house.registry.rotate.begin(registry.id, overlap=timedelta(days=1))
    for _ in range(2):
        world.house.ping_registry(registry.id)
        world.work_off(Work.DELIVER)
        world.clock.forward(hours=25)

    assert [len(posted.headers["webhook-signature"].split()) for posted in world.post.posted] == [2, 1]


def test_a_rotation_after_an_overlap_that_ran_out_goes_on_from_the_newest(world: World):
    """The one that ceased to count never counts again."""
    registry = world.seed().registry
    first = world.house.registry.rotate.begin(registry.id, overlap=timedelta(days=1))
    world.clock.forward(hours=25)
    second = world.house.registry.rotate.begin(registry.id)

    assert second.registry.secrets == (second.secret, first.secret)


@pytest.mark.parametrize("days", [0, -1, 31])
def test_an_overlap_is_neither_none_nor_endless(world: World, days: int):
    """A month at the most."""
    with pytest.raises(InvalidRequest):
        world.house.registry.rotate.begin(world.seed().registry.id, overlap=timedelta(days=days))


def test_ids_of_messages_are_forgotten_after_a_month(world: World):
    """And not before: a registry's own retries are over by then."""
    registry = world.seed().registry.id
    with world.house.parts.database.write() as uow:
        uow.registries.remember_message(registry, "msg_1", now=world.clock.now())
        uow.commit()

    def known() -> bool:
        with world.house.parts.database.write() as uow:
            return not uow.registries.remember_message(registry, "msg_1", now=world.clock.now())

    world.clock.forward(hours=29 * 24)
    world.house.purge()
    assert known()
    world.clock.forward(hours=25)
    world.house.purge()
    assert not known()


def test_what_a_switched_off_registry_is_owed_waits_and_arrives(world: World):
    """Nothing is tried, nothing is lost, and the retry table has not moved."""
    registry = world.seed().registry
    world.house.registry.switch.off(registry.id)
    world.submitted()
    world.house.sweep()
    assert world.work_off(Work.DELIVER) > 0
    assert world.post.posted == []
    world.clock.forward(hours=100)
    world.house.registry.switch.on(registry.id)
    world.house.sweep()
    world.work_off(Work.DELIVER)

    [only] = world.house.list_deliveries()
    assert (only.state, only.attempts) == (DeliveryState.DELIVERED, 1)


def test_a_registry_that_a_person_switched_off_stays_off_whatever_it_answers(world: World):
    """An event was in the air when it was switched off, and came back 410."""
    registry = world.seed().registry
    ping = world.house.ping_registry(registry.id)
    world.post.answers = [answer(410)]
    world.post.before = lambda: world.house.registry.switch.off(registry.id)
    world.house.deliver(ping.id)

    assert world.house.list_registries()[0].switched_off


def test_an_address_can_be_looked_at_before_anything_is_sent(world: World):
    """The guard's reason, and no request."""
    world.house.registry.check("https://jw.example.edu.cn/hook")
    with pytest.raises(EndpointRefused) as refusal:
        world.house.registry.check("https://refused.example/hook")

    assert refusal.value.facts["reason"] == "private"
    assert world.post.posted == []


def test_a_change_names_only_what_it_changes(world: World):
    """A name that is taken is refused; every kind of event is the same as no choice."""
    registry = world.seed().registry
    other = world.house.add_registry("学工系统", url="https://xg.example.edu.cn/hook")
    change = world.house.change_registry.apply
    with pytest.raises(Conflict):
        change(other.id, RegistryChange(name=registry.name))
    with pytest.raises(NotFound):
        change("rg_none", RegistryChange(name="x"))
    after = change(registry.id, RegistryChange(events=frozenset({Event.APPROVED, Event.PING})))

    assert (after.events, after.url, after.name) == ({Event.APPROVED}, registry.url, registry.name)
    assert change(registry.id, RegistryChange(events=frozenset(Event) - {Event.PING})).events is None
