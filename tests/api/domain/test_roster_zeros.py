"""A student number that Excel has shortened is told before it is on a list that a school's system cannot match."""

from hypothesis import given
from hypothesis import strategies as st

from api.domain.roster import RosterLine
from api.domain.roster_zeros import LostZeros


def lines_told(numbers: list[str]) -> list[int]:
    zeros = LostZeros()
    for line, number in enumerate(numbers, start=2):
        zeros.see(RosterLine(line, {"student_number": number}))
    return [fault.line for fault in zeros.faults()]


def test_who_lost_a_zero_among_people_who_have_theirs_is_told():
    """By line and column, with what to do, and without the number."""
    zeros = LostZeros()
    for line, number in enumerate(["022030001", "22030002", "022030003", "022031001"], start=4):
        zeros.see(RosterLine(line, {"student_number": number}))

    (fault,) = zeros.faults()

    assert (fault.line, fault.column) == (5, "学号")
    assert "文本" in fault.message
    assert "2203" not in fault.message


def test_shorter_numbers_of_another_kind_are_left_alone():
    """Another campus, letters, older years: what would not begin like the others lost nothing."""
    assert lines_told(["022030001", "022030002", "18030007", "S2203001", "91"]) == []


def test_a_file_in_which_all_or_most_have_none_says_nothing():
    """Then nothing tells that there ever were any."""
    assert lines_told(["22030001", "22030002", "22030003"]) == []
    assert lines_told(["022030001", "22030002", "22030003"]) == []


@given(st.lists(st.integers(220300000, 220309999), min_size=3, max_size=30, unique=True), st.data())
def test_fewer_than_half_are_found_wherever_they_stand(numbers, data):
    """However many zeros there were and whichever lines lost them."""
    whole = [f"00{number}" for number in numbers]
    lost = data.draw(st.sets(st.integers(0, len(whole) - 1), max_size=(len(whole) - 1) // 2))

    told = lines_told([text.lstrip("0") if place in lost else text for place, text in enumerate(whole)])

    assert told == [place + 2 for place in sorted(lost)]
