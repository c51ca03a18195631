"""What spreadsheets do to the cells of a roster: what is put right in silence, and what can only be told."""

import re

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_CODES = frozenset({"id_number", "student_number", "grade"})
"""Fields of letters and digits alone; in the others full-width brackets are how Chinese is written."""

_QUOTED = re.compile(r'="(.*)"', re.DOTALL)
_IDEOGRAPH = "[\u3400-\u9fff\U00020000-\U0003ffff]"
_PADDED = re.compile(rf"(?<={_IDEOGRAPH})\s+(?={_IDEOGRAPH})")
_ROUNDED = re.compile(r"\d(\.\d+)?[Ee]\+\d+")
_DATE = re.compile(
    r"\d{4}([-/])\d{1,2}\1\d{1,2}( \d{1,2}:\d{2}(:\d{2})?)?|\d{1,2}月\d{1,2}日|\d{4}年\d{1,2}月(\d{1,2}日)?"
    r"|\d{1,2}-(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
)
_ERROR = re.compile(r"#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!|CALC!)|#{3,}")
_AS_TEXT = "请把这一列设为“文本”格式，再重新填写"


def tidied(name: str, text: str) -> str:
    """Return a cell without what nobody typed on purpose: stray spaces, invisible marks, the `="…"` around a number.

    A name of two characters padded to three with a space loses it; numbers come out in half-width letters.
    """
    bare = text.translate(_INVISIBLE).strip()
    if quoted := _QUOTED.fullmatch(bare):
        bare = quoted[1].strip()
    bare = bare.removeprefix("'").strip()
    if name in _CODES:
        return bare.translate(_HALF_WIDTH).strip()
    return _PADDED.sub("", bare) if name == "name" else bare


def spoilt(text: str) -> str | None:
    """Return what a spreadsheet has made of a cell, in Chinese, with what to do; None where it left it alone."""
    if _ROUNDED.fullmatch(text):
        return f"Excel 把它存成了数字，后几位已经丢失；{_AS_TEXT}"
    if _DATE.fullmatch(text):
        return f"Excel 把它变成了日期；{_AS_TEXT}"
    if _ERROR.fullmatch(text):
        return "这是 Excel 的出错值，请改正公式后再导出"
    return None


def rounded(number: str) -> bool:
    """Tell whether an ID number looks as if a spreadsheet had kept 15 of its digits."""
    return re.fullmatch(r"\d{15}000", number) is not None
