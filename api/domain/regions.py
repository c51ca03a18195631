"""Provinces, cities and counties (GB/T 2260), past names included: a birthplace is what the old papers call it.

The table is the one python-stdnum keeps for the resident ID number; that package is maintained and updates it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

ELSEWHERE = ("香港特别行政区", "澳门特别行政区", "台湾省", "境外")
"""Places whose parts the table does not list: whatever is written there is taken."""

OLDEST_YEAR = 1985
"""Names that ended earlier are nobody's birthplace any more: a student would be over forty."""

_PROVINCE = re.compile(r'(\d\d) province="([^"]+)"')
_PLACE = re.compile(r'\s+(\d{4}) county="([^"]+)"')
_NAME = re.compile(r"(?:\[(\d*)-(\d*)\])?([^,\[\]]+)")
_NOT_A_CITY = frozenset(
    {
        "市辖区",
        "县",
        "林区",
        "省直辖县级行政区划",
        "省直辖县级行政单位",
        "省直辖行政单位",
        "自治区直辖县级行政区划",
        "自治区直辖县级行政单位",
    }
)
_APART = frozenset({"71", "81", "82"})


@dataclass(frozen=True, slots=True)
class Region:
    """One place: its six digits (none for what the table does not list) and the name it has today."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class _Place:
    code: str
    names: frozenset[str]
    today: str | None


def first_unknown(province: str, city: str, county: str) -> int | None:
    """Return which of the three does not exist within the one before it (0, 1 or 2), None where all is well."""
    if province in ELSEWHERE:
        return None
    codes = [place.code[:2] for place in _table() if place.code.endswith("0000") and province in place.names]
    if not codes:
        return 0
    within = [place for place in _table() if place.code.startswith(codes[0]) and not place.code.endswith("0000")]
    heads = _heads(within, province=province, city=city)
    if not heads:
        return 1
    counties = [place for place in within if place.code.startswith(heads) and not place.code.endswith("00")]
    known = any(county in place.names for place in counties)
    return None if known or (not counties and county == city) else 2


def children(code: str | None) -> tuple[Region, ...]:
    """Return today's provinces, the cities of a province (`430000`) or the counties of a city (`430100`).

    A municipality's and a province's own counties stand directly under it.
    """
    if code is None:
        provinces = _today(place for place in _table() if place.code.endswith("0000") and place.code[:2] not in _APART)
        return (*provinces, *(Region(code="", name=name) for name in ELSEWHERE))
    if not re.fullmatch(r"\d{4}00", code):
        return ()
    if code.endswith("0000"):
        within = [place for place in _table() if place.code[:2] == code[:2] and place.code != code]
        cities = list(_today(place for place in within if place.code.endswith("00")))
        listed = {one.code[:4] for one in cities}
        return (*cities, *(one for one in _today(iter(within)) if one.code[:4] not in listed and one.code[4:] != "00"))
    return tuple(_today(place for place in _table() if place.code[:4] == code[:4] and place.code[4:] != "00"))


def _heads(within: list[_Place], *, province: str, city: str) -> tuple[str, ...]:
    """Return the digits that a city's counties start with: several for a municipality, all six for a county that
    stands directly under its province and is written as its own city.
    """
    if city == province or city in _NOT_A_CITY:
        return tuple({place.code[:4] for place in within})
    cities = {place.code[:4] for place in within if place.code.endswith("00") and city in place.names}
    unnamed = {place.code[:4] for place in within if place.code.endswith("00") and place.names & _NOT_A_CITY}
    direct = {place.code for place in within if place.code[:4] in unnamed and city in place.names}
    return tuple(cities | direct)


def _today(places: Iterator[_Place]) -> Iterator[Region]:
    for place in places:
        if place.today is not None and place.today not in _NOT_A_CITY:
            yield Region(code=place.code, name=place.today)


@lru_cache(maxsize=1)
def _table() -> tuple[_Place, ...]:
    text = resources.files("stdnum.cn").joinpath("loc.dat").read_text("utf-8")
    return tuple(_read(text.splitlines()))


def _read(lines: list[str]) -> Iterator[_Place]:
    province = ""
    for line in lines:
        if head := _PROVINCE.match(line):
            province = head[1]
            yield _place(f"{province}0000", head[2])
        elif (found := _PLACE.match(line)) and found[1] != "0000":
            yield _place(province + found[1], found[2])


def _place(code: str, told: str) -> _Place:
    names = [(match[2], match[3]) for match in _NAME.finditer(told)]
    kept = {name for ended, name in names if not ended or int(ended) >= OLDEST_YEAR}
    today = next((name for ended, name in names if not ended), None)
    return _Place(code=code, names=frozenset(kept), today=today)
