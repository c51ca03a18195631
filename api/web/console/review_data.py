"""A profile as a reviewer reads it: the form's own titles, in the form's order."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from api.services.review_dossier import Dossier


@dataclass(frozen=True, slots=True)
class Line:
    """One entry: what it is called, what stands there, and how deep it lies (a guardian's name is 1)."""

    title: str
    value: str = field(repr=False)
    depth: int = 0


def profile_lines(dossier: Dossier) -> tuple[Line, ...]:
    """Return the profile of a submission, line by line; none where it was erased."""
    schema = dossier.campaign.profile_schema if dossier.campaign else {}
    return tuple(_object(schema, dossier.view.submission.profile, depth=0))


def _object(schema: Mapping[str, Any], values: Mapping[str, Any], *, depth: int) -> Iterator[Line]:
    properties: Mapping[str, Any] = schema.get("properties", {})
    names = [name for name in properties if name in values] + [name for name in values if name not in properties]
    for name in names:
        yield from _value(properties.get(name, {}), values[name], title=name, depth=depth)


def _value(schema: Mapping[str, Any], value: Any, *, title: str, depth: int) -> Iterator[Line]:
    title = str(schema.get("title", title))
    if isinstance(value, Mapping):
        if schema.get("x-region"):
            yield Line(title, " ".join(str(part) for part in value.values()), depth)
            return
        yield Line(title, "", depth)
        yield from _object(schema, value, depth=depth + 1)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for number, item in enumerate(value, start=1):
            yield from _value(schema.get("items", {}), item, title=f"{title} {number}", depth=depth)
    else:
        yield Line(title, _spoken(value), depth)


def _spoken(value: object) -> str:
    return "✓" if value is True else "✗" if value is False else str(value)
