"""The sample world."""

import pytest
from house_fakes import World
from jsonschema import Draft202012Validator
from stdnum.cn import ric

from api.domain.campaign import WindowState
from api.domain.errors import IdNumberInvalid, InvalidRequest, SpecUnknown
from api.services.campaign_templates import TEMPLATES
from api.services.open_campaign import Window
from api.services.roster import Person


def test_the_sample_world_is_open_and_its_people_are_possible(world: World):
    """Two open campaigns, a registry, and people whose numbers have right check digits."""
    seeded = world.seed()

    assert seeded.registry.name == "示例教务系统"
    assert [campaign.slug for campaign in seeded.campaigns] == ["hunan-pretco", "cqwu-xuegong"]
    assert {campaign.window(world.clock.now()) for campaign in seeded.campaigns} == {WindowState.OPEN}
    assert all(ric.calc_check_digit(row.id_number) == row.id_number[17] for row in seeded.roster)
    assert len(seeded.roster) == 6


def test_seeding_again_adds_nothing(world: World):
    """The same ids, the same people; only the registry's address may have moved."""
    first = world.seed()

    second = world.house.seed_sample(registry_url="http://elsewhere.example/hook")

    assert second.roster == first.roster
    assert [one.id for one in second.campaigns] == [one.id for one in first.campaigns]
    assert (second.registry.id, second.registry.secrets) == (first.registry.id, first.registry.secrets)
    assert second.registry.url == "http://elsewhere.example/hook"


def test_a_sample_campaign_that_ended_is_open_again(world: World):
    """Started months later, the sample is not a closed door."""
    world.seed()
    world.clock.forward(days=100)

    seeded = world.seed()

    assert {campaign.window(world.clock.now()) for campaign in seeded.campaigns} == {WindowState.OPEN}


def test_the_samples_end_as_the_notices_do(world: World):
    """At 23:59:59 in Beijing."""
    ends_at = world.seed().campaigns[0].ends_at

    assert (ends_at.hour, ends_at.minute, ends_at.second, ends_at.microsecond) == (15, 59, 59, 0)


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=lambda template: template.id)
def test_templates_are_sound(world: World, template):
    """A template's form is a valid JSON Schema and its spec is in the catalogue."""
    Draft202012Validator.check_schema(template.profile_schema)

    assert world.house.get_spec(template.spec).id == template.spec


def test_the_catalogue_is_shown(world: World):
    """Every spec by id, and a refusal with a name for one that is not there."""
    ids = [spec.id for spec in world.house.list_specs()]

    assert {"hunan-pretco", "cqwu-xuegong"} <= set(ids)
    with pytest.raises(SpecUnknown):
        world.house.get_spec("no-such-spec")


def test_a_window_has_a_length(world: World):
    """A campaign that ends before it starts is not opened."""
    now = world.clock.now()

    with pytest.raises(InvalidRequest):
        world.house.open_campaign(
            TEMPLATES["hunan-pretco-2023"], slug="s", window=Window(starts_at=now, ends_at=now), registry_id=None
        )


def test_one_bad_number_stops_the_import(world: World):
    """All or nothing: a roster with a wrong number leaves no half of itself."""
    seeded = world.seed()
    place = {"student_number": "S1", "college": "c", "grade": "g", "major": "m", "class_": "k"}
    people = [
        Person(name="甲", id_number="430000200001010013", **place),
        Person(name="乙", id_number="430000200001010010", **place),
    ]

    with pytest.raises(IdNumberInvalid):
        world.house.import_roster("hunan-pretco", people)

    with world.house.parts.database.read() as uow:
        assert len(uow.roster.of_campaign(seeded.campaigns[0].id)) == 4
