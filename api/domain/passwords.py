"""What a password must be: long, and not one that everybody tries first. Nothing about digits and capitals.

NIST SP 800-63B (2024) and OWASP's authentication cheat sheet ask for length and for a list of known bad ones, and
against rules of composition and changes by the calendar.
"""

import secrets
from itertools import pairwise
from typing import Protocol

from api.domain.errors_staff import WeakPassword
from api.domain.ids import ALPHABET

LEAST = 12
"""OWASP ASVS 5.0 asks for 8 with a second factor and 15 without; OWASP ASVS 4.0 §2.1.1 for 12. We throttle and have
no second factor of our own, so 12, and the school's login where there is one."""

MOST = 128
"""ASVS 4.0 §2.1.2: at least 64 are allowed, more than 128 are not. Longer ones would only cost time."""

_ONE_TIME_GROUPS, _GROUP_CHARS = 4, 4
_COMMON_STEMS = (
    "password", "passw0rd", "qwertyuiop", "1q2w3e4r", "1qaz2wsx", "iloveyou", "woaini", "welcome", "administrator",
    "admin", "letmein", "changeme", "abc123", "abcd1234", "qwer1234", "a1b2c3", "zaq12wsx", "asdfghjkl", "zxcvbnm",
    "monkey", "dragon", "sunshine", "princess", "football", "baseball", "superman", "xiaoming", "fudaoyuan",
    "jiaowuchu", "xuexiao", "daxue", "laoshi", "beijing", "china", "test", "guest", "root", "user", "secret",
    "111", "123", "520", "666", "888", "000", "1314", "5201314", "147258369", "987654321", "0123456789",
)  # fmt: skip
"""What the commonest passwords of published leaks, Chinese ones among them, are made of."""


class Passwords(Protocol):
    """Keeps passwords so that nobody can read them back."""

    def hash(self, password: str) -> str:
        """Return what is stored."""
        ...

    def fits(self, password: str, kept: str | None) -> bool:
        """Compare; takes as long where there is nothing to compare with."""
        ...

    def stale(self, kept: str) -> bool:
        """Tell whether the stored hash should be made again."""
        ...


def check_password(password: str, *, login: str) -> None:
    """Raise WeakPassword, saying why, for one that is too short, too long, too common or made of the login."""
    if len(password) < LEAST:
        raise WeakPassword(reason="short", least=LEAST)
    if len(password) > MOST:
        raise WeakPassword(reason="long", least=LEAST)
    plain = password.lower()
    if len(_without(plain, (login,))) < LEAST // 2:
        raise WeakPassword(reason="own_name", least=LEAST)
    few = LEAST // 3
    if len(set(plain)) < 5 or _leaps(plain) < few or len(_without(plain, _COMMON_STEMS)) < few:
        raise WeakPassword(reason="common", least=LEAST)


def one_time_password() -> str:
    """Return 80 random bits in groups that can be read out over the telephone."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(_GROUP_CHARS)) for _ in range(_ONE_TIME_GROUPS))
    return "-".join(groups)


def _without(text: str, stems: tuple[str, ...]) -> str:
    """Return what is left of a text when the given words, the longest first, are taken out."""
    for stem in sorted(stems, key=len, reverse=True):
        text = text.replace(stem, "")
    return text


def _leaps(text: str) -> int:
    """Return how often the next character is neither the same nor a neighbour: `abcdef` and `998877` have no leap."""
    return sum(abs(ord(after) - ord(before)) > 1 for before, after in pairwise(text))
