"""Where a head sits and where it must sit: numbers only, no pixels move here.

Two frames of reference. *Picture*: pixels of the decoded selfie, x right, y down. *Levelled*: the same pixels turned
about the middle of the eyes until the eye line is level, with that middle as origin. A photo is the levelled frame
scaled by `scale` and moved so that the origin lands on `(eye_x, eye_y)` of the finished photo.
"""

import math
from dataclasses import dataclass

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Pose:
    """Head pose in degrees, 0 when the face looks straight into the camera and stands upright.

    `yaw` > 0: turned to the person's own left. `pitch` > 0: chin up. `roll` > 0: the head leans towards the person's
    own left shoulder, which is clockwise as one looks at an unmirrored picture.
    """

    yaw: float
    pitch: float
    roll: float


@dataclass(frozen=True, slots=True)
class Anatomy:
    """Points of one face in picture pixels; `face_width` is cheek to cheek, `inter_eye` centre to centre."""

    right_eye: Point
    left_eye: Point
    chin: Point
    right_cheek: Point
    left_cheek: Point

    @property
    def eyes(self) -> Point:
        """The middle between the eyes: the origin of the levelled frame."""
        return (self.right_eye[0] + self.left_eye[0]) / 2, (self.right_eye[1] + self.left_eye[1]) / 2

    @property
    def inter_eye(self) -> float:
        return math.dist(self.right_eye, self.left_eye)

    @property
    def face_width(self) -> float:
        return math.dist(self.right_cheek, self.left_cheek)

    @property
    def roll(self) -> float:
        """Degrees by which the eye line is tilted; see `Pose.roll`."""
        return math.degrees(math.atan2(self.left_eye[1] - self.right_eye[1], self.left_eye[0] - self.right_eye[0]))


@dataclass(frozen=True, slots=True)
class Level:
    """The turn between picture and levelled frame: `roll` degrees about `origin`."""

    origin: Point
    roll: float

    def to_level(self, point: Point) -> Point:
        x, y = point[0] - self.origin[0], point[1] - self.origin[1]
        cos, sin = math.cos(math.radians(self.roll)), math.sin(math.radians(self.roll))
        return x * cos + y * sin, y * cos - x * sin

    def to_picture(self, point: Point) -> Point:
        cos, sin = math.cos(math.radians(self.roll)), math.sin(math.radians(self.roll))
        x, y = point
        return self.origin[0] + x * cos - y * sin, self.origin[1] + x * sin + y * cos


@dataclass(frozen=True, slots=True)
class Head:
    """One head in the levelled frame, in picture pixels from the middle of the eyes (y down).

    `left`, `right`, `top`, `bottom` is how far the picture itself reaches; a side that may be filled with the spec's
    background, because nothing of the person touches it, is infinite. `finest` is how many pixels of the file one
    picture pixel stands for: the largest scale that invents nothing.
    """

    crown: float
    chin: float
    face_centre: float
    face_width: float
    left: float
    right: float
    top: float
    bottom: float
    finest: float


@dataclass(frozen=True, slots=True)
class Plan:
    """How the levelled frame becomes a photo of `width` x `height`: times `scale`, eyes to `(eye_x, eye_y)`."""

    width: int
    height: int
    scale: float
    level: Level
    eye_x: float
    eye_y: float

    def to_photo(self, point: Point) -> Point:
        x, y = self.level.to_level(point)
        return self.eye_x + self.scale * x, self.eye_y + self.scale * y

    def to_picture(self, point: Point) -> Point:
        return self.level.to_picture(((point[0] - self.eye_x) / self.scale, (point[1] - self.eye_y) / self.scale))


@dataclass(frozen=True, slots=True)
class Miss:
    """A rule that no crop of this selfie meets: what it is and by how many photo pixels it is missed.

    `rule` is a measure of the spec (`crown`, `eye_line`, …) or an edge of the picture (`top`, `bottom`, `sides`,
    `pixels`: there are too few of them).
    """

    rule: str
    by_px: float


class NoPlan(Exception):
    """No crop meets every rule; `misses` lists those that the best one breaks, the worst first."""

    def __init__(self, misses: tuple[Miss, ...]) -> None:
        super().__init__(", ".join(f"{miss.rule} by {miss.by_px:.1f} px" for miss in misses))
        self.misses = misses
