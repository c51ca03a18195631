"""Ids, ID numbers, windows and the small machines of states."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from api.domain import delivery as deliveries
from api.domain import errors
from api.domain.campaign import Campaign, WindowState
from api.domain.delivery import Answer, Delivery, DeliveryState, Event
from api.domain.errors import AppError, IdNumberInvalid
from api.domain.id_number import check_digit, normalise_id_number
from api.domain.ids import ALPHABET, new_id
from api.domain.photo import MAX_TRIES, Photo, PhotoState, claimed, erased, postponed, released
from api.domain.work import Ring, Work

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
MOMENTS = some.integers(1_577_836_800_000, 4_102_444_800_000).map(lambda ms: datetime.fromtimestamp(ms / 1000, tz=UTC))


@given(MOMENTS, MOMENTS)
def test_ids_sort_by_time(one: datetime, other: datetime):
    """Whatever the moments, the earlier millisecond has the smaller id."""
    first, second = new_id("ph", now=one), new_id("ph", now=other)

    assert len(first) == 29
    assert set(first[3:]) <= set(ALPHABET)
    if int(one.timestamp() * 1000) < int(other.timestamp() * 1000):
        assert first < second


def test_ids_of_one_moment_differ_and_keep_their_order():
    """A thousand made at once are a thousand, in the order that was asked for."""
    ids = [new_id("rr", now=NOON, order=order) for order in range(1000)]

    assert ids == sorted(ids)
    assert len({new_id("rr", now=NOON) for _ in range(1000)}) == 1000


WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def standards_digit(body: str) -> str:
    """The check digit as GB 11643 itself tells it, with its table of weights."""
    return "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11]


@pytest.mark.parametrize("number", ["11010519491231002X", "440524188001010014"])
def test_the_standards_own_examples_are_right(number: str):
    """Both numbers that GB 11643 prints."""
    assert normalise_id_number(number) == number
    assert check_digit(number[:17]) == number[17]


BIRTHS = some.dates(min_value=date(1940, 1, 1), max_value=date(2015, 1, 1))


@given(BIRTHS, some.integers(100000, 659999), some.integers(0, 999))
def test_every_right_number_is_taken(birth, region: int, order: int):
    """Any region, any birthday, any order: with its own check digit it is right, with any other it is not."""
    body = f"{region}{birth:%Y%m%d}{order:03d}"
    digit = standards_digit(body)

    assert normalise_id_number(f" {body[:6]} {body[6:]}{digit.lower()} ") == body + digit
    for other in set("0123456789X") - {digit}:
        with pytest.raises(IdNumberInvalid):
            normalise_id_number(body + other)


@given(some.text(max_size=30))
def test_no_text_breaks_the_check(text: str):
    """Whatever is typed is a number or refused by name."""
    try:
        reason = str(len(normalise_id_number(text)))
    except IdNumberInvalid as refusal:
        reason = str(refusal.facts["reason"])

    assert reason in {"18", "format", "birth_date", "check_digit"}


@pytest.mark.parametrize("text", ["４３００００１９７００１０１００１９", "43000019700101 0019"])
def test_full_width_digits_are_digits(text: str):
    """A Chinese keyboard's digits and stray spaces are understood."""
    assert normalise_id_number(text) == "430000197001010019"


@pytest.mark.parametrize("text", ["430000197013010016", "٤٣٠٠٠٠١٩٧٠٠١٠١٠٠١٦", "43000019700101001", ""])
def test_what_is_no_number_is_refused(text: str):
    """A thirteenth month, other scripts' digits, one digit short, nothing."""
    with pytest.raises(IdNumberInvalid):
        normalise_id_number(text)


def campaign(starts_at: datetime, ends_at: datetime) -> Campaign:
    return Campaign(
        id="cp_1",
        slug="s",
        name="n",
        spec="hunan-pretco",
        starts_at=starts_at,
        ends_at=ends_at,
        profile_schema={},
        registry_id=None,
        deliver_on=frozenset(),
        created_at=starts_at,
    )


