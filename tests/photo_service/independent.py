"""Measures a finished photo against the text of its spec file: Pillow, the bytes and TOML, and nothing of our own code.

A second opinion shares no code with the first: a mistake in reading specs or in measuring files would otherwise agree
with itself.
"""

import io
import struct
import tomllib
from pathlib import Path
from typing import Any

from PIL import Image

SPECS = Path(__file__).resolve().parents[2] / "photo_service" / "specs"
COLOUR_AFTER_JPEG = 6
CORNER_PX = 4


def spec_ids() -> list[str]:
    return sorted(file.stem for file in SPECS.glob("*.toml"))


def rules_of(spec_id: str) -> dict[str, Any]:
    return tomllib.loads((SPECS / f"{spec_id}.toml").read_text(encoding="utf-8"))


def faults(photo: bytes, spec_id: str) -> list[str]:
    """Say in words whatever is not as the spec file has it; an empty list is a photo that measures up."""
    rules = rules_of(spec_id)
    with Image.open(io.BytesIO(photo)) as picture:
        picture.load()
        kind, mode, size, info = picture.format, picture.mode, picture.size, dict(picture.info)
        corners = [
            picture.getpixel((x, y))
            for y in range(CORNER_PX)
            for x in [*range(CORNER_PX), *range(size[0] - CORNER_PX, size[0])]
        ]
    found = [f"is {kind} {mode}"] if (kind, mode) != ("JPEG", "RGB") else []
    found += _size(size, rules["size"])
    found += [f"has {len(photo)} bytes"] if not rules["bytes"]["low"] <= len(photo) < rules["bytes"]["high"] else []
    found += _density(photo, info, rules["dpi"])
    found += _segments(photo)
    return found + _corners(corners, rules["background"])


def _size(size: tuple[int, int], rule: dict[str, Any]) -> list[str]:
    if "width" in rule:
        return [] if size == (rule["width"], rule["height"]) else [f"is {size}"]
    (low_w, low_h), (high_w, high_h) = rule["min"], rule["max"]
    within = low_w <= size[0] <= high_w and low_h <= size[1] <= high_h
    shaped = abs(size[0] / size[1] - low_w / low_h) < 0.01
    return [] if within and shaped else [f"is {size}"]


def _density(photo: bytes, info: dict[str, Any], dpi: int) -> list[str]:
    """Read the JFIF header byte by byte, and let Pillow say the same."""
    if photo[2:4] != b"\xff\xe0" or photo[6:11] != b"JFIF\0":
        return ["does not begin with a JFIF header"]
    unit, across, down = struct.unpack(">BHH", photo[13:18])
    said = [f"says {across}x{down} in unit {unit}"] if (unit, across, down) != (1, dpi, dpi) else []
    return said + ([f"Pillow reads {info.get('dpi')} dpi"] if info.get("dpi") != (dpi, dpi) else [])


def _segments(photo: bytes) -> list[str]:
    """Nothing may travel along: no EXIF, no profile, no comment; and nothing may stand behind the end."""
    extra, at = [], 2
    while photo[at + 1] != 0xDA:
        marker, length = photo[at + 1], int.from_bytes(photo[at + 2 : at + 4], "big")
        if marker == 0xFE or 0xE1 <= marker <= 0xEF:
            extra.append(f"carries a segment {marker:02X}")
        at += 2 + length
    return extra + ([] if photo.endswith(b"\xff\xd9") else ["goes on behind its end"])


def _corners(corners: list[Any], rule: dict[str, Any]) -> list[str]:
    """Both upper corners have one of the colours, white exactly; a background that must stay may have any."""
    if not rule["replacement_allowed"]:
        return []
    choices = [tuple(bytes.fromhex(text[1:])) for text in rule.get("choices", [rule["colour"]])]
    off = {
        choice: max(abs(is_ - due) for pixel in corners for is_, due in zip(pixel, choice, strict=True))
        for choice in choices
    }
    nearest = min(off, key=lambda choice: off[choice])
    allowed = 0 if nearest == (255, 255, 255) else COLOUR_AFTER_JPEG
    return [f"has corners {off[nearest]} off {nearest}"] if off[nearest] > allowed else []
