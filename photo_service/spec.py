"""One photo specification 规格 as a value: what a finished file must be and what a selfie must show."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from photo_service.contract import Severity


class Confirmed(StrEnum):
    """How sure the rule is: an authority's own page, secondary pages, or app lists and nothing."""

    AUTHORITY = "A"
    SECONDARY = "S"
    UNCONFIRMED = "U"


class Group(StrEnum):
    """What a spec is for, in the order in which the catalogue is shown; `label` is what people read."""

    SCHOOL = "school"
    ADMISSION = "admission"
    EXAM = "exam"
    PROFESSION = "profession"
    DOCUMENT = "document"
    VISA = "visa"
    SIZE = "size"

    @property
    def label(self) -> str:
        return _GROUP_LABELS[self.value]


_GROUP_LABELS = {
    "school": "学籍与毕业",
    "admission": "升学与自考",
    "exam": "等级考试",
    "profession": "资格与公职",
    "document": "证件",
    "visa": "签证",
    "size": "通用尺寸",
}

Measure = Literal["crown", "chin", "eye_line", "head_height", "face_width", "centre"]
"""What a head rule speaks of, measured on the finished photo.

`crown`: top of the hair to the upper edge. `chin`: chin to the upper edge. `eye_line`: middle of the eyes to the
upper edge. `head_height`: crown to chin. `face_width`: cheek to cheek. `centre`: middle of the face to the left edge.
Vertical ones are fractions of the height, horizontal ones of the width.
"""


@dataclass(frozen=True, slots=True)
class HeadRule:
    """Where one measure of the head must fall: `low <= value <= high`, aimed at `target`.

    All three in the same unit: `fraction` of the photo's height or width, or `px` of the finished photo.
    """

    measure: Measure
    unit: Literal["fraction", "px"]
    low: float
    target: float
    high: float


@dataclass(frozen=True, slots=True)
class Size:
    """The finished photo's pixels: between a smallest and a largest of one aspect; equal where the spec is exact.

    `mm` is the size on paper that the source names beside the pixels or instead of them: information only.
    """

    min_width: int
    min_height: int
    max_width: int
    max_height: int
    mm: tuple[float, float] | None = None

    @property
    def exact(self) -> bool:
        return (self.min_width, self.min_height) == (self.max_width, self.max_height)


@dataclass(frozen=True, slots=True)
class Background:
    """`colour` is painted behind the person; None keeps the original one.

    `choices` are the colours a student may ask for (the first is `colour`). Where `replacement_allowed` is false
    the original background stays: `wall` has the colours it may have in the selfie already, none where any will do.
    `any_colour` is for conventions that are no authority's rule: any other colour or gradient may be asked for too.
    """

    colour: tuple[int, int, int] | None
    choices: tuple[tuple[int, int, int], ...]
    replacement_allowed: bool
    any_colour: bool = False
    wall: tuple[tuple[int, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Window:
    """Allowed bytes of the file: `low <= bytes < high`. "100K" is read as fewer than 100,000."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Spec:
    """A photo specification.

    `checks` maps a finding code to its severity; a code that is absent is off. `limits` overrides a check's own
    threshold, in the check's unit. `max_roll_deg` is how far a head may be tilted. It is levelled by rotating the
    picture, unless the spec forbids that (`rotation_allowed`): then it stays as tilted as it is.
    `recency_days` is how old the picture may be by its own date, None for any age. `aliases` are other names people
    look for; `pinyin` has the syllables of the name and of each alias, in that order, parted by blanks.
    """

    id: str
    name: str
    aliases: tuple[str, ...]
    pinyin: tuple[str, ...]
    group: Group
    region: str
    use: str
    source: str
    checked_on: str
    confirmed: Confirmed
    note: str
    size: Size
    dpi: int
    window: Window
    quality_floor: int
    background: Background
    head: tuple[HeadRule, ...]
    glasses: Literal["allowed", "if_usual", "forbidden"]
    recency_days: int | None
    upscale_allowed: bool
    max_roll_deg: float
    file_name: str
    checks: Mapping[str, Severity]
    limits: Mapping[str, float] = field(default_factory=dict)
    rotation_allowed: bool = True

    def rule(self, measure: Measure) -> HeadRule | None:
        """Return the spec's rule for one measure, None where it has none."""
        return next((rule for rule in self.head if rule.measure == measure), None)
