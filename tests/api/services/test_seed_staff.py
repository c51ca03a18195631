"""The sample staff: random passwords, the same at every start, and only on one's own machine."""

import json
from pathlib import Path

import pytest
from house_fakes import World, with_settings

from api.cli.sample_staff import FILE, sample_staff
from api.domain.errors import NotFound
from api.domain.staff import Caller

HERE = Caller(address="127.0.0.1")


def test_the_sample_logins_work_and_are_the_same_at_the_next_start(world: World, tmp_path: Path):
    """Made at random, kept in a file that nobody else can read, and no first password to change."""
    first = sample_staff(world.house, home=tmp_path)
    second = sample_staff(world.house, home=tmp_path)
    entered = [world.house.staff.sign_in(one.login, one.password, caller=HERE).member for one in second]

    assert first == second
    assert [member.login for member in entered] == ["counsellor", "registrar"]
    assert not any(member.must_change_password for member in entered)
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600


def test_two_installations_have_different_passwords(world: World, tmp_path: Path):
    """Nobody knows them who has not seen this machine."""
    made = {one.password for one in sample_staff(world.house, home=tmp_path)}

    assert len(made) == 2
    assert all(len(password) == 19 for password in made)


def test_a_password_that_was_changed_is_no_longer_printed(world: World, tmp_path: Path):
    """Nor kept."""
    counsellor, _ = sample_staff(world.house, home=tmp_path)
    member = world.house.staff.find.by_login("counsellor")
    chosen = "不敢高声语恐惊天上人的那一夜"
    world.house.staff.change_password(member, current=counsellor.password, new=chosen, session_id="")
    again, _ = sample_staff(world.house, home=tmp_path)

    assert again.password is None
    assert list(json.loads((tmp_path / FILE).read_text())) == ["registrar"]


def test_a_school_s_installation_has_no_sample_staff(world: World, tmp_path: Path):
    """Outside the embedded mode there is no such way in."""
    elsewhere = with_settings(world, embedded=False)

    with pytest.raises(NotFound):
        sample_staff(elsewhere.house, home=tmp_path)
    assert elsewhere.house.staff.find() == ()
