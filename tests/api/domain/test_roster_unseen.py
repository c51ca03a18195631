"""Names that look like other names are told at their line."""

import pytest

from api.domain.roster import RosterLine, faults_of

GOOD = {
    "name": "张示例",
    "id_number": "11010519491231002X",
    "student_number": "2022010101",
    "college": "软件学院",
    "grade": "2022",
    "major": "软件技术",
    "class_": "软件2201班",
}


@pytest.mark.parametrize("mark", ["\u202e", "\u2066", "\u200f", "\0", "\x1b", "\x85", "\ud800"])
@pytest.mark.parametrize("field", ["name", "student_number", "college", "class_"])
def test_what_nobody_sees_is_told_and_not_repeated(field: str, mark: str):
    """Text that runs backwards, control characters, half characters, NUL."""
    faults = list(faults_of(RosterLine(7, {**GOOD, field: f"{GOOD[field]}{mark}例"})))

    assert [fault.line for fault in faults] == [7]
    assert "看不见" in faults[0].message
    assert mark not in faults[0].message


@pytest.mark.parametrize("name", ["阿依古丽·买买提", "欧阳\ue863", "𠮷野", "䶮"])
def test_rare_characters_and_dots_of_names_stay(name: str):
    """Characters of private areas are how some schools write names."""
    assert list(faults_of(RosterLine(7, {**GOOD, "name": name}))) == []
