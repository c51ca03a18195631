"""Coming in and staying in."""

import pytest
from house_fakes import World, with_settings

from api.domain.errors import NotAuthenticated, NotAvailable, TokenExpired
from api.domain.errors_wechat import WeChatBadCode
from api.domain.identity import Channel


def test_a_wechat_user_is_the_same_student_each_time(world: World):
    """The openid makes the student; another openid, another student."""
    world.wechat.openids = {"code-1": "o-alice", "code-2": "o-alice", "code-3": "o-bob"}

    first, second, third = (world.house.login_with_wechat(code).student for code in world.wechat.openids)

    assert first.id == second.id != third.id
    assert first.channel is Channel.WECHAT


def test_wechats_refusal_is_passed_on(world: World):
    """A used code lets nobody in."""
    world.wechat.error = WeChatBadCode(errcode=40163, rid="r1")

    with pytest.raises(WeChatBadCode):
        world.house.login_with_wechat("code")


def test_a_developer_of_a_name_is_no_wechat_user_of_that_name(world: World):
    """The ways in are apart, whatever the names."""
    world.wechat.openids = {"code": "alice"}

    assert world.house.login_with_wechat("code").student.id != world.house.login_as_developer("alice").student.id


def test_the_developer_login_can_be_absent(world: World):
    """Where it does not exist, no name opens it."""
    closed = with_settings(world, dev_login=False)

    with pytest.raises(NotAvailable):
        closed.house.login_as_developer("alice")


def test_an_access_token_lives_two_hours(world: World):
    """It opens until then, and then says that it is stale."""
    session = world.house.login_as_developer("alice")

    world.clock.forward(hours=2, seconds=-1)
    assert world.house.authenticate(session.access_token) == session.student
    world.clock.forward(seconds=1)
    with pytest.raises(TokenExpired):
        world.house.authenticate(session.access_token)
    assert session.expires_in == 7200


@pytest.mark.parametrize("token", ["", "nonsense", "x" * 5000])
def test_nonsense_opens_nothing(world: World, token: str):
    """Neither as an access token nor as a refresh token."""
    with pytest.raises(NotAuthenticated):
        world.house.authenticate(token)
    with pytest.raises(NotAuthenticated):
        world.house.refresh_session(token)


def test_a_refresh_token_is_no_access_token(world: World):
    """Each opens its own door only."""
    session = world.house.login_as_developer("alice")

    with pytest.raises(NotAuthenticated):
        world.house.authenticate(session.refresh_token)
    with pytest.raises(NotAuthenticated):
        world.house.refresh_session(session.access_token)


def test_refreshing_rotates_both_tokens(world: World):
    """The new pair works, the old access token no longer does."""
    old = world.house.login_as_developer("alice")

    new = world.house.refresh_session(old.refresh_token)

    assert world.house.authenticate(new.access_token) == old.student
    with pytest.raises(NotAuthenticated):
        world.house.authenticate(old.access_token)


def test_a_refresh_token_used_twice_ends_the_whole_family(world: World):
    """Someone stole it: whoever comes second ends it for both, and another login of Alice's stays."""
    stolen = world.house.login_as_developer("alice")
    elsewhere = world.house.login_as_developer("alice")
    thief = world.house.refresh_session(stolen.refresh_token)
    assert world.house.authenticate(thief.access_token)

    with pytest.raises(NotAuthenticated):
        world.house.refresh_session(stolen.refresh_token)

    with pytest.raises(NotAuthenticated):
        world.house.authenticate(thief.access_token)
    with pytest.raises(NotAuthenticated):
        world.house.refresh_session(thief.refresh_token)
    assert world.house.authenticate(elsewhere.access_token)


def test_an_answer_that_was_lost_signs_nobody_out(world: World):
    """The line broke after the token was traded in: Alice asks again, twice, and goes on as if nothing had been."""
    alice = world.house.login_as_developer("alice")
    lost = [world.house.refresh_session(alice.refresh_token)]
    world.clock.forward(seconds=20)
    lost.append(world.house.refresh_session(alice.refresh_token))
    world.clock.forward(seconds=10)

    heard = world.house.refresh_session(alice.refresh_token)

    assert world.house.authenticate(heard.access_token) == alice.student
    for pair in lost:
        with pytest.raises(NotAuthenticated):
            world.house.authenticate(pair.access_token)
    assert world.house.authenticate(world.house.refresh_session(heard.refresh_token).access_token) == alice.student


def test_a_token_whose_successor_was_refreshed_is_a_stolen_one(world: World):
    """The answer arrived, for somebody went on from it."""
    alice = world.house.login_as_developer("alice")
    last = world.house.refresh_session(world.house.refresh_session(alice.refresh_token).refresh_token)

    with pytest.raises(NotAuthenticated):
        world.house.refresh_session(alice.refresh_token)

    with pytest.raises(NotAuthenticated):
        world.house.authenticate(last.access_token)


def test_an_answer_is_not_lost_for_long(world: World):
    """Half a minute later the same token is a stolen one, whether or not its successor was used."""
    alice = world.house.login_as_developer("alice")
    first = world.house.refresh_session(alice.refresh_token)
    world.clock.forward(seconds=31)

    with pytest.raises(NotAuthenticated):
        world.house.refresh_session(alice.refresh_token)

    with pytest.raises(NotAuthenticated):
        world.house.authenticate(first.access_token)


def test_a_thief_who_is_quick_is_found_out_by_the_pair_he_displaced(world: World):
    """Within the half minute he gets a pair, and Alice's opens nothing: her next refresh ends his as well."""
    stolen = world.house.login_as_developer("alice")
    alice = world.house.refresh_session(stolen.refresh_token)
    thief = world.house.refresh_session(stolen.refresh_token)

    with pytest.raises(NotAuthenticated):
        world.house.refresh_session(alice.refresh_token)

    with pytest.raises(NotAuthenticated):
        world.house.authenticate(thief.access_token)
    with pytest.raises(NotAuthenticated):
        world.house.refresh_session(thief.refresh_token)


def test_logging_out_leaves_no_half_minute(world: World):
    """What ended on purpose comes back by no token."""
    alice = world.house.login_as_developer("alice")
    world.house.end_session(world.house.refresh_session(alice.refresh_token).access_token)

    with pytest.raises(NotAuthenticated):
        world.house.refresh_session(alice.refresh_token)


def test_a_refresh_token_lives_thirty_days(world: World):
    """After that one logs in again."""
    session = world.house.login_as_developer("alice")
    world.clock.forward(days=30)

    with pytest.raises(NotAuthenticated):
        world.house.refresh_session(session.refresh_token)


def test_the_database_knows_no_token_and_no_openid(world: World):
    """Whoever reads the file finds nothing to log in with and nobody's openid."""
    world.wechat.openids = {"code": "o-very-secret-openid"}
    session = world.house.login_with_wechat("code")
    home = world.house.settings.home
    data = b"".join(path.read_bytes() for path in home.glob("idphoto.db*"))

    assert session.access_token.encode() not in data
    assert session.refresh_token.encode() not in data
    assert b"o-very-secret-openid" not in data


def test_old_sessions_are_purged(world: World):
    """Long after their end they are gone; the others stay."""
    world.house.login_as_developer("alice")
    world.clock.forward(days=61)
    fresh = world.house.login_as_developer("alice")

    assert world.house.purge().sessions == 1
    assert world.house.authenticate(fresh.access_token)
