"""Pictures made for tests: nobody's face, and every way in which a file can be odd."""

import io
import struct
import zlib
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]

RED, GREEN, BLUE, YELLOW = (220, 40, 30), (30, 180, 60), (40, 60, 210), (230, 210, 40)
"""The corners of `quartered`, clockwise from the top left."""


def quartered(width: int = 64, height: int = 96) -> Image.Image:
    """Four flat quarters of four colours, so that any turn or mirroring shows."""
    picture = Image.new("RGB", (width, height), RED)
    picture.paste(GREEN, (width // 2, 0, width, height // 2))
    picture.paste(BLUE, (width // 2, height // 2, width, height))
    picture.paste(YELLOW, (0, height // 2, width // 2, height))
    return picture


def textured(width: int = 180, height: int = 240, *, seed: int = 7, grain: float = 12.0) -> Pixels:
    """Smooth light and fine grain, as a photograph has, below a white band, as a finished photo has."""
    noise = np.random.default_rng(seed).normal(0, grain, (height, width, 3))
    y, x = np.mgrid[0:height, 0:width]
    light = 128 + 70 * np.sin(x / 23)[..., None] * np.cos(y / 31)[..., None] + noise
    light[: height // 10] = 255
    return np.clip(light, 0, 255).astype(np.uint8)


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def jpeg(picture: Image.Image, **options: object) -> bytes:
    return saved(picture, "JPEG", **{"quality": 95, "subsampling": 0, **options})


def exif(*, orientation: int = 1, taken: str | None = None) -> Image.Exif:
    block = Image.Exif()
    block[0x0112] = orientation
    if taken is not None:
        block.get_ifd(0x8769)[0x9003] = taken
    return block


def flat_png(width: int, height: int, *, bits: int = 8, colour_type: int = 2, value: int = 0) -> bytes:
    """Write a PNG of one sample value row by row: its pixels never exist at once, however many there are."""
    samples = {0: 1, 2: 3, 4: 2, 6: 4}[colour_type]
    row = b"\0" + bytes([value]) * (-(-width * samples * bits // 8))
    packer = zlib.compressobj(9)
    packed = b"".join([*(packer.compress(row) for _ in range(height)), packer.flush()])
    return _png(width, height, bits, colour_type, packed)


def png16(samples: NDArray[np.uint16]) -> bytes:
    """Write a 16-bit PNG: grey, grey and alpha, RGB or RGBA by the last axis."""
    height, width, channels = samples.shape
    rows = samples.astype(">u2").tobytes()
    stride = width * channels * 2
    raw = b"".join(b"\0" + rows[y * stride : (y + 1) * stride] for y in range(height))
    return _png(width, height, 16, {1: 0, 2: 4, 3: 2, 4: 6}[channels], zlib.compress(raw))


def _png(width: int, height: int, bits: int, colour_type: int, packed: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, bits, colour_type, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", packed), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, body) for name, body in parts)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def pixel_bomb() -> bytes:
    """16000 x 16000 pixels in 31 KB: the file that takes the peers two gigabytes."""
    return flat_png(16000, 16000, bits=1, colour_type=0)


def odd_files() -> Iterator[tuple[str, bytes]]:
    """Name files that are no usable picture, each with its bytes."""
    good = jpeg(quartered(640, 480))
    yield "empty", b""
    yield "garbage", bytes(range(256)) * 40
    yield "text", "这不是照片".encode()
    yield "truncated jpeg", good[: len(good) // 2]
    yield "jpeg of three bytes", good[:3]
    yield "truncated png", saved(quartered(), "PNG")[:150]
    yield "truncated webp", saved(quartered(640, 480), "WEBP")[:200]
