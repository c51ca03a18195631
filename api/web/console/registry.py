"""The school systems that receive events: the list, adding one, one with what can be done to it, changing it."""

from datetime import datetime

from apiflask import APIBlueprint
from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from api.domain.delivery import Registry
from api.domain.errors import Conflict
from api.web.console.guard import deed, registrar_only
from api.web.console.registry_forms import RegistryForm
from api.web.console.registry_words import EVENTS, event_words, host_of, shown_url, standing, told
from api.web.console.words import t
from api.web.context import house

bp = APIBlueprint("registries", __name__, url_prefix="/console/registries", enable_openapi=False)
TOLD = {"standing": standing, "told": told, "event_words": event_words, "shown_url": shown_url}
"""What the templates tell things with."""


@bp.get("")
@registrar_only
def index() -> ResponseReturnValue:
    """Show every registry and how it does."""
    views = house().registry.show()
    return render_template(
        "console/registries/index.html", views=views, dead=house().registry.show.dead_letters(), now=now(), **TOLD
    )


@bp.route("/new", methods=["GET", "POST"])
@registrar_only
def add() -> ResponseReturnValue:
    """Make a registry known, and show its two secrets, this once."""
    form = RegistryForm()
    if not form.validate_on_submit():
        return _form_page(form, registry=None)
    change = form.change
    try:
        made = house().add_registry(
            change.name or "",
            url=change.url or "",
            embed_photo=change.embed_photo is True,
            events=change.events,
            deed=deed("registry.added", subject=lambda made: made.id, detail=_detail),
        )
    except Conflict:
        form.name.errors = [t("registry.form.taken")]
        return _form_page(form, registry=None)
    secrets = (("sent", made.secrets[0]), ("answered", made.answer_secrets[0]))
    return render_template("console/registries/secrets.html", registry=made, secrets=secrets, old_until=None)


@bp.get("/<registry_id>")
@registrar_only
def show(registry_id: str) -> ResponseReturnValue:
    """Show one registry: how it does, its settings, its secrets' ages, and what can be done."""
    view = house().registry.show.one(registry_id)
    return render_template(
        "console/registries/show.html",
        view=view,
        registry=view.registry,
        now=now(),
        seen=seen_mark(view.registry),
        all_events=EVENTS,
        **TOLD,
    )


@bp.route("/<registry_id>/edit", methods=["GET", "POST"])
@registrar_only
def edit(registry_id: str) -> ResponseReturnValue:
    """Change what a registry is called, where it is and what it is sent."""
    registry = house().registry.show.one(registry_id).registry
    form = RegistryForm()
    form.known = registry.url
    if not form.is_submitted():
        form.fill(registry)
    if not form.validate_on_submit():
        return _form_page(form, registry=registry)
    try:
        changed = deed("registry.changed", subject=registry_id, detail=_detail)
        after = house().change_registry.apply(registry_id, form.change, deed=changed)
    except Conflict:
        form.name.errors = [t("registry.form.taken")]
        return _form_page(form, registry=registry)
    flash(t("registry.flash.saved", name=after.name), "success")
    return redirect(url_for("registries.show", registry_id=registry_id))


def now() -> datetime:
    """Return the house's time."""
    return house().clock.now()


def seen_mark(registry: Registry) -> dict[str, str]:
    """Return marks of the secrets a page was drawn with: a form sent twice finds that they have moved on.

    Keyed digests, so that a page tells nothing of the secrets themselves.
    """
    newest = {"sent": registry.secrets[0], "answered": registry.answer_secrets[0]}
    sign = house().parts.vault.sign
    return {kind: sign(f"{registry.id}\0{secret}", context="console.secret")[:22] for kind, secret in newest.items()}


def _form_page(form: RegistryForm, *, registry: Registry | None) -> ResponseReturnValue:
    page = render_template(
        "console/registries/form.html", form=form, registry=registry, event_words=event_words, all_events=EVENTS
    )
    return page, 422 if form.errors else 200


def _detail(registry: Registry) -> dict[str, str]:
    return {
        "host": host_of(registry.url),
        "photo": "embedded" if registry.embed_photo else "link",
        "events": "all" if registry.events is None else ",".join(sorted(registry.events)),
    }
