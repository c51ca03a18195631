"""Hold a form that a registrar wrote to what the students' pages can draw and the server can check."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

LONGEST = 40_000
"""Characters of a form as JSON; the larger of the two ready-made ones has 6,000."""

DEEPEST = 4
_KINDS = frozenset({"string", "integer", "number", "boolean", "object", "array"})
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,40}")


@dataclass(frozen=True, slots=True)
class FormFault:
    """What is wrong with a form: where (`guardians.items.phone`, empty for the whole) and a word for why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class CheckedForm:
    """A form as it was read, and everything wrong with it. Only one without faults may be used."""

    schema: Mapping[str, Any]
    faults: tuple[FormFault, ...]


def read_form(text: str) -> CheckedForm:
    """Read a form from JSON text; nothing at all asks for nothing beside the photo."""
    if not text.strip():
        return CheckedForm({"type": "object", "properties": {}, "required": [], "additionalProperties": False}, ())
    if len(text) > LONGEST:
        return CheckedForm({}, (FormFault("", "too_long"),))
    try:
        schema = json.loads(text)
        _refuse_unkeepable(schema)
    except (ValueError, RecursionError):
        return CheckedForm({}, (FormFault("", "not_json"),))
    if not isinstance(schema, dict):
        return CheckedForm({}, (FormFault("", "not_an_object"),))
    return CheckedForm(schema, check_form(schema))


def check_form(schema: Mapping[str, Any]) -> tuple[FormFault, ...]:
    """Return everything wrong with a form: no JSON Schema, or one that no page of ours can draw."""
    try:
        Draft202012Validator.check_schema(dict(schema))
    except SchemaError as fault:
        path = [str(step) for step in fault.absolute_path]
        return (FormFault(".".join(path), "bad_pattern" if path[-1:] == ["pattern"] else "not_a_schema"),)
    except RecursionError:
        return (FormFault("", "too_deep"),)
    if schema.get("type") != "object" or not isinstance(schema.get("properties", {}), dict):
        return (FormFault("", "not_an_object"),)
    return tuple(_references(schema, root=schema, path="")) or tuple(_faults(schema, path="", depth=0))


def _refuse_unkeepable(schema: object) -> None:
    """Raise ValueError for what no JSON document, page or database keeps: NaN, infinity, half characters, NUL."""
    stored = json.dumps(schema, ensure_ascii=False, allow_nan=False)
    stored.encode()
    if "\\u0000" in stored:
        raise ValueError("holds NUL")


def _references(part: object, *, root: Mapping[str, Any], path: str) -> Iterator[FormFault]:
    """Name every `$ref` that leads nowhere, or to what refers on: followed, it might never end."""
    if isinstance(part, Mapping):
        if isinstance(part.get("$ref"), str) or "$dynamicRef" in part:
            yield from _reference(part, root=root, path=path)
        for name, inner in part.items():
            yield from _references(inner, root=root, path=path if name == "properties" else _under(path, name))
    elif isinstance(part, list):
        for inner in part:
            yield from _references(inner, root=root, path=path)


def _reference(part: Mapping[str, Any], *, root: Mapping[str, Any], path: str) -> Iterator[FormFault]:
    """Follow one step, and hold what lies there to the rules, together with what stands beside the reference."""
    reference = str(part.get("$ref", ""))
    found: Any = root if reference.startswith("#/") and "$dynamicRef" not in part else None
    for step in reference.removeprefix("#/").split("/"):
        found = found.get(step) if isinstance(found, Mapping) else None
    if not isinstance(found, Mapping):
        yield FormFault(path, "reference_elsewhere")
    elif '"$ref"' in json.dumps(found):
        yield FormFault(path, "too_deep")
    else:
        beside = {name: value for name, value in part.items() if name != "$ref"}
        yield from _faults({**found, **beside}, path=path, depth=1)


def _faults(schema: Mapping[str, Any], *, path: str, depth: int) -> Iterator[FormFault]:
    kind = schema.get("type", "string" if "enum" in schema else None)
    if depth > DEEPEST:
        yield FormFault(path, "too_deep")
    elif "$ref" in schema:
        return  # `_references` has followed it
    elif not isinstance(kind, str) or kind not in _KINDS:
        yield FormFault(path, "unknown_kind")
    elif kind == "object":
        yield from _group(schema, path=path, depth=depth)
    elif kind == "array":
        yield from _list(schema, path=path, depth=depth)
    else:
        yield from _field(schema, path=path)


def _group(schema: Mapping[str, Any], *, path: str, depth: int) -> Iterator[FormFault]:
    fields = schema.get("properties", {})
    for name in schema.get("required", ()):
        if name not in fields:
            yield FormFault(_under(path, name), "required_but_absent")
    for name, inner in fields.items():
        if not _NAME.fullmatch(name):
            yield FormFault(_under(path, name), "bad_name")
        elif not isinstance(inner, dict):
            yield FormFault(_under(path, name), "unknown_kind")
        else:
            if not inner.get("title") and "$ref" not in inner:
                yield FormFault(_under(path, name), "no_title")
            yield from _faults(inner, path=_under(path, name), depth=depth + 1)


def _list(schema: Mapping[str, Any], *, path: str, depth: int) -> Iterator[FormFault]:
    items = schema.get("items")
    if not isinstance(items, dict) or not ("$ref" in items or items.get("type") == "object"):
        yield FormFault(path, "list_of_what")
    else:
        yield from _faults(items, path=_under(path, "items"), depth=depth + 1)
    if schema.get("maxItems", 1) < schema.get("minItems", 0):
        yield FormFault(path, "more_than_most")


def _field(schema: Mapping[str, Any], *, path: str) -> Iterator[FormFault]:
    choices = schema.get("enum")
    if choices is not None and not (choices and all(isinstance(one, str | int | float) for one in choices)):
        yield FormFault(path, "bad_choices")
    if schema.get("maxLength", LONGEST) < schema.get("minLength", 0):
        yield FormFault(path, "more_than_most")


def _under(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
