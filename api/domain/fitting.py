"""Fit a text into a field of a subscribe message, or say that it cannot be.

Limits of Tencent's table 订阅消息参数值内容限制: a field that is too long, empty or of other characters than its
kind allows fails the whole message with 47003.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone

from api.domain.errors_wechat import NoticeUnfittable

BEIJING = timezone(timedelta(hours=8))

_THING, _NUMBER, _LETTER, _SYMBOL, _CHARACTERS, _PHONE, _CAR = 20, 32, 32, 5, 32, 17, 8
_NAME_CHINESE, _NAME_LATIN, _PHRASE = 10, 20, 5
_CHINESE = "\u3400-\u4dbf\u4e00-\u9fff"
_KEY = re.compile(r"([a-z_]+?)\d+")

Fit = Callable[[str], str]


def kind_of(key: str) -> str:
    """Return the kind of a template's key: `thing` of `thing12`. Raises NoticeUnfittable for a key of no kind."""
    match = _KEY.fullmatch(key)
    if match is None or match[1] not in _FITS:
        raise NoticeUnfittable(field=key)
    return match[1]


def fit(kind: str, value: str | datetime) -> str:
    """Return `value` as a field of `kind` takes it, cut and cleaned where that keeps its sense.

    An instant is written in Beijing time, as long as the kind allows. Raises NoticeUnfittable where nothing is left,
    or for a kind that is not known.
    """
    if kind not in _FITS:
        raise NoticeUnfittable(field=kind)
    text = _written(kind, value) if isinstance(value, datetime) else value
    fitted = _FITS[kind](_one_line(text))
    if not fitted:
        raise NoticeUnfittable(field=kind)
    return fitted


def _written(kind: str, moment: datetime) -> str:
    local = moment.astimezone(BEIJING)
    day = f"{local.year}年{local.month}月{local.day}日"
    return day if kind == "date" else f"{day} {local:%H:%M}"


def _one_line(text: str) -> str:
    """Drop line breaks, control and invisible characters: WeChat refuses them, and nobody sees them."""
    shown = (" " if char.isspace() else char for char in unicodedata.normalize("NFC", text))
    kept = "".join(char for char in shown if char == " " or unicodedata.category(char)[0] != "C")
    return " ".join(kept.split())


def _cut(text: str, most: int) -> str:
    """Cut to `most` UTF-16 units, the way phones count, with an ellipsis where something is missing."""
    if _units(text) <= most:
        return text
    while _units(text) > most - 1:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _thing(text: str) -> str:
    return _cut(text, _THING)


def _only(pattern: str, most: int) -> Fit:
    dropped = re.compile(f"[^{pattern}]")
    return lambda text: dropped.sub("", text)[:most].strip()


def _whole(pattern: str) -> Fit:
    """Take the text as it is or not at all: half a number or half a date would be a lie."""
    wanted = re.compile(pattern)
    return lambda text: text if wanted.fullmatch(text) else ""


def _name(text: str) -> str:
    chinese = re.sub(f"[^{_CHINESE}·]", "", text)
    return chinese[:_NAME_CHINESE] if chinese.strip("·") else re.sub(r"[^A-Za-z ]", "", text)[:_NAME_LATIN].strip()


_DAY = r"\d{4}年(0?[1-9]|1[0-2])月(0?[1-9]|[12]\d|3[01])日"
_HOUR = r"([01]?\d|2[0-3]):[0-5]\d"

_FITS: Mapping[str, Fit] = {
    "thing": _thing,
    "number": _whole(rf"\d{{1,{_NUMBER}}}(\.\d+)?"),
    "letter": _only("A-Za-z", _LETTER),
    "symbol": _only(r"!-/:-@\[-^`{-~", _SYMBOL),  # an underscore counts as a part of words
    "character_string": _only(r"!-~ ", _CHARACTERS),
    "time": _whole(rf"({_DAY} )?{_HOUR}"),
    "date": _whole(rf"{_DAY}( {_HOUR})?"),
    "amount": _whole(r"[¥$]?\d{1,10}(\.\d{1,2})?元?"),
    "phone_number": _only(r"\d+\-", _PHONE),
    "car_number": _only(f"A-Za-z0-9{_CHINESE}", _CAR),
    "name": _name,
    "phrase": _only(_CHINESE, _PHRASE),
}
