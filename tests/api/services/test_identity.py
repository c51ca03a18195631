"""Proving to be a person of the roster."""

import pytest
from house_fakes import World

from api.domain.errors import AlreadyBound, ConsentRequired, IdentityMismatch, IdNumberInvalid, TooManyAttempts
from api.domain.identity import RosterRow


def people(world: World, slug: str = "hunan-pretco") -> list[RosterRow]:
    seeded = world.seed()
    campaign = next(one for one in seeded.campaigns if one.slug == slug)
    return [row for row in seeded.roster if row.campaign_id == campaign.id]


def bind(world: World, student: str, name: str, number: str, campaign: str = "hunan-pretco") -> RosterRow:
    return world.house.bind_identity(student, campaign=campaign, name=name, id_number=number)


def test_name_and_number_together_bind(world: World):
    """Alice is the person she says; from now on the campaign knows her."""
    person = people(world)[0]
    alice = world.student()

    row = bind(world, alice, person.name, person.id_number)

    assert (row.id, row.student_id) == (person.id, alice)
    assert {view.campaign.slug: view.bound for view in world.house.list_campaigns(alice)} == {
        "hunan-pretco": True,
        "cqwu-xuegong": False,
    }
    assert world.house.get_campaign(alice, "hunan-pretco").bound


def test_a_wrong_name_and_a_wrong_number_look_the_same(world: World):
    """Nobody learns whether a number is on the roster."""
    first, second = people(world)[:2]
    charlie = world.student("charlie")

    with pytest.raises(IdentityMismatch) as wrong_name:
        bind(world, charlie, second.name, first.id_number)
    with pytest.raises(IdentityMismatch) as wrong_number:
        bind(world, charlie, first.name, "430000197001010019")

    assert str(wrong_name.value) == str(wrong_number.value)


def test_five_guesses_an_hour(world: World):
    """The sixth attempt is refused even when it is right; an hour later it is let in."""
    person = people(world)[0]
    charlie = world.student("charlie")
    for _ in range(5):
        with pytest.raises(IdentityMismatch):
            bind(world, charlie, "猜一猜", person.id_number)

    with pytest.raises(TooManyAttempts) as refusal:
        bind(world, charlie, person.name, person.id_number)
    world.clock.forward(hours=1)

    assert refusal.value.retry_after == 3600
    assert bind(world, charlie, person.name, person.id_number).student_id == charlie


def test_a_slip_of_the_finger_costs_no_attempt(world: World):
    """A number whose check digit is wrong is told so, as often as it is typed."""
    person = people(world)[0]
    alice = world.student()
    wrong = person.id_number[:-1] + ("0" if person.id_number[-1] != "0" else "1")

    for _ in range(10):
        with pytest.raises(IdNumberInvalid):
            bind(world, alice, person.name, wrong)

    assert bind(world, alice, person.name, person.id_number)


def test_a_row_belongs_to_one_student(world: World):
    """Charlie, who somehow knows Alice's number, cannot take her place; Alice may bind again."""
    person = people(world)[0]
    alice, charlie = world.student("alice"), world.student("charlie")
    bind(world, alice, person.name, person.id_number)

    with pytest.raises(AlreadyBound):
        bind(world, charlie, person.name, person.id_number)

    assert bind(world, alice, person.name, person.id_number).student_id == alice


def test_a_student_is_one_person(world: World):
    """Bound as one, Alice cannot be another of the same campaign too, but can be herself in the next campaign."""
    first, second = people(world)[:2]
    elsewhere = people(world, "cqwu-xuegong")[0]
    alice = world.student()
    bind(world, alice, first.name, first.id_number)

    with pytest.raises(AlreadyBound):
        bind(world, alice, second.name, second.id_number)

    assert bind(world, alice, elsewhere.name, elsewhere.id_number, "cqwu-xuegong")


@pytest.mark.parametrize("typed", ["阿依·示例", " 阿依•示例 ", "阿依．示例", "阿依 · 示例"])
def test_a_name_may_be_written_with_any_dot(world: World, typed: str):
    """Phones have many middle dots and stray spaces; the person is the same."""
    person = next(row for row in people(world) if "·" in row.name)

    assert bind(world, world.student(), typed, person.id_number)


def test_nobody_is_looked_up_without_consent(world: World):
    """Before the privacy text is accepted, no name or number is taken."""
    person = people(world)[0]

    with pytest.raises(ConsentRequired):
        bind(world, world.student("bob", consented=False), person.name, person.id_number)


def test_the_database_holds_no_name_and_no_number(world: World):
    """Whoever reads the file learns of nobody."""
    rows = people(world)
    data = b"".join(path.read_bytes() for path in world.house.settings.home.glob("idphoto.db*"))

    for row in rows:
        assert row.name.encode() not in data
        assert row.id_number.encode() not in data
        assert row.student_number.encode() not in data


def test_a_row_does_not_show_itself(world: World):
    """A record that lands in a log by accident names nobody."""
    row = people(world)[0]

    assert row.name not in repr(row)
    assert row.id_number not in repr(row)
    assert row.masked_id_number == "430" + "*" * 12 + row.id_number[-3:]
