"""Draw over the selfie: what becomes the photo, where the head is, and where the spec wants it."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from PIL import Image, ImageDraw
from scipy import ndimage

from photo_service.drawing.fonts import Fonts
from photo_service.drawing.scene import Crop, Mark, Scene
from photo_service.geometry import Point
from photo_service.models.ports import DetectedFace
from photo_service.photo import Box, Matted

Ink = tuple[int, int, int]

CROWN, EYES, CHIN, WIDTH = (70, 220, 120), (255, 214, 64), (255, 150, 60), (236, 120, 255)
OUTLINE, FACE, OTHER, CROP, REFUSED = (60, 220, 255), (120, 170, 255), (255, 80, 80), (255, 255, 255), (255, 80, 80)
GROUND: Final = (44, 48, 54)
"""Where the picture has ended and the crop goes on."""
_LABEL_PX: Final = 17
_FINE: Final = 2
"""Lines are drawn at twice the size and shrunk, so that slanted ones are smooth."""
_AROUND: Final = 0.04
"""What is left free around the crop in its close view, as a share of the view."""
_MOST_BEYOND: Final = 0.2
"""How far beyond the picture a crop is followed, as a share of the picture's side."""
INKS: Final = {"crown": CROWN, "eye_line": EYES, "chin": CHIN, "face_width": WIDTH}


@dataclass(frozen=True, slots=True)
class View:
    """How pixels of the picture lie on the drawing: times `scale`, then moved."""

    scale: float
    left: float
    top: float
    width: int
    height: int

    def place(self, point: Point) -> Point:
        return (point[0] - self.left) * self.scale, (point[1] - self.top) * self.scale


def view_of(scene: Scene, *, most_width: int, most_height: int) -> View:
    """Fit the whole picture, and what the crop asks for beyond it, into a rectangle of pixels."""
    height, width = scene.picture.shape[:2]
    corners = scene.crop.corners if scene.crop else ()
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    left, right = max(min([0.0, *xs]), -_MOST_BEYOND * width), min(max([width, *xs]), (1 + _MOST_BEYOND) * width)
    top, bottom = max(min([0.0, *ys]), -_MOST_BEYOND * height), min(max([height, *ys]), (1 + _MOST_BEYOND) * height)
    scale = min(most_width / (right - left), most_height / (bottom - top))
    return View(scale, left, top, max(1, round((right - left) * scale)), max(1, round((bottom - top) * scale)))


def close_view_of(crop: Crop, *, width: int, height: int) -> View:
    """Fit the crop alone, with a little around it, into a rectangle that is filled."""
    xs, ys = [x for x, _ in crop.corners], [y for _, y in crop.corners]
    scale = min(width / (max(xs) - min(xs)), height / (max(ys) - min(ys))) * (1 - 2 * _AROUND)
    middle_x, middle_y = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
    return View(scale, middle_x - width / 2 / scale, middle_y - height / 2 / scale, width, height)


def draw_over(scene: Scene, view: View) -> Image.Image:
    """Draw everything but words."""
    fine = View(view.scale * _FINE, view.left, view.top, view.width * _FINE, view.height * _FINE)
    canvas = _laid_out(scene, fine)
    if scene.crop:
        canvas = _dimmed(canvas, scene.crop, fine)
    pen = ImageDraw.Draw(canvas, "RGBA")
    if scene.matted:
        _dots(pen, scene.matted, fine)
        canvas.paste(OUTLINE, (0, 0), _outline(scene.matted, fine))
    for number, face in enumerate(scene.faces):
        _box(pen, face, fine, FACE if number == 0 and scene.matted else OTHER)
    if scene.crop:
        _frame(pen, scene.crop, fine)
    for mark in scene.marks:
        _band(pen, mark, fine)
        _line(pen, mark, fine)
    return canvas.resize((view.width, view.height), Image.Resampling.BOX)


def label(canvas: Image.Image, mark: Mark, view: View, *, text: str, fonts: Fonts) -> None:
    """Write a mark's name at the right end of its line, on a dark ground; a face's width has it beside and below."""
    font = fonts.at(_LABEL_PX)
    pen = ImageDraw.Draw(canvas, "RGBA")
    width, height = font.getbbox(text)[2] + 10, _LABEL_PX + 8
    right, middle = max(view.place(point) for point in mark.line)
    if mark.name == "face_width":
        right, middle = right + width + 8, middle + height * 0.8
    left = min(max(right - width, 2), canvas.width - width - 2)
    top = min(max(middle - height / 2, 2), canvas.height - height - 2)
    ink = INKS[mark.name]
    pen.rounded_rectangle((left, top, left + width, top + height), radius=5, fill=(20, 22, 26, 205))
    pen.text((left + 5, top + height / 2), text, fill=ink, font=font, anchor="lm")


