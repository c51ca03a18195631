"""A form as students will see it, for a page without script: the schema turned into fields one after another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.services.profiles import REGION_FIELDS


@dataclass(frozen=True, slots=True)
class PreviewField:
    """One field or one group. `kind`: text, tel, number, date, email, tick, choice, place, group or list."""

    name: str
    title: str
    kind: str
    required: bool
    hint: str = ""
    choices: tuple[str, ...] = ()
    fields: tuple["PreviewField", ...] = ()
    least: int = 0
    most: int | None = None


def fields_of(schema: Mapping[str, Any]) -> tuple[PreviewField, ...]:
    """Return the fields of a form."""
    return _group(schema, root=schema)


def _group(schema: Mapping[str, Any], *, root: Mapping[str, Any]) -> tuple[PreviewField, ...]:
    required = set(schema.get("required", ()))
    return tuple(
        _field(name, _resolved(inner, root), required=name in required, root=root)
        for name, inner in schema.get("properties", {}).items()
    )


def _resolved(schema: Mapping[str, Any], root: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follow one reference inside the form; where it leads nowhere the field stays as it is written."""
    found: Any = root
    for step in str(schema.get("$ref", "")).removeprefix("#/").split("/") if "$ref" in schema else ():
        found = found.get(step, {}) if isinstance(found, Mapping) else {}
    return {**found, **schema} if "$ref" in schema and isinstance(found, Mapping) else schema


def _field(name: str, schema: Mapping[str, Any], *, required: bool, root: Mapping[str, Any]) -> PreviewField:
    kind = _kind(schema)
    items = _resolved(schema.get("items", {}), root)
    inner: Sequence[PreviewField] = ()
    if kind in {"group", "place"}:
        inner = _group(schema, root=root)
    elif kind == "list":
        inner = _group(items, root=root)
    return PreviewField(
        name=name,
        title=str(schema.get("title", name)),
        kind=kind,
        required=required,
        hint=str(schema.get("description", "")),
        choices=tuple(str(one) for one in schema.get("enum", ())),
        fields=tuple(inner),
        least=int(schema.get("minItems", 0)),
        most=schema.get("maxItems"),
    )


def _kind(schema: Mapping[str, Any]) -> str:
    kind = schema.get("type")
    if kind == "object":
        return "place" if schema.get("x-region") or set(schema.get("properties", {})) == set(REGION_FIELDS) else "group"
    simple = {"array": "list", "boolean": "tick", "integer": "number", "number": "number"}
    if kind in simple:
        return simple[kind]
    if "enum" in schema:
        return "choice"
    if str(schema.get("pattern", "")).startswith("^1[3-9]"):
        return "tel"
    return {"date": "date", "email": "email"}.get(str(schema.get("format")), "text")
