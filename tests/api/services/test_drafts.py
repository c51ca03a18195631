"""What a student has filled in is kept until it is handed in, and nobody else reads it."""

import pytest
from house_fakes import PROFILE, World

from api.domain.errors import IdentityRequired


def test_half_a_form_is_kept_with_what_is_still_missing(world: World):
    """Alice goes to lunch; her form waits, and says what is left to do."""
    alice, _ = world.bound()
    half = {"guardians": [{"name": "张家长", "relation": "父亲"}], "phone": "1"}

    saved = world.house.save_draft(alice, campaign="hunan-pretco", profile=half)
    read = world.house.read_draft(alice, campaign="hunan-pretco")

    assert read == saved
    assert read.profile == half
    assert {fault.path for fault in read.faults} == {"guardians.0.id_type", "guardians.0.id_number", "phone"}


def test_handing_in_ends_the_draft_and_what_was_handed_in_comes_back_after_a_return(world: World):
    """A returned photo is no reason to fill the form in again."""
    alice, submission = world.submitted()
    world.house.return_("li", submission.id, "请重拍")

    again = world.house.read_draft(alice, campaign="hunan-pretco")

    assert (again.profile, again.saved_at, again.faults) == (PROFILE, None, ())


def test_a_draft_is_sealed_and_its_student_s_own(world: World):
    """Not in the file in the clear, not for Bob, not after erasure."""
    alice, _ = world.bound()
    world.house.save_draft(alice, campaign="hunan-pretco", profile={"guardians": [{"name": "张家长"}]})
    bob, _ = world.bound("bob", index=1)
    data = b"".join(path.read_bytes() for path in world.house.settings.home.glob("idphoto.db*"))

    assert "张家长".encode() not in data
    assert world.house.read_draft(bob, campaign="hunan-pretco").profile == {}
    assert world.house.export_me(alice)["drafts"][0]["profile"] == {"guardians": [{"name": "张家长"}]}
    world.house.erase_me(alice)
    with world.house.parts.database.read() as uow:
        assert uow.drafts.get(alice, world.house.show_campaigns()[0].campaign.id) is None


def test_a_stranger_has_no_draft(world: World):
    """Who is not on the roster fills in nothing."""
    world.seed()
    charlie = world.student("charlie")
    with pytest.raises(IdentityRequired):
        world.house.save_draft(charlie, campaign="hunan-pretco", profile={})
    with pytest.raises(IdentityRequired):
        world.house.read_draft(charlie, campaign="hunan-pretco")
