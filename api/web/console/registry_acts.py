"""What a registrar does to a registry: try it, switch it off and on, change its secrets."""

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api.domain.delivery import Registry
from api.domain.errors import InvalidRequest, NotFound
from api.services.rotate_secret import LONGEST_OVERLAP, OVERLAP, RotateSecret
from api.web.console.guard import deed, note, registrar_only
from api.web.console.registry import bp, seen_mark
from api.web.console.registry_words import outcome
from api.web.console.words import beijing, t
from api.web.context import house

DAYS = (1, 3, 7, 14, 30)
"""For how long the old secret may count as well."""


@bp.post("/<registry_id>/ping")
@registrar_only
def ping(registry_id: str) -> ResponseReturnValue:
    """Owe a test event, and go to where its outcome will stand."""
    try:
        pinged = deed("registry.pinged", subject=registry_id, detail=lambda made: {"delivery": made.id})
        delivery = house().ping_registry(registry_id, deed=pinged)
    except InvalidRequest:
        flash(t("registry.flash.disabled_first"), "warning")
        return _back(registry_id)
    return redirect(url_for("registries.delivery", delivery_id=delivery.id))


@bp.post("/<registry_id>/verify")
@registrar_only
def verify(registry_id: str) -> ResponseReturnValue:
    """Try the endpoint as an attacker, a retry and a newer version would, and tell what it gets wrong."""
    registry = _registry(registry_id)
    trials = house().verify_endpoint(registry_id)
    right = sum(one.right for one in trials)
    note("registry.verified", subject=registry_id, detail={"right": str(right), "of": str(len(trials))})
    return render_template(
        "console/registries/verified.html", registry=registry, trials=trials, right=right, outcome=outcome
    )


@bp.post("/<registry_id>/off")
@registrar_only
def off(registry_id: str) -> ResponseReturnValue:
    """Send nothing until it is enabled again."""
    after = house().registry.switch.off(registry_id, deed=deed("registry.disabled", subject=registry_id))
    flash(t("registry.flash.off", name=after.name), "success")
    return _back(registry_id)


@bp.post("/<registry_id>/on")
@registrar_only
def on(registry_id: str) -> ResponseReturnValue:
    """Ask it again; what is due goes out."""
    after = house().registry.switch.on(registry_id, deed=deed("registry.enabled", subject=registry_id))
    flash(t("registry.flash.on", name=after.name), "success")
    return _back(registry_id)


@bp.post("/<registry_id>/secrets/<kind>/rotate")
@registrar_only
def rotate(registry_id: str, kind: str) -> ResponseReturnValue:
    """Make a new secret and show it, this once; a page that is loaded again shows nothing."""
    registry, rotation = _registry(registry_id), _rotation(kind)
    if request.form.get("seen") != seen_mark(registry)[kind]:
        flash(t("registry.flash.rotated_already"), "warning")
        return _back(registry_id)
    rotated = deed(
        "registry.secret_rotated",
        subject=registry_id,
        detail=lambda made: {"kind": kind, "old_until": beijing(made.old_until)},
    )
    made = rotation.begin(registry_id, overlap=timedelta(days=_days()), deed=rotated)
    return render_template(
        "console/registries/secrets.html",
        registry=made.registry,
        secrets=((kind, made.secret),),
        old_until=made.old_until,
    )


@bp.post("/<registry_id>/secrets/<kind>/finish")
@registrar_only
def finish(registry_id: str, kind: str) -> ResponseReturnValue:
    """Let the newest secret alone count, from now on."""
    try:
        finished = deed("registry.secret_finished", subject=registry_id, detail={"kind": kind})
        _rotation(kind).finish(registry_id, deed=finished)
    except InvalidRequest:
        flash(t("registry.flash.nothing_to_finish"), "warning")
        return _back(registry_id)
    flash(t("registry.flash.finished"), "success")
    return _back(registry_id)


def _rotation(kind: str) -> RotateSecret:
    rooms = {"sent": house().registry.rotate, "answered": house().registry.rotate_answers}
    if kind not in rooms:
        raise NotFound(kind="page")
    return rooms[kind]


def _days() -> int:
    """Return the overlap that was chosen; what is no choice of ours counts as the usual one."""
    given = request.form.get("days", "")
    days = int(given) if given.isascii() and given.isdecimal() and len(given) < 4 else OVERLAP.days
    return min(max(days, 1), LONGEST_OVERLAP.days)


def _registry(registry_id: str) -> Registry:
    return house().registry.show.one(registry_id).registry


def _back(registry_id: str) -> ResponseReturnValue:
    return redirect(url_for("registries.show", registry_id=registry_id))
