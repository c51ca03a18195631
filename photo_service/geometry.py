"""Where a head sits and where it must sit: numbers only, no pixels move here."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pose:
    """Head pose in degrees.

    `yaw` > 0: the person's head is turned to the person's own left (right cheek shows more in an unmirrored picture).
    `pitch` > 0: the chin is up. `roll` > 0: the head leans towards the person's own left shoulder, which is
    clockwise as one looks at the picture.
    """

    yaw: float
    pitch: float
    roll: float


@dataclass(frozen=True, slots=True)
class Anatomy:
    """Points and lengths of one face, in pixels of the picture."""

    right_eye: tuple[float, float]
    left_eye: tuple[float, float]
    chin: tuple[float, float]
    inter_eye: float
    face_width: float


@dataclass(frozen=True, slots=True)
class Plan:
    """How picture pixels become photo pixels."""

    width: int
    height: int
    scale: float
    roll: float
    left: float
    top: float
