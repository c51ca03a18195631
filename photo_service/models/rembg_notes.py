"""What an operator should know of each of rembg's models before choosing one.

rembg declares names, addresses and checksums; it does not declare licences, sizes or uses in a form a program can
read. Those stand here, from rembg's README and the models' own pages; docs/engines.md names the source of each line.
A model's licence is its authors', whatever rembg's own (MIT) says.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Note:
    """`megabytes` is about the size of the download. `conditions` is what must be accepted first: "" for nothing."""

    licence: str
    good_for: str
    megabytes: float
    conditions: str = ""


_U2NET = "Apache-2.0"
_BIREFNET = "MIT (some training data has stricter terms)"

NOTES: Final = {
    "u2net": Note(_U2NET, "anything in the foreground, people or not", 176),
    "u2netp": Note(_U2NET, "small machines: the smallest and the coarsest", 4.6),
    "u2net_human_seg": Note(_U2NET, "whole people", 176),
    "silueta": Note("Apache-2.0 (U-2-Net's; none stated for this reduction)", "u2net with less memory", 44),
    "isnet-general-use": Note(
        "none stated for the weights (code Apache-2.0; training data not for commercial use)",
        "finer edges than u2net, any foreground",
        179,
    ),
    "isnet-anime": Note("Apache-2.0", "drawn characters: not for photos", 176),
    "birefnet-portrait": Note(_BIREFNET, "portraits: the finest hair, for large machines", 973),
    "birefnet-general": Note(_BIREFNET, "any foreground, fine edges, for large machines", 973),
    "birefnet-general-lite": Note(_BIREFNET, "as birefnet-general, a quarter of the size", 224),
    "birefnet-hrsod": Note(_BIREFNET, "salient objects in large pictures", 973),
    "birefnet-massive": Note(_BIREFNET, "as birefnet-general, trained on more", 973),
    "birefnet-dis": Note(_BIREFNET, "thin objects: not made for people", 973),
    "birefnet-cod": Note(_BIREFNET, "camouflaged objects: not made for people", 973),
    "bria-rmbg": Note(
        "CC-BY-NC-4.0 (BRIA AI)",
        "any foreground, fine edges, for large machines",
        1020,
        conditions="not for commercial use without a paid agreement with BRIA AI",
    ),
}
_UNKNOWN: Final = Note(
    "unknown", "unknown: newer than this program", 0, conditions="this program does not know the licence: read it first"
)


def note_on(name: str) -> Note:
    """Look a model up; one that a later rembg brought has a licence nobody here has read, and says so."""
    return NOTES.get(name, _UNKNOWN)
