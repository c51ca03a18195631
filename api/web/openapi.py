"""What the OpenAPI document needs beyond what the routes say of themselves."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from apiflask import APIFlask

from api.web.problems import MEDIA_TYPE
from api.web.shapes.base import ProblemOut

DESCRIPTION = (
    "自拍进，合规证件照出；不合格时说明每一条原因和改法。\n\n"
    "Errors are `application/problem+json` (RFC 9457) with a stable `code`, a Chinese `detail` (English with "
    "`?lang=en` or `Accept-Language`) and a `request_id`. Unknown fields and arguments are refused."
)
UPLOAD = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["selfie"],
                "additionalProperties": False,
                "properties": {
                    "selfie": {
                        "type": "string",
                        "format": "binary",
                        "description": "at most 10 MB, unless the installation has another limit",
                    },
                    "spec": {"type": "string", "description": "id of a spec; instead of campaign"},
                    "campaign": {"type": "string", "description": "id or slug of a campaign; instead of spec"},
                    "background": {
                        "type": "string",
                        "pattern": "^#[0-9A-Fa-f]{6}$",
                        "description": "one of the spec's `backgrounds`; with spec alone, a campaign has its own",
                    },
                },
                "oneOf": [{"required": ["spec"]}, {"required": ["campaign"]}],
            },
            "encoding": {"selfie": {"contentType": "image/*"}},
        }
    },
}
SIGNED = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["type", "data"],
                "properties": {
                    "type": {"type": "string"},
                    "timestamp": {"type": "string", "format": "date-time"},
                    "data": {"type": "object"},
                },
            }
        }
    },
}
IDEMPOTENCY_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[\\x21-\\x7e]+$"},
    "description": "same key and same bytes: same photo; same key, other bytes: 409",
}
LANG = {"in": "query", "name": "lang", "required": False, "schema": {"type": "string", "enum": ["zh-CN", "en"]}}
SIGNATURE = tuple(
    {"in": "header", "name": name, "required": True, "schema": {"type": "string"}}
    for name in ("webhook-id", "webhook-timestamp", "webhook-signature")
)
JPEG = {
    "description": "The photo",
    "content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}},
    "headers": {name: {"schema": {"type": "string"}} for name in ("Content-Disposition", "ETag", "Cache-Control")},
}
REFUSALS: Mapping[str, str] = {
    "400": "unreadable",
    "401": "not signed in",
    "403": "not allowed",
    "404": "not there, or not yours",
    "409": "not in this state",
    "413": "too large",
    "415": "of another kind than this call takes",
    "422": "does not fit",
    "429": "too often; see `Retry-After`",
    "500": "our fault",
    "503": "later; see `Retry-After`",
}
BY_METHOD: Mapping[str, tuple[str, ...]] = {
    "get": ("404", "422", "429", "500", "503"),
    "delete": ("404", "422", "429", "500"),
    "put": ("400", "403", "404", "409", "413", "415", "422", "429", "500", "503"),
    "post": ("400", "403", "404", "409", "413", "415", "422", "429", "500", "503"),
}

BESIDE: Mapping[str, tuple[str, ...]] = {
    "/v1/photos/{photo_id}/image": ("409",),
    "/v1/registry/photos/{token}": ("409",),
    "/v1/campaigns/{campaign_id}/draft": ("403",),
}
"""Paths whose GET refuses in a way that others do not: a photo that is not ready has no file, a stranger no form."""


def install_openapi(app: APIFlask) -> None:
    """Describe `app`; the document is served at /openapi.json, the page drawn from it at /docs."""
    app.description = DESCRIPTION
    app.config.update(
        AUTO_OPERATION_ID=True,
        AUTO_404_RESPONSE=False,
        AUTO_VALIDATION_ERROR_RESPONSE=False,
        AUTO_AUTH_ERROR_RESPONSE=False,
        AUTO_SERVERS=False,
    )
    app.spec_processor(cast("Callable[[dict[str, Any] | str], dict[str, Any] | str]", _finish))


def _finish(spec: dict[str, Any]) -> dict[str, Any]:
    spec["components"]["schemas"]["Problem"] = _problem_schema(spec)
    _describe_photos(spec["paths"])
    for path, method, operation in _operations(spec):
        _add_refusals(path, method, operation)
        if path.startswith("/v1/"):
            kept = [one for one in operation.get("parameters", []) if one["name"] != "lang"]
            operation["parameters"] = [*kept, LANG]
    return spec


def _problem_schema(spec: dict[str, Any]) -> dict[str, Any]:
    schema = ProblemOut.model_json_schema(ref_template="#/components/schemas/Problem.{model}")
    for name, part in schema.pop("$defs", {}).items():
        spec["components"]["schemas"][f"Problem.{name}"] = part
    return schema


def _describe_photos(paths: dict[str, Any]) -> None:
    submit = paths["/v1/photos"]["post"]
    submit["requestBody"] = UPLOAD
    submit["parameters"] = [*submit.get("parameters", []), IDEMPOTENCY_KEY]
    paths["/v1/photos/{photo_id}/image"]["get"]["responses"]["200"] = JPEG
    paths["/v1/registry/photos/{token}"]["get"]["responses"]["200"] = JPEG
    for path in ("/v1/registry/verdicts", "/v1/registry/roster"):
        signed = paths[path]["post"]
        signed["requestBody"] = SIGNED
        signed["parameters"] = [*signed.get("parameters", []), *SIGNATURE]


def _operations(spec: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, operations in spec["paths"].items():
        for method, operation in operations.items():
            if method in BY_METHOD:
                yield path, method, operation


def _add_refusals(path: str, method: str, operation: dict[str, Any]) -> None:
    if not path.startswith("/v1/"):
        codes: tuple[str, ...] = ("500", "503") if path == "/readyz" else ("500",)
    else:
        signed_in = ("401",) if operation.get("security") or path.startswith(("/v1/auth", "/v1/registry")) else ()
        codes = (*signed_in, *BY_METHOD[method], *BESIDE.get(path, ()))
    for code in codes:
        operation["responses"][code] = {
            "description": REFUSALS[code],
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
