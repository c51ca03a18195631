"""Opaque names of things: a two-letter prefix and 26 characters that sort by time."""

import secrets
from datetime import datetime

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32: no i, l, o or u to misread."""

_TIME_BITS, _ORDER_BITS, _RANDOM_BITS = 48, 16, 66


def new_id(prefix: str, *, now: datetime, order: int = 0) -> str:
    """Make an id such as `ph_01jb2k…`: milliseconds since 1970, `order` among those of one moment, 66 random bits.

    The random part makes ids unguessable, so that an id may stand in a URL; it is never the only lock.
    """
    moment = int(now.timestamp() * 1000) << _ORDER_BITS | order % (1 << _ORDER_BITS)
    number = moment << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS)
    digits = []
    for _ in range((_TIME_BITS + _ORDER_BITS + _RANDOM_BITS) // 5):
        number, digit = divmod(number, 32)
        digits.append(ALPHABET[digit])
    return f"{prefix}_{''.join(reversed(digits))}"
