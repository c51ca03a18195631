"""Tell a school's total line (合计, 总计) from a person: it is passed over, and said so."""

import re
from collections.abc import Iterable, Mapping

_TOTAL = re.compile(
    r"(合计|总计|小计|共计|总和|总数|汇总)(人数)?[:：]?(共?\d*(人|名|条)?)?"
    r"|(总人数|人数合计)[:：]?\d*(人|名)?"
    r"|总?共[:：]?\d+(人|名|名学生|条|条记录)"
    r"|(grand|sub)?total[:：]?\d*",
    re.IGNORECASE,
)
"""What stands in one cell of such a line, spaces taken out: the words of Excel's own subtotals (汇总, 总计, total)
and of the lists that school systems print (合计, 小计, 共 5 人)."""

_NUMBER_FROM = 15
"""An ID number has 18 characters, an old one 15; a total's own figure in that column is far shorter."""

_COUNT = re.compile(r"\d{0,6}(人|名)?")
"""What a total may have in the column of student numbers: nothing, or how many there are. Under a million: a
province's largest university has a tenth of that."""


def is_total(cells: Iterable[str], values: Mapping[str, str]) -> bool:
    """Tell whether a line sums others up: one of its cells says so, and nothing in it is anybody's number.

    `cells` are the file's own, those of columns we do not know included; `values` what stands for our fields. A line
    with an ID number or a student number is a person's, whatever else it says.
    """
    bare = ["".join(cell.split()) for cell in cells]
    if not any(_TOTAL.fullmatch(cell) for cell in bare):
        return False
    student_number = "".join(values.get("student_number", "").split())
    return len("".join(values.get("id_number", "").split())) < _NUMBER_FROM and bool(
        _COUNT.fullmatch(student_number) or _TOTAL.fullmatch(student_number)
    )
