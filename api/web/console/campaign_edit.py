"""Make a campaign from a template, from another or from nothing; change one."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api.domain.errors import AppError
from api.domain.errors_office import CampaignLocked, InvalidCampaign, SlugTaken
from api.services.campaign_templates import TEMPLATES
from api.services.edit_campaign import Editable
from api.web.console import campaign_forms as forms
from api.web.console.campaign_forms import CampaignForm
from api.web.console.campaign_room import bp, stand_of
from api.web.console.faults import flash_error, words_of
from api.web.console.guard import deed, registrar_only
from api.web.console.words import t
from api.web.context import house
from photo_service.catalogue.search import search, search_terms


@bp.get("/campaigns/new")
@registrar_only
def new() -> ResponseReturnValue:
    """Show the form of a new campaign, filled from a template or from another campaign."""
    begun = forms.from_template(TEMPLATES.get(request.args.get("template", "")))
    if request.args.get("clone"):
        begun = forms.from_campaign(stand_of(request.args["clone"]).campaign)
        begun |= {"slug": "", "starts_at": "", "ends_at": "", "name": begun["name"]}
    return _page(CampaignForm(formdata=None, data=begun))


@bp.post("/campaigns/new")
@registrar_only
def create() -> ResponseReturnValue:
    """Make it."""
    form = CampaignForm()
    form.offer()
    complete = form.validate()
    if "find" in request.form:
        return _page(form, words=request.form.get("words", ""))
    wanted = forms.read(form)
    if wanted is None or not complete:
        return _page(form, status=422)
    try:
        made = house().office.create_campaign(
            form.slug.data or "",
            wanted,
            template=form.template.data or None,
            deed=deed(
                "campaign.created",
                subject=lambda made: made.id,
                detail=lambda made: {"slug": made.slug, "spec": made.spec},
            ),
        )
    except InvalidCampaign as fault:
        forms.complain(form, fault.faults)
    except SlugTaken as fault:
        form.slug.errors = [words_of(fault).detail]
    else:
        flash(t("campaign.edit.created"), "success")
        return redirect(url_for("campaigns.show", campaign_id=made.slug))
    return _page(form, status=422)


@bp.get("/campaigns/<campaign_id>/edit")
@registrar_only
def edit(campaign_id: str) -> ResponseReturnValue:
    """Show the form of a campaign."""
    found = house().office.edit_campaign.look(campaign_id)
    begun = forms.from_campaign(found.campaign) | {"mark": found.mark}
    return _page(CampaignForm(formdata=None, data=begun), found=found)


@bp.post("/campaigns/<campaign_id>/edit", endpoint="save")
@registrar_only
def save(campaign_id: str) -> ResponseReturnValue:
    """Change it, as far as the rules allow."""
    found = house().office.edit_campaign.look(campaign_id)
    form = CampaignForm()
    form.offer()
    _fill_locked(form, found)
    complete = form.validate()
    if "find" in request.form:
        return _page(form, found=found, words=request.form.get("words", ""))
    wanted = forms.read(form, locked=found.locked, now=found.campaign)
    if wanted is None or not complete:
        return _page(form, found=found, status=422)
    try:
        kept = deed("campaign.changed", subject=lambda changed: changed.id)
        changed = house().office.edit_campaign(campaign_id, wanted, mark=form.mark.data or "", deed=kept)
    except InvalidCampaign as fault:
        forms.complain(form, fault.faults)
    except CampaignLocked as fault:
        for name in fault.fields:
            getattr(form, name).errors = [t(f"campaign.lock.{found.locked[name]}")]
    except AppError as fault:
        flash_error(fault)
    else:
        flash(t("campaign.edit.saved"), "success")
        return redirect(url_for("campaigns.show", campaign_id=changed.slug))
    return _page(form, found=found, status=422)


def _fill_locked(form: CampaignForm, found: Editable) -> None:
    """Browsers do not send what is disabled: it is what it was."""
    begun = forms.from_campaign(found.campaign)
    form.slug.data = begun["slug"]
    for name in found.locked.keys() - {"starts_at"}:
        getattr(form, name).data = begun[name]
    if "profile_schema" in found.locked:
        form.form_source.data = begun["form_source"]


def _page(
    form: CampaignForm, *, found: Editable | None = None, words: str = "", status: int = 200
) -> ResponseReturnValue:
    form.offer()
    fitting = {spec.id for spec in search(house().list_specs(), words)}
    terms = {spec.id: " ".join(search_terms(spec)) for spec in house().list_specs()}
    return render_template(
        "console/campaigns/edit.html",
        form=form,
        found=found,
        locked=found.locked if found else {},
        fitting=fitting,
        terms=terms,
        words=words,
        registrar=True,
    ), status
