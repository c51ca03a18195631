"""Draw what was measured over the selfie, for counsellors and for us: why it is a photo, or why it is none."""

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from PIL import Image

from photo_service.contract import Finding, Rendered, Report, Severity, Verdict
from photo_service.drawing import overlay
from photo_service.drawing.column import BAD, GOOD, INK, SOFT, SOSO, Line, draw_column
from photo_service.drawing.fonts import Fonts, installed_fonts
from photo_service.drawing.overlay import GROUND, View, close_view_of, draw_over, label, view_of
from photo_service.drawing.scene import Crop, Measured, Scene, measured_rules, scene_of
from photo_service.spec import Spec
from photo_service.stages.decode import decode
from photo_service.stages.locate import NoFace
from photo_service.wording import Wording

if TYPE_CHECKING:
    from photo_service.pipeline import Studio

WIDTH: Final = 1200
"""Pixels of the whole drawing: what a screen shows without scrolling, and a page prints well."""
_PICTURE: Final = 740
_MOST_HEIGHT: Final = 1100
_CLOSE: Final = 480
"""Height from which a crop can be read in the whole picture; a smaller one is drawn once more, and larger."""
_FILLS: Final = 0.9
"""Share of the drawing from which a crop fills it, whatever its height."""
_GAP: Final = 8
_WORKING_SIDE: Final = 1500


def explain(studio: "Studio", selfie: bytes, rendered: Rendered, *, fonts: Fonts | None = None) -> bytes:
    """Draw the selfie as it was understood, with the report beside it; a PNG, 1200 pixels wide.

    The selfie is looked at once more, so it costs a rendering: ask only where somebody wants to see.
    Raises SelfieError where the selfie cannot be decoded, UnknownSpec.
    """
    file = io.BytesIO()
    draw(studio, selfie, rendered, fonts=fonts).save(file, "PNG")
    return file.getvalue()


def draw(studio: "Studio", selfie: bytes, rendered: Rendered, *, fonts: Fonts | None = None) -> Image.Image:
    """Draw as `explain` does, for whoever writes another kind of file. Raises SelfieError, UnknownSpec."""
    fonts = fonts or installed_fonts()
    spec = studio.catalogue[rendered.report.spec]
    scene = _scene(studio, selfie, spec)
    words = studio.wording if fonts.chinese else Wording.load("en")
    rules = measured_rules(scene.head, spec, scene.crop.plan) if scene.head and scene.crop else []
    lines = [*_verdict(rendered.report, spec, words, fonts), *_numbers(rules, scene, words), *_legend(scene, words)]
    picture = _picture(scene, words, fonts)
    photo = Image.open(io.BytesIO(rendered.photo)) if rendered.photo else None
    column = draw_column(lines, width=WIDTH - picture.width, least_height=picture.height, fonts=fonts, foot=photo)
    drawing = Image.new("RGB", (WIDTH, max(picture.height, column.height)), GROUND)
    drawing.paste(picture, (0, 0))
    drawing.paste(column, (picture.width, 0))
    return drawing


def _scene(studio: "Studio", selfie: bytes, spec: Spec) -> Scene:
    """Look at the selfie again; where no face is confirmed, what the detector took for one is all there is."""
    try:
        return scene_of(studio.judge(selfie, spec=spec.id), spec)
    except NoFace:
        upright = decode(selfie, limits=studio.limits, want_side=_WORKING_SIDE)
        return Scene(upright.picture, studio.networks.finder.find(upright.image))


