"""What lies under which data key."""

from api.bootstrap import House
from photo_service.doctor import Symptom

PART = "old data keys"


def old_keys(house: House) -> Symptom:
    """Look how much would not open any more if all keys but the first were taken away."""
    left = house.look_under_keys()
    if left.nothing:
        return Symptom(PART, "nothing lies under another key than the first")
    given = len(house.settings.data_keys) or 1
    found = f"{sum(left.values.values())} values and {left.files} files are not sealed by the first key"
    if given == 1:
        return _with_one_key(house, found)
    found += ", and another key indexes" if left.index else ""
    return Symptom(
        PART, found, "idphoto keys reseal", "Until then no old key may be taken away, and a leaked one opens them"
    )


def _with_one_key(house: House, found: str) -> Symptom:
    """Tell values of before keys had names, which the only key opens, from those of a key that is not here."""
    with house.parts.database.read() as uow:
        strangers = uow.sealed.strangers()
    if not strangers:
        return Symptom(PART, "one key, which has sealed everything; some of it before keys had names")
    why = f"{found}, and no other key is given"
    return Symptom(PART, f"{strangers} values do not open", "Put the key before back behind it: IDPHOTO_DATA_KEYS", why)
