"""What is left to guess at once somebody is in, and what a one-time password still opens."""

from pathlib import Path

import pytest
from web_world import PASSWORD, World, make_world

from api.domain.errors_staff import LoginRefused
from api.domain.reviewer import Role
from api.domain.staff import Caller
from api.web.limits import RATES


def test_an_unlocked_computer_is_no_place_to_guess_at_the_password(tmp_path: Path):
    """As many tries as at the login, no more."""
    world = make_world(tmp_path, rates={**RATES, "staff_login": "4/minute"})
    office = world.staff("registrar")
    guess = {"current": "guess", "new": "天上的云慢慢地走过去了吗", "again": "天上的云慢慢地走过去了吗"}
    answers = [office.post("/console/password", guess).status_code for _ in range(4)]

    assert answers == [422, 422, 422, 429]
    world.house.close()


def test_a_password_that_was_reset_meanwhile_is_not_overwritten(world: World):
    """Whoever was thrown out a moment ago does not get back in by a form that was still on its way."""
    member = world.account(login="lin")
    world.house.staff.reset_password(member.id)

    with pytest.raises(LoginRefused):
        world.house.staff.change_password(member, current=PASSWORD, new="天上的云慢慢地走过去了吗", session_id="")
    assert world.house.staff.find.one(member.id).must_change_password


def test_who_comes_by_the_schools_login_needs_no_slip_of_paper_and_leaves_none_behind(world: World):
    """The one-time password that nobody used is worth nothing from then on."""
    issued = world.house.staff.add("lin", name="林", role=Role.COUNSELLOR)
    entered = world.house.staff.sign_in_with_school(issuer="i", subject="s", login="lin", caller=Caller())

    assert not entered.member.must_change_password
    with pytest.raises(LoginRefused):
        world.house.staff.sign_in("lin", issued.password, caller=Caller())
