"""A form as students will see it: the schema turned into fields one after another.

Fields that only some answers ask for are here too, marked; `console/form_preview.js` shows and hides them by the rules
of the students' own form, and a page without script says of them that they depend.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.services.profiles import REGION_FIELDS

_DEEPEST = 8
"""Groups and branches within one another that are drawn; a form's groups may be four deep (`api.services.forms`)."""


@dataclass(frozen=True, slots=True)
class PreviewField:
    """One field or one group. `kind`: text, tel, number, date, email, tick, choice, place, group or list.

    `choices` are what is sent and what is read. `depends`: only some answers ask for it.
    """

    name: str
    title: str
    kind: str
    required: bool
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    fields: tuple["PreviewField", ...] = ()
    least: int = 0
    most: int | None = None
    depends: bool = False


def fields_of(schema: Mapping[str, Any]) -> tuple[PreviewField, ...]:
    """Return the fields of a form, with every one that a branch of it may ask for."""
    return _group(schema, root=schema, depth=0)


def _group(schema: Mapping[str, Any], *, root: Mapping[str, Any], depth: int) -> tuple[PreviewField, ...]:
    required = set(schema.get("required", ()))
    always = schema.get("properties", {})
    return tuple(
        _field(
            name, _resolved(inner, root), required=name in required, depends=name not in always, at=(root, depth + 1)
        )
        for name, inner in _widest(schema, root, depth=depth).items()
        if isinstance(inner, Mapping) and depth < _DEEPEST
    )


def _widest(schema: Mapping[str, Any], root: Mapping[str, Any], *, depth: int) -> dict[str, Any]:
    """Return a group's fields and those that its `then`, `else` and `allOf` add, as `widest` in schema.js does."""
    own = _resolved(schema, root)
    several = own.get("allOf", ())
    branches = [own.get("then"), own.get("else"), *(several if isinstance(several, list) else ())]
    more: dict[str, Any] = {}
    for branch in branches if depth < _DEEPEST else ():
        if isinstance(branch, Mapping):
            more |= _widest(branch, root, depth=depth + 1)
    return {
        **own.get("properties", {}),
        **{name: one for name, one in more.items() if name not in own.get("properties", {})},
    }


def _resolved(schema: Mapping[str, Any], root: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follow one reference inside the form; where it leads nowhere the field stays as it is written."""
    found: Any = root
    for step in str(schema.get("$ref", "")).removeprefix("#/").split("/") if "$ref" in schema else ():
        found = found.get(step, {}) if isinstance(found, Mapping) else {}
    return {**found, **schema} if "$ref" in schema and isinstance(found, Mapping) else schema


def _field(
    name: str, schema: Mapping[str, Any], *, required: bool, depends: bool, at: tuple[Mapping[str, Any], int]
) -> PreviewField:
    root, depth = at
    kind = _kind(schema)
    inner: Sequence[PreviewField] = ()
    if kind in {"group", "place"}:
        inner = _group(schema, root=root, depth=depth)
    elif kind == "list" and isinstance(schema.get("items"), Mapping):
        inner = _group(_resolved(schema["items"], root), root=root, depth=depth)
    return PreviewField(
        name=name,
        title=str(schema.get("title", name)),
        kind=kind,
        required=required,
        hint=str(schema.get("description", "")),
        choices=_choices(schema),
        fields=tuple(inner),
        least=int(schema.get("minItems", 0)),
        most=schema.get("maxItems"),
        depends=depends,
    )


def _choices(schema: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return the choices as the students' form has them: an `enum`, or constants with titles."""
    if "enum" in schema:
        return tuple((str(one), str(one)) for one in schema["enum"])
    several = schema.get("oneOf", ())
    constant = [one for one in several if isinstance(one, Mapping) and "const" in one]
    whole = constant if len(constant) == len(several) else ()
    return tuple((str(one["const"]), str(one.get("title", one["const"]))) for one in whole)


def _kind(schema: Mapping[str, Any]) -> str:
    kind = schema.get("type")
    if kind == "object":
        return "place" if schema.get("x-region") or set(schema.get("properties", {})) == set(REGION_FIELDS) else "group"
    simple = {"array": "list", "boolean": "tick", "integer": "number", "number": "number"}
    if kind in simple:
        return simple[kind]
    if _choices(schema):
        return "choice"
    if str(schema.get("pattern", "")).startswith("^1[3-9]"):
        return "tel"
    return {"date": "date", "email": "email"}.get(str(schema.get("format")), "text")
