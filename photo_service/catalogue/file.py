"""Read one spec file strictly: every key known, every value of its type and range, all faults told at once."""

import re
import string
import tomllib
from typing import Final, Literal, cast, get_args

from photo_service.catalogue.checks import agree_with_rules, read_checks, read_limits
from photo_service.catalogue.table import SpecFault, SpecFileError, SpecTable
from photo_service.spec import Background, Confirmed, Group, HeadRule, Measure, Size, Spec, Window

Colour = tuple[int, int, int]

FILE_NAME_FIELDS: Final = frozenset({"id_number", "student_number", "name", "spec"})
"""What a file name pattern may speak of, in braces."""
_GLASSES: Final = ("allowed", "if_usual", "forbidden")
_LARGEST_SIDE_PX: Final = 4096
_LARGEST_SIDE_MM: Final = 200
_MM_PER_INCH: Final = 25.4


def read_spec(text: str, *, file: str) -> Spec:
    """Read a spec from the text of its file, `file` being the name to speak of.

    Raises SpecFileError with every fault of the file.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SpecFileError((SpecFault(file, "(file)", f"is not TOML: {error}"),)) from error
    faults: list[SpecFault] = []
    spec = _spec(SpecTable(table, file=file, path="", faults=faults), file.removesuffix(".toml"))
    if faults:
        raise SpecFileError(tuple(faults))
    return spec


def _spec(table: SpecTable, stem: str) -> Spec:
    name, aliases = table.text("name"), _names(table)
    dpi = table.whole("dpi", 1, 1200)
    size = _size(table.table("size"))
    spec = Spec(
        id=_id(table, stem),
        name=name,
        aliases=aliases,
        pinyin=_pinyin(table, 1 + len(aliases)),
        group=Group(table.one_of("group", tuple(Group))),
        region=table.text("region"),
        use=table.text("use"),
        source=table.text("source"),
        checked_on=table.day("checked_on"),
        confirmed=Confirmed(table.one_of("confirmed", tuple(Confirmed))),
        note=table.text("note"),
        size=size,
        dpi=dpi,
        window=_window(table.table("bytes")),
        quality_floor=table.whole("quality_floor", 1, 95),
        background=_background(table.table("background")),
        head=_head(table.table("head"), dpi),
        glasses=cast("Literal['allowed', 'if_usual', 'forbidden']", table.one_of("glasses", _GLASSES)),
        recency_days=table.whole("recency_days", 1, 3660) if table.has("recency_days") else None,
        upscale_allowed=table.flag("upscale_allowed"),
        max_roll_deg=table.number("max_roll_deg", 0, 45),
        file_name=_file_name(table),
        checks=read_checks(table.table("checks")),
        limits=read_limits(table.table("limits")) if table.has("limits") else {},
        rotation_allowed=table.flag("rotation_allowed") if table.has("rotation_allowed") else True,
    )
    agree_with_rules(table, spec)
    table.done()
    return spec


def _names(table: SpecTable) -> tuple[str, ...]:
    """Read the other names of the spec, none of which may be empty or there twice."""
    names = table.items("aliases")
    if not all(isinstance(name, str) and name.strip() for name in names):
        table.fault("aliases", f"is {names!r}, must be a list of names")
        return ()
    if len(set(names)) < len(names):
        table.fault("aliases", "has a name twice")
    return tuple(names)


def _pinyin(table: SpecTable, count: int) -> tuple[str, ...]:
    """Read the syllables of the name and of each alias."""
    lines = table.items("pinyin")
    if not all(isinstance(line, str) and re.fullmatch(r"[a-z0-9]+( [a-z0-9]+)*", line) for line in lines):
        table.fault("pinyin", f"is {lines!r}, must be syllables such as 'xue li zhao pian'")
        return ()
    if len(lines) != count:
        table.fault("pinyin", f"has {len(lines)} entries, must have {count}: the name's, then each alias's")
    return tuple(lines)


def _id(table: SpecTable, stem: str) -> str:
    value = table.text("id")
    if value and not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", value):
        table.fault("id", f"is {value!r}, must be small letters, digits and single hyphens")
    elif value and value != stem:
        table.fault("id", f"is {value!r}, must be the file's own name {stem!r}")
    return value


def _size(table: SpecTable) -> Size:
    """Read either `width` and `height`, or `min` and `max` as pairs of one proportion; `mm` where the source has it."""
    paper = _paper(table) if table.has("mm") else None
    if table.has("width") or table.has("height"):
        width, height = (table.whole(key, 16, _LARGEST_SIDE_PX) for key in ("width", "height"))
        table.done()
        return Size(width, height, width, height, paper)
    smallest, largest = _pair(table, "min"), _pair(table, "max")
    if smallest[0] > largest[0] or smallest[1] > largest[1]:
        table.fault("min", "is larger than max")
    elif smallest[0] * largest[1] != smallest[1] * largest[0]:
        table.fault("max", f"has another proportion than min ({smallest[0]}:{smallest[1]})")
    table.done()
    return Size(*smallest, *largest, paper)


def _paper(table: SpecTable) -> tuple[float, float] | None:
    match table.items("mm"):
        case [int() | float() as width, int() | float() as height] if (
            min(width, height) > 0 and max(width, height) <= _LARGEST_SIDE_MM
        ):
            return float(width), float(height)
        case other:
            table.fault("mm", f"is {other!r}, must be [width, height] on paper, up to {_LARGEST_SIDE_MM} mm")
    return None


def _pair(table: SpecTable, key: str) -> tuple[int, int]:
    match table.items(key):
        case [int() as width, int() as height] if all(16 <= side <= _LARGEST_SIDE_PX for side in (width, height)):
            return width, height
        case other if table.has(key):
            table.fault(key, f"is {other!r}, must be [width, height], each from 16 to {_LARGEST_SIDE_PX} px")
    return 16, 16


def _window(table: SpecTable) -> Window:
    window = Window(table.whole("low", 1, 100_000_000), table.whole("high", 2, 100_000_000))
    if window.low >= window.high:
        table.fault("low", f"is {window.low}, must be less than high ({window.high})")
    table.done()
    return window


def _background(table: SpecTable) -> Background:
    """Read `colour` (absent: the original stays), `choices` (absent: that colour alone) and the permissions."""
    allowed = table.flag("replacement_allowed")
    colour = _colour(table, "colour", table.text("colour")) if table.has("colour") else None
    named = table.items("choices") if table.has("choices") else []
    choices = tuple(_colour(table, "choices", value) for value in named) or ((colour,) if colour else ())
    if colour and choices[0] != colour:
        table.fault("choices", "must begin with colour")
    if choices and colour is None:
        table.fault("choices", "needs a colour")
    if allowed and colour is None:
        table.fault("replacement_allowed", "is true, but there is no colour to put there")
    if colour and not allowed:
        table.fault("colour", "may not be put there: replacement_allowed is false (what the wall must be goes in wall)")
    any_colour = table.has("any_colour") and table.flag("any_colour")
    if any_colour and not allowed:
        table.fault("any_colour", "is true, but the background may not be replaced")
    wall = tuple(_colour(table, "wall", value) for value in table.items("wall")) if table.has("wall") else ()
    if wall and allowed:
        table.fault("wall", "is for specs whose background may not be replaced")
    table.done()
    return Background(colour, choices, allowed, any_colour, wall)


def _colour(table: SpecTable, key: str, value: object) -> Colour:
    if not isinstance(value, str) or not re.fullmatch(r"#[0-9A-Fa-f]{6}", value):
        table.fault(key, f"is {value!r}, must be a colour such as #FFFFFF")
        return (255, 255, 255)
    red, green, blue = bytes.fromhex(value[1:])
    return red, green, blue


def _head(table: SpecTable, dpi: int) -> tuple[HeadRule, ...]:
    rules = tuple(_rule(table, key, dpi) for key in table.keys())  # noqa: SIM118  a table of ours, not a dict
    targets = {rule.measure: rule.target for rule in rules if rule.unit == "fraction"}
    if targets.get("crown", 0.0) + targets.get("head_height", 0.0) > 1:
        table.fault("head_height", "crown and head height are aimed at more than the whole photo")
    if "crown" in targets and targets.get("eye_line", 1.0) <= targets["crown"]:
        table.fault("eye_line", "is aimed above the crown")
    return rules


def _rule(table: SpecTable, key: str, dpi: int) -> HeadRule:
    """Read one rule of the head; millimetres become pixels at the spec's own density."""
    if key not in get_args(Measure):
        table.fault(key, f"is not a measure, must be one of {', '.join(get_args(Measure))}")
    rule = table.table(key)
    unit = rule.one_of("unit", ("fraction", "px", "mm"))
    most = {"fraction": 1.0, "px": float(_LARGEST_SIDE_PX), "mm": float(_LARGEST_SIDE_MM)}[unit]
    low, target, high = (rule.number(name, 0, most) for name in ("low", "target", "high"))
    if not low <= target <= high:
        rule.fault("target", f"is {target}, must be from low ({low}) to high ({high})")
    rule.done()
    if unit == "mm":
        low, target, high = (round(value * dpi / _MM_PER_INCH, 1) for value in (low, target, high))
    return HeadRule(cast("Measure", key), "fraction" if unit == "fraction" else "px", low, target, high)


def _file_name(table: SpecTable) -> str:
    pattern = table.text("file_name")
    try:
        fields = {field for _, field, _, _ in string.Formatter().parse(pattern) if field is not None}
    except ValueError as error:
        table.fault("file_name", f"is {pattern!r}: {error}")
        return pattern
    if unknown := fields - FILE_NAME_FIELDS:
        known = ", ".join(sorted(FILE_NAME_FIELDS))
        table.fault("file_name", f"speaks of {', '.join(sorted(unknown))}; known are {known}")
    if pattern and (not pattern.endswith(".jpg") or "/" in pattern):
        table.fault("file_name", f"is {pattern!r}, must be one file name ending in .jpg")
    return pattern