def _laid_out(scene: Scene, view: View) -> Image.Image:
    """Return what of the picture the view shows, at the view's size."""
    return _seen(Image.fromarray(scene.picture), Box(0, 0, *scene.picture.shape[1::-1]), view, ground=GROUND)


def _seen(source: Image.Image, region: Box, view: View, *, ground: Ink | int) -> Image.Image:
    """Resample only the part of a raster that the view shows; it lies in the picture where `region` says."""
    canvas = Image.new(source.mode, (view.width, view.height), ground)
    left, top = max(region.left, view.left), max(region.top, view.top)
    right = min(region.right, view.left + view.width / view.scale)
    bottom = min(region.bottom, view.top + view.height / view.scale)
    if right <= left or bottom <= top:
        return canvas
    across, down = source.width / region.width, source.height / region.height
    x, y = region.left, region.top
    box = (left - x) * across, (top - y) * down, (right - x) * across, (bottom - y) * down
    (x0, y0), (x1, y1) = view.place((left, top)), view.place((right, bottom))
    size = max(1, round(x1 - x0)), max(1, round(y1 - y0))
    canvas.paste(source.resize(size, Image.Resampling.BILINEAR, box=box, reducing_gap=3.0), (round(x0), round(y0)))
    return canvas


def _dimmed(canvas: Image.Image, crop: Crop, view: View) -> Image.Image:
    """Darken what does not become the photo."""
    keep = Image.new("L", canvas.size, 110)
    ImageDraw.Draw(keep).polygon([view.place(corner) for corner in crop.corners], fill=255)
    return Image.composite(canvas, Image.new("RGB", canvas.size, (16, 18, 22)), keep)


def _outline(matted: Matted, view: View) -> Image.Image:
    """Return where the matte's edge runs, as a mask of the drawing's size."""
    alpha = Image.fromarray((matted.alpha * 255).astype(np.uint8))
    person = np.asarray(_seen(alpha, matted.region, view, ground=0)) > 127
    known = np.asarray(_seen(Image.new("L", alpha.size, 255), matted.region, view, ground=0)) > 0
    edge = ndimage.binary_dilation(person, iterations=2) & ~ndimage.binary_erosion(person, border_value=1)
    edge &= ndimage.binary_erosion(known, iterations=3, border_value=1)  # where the cutout ends is no outline
    return Image.fromarray((edge * 255).astype(np.uint8))


def _dots(pen: ImageDraw.ImageDraw, matted: Matted, view: View) -> None:
    for x, y, *_ in matted.located.mesh.points.tolist():
        across, down = view.place((x, y))
        pen.ellipse((across - 1.6, down - 1.6, across + 1.6, down + 1.6), fill=(255, 255, 255, 105))


def _box(pen: ImageDraw.ImageDraw, face: DetectedFace, view: View, ink: Ink) -> None:
    (left, top), (right, bottom) = view.place((face.left, face.top)), view.place((face.right, face.bottom))
    pen.rectangle((left, top, right, bottom), outline=(*ink, 230), width=2 * _FINE)


def _frame(pen: ImageDraw.ImageDraw, crop: Crop, view: View) -> None:
    """Draw the crop's edge: whole where it is made, broken where the picture cannot give it."""
    corners = [view.place(corner) for corner in crop.corners]
    for start, end in zip(corners, [*corners[1:], corners[0]], strict=True):
        if crop.misses:
            _broken(pen, start, end, REFUSED)
        else:
            pen.line((start, end), fill=(*CROP, 255), width=2 * _FINE)


def _line(pen: ImageDraw.ImageDraw, mark: Mark, view: View) -> None:
    start, end = (view.place(point) for point in mark.line)
    pen.line((start, end), fill=(*INKS[mark.name], 235), width=2 * _FINE)
    if mark.name == "face_width":
        for point in (start, end):
            pen.ellipse((point[0] - 7, point[1] - 7, point[0] + 7, point[1] + 7), fill=(*INKS[mark.name], 255))


def _band(pen: ImageDraw.ImageDraw, mark: Mark, view: View) -> None:
    if mark.band:
        pen.polygon([view.place(point) for point in mark.band], fill=(*INKS[mark.name], 130))


def _broken(pen: ImageDraw.ImageDraw, start: Point, end: Point, ink: Ink) -> None:
    length = max(1.0, float(np.hypot(end[0] - start[0], end[1] - start[1])))
    dash = 9 * _FINE
    for at in range(0, int(length), 2 * dash):
        ends = (at / length, min(at + dash, length) / length)
        points = [(start[0] + (end[0] - start[0]) * t, start[1] + (end[1] - start[1]) * t) for t in ends]
        pen.line(points, fill=(*ink, 255), width=2 * _FINE)
