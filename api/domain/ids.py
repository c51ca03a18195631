"""Opaque names of things: a two-letter prefix and 26 characters that sort by time."""

import secrets
from datetime import datetime

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32: no i, l, o or u to misread."""

_TIME_BITS, _RANDOM_BITS = 48, 82


def new_id(prefix: str, *, now: datetime) -> str:
    """Make an id such as `ph_01jb2k…`: milliseconds since 1970, then 82 random bits.

    The random part makes ids unguessable, so that an id may stand in a URL; it is never the only lock.
    """
    number = (int(now.timestamp() * 1000) << _RANDOM_BITS) | secrets.randbits(_RANDOM_BITS)
    digits = []
    for _ in range((_TIME_BITS + _RANDOM_BITS) // 5):
        number, digit = divmod(number, 32)
        digits.append(ALPHABET[digit])
    return f"{prefix}_{''.join(reversed(digits))}"
