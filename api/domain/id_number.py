"""The resident ID number (GB 11643): 18 characters, the last a check digit."""

from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from api.domain.errors import IdNumberInvalid

LENGTH = 18


def normalise_id_number(text: str) -> str:
    """Return the number in its written form (18 characters, capital X).

    Raises IdNumberInvalid when the length, the birth date or the check digit is wrong. The region code is not
    looked up: counties are renamed and merged, and old numbers stay valid.
    """
    number = "".join(text.split()).translate(_FULL_WIDTH).upper()
    if len(number) != LENGTH or not number[:17].isascii() or not number[:17].isdigit():
        raise IdNumberInvalid(reason="format")
    try:
        ric.get_birth_date(number)
    except ValidationError as fault:
        raise IdNumberInvalid(reason="birth_date") from fault
    if check_digit(number[:17]) != number[17]:
        raise IdNumberInvalid(reason="check_digit")
    return number


def check_digit(body: str) -> str:
    """Return the check digit, 0 to 9 or X, that belongs behind the first 17 digits."""
    digit: str = ric.calc_check_digit(body + "0")  # wants a whole number and looks past its last character
    return digit


_FULL_WIDTH = {ord("０") + digit: str(digit) for digit in range(10)} | {ord("Ｘ"): "X", ord("ｘ"): "X"}
