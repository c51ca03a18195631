"""Check a profile against its campaign's form, and say in Chinese what does not fit."""

from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from api.domain.errors import IdNumberInvalid, InvalidProfile, ProfileFault
from api.domain.id_number import normalise_id_number

ID_NUMBER_FORMAT = "cn-id-number"
"""`"format"` of a form field that must be a resident ID number with a right check digit."""


def check_profile(schema: Mapping[str, Any], profile: Mapping[str, Any]) -> None:
    """Raise InvalidProfile with every fault at once."""
    checker = FormatChecker(formats=("date",))
    checker.checks(ID_NUMBER_FORMAT, raises=IdNumberInvalid)(_is_id_number)
    validator = Draft202012Validator(dict(schema), format_checker=checker)
    faults = [fault for error in validator.iter_errors(dict(profile)) for fault in _faults(error)]
    if faults:
        raise InvalidProfile(faults=tuple(sorted(faults, key=lambda fault: fault.path)))


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
}
