"""A font that can write Chinese, if this machine has one; otherwise a small one that writes ASCII."""

import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from PIL import ImageFont

Face = ImageFont.FreeTypeFont | ImageFont.ImageFont

_USUAL_PLACES: Final = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",  # Debian, Ubuntu
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",  # Arch, Alpine
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",  # Fedora
    "/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/System/Library/Fonts/Hiragino Sans GB.ttc",
    "/System/Library/Fonts/STHeiti Light.ttc",
    "C:/Windows/Fonts/msyh.ttc",
    "C:/Windows/Fonts/simhei.ttf",
)
_SIMPLIFIED_IN_NOTO: Final = 2
"""Which of the faces in Noto's collections has the simplified shapes: JP, KR, SC, TC, HK."""
_ASK_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class Fonts:
    """Where the Chinese font is; None where there is none."""

    file: str | None
    face: int = 0

    @property
    def chinese(self) -> bool:
        return self.file is not None

    def can_write(self, text: str) -> bool:
        """Tell whether a text can be written; without a Chinese font only Western letters can."""
        return self.chinese or all(ord(letter) < 256 for letter in text)

    def at(self, size_px: int) -> Face:
        """Return the font at a height in pixels."""
        return (
            ImageFont.load_default(size_px) if self.file is None else ImageFont.truetype(self.file, size_px, self.face)
        )


@cache
def installed_fonts() -> Fonts:
    """Look for a Chinese font once: at the usual places, then with fontconfig where that is installed."""
    return find_fonts(_USUAL_PLACES, ask=_ask_fontconfig)


def find_fonts(places: Iterable[str], *, ask: Callable[[], str]) -> Fonts:
    """Return the first font that is there and can be opened; `ask` names one more place, or nothing."""
    for place in places:
        if Path(place).is_file() and (fonts := _opened(place)):
            return fonts
    return _opened(ask()) or Fonts(None)


def _opened(place: str) -> Fonts | None:
    face = _SIMPLIFIED_IN_NOTO if "CJK" in place and place.endswith(".ttc") else 0
    try:
        ImageFont.truetype(place, 16, face)
    except OSError:
        return None
    return Fonts(place, face)


def _ask_fontconfig() -> str:
    """Return the file that fontconfig holds best for Chinese, if it really has Chinese."""
    command = ["fc-list", ":lang=zh-cn", "--format", "%{file}\n"]
    try:
        told = subprocess.run(command, capture_output=True, text=True, timeout=_ASK_SECONDS, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return next(iter(sorted(told.stdout.split("\n"))[1:]), "") if told.returncode == 0 else ""
