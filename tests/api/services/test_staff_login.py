"""Who comes in, how long they stay, and how long somebody who guesses has to wait."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from time import process_time

import pytest
from house_fakes import World
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from api.adapters.database.staff_tables import login_doors, staff_sessions
from api.adapters.passwords import OWASP_MEMORY_KIB, Argon2Passwords
from api.domain.errors import NotAuthenticated
from api.domain.errors_staff import LoginDelayed, LoginRefused, WeakPassword
from api.domain.login_throttle import GROWTH, Against
from api.domain.passwords import LEAST, check_password, one_time_password
from api.domain.reviewer import Role
from api.domain.staff import Caller, StaffMember
from api.services.staff_login import Entered

HOME = Caller(address="10.0.0.1", agent="Firefox")
CAFE = Caller(address="203.0.113.9", agent="curl")
WRONG = "wrong wrong wrong"
TRACES = (staff_sessions, login_doors)
GOOD = "白日依山尽黄河入海流欲穷"


def counsellor(world: World, login: str = "lin") -> StaffMember:
    """Open an account and choose its password."""
    room = world.house.staff
    issued = room.add(login, name="林", role=Role.COUNSELLOR)
    entered = room.sign_in(login, issued.password, caller=HOME)
    room.change_password(entered.member, current=issued.password, new=GOOD, session_id="")
    return room.find.one(issued.member.id)


def guess(world: World, login: str = "lin", *, caller: Caller = CAFE, device: str | None = None, times: int = 1) -> int:
    """Try wrong passwords as fast as the throttle lets one; return the seconds of the last wait."""
    wait = 0
    for _ in range(times):
        wait = wait_of(world, login, caller=caller, device=device)
        world.clock.forward(seconds=wait)
        with refused():
            world.house.staff.sign_in(login, WRONG, caller=caller, device=device)
    return wait


def wait_of(world: World, login: str, *, caller: Caller, device: str | None) -> int:
    """Return how long the throttle asks for now; the try that found out counts as a failure when there is no wait."""
    try:
        world.house.staff.sign_in(login, WRONG, caller=caller, device=device)
    except LoginDelayed as delay:
        return delay.retry_after or 0
    except LoginRefused:
        return 0
    raise AssertionError("the wrong password opened")


@contextmanager
def refused() -> Iterator[None]:
    with pytest.raises(LoginRefused):
        yield


def enter(world: World, caller: Caller = HOME, device: str | None = None) -> Entered:
    return world.house.staff.sign_in("lin", GOOD, caller=caller, device=device)


def test_whoever_guesses_waits_longer_and_longer_and_whether_the_login_exists_makes_no_difference(world: World):
    """A quarter of an hour at most for one address; the same for an account that nobody has."""
    counsellor(world)
    known = [guess(world, "lin", times=1) for _ in range(10)]
    unknown = [guess(world, "nobody", caller=Caller(address="198.51.100.1"), times=1) for _ in range(10)]

    assert known == unknown
    assert known == sorted(known)
    assert known[-1] > 60


def test_a_stranger_who_guesses_cannot_keep_a_counsellor_out_of_a_browser_that_was_in_before(world: World):
    """The browser's own failures count; everybody else's do not."""
    counsellor(world)
    guess(world, times=12)

    with pytest.raises(LoginDelayed):
        enter(world, HOME)
    assert enter(world, HOME, device="a browser").member.login == "lin"


def test_a_new_password_does_not_end_the_wait_but_another_way_in_does(world: World):
    """What docs/operations.md says: nothing to unlock; from another address soon, from here in 15 minutes."""
    member = counsellor(world)
    guess(world, caller=HOME, times=20)
    issued = world.house.staff.reset_password(member.id).password

    def come_in(caller: Caller) -> str:
        return world.house.staff.sign_in("lin", issued, caller=caller).member.login

    with pytest.raises(LoginDelayed) as delay:
        come_in(HOME)
    assert 60 < delay.value.retry_after <= 15 * 60 + 1
    world.clock.forward(seconds=31)
    assert come_in(Caller(address="198.51.100.7")) == "lin"
    world.clock.forward(minutes=15)
    assert come_in(HOME) == "lin"


def test_a_counsellor_at_a_new_browser_waits_half_a_minute_at_most(world: World):
    """However many strangers guess from however many addresses."""
    counsellor(world)
    for n in range(60):
        with refused():
            world.house.staff.sign_in("lin", WRONG, caller=Caller(address=f"192.0.2.{n}"))
        world.clock.forward(seconds=31)
    with refused():
        world.house.staff.sign_in("lin", WRONG, caller=Caller(address="192.0.2.99"))
    with pytest.raises(LoginDelayed) as delay:
        enter(world)

    assert delay.value.retry_after <= 31
    world.clock.forward(seconds=31)
    assert enter(world).member.login == "lin"


def test_one_address_that_tries_many_accounts_is_slowed_down(world: World):
    """A list of logins and one common password get nowhere fast."""
    for n in range(GROWTH[Against.ADDRESS].free + 6):
        with refused():
            world.house.staff.sign_in(f"teacher{n}", "Welcome-2026!", caller=CAFE)
        world.clock.forward(seconds=31)
    with refused():
        world.house.staff.sign_in("teacher", "Welcome-2026!", caller=CAFE)
    with pytest.raises(LoginDelayed):
        world.house.staff.sign_in("another", "Welcome-2026!", caller=CAFE)


def test_a_success_forgives_the_browser_and_a_day_forgives_the_rest(world: World):
    """Somebody who mistyped five times last week is not slow today."""
    counsellor(world)
    guess(world, times=8)
    assert guess(world, times=1) > 0
    world.clock.forward(hours=25)

    assert guess(world, times=1) == 0


def test_an_unknown_login_costs_as_much_work_as_a_known_one():
    """The processor's time for a hash is spent either way, at the parameters of the cheat sheet."""
    passwords = Argon2Passwords()
    kept = passwords.hash(GOOD)

    assert f"m={OWASP_MEMORY_KIB},t=2,p=1" in kept
    assert passwords.fits(GOOD, kept)
    assert not passwords.fits(GOOD, None)
    assert not passwords.fits("nobody has this password", None)
    assert not passwords.fits(GOOD, "not a hash")
    spent = {kept_: _processor_time(passwords, kept_) for kept_ in (kept, None)}
    assert 0.5 < spent[None] / spent[kept] < 2
    assert passwords.stale(Argon2Passwords(memory_kib=64, passes=1).hash(GOOD))