@pytest.mark.parametrize(
    ("offset", "state"),
    [
        (timedelta(microseconds=-1), WindowState.NOT_OPEN),
        (timedelta(0), WindowState.OPEN),
        (timedelta(hours=1), WindowState.OPEN),
        (timedelta(hours=1, microseconds=999_999), WindowState.OPEN),
        (timedelta(hours=1, seconds=1), WindowState.CLOSED),
    ],
)
def test_a_window_is_exact_to_the_second(offset: timedelta, state: WindowState):
    """The last second counts as a whole; the first microsecond after it is too late."""
    assert campaign(NOON, NOON + timedelta(hours=1)).window(NOON + offset) is state


PHOTO = Photo(
    id="ph_1",
    student_id="st_1",
    spec="hunan-pretco",
    campaign_id=None,
    state=PhotoState.QUEUED,
    created_at=NOON,
    due_at=NOON,
    selfie_key="selfie/ph_1",
    selfie_sha256="0" * 64,
)


def test_tries_run_out_and_the_service_being_away_costs_none():
    """Three crashes fail a photo; a hundred times nobody there do not."""
    photo = PHOTO
    for _ in range(100):
        photo = postponed(claimed(photo, now=NOON, lease_s=30), until=NOON)
    assert (photo.state, photo.attempt, photo.tries) == (PhotoState.QUEUED, 100, 0)

    for _ in range(MAX_TRIES):
        assert photo.state is PhotoState.QUEUED
        photo = released(claimed(photo, now=NOON, lease_s=30), now=NOON, code="render_failed")

    assert (photo.state, photo.error_code) == (PhotoState.FAILED, "render_failed")


def test_an_erased_photo_says_nothing_of_the_person():
    """No report, no image, no key."""
    photo = erased(replace(PHOTO, state=PhotoState.READY, report={"x": 1}, image_key="k", idempotency_key="i"))

    assert (photo.report, photo.image_key, photo.idempotency_key) == (None, None, None)
    assert photo.settled


@pytest.mark.parametrize(
    ("status", "accepted"), [(200, True), (204, True), (299, True), (199, False), (302, False), (None, False)]
)
def test_2xx_alone_is_success(status: int | None, accepted: bool):
    """Nothing else is, silence included."""
    assert Answer(status=status, retry_after_s=None, error=None, elapsed_ms=1.0).accepted is accepted


def test_a_replay_starts_the_table_again():
    """Tries are counted anew, attempts go on."""
    delivery = Delivery(
        id="dl_1",
        registry_id="rg_1",
        event=Event.PING,
        submission_id=None,
        photo_id=None,
        data={},
        state=DeliveryState.PENDING,
        created_at=NOON,
        next_at=NOON,
    )
    for _ in range(4):
        delivery = deliveries.postponed(deliveries.claimed(delivery, now=NOON, lease_s=60), until=NOON)

    again = deliveries.replayed(deliveries.dead(delivery, now=NOON), now=NOON)

    assert (again.attempts, again.tries, again.state) == (4, 0, DeliveryState.PENDING)


def test_a_bell_has_one_name():
    """The same thing at the same attempt is the same bell; the next attempt is another. RQ allows these characters."""
    assert Ring(Work.RENDER, "ph_1", 1).id == Ring(Work.RENDER, "ph_1", 1).id == "ph_1-1"
    assert Ring(Work.RENDER, "ph_1", 2).id != Ring(Work.RENDER, "ph_1", 1).id


def every_error(root: type[AppError] = AppError) -> list[type[AppError]]:
    return [root, *(leaf for child in root.__subclasses__() for leaf in every_error(child))]


def test_every_error_stands_in_the_tree_at_the_top_of_its_file():
    """The docstring is the map; a class that is missing there is not on it."""
    ours = [error for error in every_error() if error.__module__ == errors.__name__]

    assert all(f"- {error.__name__}" in (errors.__doc__ or "") for error in ours)
