"""ROC curves of all checks on one sheet, drawn with Pillow."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageDraw

_CELL, _MARGIN, _COLUMNS = 220, 34, 5
_LABELLED, _DEGRADED, _INK, _GRID = (30, 90, 200), (210, 110, 20), (40, 40, 40), (220, 220, 220)
_SETS: Final = (("labelled", _LABELLED), ("degraded", _DEGRADED))


def draw(figures: Mapping[str, Any], path: Path) -> None:
    """Write the sheet as PNG: one square a check, good ones refused to the right, bad ones refused upwards."""
    shown = {code: figure for code, figure in figures["checks"].items() if _curves(figure)}
    rows = -(-len(shown) // _COLUMNS)
    sheet = Image.new("RGB", (_COLUMNS * _CELL, max(rows, 1) * _CELL + 24), (255, 255, 255))
    pen = ImageDraw.Draw(sheet)
    pen.text((8, 6), "refused: bad ones (up) over good ones (right)   blue: labelled   orange: degraded", fill=_INK)
    for place, (code, figure) in enumerate(shown.items()):
        _square(pen, code, figure, left=place % _COLUMNS * _CELL, top=place // _COLUMNS * _CELL + 24)
    path.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(path)


def _curves(figure: Mapping[str, Any]) -> list[tuple[tuple[int, int, int], list[tuple[float, float]]]]:
    curves = []
    for name, colour in _SETS:
        points = (figure[name] or {}).get("roc") or []
        if points:
            ends = [(0.0, 0.0), (1.0, 1.0), *((point["refused_good"], point["refused_bad"]) for point in points)]
            curves.append((colour, sorted(ends)))
    return curves


def _square(pen: ImageDraw.ImageDraw, code: str, figure: Mapping[str, Any], *, left: int, top: int) -> None:
    side = _CELL - _MARGIN - 12
    x0, y1 = left + 16, top + _CELL - 14
    pen.text((x0, top + 2), code, fill=_INK)
    pen.rectangle((x0, y1 - side, x0 + side, y1), outline=_GRID)
    pen.line((x0, y1, x0 + side, y1 - side), fill=_GRID)
    for colour, points in _curves(figure):
        pen.line([(x0 + x * side, y1 - y * side) for x, y in points], fill=colour, width=2)
