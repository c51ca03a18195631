"""The student page and the page that describes the API: plain HTML from this host, nothing from anywhere else."""

from collections.abc import Mapping
from typing import Any

from apiflask import APIBlueprint
from flask import current_app, json, render_template

from api.web.context import house
from api.web.problems import STATUS, catalogue
from api.web.samples import sample_people

bp = APIBlueprint("page", __name__, enable_openapi=False)
METHODS = ("get", "post", "put", "patch", "delete")


@bp.get("/")
def student_page() -> str:
    """Serve the page that students use."""
    settings = house().settings
    return render_template(
        "student.html",
        dev_login=settings.dev_login,
        samples=json.dumps(_samples()),
        max_upload_bytes=settings.max_upload_bytes,
    )


@bp.get("/docs")
def docs() -> str:
    """Describe the API to people, drawn from its own OpenAPI document."""
    spec: Mapping[str, Any] = current_app.spec  # type: ignore[attr-defined]
    return render_template(
        "docs.html",
        info=spec["info"],
        groups=_groups(spec),
        schemas=spec["components"]["schemas"],
        problems=sorted(catalogue().problems.items()),
        status=STATUS,
        language=catalogue().language,
    )


def _samples() -> list[dict[str, str]]:
    people = sample_people(house())
    return [{"name": row.name, "id_number": row.id_number, "campaign": row.campaign_id} for row in people]


def _groups(spec: Mapping[str, Any]) -> dict[str, list[tuple[str, str, Mapping[str, Any]]]]:
    """Return the operations by tag, in the order of their tags: (method, path, operation)."""
    groups: dict[str, list[tuple[str, str, Mapping[str, Any]]]] = {tag["name"]: [] for tag in spec["tags"]}
    for path, operations in sorted(spec["paths"].items()):
        for method in METHODS:
            if method in operations:
                groups[operations[method]["tags"][0]].append((method.upper(), path, operations[method]))
    return {name: calls for name, calls in groups.items() if calls}
