"""A spec as the JSON document that `idphoto specs --json` and `GET /v1/specs` show."""

from dataclasses import asdict
from typing import Any

from photo_service.spec import Spec


def spec_json(spec: Spec) -> dict[str, Any]:
    """Give every field of a spec; colours as #RRGGBB, head rules by their measure."""
    body = asdict(spec)
    body["confirmed"] = spec.confirmed.value
    body["group"] = {"id": spec.group.value, "label": spec.group.label}
    body["note"] = spec.note.strip()
    body["background"] = {
        "colour": _hex(spec.background.colour) if spec.background.colour else None,
        "choices": [_hex(colour) for colour in spec.background.choices],
        "replacement_allowed": spec.background.replacement_allowed,
        "any_colour": spec.background.any_colour,
        "wall": [_hex(colour) for colour in spec.background.wall],
    }
    body["head"] = {
        rule.measure: {"unit": rule.unit, "low": rule.low, "target": rule.target, "high": rule.high}
        for rule in spec.head
    }
    body["checks"] = {code: severity.value for code, severity in spec.checks.items()}
    body["limits"] = dict(spec.limits)
    return body


def _hex(colour: tuple[int, int, int]) -> str:
    return "#" + bytes(colour).hex().upper()
