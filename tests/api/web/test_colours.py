"""What the page says can be read: WCAG 2.2 AA, in light and in dark."""

import re
from pathlib import Path

import pytest

SHEET = (Path(__file__).parents[3] / "api/web/static/app.css").read_text(encoding="utf-8")
TEXT_PAIRS = [
    ("text", "bg"),
    ("text", "card"),
    ("text", "raised"),
    ("muted", "bg"),
    ("muted", "card"),
    ("muted", "raised"),
    ("on-green", "green"),
    ("on-green", "green-hover"),
    ("green-text", "green-soft"),
    ("green-text", "bg"),
    ("green-text", "card"),
    ("red", "card"),
    ("red", "red-soft"),
    ("amber", "amber-soft"),
]
EDGE_PAIRS = [("field", "card"), ("green", "card"), ("green", "bg"), ("red", "card")]


def _palette(scheme: str) -> dict[str, str]:
    light, dark = re.findall(r":root \{(.*?)\}", SHEET, re.DOTALL)[:2]
    tokens = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,8})", light))
    return tokens | (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,8})", dark)) if scheme == "dark" else {})


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_its_ground(scheme: str) -> None:
    """4.5 to 1 at least (WCAG 1.4.3)."""
    palette = _palette(scheme)
    weak = {pair: _contrast(palette[pair[0]], palette[pair[1]]) for pair in TEXT_PAIRS}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_edge_that_means_something_can_be_seen(scheme: str) -> None:
    """3 to 1 at least (WCAG 1.4.11): fields, progress, focus."""
    palette = _palette(scheme)
    weak = {pair: _contrast(palette[pair[0]], palette[pair[1]]) for pair in EDGE_PAIRS}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 3} == {}
