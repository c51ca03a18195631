"""What there is to draw over a selfie, in pixels of the upright picture."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from photo_service.geometry import Head, Level, Miss, NoPlan, Plan, Point
from photo_service.models.ports import DetectedFace, Rgb
from photo_service.photo import Assessed, Matted
from photo_service.planning import plan
from photo_service.silhouette import level_of, measure_head
from photo_service.spec import HeadRule, Spec

LANE = 0.035
"""Width of the strips that show the spec's bands, side by side at the crop's left edge, as a share of its width."""
CHEEKS = 0.3
"""How far down from eyes to chin the face is widest between the cheek landmarks."""


@dataclass(frozen=True, slots=True)
class Crop:
    """The part of the picture that becomes the photo. Where no crop meets the spec: the one it would take, and why
    this picture cannot give it."""

    plan: Plan
    misses: tuple[Miss, ...] = ()

    @property
    def corners(self) -> tuple[Point, Point, Point, Point]:
        """From the top left, clockwise."""
        right, bottom = float(self.plan.width), float(self.plan.height)
        top_left, top_right = self.plan.to_picture((0.0, 0.0)), self.plan.to_picture((right, 0.0))
        return top_left, top_right, self.plan.to_picture((right, bottom)), self.plan.to_picture((0.0, bottom))


@dataclass(frozen=True, slots=True)
class Mark:
    """One measure of the head as a line, and the band of the spec it must lie in as four corners, if there is one."""

    name: str
    line: tuple[Point, Point]
    band: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True)
class Scene:
    """`faces` are all that were found, the student's first; `matted` and `head` are None where no face was confirmed.

    `crop` is None where the spec's own rules contradict each other on this head.
    """

    picture: Rgb
    faces: tuple[DetectedFace, ...]
    matted: Matted | None = None
    head: Head | None = None
    crop: Crop | None = None
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Measured:
    """One rule of the spec on this crop; `value` is in the rule's own unit."""

    rule: HeadRule
    value: float

    @property
    def met(self) -> bool:
        slack = 0.5 if self.rule.unit == "px" else 0.004  # half a pixel and half a percent are rounding
        return self.rule.low - slack <= self.value <= self.rule.high + slack


def scene_of(assessed: Assessed, spec: Spec) -> Scene:
    """Gather what was measured on a selfie, and solve the crop anew where there was none."""
    matted = assessed.matted
    head = measure_head(matted, spec)
    crop = Crop(assessed.plan) if assessed.plan else _wanted(head, spec, level_of(matted, spec))
    located = matted.located
    marks = tuple(_marks(head, spec, level_of(matted, spec), crop))
    return Scene(located.upright.picture, located.faces, matted, head, crop, marks)


def measured_rules(head: Head, spec: Spec, plan: Plan) -> list[Measured]:
    """Hold the head against every rule of the spec on this crop."""
    return [_measured(rule, head, plan) for rule in spec.head]


def _wanted(head: Head, spec: Spec, level: Level) -> Crop | None:
    """Return the crop that the spec would take if the picture had no edges and pixels enough, at the spec's smallest
    size, which asks for the fewest; None where its rules leave none even so."""
    unlimited = replace(head, left=-math.inf, right=math.inf, top=-math.inf, bottom=math.inf, finest=math.inf)
    size = spec.size
    smallest = replace(size, max_width=size.min_width, max_height=size.min_height)
    for asked in (replace(spec, size=smallest), spec):
        try:
            wanted = plan(unlimited, asked, level)
        except NoPlan:
            continue
        return Crop(wanted, tuple(_lacking(wanted, head, spec)) or _broken_rules(head, spec, level))
    return None


def _lacking(wanted: Plan, head: Head, spec: Spec) -> Iterator[Miss]:
    """Name what the wanted crop asks for beyond the picture, in photo pixels, and whether it would be enlarged."""
    beyond = {
        "top": wanted.eye_y + wanted.scale * head.top,
        "bottom": wanted.height - wanted.eye_y - wanted.scale * head.bottom,
        "sides": max(wanted.eye_x + wanted.scale * head.left, wanted.width - wanted.eye_x - wanted.scale * head.right),
    }
    yield from sorted((Miss(edge, by) for edge, by in beyond.items() if by >= 1), key=lambda miss: -miss.by_px)
    if not spec.upscale_allowed and wanted.scale > head.finest:
        yield Miss("pixels", wanted.height * (1 - head.finest / wanted.scale))


def _broken_rules(head: Head, spec: Spec, level: Level) -> tuple[Miss, ...]:
    """Name what the planner itself could not meet, the worst first."""
    try:
        plan(head, spec, level)
    except NoPlan as fault:
        return fault.misses
    return ()


def _marks(head: Head, spec: Spec, level: Level, crop: Crop | None) -> Iterator[Mark]:
    """Lay the head's lines through the levelled frame, as wide as the crop, or as the head where there is none."""
    left, right = head.face_centre - head.face_width, head.face_centre + head.face_width
    if crop:
        left, right = (-crop.plan.eye_x / crop.plan.scale, (crop.plan.width - crop.plan.eye_x) / crop.plan.scale)
    lane = (right - left) * LANE
    for number, (name, v) in enumerate((("crown", head.crown), ("eye_line", 0.0), ("chin", head.chin))):
        bounds = _bounds_v(name, head, spec, crop.plan) if crop else None
        edges = left + lane * (number + 0.2), left + lane * (number + 1.0)
        corners = ((edges[0], 0), (edges[1], 0), (edges[1], 1), (edges[0], 1)) if bounds else ()
        band = tuple(level.to_picture((u, bounds[end])) for u, end in corners) if bounds else ()
        yield Mark(name, (level.to_picture((left, v)), level.to_picture((right, v))), band)
    half, cheeks = head.face_width / 2, head.chin * CHEEKS
    ends = (level.to_picture((head.face_centre + side * half, cheeks)) for side in (-1, 1))
    yield Mark("face_width", (next(ends), next(ends)))


def _bounds_v(name: str, head: Head, spec: Spec, plan: Plan) -> tuple[float, float] | None:
    """Return the band of one line in the levelled frame; the chin's is the head's height below the crown where the
    spec speaks of that."""
    rule = next((rule for rule in spec.head if rule.measure == name), None)
    start = 0.0
    if rule is None and name == "chin":
        rule, start = spec.rule("head_height"), plan.eye_y + plan.scale * head.crown
    if rule is None:
        return None
    unit = plan.height if rule.unit == "fraction" else 1.0
    low, high = ((start + value * unit - plan.eye_y) / plan.scale for value in (rule.low, rule.high))
    return low, high


def _measured(rule: HeadRule, head: Head, plan: Plan) -> Measured:
    across = rule.measure in {"face_width", "centre"}
    places = {
        "crown": plan.eye_y + plan.scale * head.crown,
        "chin": plan.eye_y + plan.scale * head.chin,
        "eye_line": plan.eye_y,
        "head_height": plan.scale * (head.chin - head.crown),
        "face_width": plan.scale * head.face_width,
        "centre": plan.eye_x + plan.scale * head.face_centre,
    }
    at = places[rule.measure]
    side = plan.width if across else plan.height
    return Measured(rule, at / side if rule.unit == "fraction" else at)