def _processor_time(passwords: Argon2Passwords, kept: str | None) -> float:
    """Return the least processor time of five comparisons, which is the one that nobody disturbed."""
    times = []
    for _ in range(5):
        begun = process_time()
        passwords.fits("some other password", kept)
        times.append(process_time() - begun)
    return min(times)


def test_guesses_sent_all_at_once_are_counted_before_they_are_answered(world: World):
    """Forty at the same moment get no further than five one after the other."""
    counsellor(world)
    with ThreadPoolExecutor(8) as hands:
        answers = list(hands.map(lambda _: _answer(world), range(40)))

    assert answers.count("login_refused") <= GROWTH[Against.PAIR].free + 1
    assert answers.count("login_delayed") >= 34


def _answer(world: World) -> str:
    try:
        world.house.staff.sign_in("lin", WRONG, caller=CAFE)
    except (LoginRefused, LoginDelayed) as refusal:
        return refusal.code
    return "in"


def test_many_who_come_in_rightly_from_one_address_are_not_counted_against_it(world: World):
    """A whole office behind one address logs in every morning."""
    counsellor(world)
    for _ in range(GROWTH[Against.ADDRESS].free + 20):
        enter(world)

    assert guess(world, caller=HOME, times=1) == 0


def test_a_session_ends_idle_and_ends_anyway(world: World):
    """Half an hour without a page, twelve hours with one every twenty minutes."""
    counsellor(world)
    idle, busy = enter(world), enter(world)
    for _ in range(35):
        world.clock.forward(minutes=20)
        world.house.staff.know(busy.token)
    with pytest.raises(NotAuthenticated):
        world.house.staff.know(idle.token)
    world.clock.forward(minutes=21)

    with pytest.raises(NotAuthenticated):
        world.house.staff.know(busy.token)


def test_a_one_time_password_does_not_wait_for_ever(world: World):
    """After a week it opens nothing, and says no more than a wrong one."""
    issued = world.house.staff.add("lin", name="林", role=Role.COUNSELLOR)
    world.clock.forward(days=7, seconds=1)

    with refused():
        world.house.staff.sign_in("lin", issued.password, caller=HOME)


def test_old_sessions_and_quiet_doors_are_purged(world: World):
    """Nothing about a login stays without an end."""
    counsellor(world)
    guess(world, times=3)
    world.clock.forward(days=31)
    world.house.purge()
    with world.house.parts.database.engine.connect() as connection:
        left = [connection.execute(select(func.count()).select_from(table)).scalar_one() for table in TRACES]

    assert left == [0, 0]


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("short", "short"),
        ("x" * 200, "long"),
        ("password1234", "common"),
        ("Woaini5201314", "common"),
        ("aaaaaaaaaaaa", "common"),
        ("123456789012", "common"),
        ("abcdefghijklm", "common"),
        ("lin.zhiyuan1", "own_name"),
    ],
)
def test_a_password_that_everybody_tries_first_is_refused_with_the_reason(password: str, reason: str):
    """Short, endless, common, or made of the login."""
    with pytest.raises(WeakPassword) as weak:
        check_password(password, login="lin.zhiyuan")

    assert weak.value.facts["reason"] == reason


@given(st.text(min_size=LEAST, max_size=64, alphabet="天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏"))
def test_long_sentences_are_welcome(sentence: str):
    """No rule asks for digits or capitals."""
    if len(set(sentence)) >= 5:
        check_password(sentence, login="lin")


def test_one_time_passwords_can_be_read_out_and_never_repeat():
    """Eighty bits in four groups; none of the letters that look alike."""
    made = {one_time_password() for _ in range(200)}

    assert len(made) == 200
    assert all(len(one) == 19 and not set(one) & set("ilou") for one in made)
