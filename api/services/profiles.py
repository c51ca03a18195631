"""Check a profile against its campaign's form, and say in Chinese what does not fit."""

from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from api.domain.errors import IdNumberInvalid, InvalidProfile, ProfileFault
from api.domain.id_number import normalise_id_number
from api.domain.regions import first_unknown

ID_NUMBER_FORMAT = "cn-id-number"
"""`"format"` of a form field that must be a resident ID number with a right check digit."""

REGION_FIELDS = ("province", "city", "county")
"""The fields of an object with `"x-region": true`, from large to small."""


def check_profile(schema: Mapping[str, Any], profile: Mapping[str, Any]) -> None:
    """Raise InvalidProfile with every fault at once."""
    faults = faults_of(schema, profile)
    if faults:
        raise InvalidProfile(faults=faults)


def faults_of(schema: Mapping[str, Any], profile: Mapping[str, Any]) -> tuple[ProfileFault, ...]:
    """Return everything that does not fit, by field."""
    checker = FormatChecker(formats=("date",))
    checker.checks(ID_NUMBER_FORMAT, raises=IdNumberInvalid)(_is_id_number)
    validator = _Validator(dict(schema), format_checker=checker)
    found = {fault for error in validator.iter_errors(dict(profile)) for fault in _faults(error)}
    return tuple(sorted(found, key=lambda fault: (fault.path, fault.message)))


def _region(_validator: Any, wanted: Any, place: Any, _schema: Any) -> Iterator[ValidationError]:
    """Check `"x-region": true`: province, city and county that belong to each other."""
    if not wanted or not isinstance(place, Mapping):
        return
    names = [place.get(name) for name in REGION_FIELDS]
    if not all(isinstance(name, str) and name for name in names):
        return  # the form's own rules speak of what is missing
    level = first_unknown(*(str(name) for name in names))
    if level is not None:
        yield ValidationError("unknown region", path=(REGION_FIELDS[level],), validator="x-region")


_Validator = extend(Draft202012Validator, {"x-region": _region})  # type: ignore[no-untyped-call] # half typed


def _is_id_number(value: object) -> bool:
    return not isinstance(value, str) or bool(normalise_id_number(value))


def _faults(error: ValidationError) -> Iterator[ProfileFault]:
    path = ".".join(str(step) for step in error.absolute_path)
    limit: Any = error.validator_value
    given: Any = error.instance
    if error.validator == "required":
        yield from (ProfileFault(_join(path, name), "此项必填") for name in limit if name not in given)
    elif error.validator == "additionalProperties":
        schema: Any = error.schema
        unknown = given.keys() - schema.get("properties", {}).keys()
        yield from (ProfileFault(_join(path, name), "没有这一项") for name in unknown)
    else:
        yield ProfileFault(path, _message(error))


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _message(error: ValidationError) -> str:
    limit = error.validator_value
    if error.validator == "minLength" and limit == 1:
        return "此项必填"
    if error.validator == "format" and limit == ID_NUMBER_FORMAT:
        return "身份证号不正确，请核对"
    return _MESSAGES.get(str(error.validator), "填写的内容不符合要求").format(limit=limit)


_MESSAGES = {
    "type": "格式不对",
    "enum": "请从给出的选项里选择",
    "const": "请从给出的选项里选择",
    "minLength": "至少填 {limit} 个字",
    "maxLength": "最多填 {limit} 个字",
    "minItems": "至少填 {limit} 项",
    "maxItems": "最多填 {limit} 项",
    "pattern": "填写的内容不符合要求",
    "format": "格式不对",
    "x-region": "没有这个地方，请按身份证或户口簿上的行政区划填写",
}
