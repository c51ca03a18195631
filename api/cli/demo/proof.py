"""Measure what came out, from its own bytes, with nothing but the promise in hand."""

import hashlib
import io
from collections.abc import Mapping
from typing import Any

from api.cli.demo.narrator import Facts, Unproved

_DPI_ROUNDING = 0.01


def prove_photo(content: bytes, *, spec: Mapping[str, Any], output: Mapping[str, Any], facts: Facts) -> None:
    """Hold the file against the spec as the API states it and against the report. Raises Unproved."""
    from PIL import Image

    with Image.open(io.BytesIO(content)) as photo:
        photo.load()
        width, height = photo.size
        dpi = photo.info.get("dpi", (0, 0))
        corners = [photo.getpixel((x, 0)) for x in (0, width - 1)]
        size, window = spec["size"], spec["bytes"]
        _require(photo.format == "JPEG" and photo.mode == "RGB", f"format is {photo.format} {photo.mode}")
        _require(size["min_width"] <= width <= size["max_width"], f"width is {width} px")
        _require(size["min_height"] <= height <= size["max_height"], f"height is {height} px")
        _require(all(abs(value - spec["dpi"]) < _DPI_ROUNDING for value in dpi), f"density is {dpi} dpi")
        _require(window["low"] <= len(content) < window["high"], f"the file has {len(content)} bytes")
        _require("exif" not in photo.info, "the file carries EXIF data")
        if spec["background"] is not None:
            wanted = tuple(bytes.fromhex(spec["background"].lstrip("#")))
            _require(all(corner == wanted for corner in corners), f"upper corners are {corners}")
    digest = hashlib.sha256(content).hexdigest()
    _require(digest == output["sha256"], "sha256 differs from the report's")
    facts.note("measured", f"{width}x{height} px, {spec['dpi']} dpi, {len(content)} bytes, JPEG RGB, no EXIF")
    facts.note("allowed", f"{_size(size)} px, {spec['dpi']} dpi, {window['low']} to {window['high'] - 1} bytes")
    facts.note("background", f"upper corners are exactly {spec['background']}")
    facts.note("sha256", f"{digest}, as reported")


def prove_receipt(receipt: Mapping[str, Any], *, content: bytes, kept: bytes, facts: Facts) -> None:
    """Hold what the registry says it received, and the file it keeps, against the student's photo. Raises Unproved."""
    digest = hashlib.sha256(content).hexdigest()
    _require(receipt["signature"] == "verified", "the registry did not verify the signature")
    _require(receipt["data"]["photo"]["sha256"] == digest, "the event announces another sha256")
    _require(receipt["photo"]["sha256"] == digest, "the registry pulled another photo")
    _require(receipt["photo"]["bytes"] == len(content), "the registry pulled another number of bytes")
    _require(kept == content, "the file the registry keeps differs from the student's")
    facts.note("signature", "verified by the official Standard Webhooks library in the registry's process")
    facts.note("message id", receipt["message_id"])
    facts.note("photo pulled", f"{len(kept)} bytes, sha256 equal to the student's photo")


def _size(size: Mapping[str, int]) -> str:
    low, high = f"{size['min_width']}x{size['min_height']}", f"{size['max_width']}x{size['max_height']}"
    return low if low == high else f"{low} to {high}"


def _require(held: bool, otherwise: str) -> None:
    if not held:
        raise Unproved(otherwise)