def _picture(scene: Scene, words: Wording, fonts: Fonts) -> Image.Image:
    """Draw the whole selfie, and below it the crop alone where that is small in it."""
    view = view_of(scene, most_width=_PICTURE, most_height=_MOST_HEIGHT)
    if scene.crop is None or _height_in(view, scene.crop) >= min(_CLOSE, view.height * _FILLS):
        return _labelled(scene, view, words, fonts)
    whole = view_of(scene, most_width=_PICTURE, most_height=_MOST_HEIGHT - _CLOSE)
    close = close_view_of(scene.crop, width=_PICTURE, height=max(_CLOSE, _MOST_HEIGHT - whole.height - _GAP))
    canvas = Image.new("RGB", (_PICTURE, whole.height + _GAP + close.height), GROUND)
    canvas.paste(draw_over(scene, whole), ((_PICTURE - whole.width) // 2, 0))
    canvas.paste(_labelled(scene, close, words, fonts), (0, whole.height + _GAP))
    return canvas


def _height_in(view: View, crop: Crop) -> float:
    heights = [view.place(corner)[1] for corner in crop.corners]
    return max(heights) - min(heights)


def _labelled(scene: Scene, view: View, words: Wording, fonts: Fonts) -> Image.Image:
    canvas = draw_over(scene, view)
    for mark in scene.marks:
        label(canvas, mark, view, text=words.word(mark.name), fonts=fonts)
    return canvas


def _verdict(report: Report, spec: Spec, words: Wording, fonts: Fonts) -> Iterator[Line]:
    passed = report.verdict is Verdict.PASS
    yield Line(words.word("pass" if passed else "fail"), 34, GOOD if passed else BAD)
    yield Line(f"{spec.name} · {spec.id}" if fonts.chinese else spec.id, 18, SOFT, before=8)
    for finding in report.findings:
        yield from _finding(finding, fonts)


def _finding(finding: Finding, fonts: Fonts) -> Iterator[Line]:
    """Say it in the report's own words, or by its code where no font here can write them."""
    ink = BAD if finding.severity is Severity.FAIL else SOSO
    if not fonts.can_write(finding.message + finding.advice):
        value = "" if finding.value is None else f": {finding.value:.4g} ({finding.limit})"
        yield Line(f"{finding.code} [{finding.severity.value}]{value}", 18, ink, before=12, bullet=ink)
        return
    yield Line(finding.message, 20, ink, before=14, bullet=ink)
    yield Line(finding.advice, 17, SOFT, before=1, indent=26)


def _numbers(rules: list[Measured], scene: Scene, words: Wording) -> Iterator[Line]:
    """Give the head's place in the photo against the spec's bands, what no crop can give, and how the head is held."""
    if scene.matted is None:
        return
    crop, pose = scene.crop, scene.matted.located.pose
    misses = crop.misses if crop else ()
    yield Line(words.word("measured_wanted" if misses else "measured"), 20, before=24)
    for rule in rules:
        text = f"{words.word(rule.rule.measure)} {_amount(rule, rule.value)}"
        band = f"{_amount(rule, rule.rule.low)} - {_amount(rule, rule.rule.high)}"
        yield Line(f"{text}  ({band})", 17, INK if rule.met else BAD, before=3, bullet=GOOD if rule.met else BAD)
    for miss in misses:
        name, by = words.word(f"miss_{miss.rule}"), "" if miss.rule == "pixels" else f"{miss.by_px:.0f} px"
        yield Line(f"{words.word('no_crop')}{name} {by}", 17, BAD, before=3, bullet=BAD)
    if crop:
        yield Line(
            f"{words.word('scale')} {crop.plan.scale / scene.matted.located.upright.reduction:.2f}", 17, before=3
        )
    yield Line(_turned(words, "yaw", pose.yaw, "left", "right"), 17, before=3)
    yield Line(_turned(words, "pitch", pose.pitch, "up", "down"), 17, before=3)
    yield Line(_turned(words, "roll", pose.roll, "left", "right"), 17, before=3)


def _turned(words: Wording, axis: str, degrees: float, more: str, less: str) -> str:
    """Say by how much and to which side, the person's own; to within half a degree a head is straight."""
    side = words.word(more if degrees > 0 else less) if abs(degrees) >= 0.5 else ""
    return f"{words.word(axis)} {side} {abs(degrees):.0f}°".replace("  ", " ")


def _amount(measured: Measured, value: float) -> str:
    return f"{value:.0f} px" if measured.rule.unit == "px" else f"{value * 100:.0f}%"


def _legend(scene: Scene, words: Wording) -> Iterator[Line]:
    """Say what each line is."""
    drawn = []
    if scene.crop:
        refused = bool(scene.crop.misses)
        drawn.append(("crop_wanted", overlay.REFUSED) if refused else ("crop", SOFT))
    if scene.matted:
        drawn += [("outline", overlay.OUTLINE), ("face", overlay.FACE)]
    drawn += [("band", overlay.CROWN)] if any(mark.band for mark in scene.marks) else []
    drawn += [("other_face", overlay.OTHER)] if len(scene.faces) > bool(scene.matted) else []
    if drawn:
        yield Line(words.word("legend"), 20, before=24)
    for name, ink in drawn:
        yield Line(words.word(name), 16, SOFT, before=3, bullet=ink, stroke=True)
