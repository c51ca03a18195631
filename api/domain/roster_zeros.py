"""Tell student numbers that have lost their leading zeros: Excel drops them where a cell is a number and not text.

Nobody sees it on the list, and the registry's system, which finds people by this number, would not find these.
"""

from collections import Counter
from collections.abc import Iterator

from api.domain.roster import RosterFault, RosterLine, column_name

_KIN = 4
"""Characters that the numbers of one school begin alike with: a year or a college. With the zeros put back, a number
that has lost them begins like the others; one that never had any does not."""

_LOST = "开头的 0 丢了，其他人的学号有；请把这一列设为“文本”格式，再重新填写"


class LostZeros:
    """Sees the lines of one file go by and says at the end who lost a zero."""

    def __init__(self) -> None:
        self._whole: Counter[tuple[int, str]] = Counter()
        self._short: list[tuple[int, str]] = []

    def see(self, line: RosterLine) -> None:
        """Take a line's student number in; what holds anything but digits is none that Excel takes for a number."""
        number = line.values.get("student_number", "")
        if number.isascii() and number.isdigit():
            if number.startswith("0"):
                self._whole[len(number), number[:_KIN]] += 1
            else:
                self._short.append((line.number, number))

    def faults(self) -> Iterator[RosterFault]:
        """Give those that are like the others but for their zeros, where the others are more."""
        lengths = {length for length, _ in self._whole}
        suspects = [line for line, number in self._short if self._is_kin(number, lengths)]
        if len(suspects) < self._whole.total():
            yield from (RosterFault(line, column_name("student_number"), _LOST) for line in suspects)

    def _is_kin(self, number: str, lengths: set[int]) -> bool:
        longer = (number.zfill(length) for length in lengths if length > len(number))
        return any((len(whole), whole[:_KIN]) in self._whole for whole in longer)
