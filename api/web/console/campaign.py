"""The list of campaigns, one campaign at a glance, its window, its form as students see it, its poster."""

import base64

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api.domain.errors import AppError
from api.domain.errors_office import InvalidCampaign
from api.services.campaign_templates import TEMPLATES
from api.services.deeds import Deed
from api.services.deliveries_desk import MOST_AT_ONCE
from api.services.forms import read_form
from api.web.console import campaign_edit, campaign_longer, campaign_progress, export, roster, roster_import
from api.web.console.campaign_poster import poster_code
from api.web.console.campaign_preview import fields_of
from api.web.console.campaign_room import beijing_time, bp, page, stand_of
from api.web.console.campaign_rules import shooting_rules
from api.web.console.faults import flash_error
from api.web.console.guard import deed, registrar_only
from api.web.console.words import t
from api.web.context import house

__all__ = ["bp"]

ROOMS = (campaign_edit, campaign_longer, campaign_progress, export, roster, roster_import)
"""The modules whose pages belong to the blueprint: to name them is to have them."""


@bp.get("/campaigns")
@registrar_only
def index() -> ResponseReturnValue:
    """List the campaigns, newest first."""
    stands = sorted(house().show_campaigns(), key=lambda one: one.campaign.created_at, reverse=True)
    return render_template(
        "console/campaigns/list.html", stands=stands, templates=TEMPLATES.values(), specs=house().parts.specs
    )


@bp.get("/campaigns/<campaign_id>")
@registrar_only
def show(campaign_id: str) -> ResponseReturnValue:
    """Show one campaign at a glance."""
    stand = stand_of(campaign_id)
    registries = {one.id: one.name for one in house().list_registries()}
    longer = house().office.find_people.extensions(stand.campaign.id)
    spec = house().parts.specs.get(stand.campaign.spec)
    return page("show", stand=stand, registries=registries, longer=len(longer), spec=spec)


@bp.post("/campaigns/<campaign_id>/close")
@registrar_only
def close(campaign_id: str) -> ResponseReturnValue:
    """Close it now."""
    closed = house().office.move_window.close(campaign_id, deed=_moved("campaign.closed"))
    flash(t("campaign.window.closed"), "success")
    return redirect(url_for("campaigns.show", campaign_id=closed.slug))


@bp.post("/campaigns/<campaign_id>/tell-earlier")
@registrar_only
def tell_earlier(campaign_id: str) -> ResponseReturnValue:
    """Tell its registry of what it has not heard, as many as one waits for; more, and the button is pressed again."""
    stand = stand_of(campaign_id)
    owed = deed("campaign.told_earlier", subject=stand.campaign.id, detail=lambda count: {"owed": str(count)})
    told = house().registry.tell_earlier(stand.campaign.id, most=MOST_AT_ONCE, deed=owed)
    flash(t("campaign.show.told_earlier", count=told), "success")
    if told >= MOST_AT_ONCE:
        flash(t("campaign.show.tell_more"), "warning")
    return redirect(url_for("campaigns.show", campaign_id=stand.campaign.slug))


@bp.post("/campaigns/<campaign_id>/reopen")
@registrar_only
def reopen(campaign_id: str) -> ResponseReturnValue:
    """Let it last until another second."""
    ends_at = beijing_time(request.form.get("ends_at"))
    stand = stand_of(campaign_id)
    try:
        if ends_at is None:
            flash(t("campaign.fault.time"), "danger")
        else:
            house().office.move_window.reopen(campaign_id, ends_at=ends_at, deed=_moved("campaign.reopened"))
            flash(t("campaign.window.reopened"), "success")
    except InvalidCampaign:
        flash(t("campaign.fault.over"), "danger")
    return redirect(url_for("campaigns.show", campaign_id=stand.campaign.slug))


def _moved(action: str) -> Deed:
    """Return what a window that moved leaves in the audit log."""
    return deed(
        action, subject=lambda campaign: campaign.id, detail=lambda campaign: {"ends_at": campaign.ends_at.isoformat()}
    )


@bp.get("/campaigns/<campaign_id>/form")
@registrar_only
def form(campaign_id: str) -> ResponseReturnValue:
    """Show the form as a student will see it."""
    stand = stand_of(campaign_id)
    schema = stand.campaign.profile_schema
    return page("preview", stand=stand, fields=fields_of(schema), schema=schema)


@bp.post("/campaigns/form-preview")
@registrar_only
def form_preview() -> ResponseReturnValue:
    """Show a form that is still being written, or what is wrong with it."""
    checked = read_form(request.form.get("profile_schema", ""))
    fields = () if checked.faults else fields_of(checked.schema)
    shown = {"fields": fields, "faults": checked.faults, "schema": checked.schema}
    return render_template("console/campaigns/preview_draft.html", **shown), 422 if checked.faults else 200


@bp.get("/campaigns/form-preview", endpoint="form_preview_again")
@registrar_only
def form_preview_again() -> ResponseReturnValue:
    """Lead to the form that the preview was of: what was written there came with the preview alone."""
    return redirect(url_for("campaigns.new"))


@bp.get("/campaigns/<campaign_id>/poster")
@registrar_only
def poster(campaign_id: str) -> ResponseReturnValue:
    """Show a page to print and hang up."""
    stand = stand_of(campaign_id)
    address = f"{house().settings.public_url.rstrip('/')}/?campaign={stand.campaign.slug}"
    code = poster_code(address)
    spec = house().parts.specs.get(stand.campaign.spec)
    wechat = _mini_program_code(stand.campaign.id)
    rules = shooting_rules(spec) if spec else ()
    return page("poster", stand=stand, address=address, code=code, wechat=wechat, spec=spec, rules=rules)


def _mini_program_code(campaign_id: str) -> str | None:
    """Return WeChat's code as a data address; None where the school has no mini-program or WeChat gives none."""
    if house().settings.wechat is None:
        return None
    try:
        picture = house().make_poster_code(campaign_id)
    except AppError as fault:
        flash_error(fault)
        return None
    kind = "png" if picture.startswith(b"\x89PNG") else "jpeg"
    return f"data:image/{kind};base64,{base64.b64encode(picture).decode()}"
