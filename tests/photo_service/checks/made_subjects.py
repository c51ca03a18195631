"""Faces as checks see them, made from one real face by painting on it and by telling its parts anew."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject, look
from photo_service.geometry import Miss
from photo_service.models.load import Networks
from photo_service.models.ports import Iris, Rgb
from photo_service.photo import Located, Matted, Upright
from photo_service.silhouette import measure_head
from photo_service.spec import Spec
from photo_service.specs import load_catalogue
from photo_service.stages import locate, matte

Paint = Callable[[Rgb], Rgb]


@dataclass(frozen=True)
class Sitter:
    """One real face. Every method gives the subject anew; nothing is changed in place."""

    matted: Matted
    spec: Spec

    @classmethod
    def found_by(cls, networks: Networks, picture: Image.Image) -> "Sitter":
        never: datetime | None = None
        upright = Upright(picture.convert("RGB"), picture.width, picture.height, 1, "JPEG", 95, False, never)
        located = locate.locate(
            upright,
            finder=networks.finder,
            mesher=networks.mesher,
            irises=networks.irises,
            hands=networks.hands,
        )
        return cls(matte.matte(located, segmenter=networks.segmenter), load_catalogue()["one-inch"])

    @property
    def located(self) -> Located:
        return self.matted.located

    def subject(self, located: Located | None = None, *, misses: tuple[Miss, ...] = ()) -> Subject:
        matted = self.matted if located is None else replace(self.matted, located=located)
        return look(matted, measure_head(matted, self.spec), misses)

    def painted(self, paint: Paint) -> Subject:
        """The same face in a picture that was painted on."""
        picture = paint(self.located.upright.picture.copy())
        upright = replace(self.located.upright, image=Image.fromarray(picture))
        chip = locate._chip(upright, self.located.mesh, self.located.anatomy)
        cutout, _ = matte._cutout(upright, self.matted.region)
        matted = replace(self.matted, located=replace(self.located, upright=upright, chip=chip), cutout=cutout)
        return look(matted, measure_head(matted, self.spec), ())

    def looking(self, sideways: float) -> Subject:
        """The same face, its irises moved towards the person's own left, in eye widths; the head straight."""
        right, left = self.located.irises
        eyes = (_with_iris_at(right, sideways), _with_iris_at(left, -sideways))
        return self.subject(replace(self.located, irises=eyes, pose=replace(self.located.pose, yaw=0.0)))

    def with_irises(self, width: float) -> Subject:
        """The same face with irises so many face widths wide."""
        face = self.located.anatomy.face_width
        right, left = (_with_iris_of(eye, width * face) for eye in self.located.irises)
        return self.subject(replace(self.located, irises=(right, left)))

    def value(self, check: Check, subject: Subject | None = None) -> float:
        reading = self.reading(check, subject)
        assert reading is not None
        return reading.value

    def reading(self, check: Check, subject: Subject | None = None) -> Reading | None:
        return check.read(self.subject() if subject is None else subject, self.spec)

    def polygon(self, marks: tuple[int, ...], *, grow: float = 1.0) -> NDArray[np.bool_]:
        """The mask, in the picture, of the polygon through landmarks, grown about its middle."""
        points = self.located.mesh.points[list(marks), :2]
        middle = points.mean(axis=0)
        height, width = self.located.upright.picture.shape[:2]
        canvas = Image.new("1", (width, height))
        corners = [(float(x), float(y)) for x, y in (points - middle) * grow + middle]
        ImageDraw.Draw(canvas).polygon(corners, fill=1)
        return np.asarray(canvas)


def filled(where: NDArray[np.bool_], colour: tuple[int, int, int]) -> Paint:
    def paint(picture: Rgb) -> Rgb:
        picture[where] = colour
        return picture

    return paint


def scaled(where: NDArray[np.bool_] | slice, share: float) -> Paint:
    """Let only a share of the light fall there, in linear light."""

    def paint(picture: Rgb) -> Rgb:
        linear = (picture[where] / 255.0) ** 2.2 * share
        picture[where] = np.clip(linear ** (1 / 2.2) * 255, 0, 255)
        return picture

    return paint


def _with_iris_at(eye: Iris, towards_inner: float) -> Iris:
    outer, inner = eye.contour[0, :2], eye.contour[8, :2]
    rim = eye.rim.copy()
    rim[:, :2] += (outer + inner) / 2 + towards_inner * (inner - outer) - rim[0, :2]
    return replace(eye, rim=rim)


def _with_iris_of(eye: Iris, width: float) -> Iris:
    rim = eye.rim.copy()
    now = float(np.hypot(*(rim[1, :2] - rim[3, :2])))
    rim[1:, :2] = rim[0, :2] + (rim[1:, :2] - rim[0, :2]) * width / now
    return replace(eye, rim=rim)
