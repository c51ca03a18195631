"""The form of a campaign, and what it says in the words of the rules."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from wtforms import HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from api.domain.campaign import Campaign
from api.domain.campaign_rules import CampaignFields
from api.domain.delivery import Event
from api.domain.errors_office import FieldFault
from api.services.campaign_templates import TEMPLATES, CampaignTemplate
from api.services.forms import CheckedForm, FormFault, check_form, read_form
from api.web.console.campaign_room import beijing_time, for_input
from api.web.console.forms import ConsoleForm
from api.web.console.words import t
from api.web.context import house
from photo_service.catalogue.search import by_group
from photo_service.spec import Spec

CUSTOM, NONE = "custom", "none"
EVENTS = {"ready": Event.READY.value, "submitted": Event.SUBMITTED.value, "approved": Event.APPROVED.value}


class CampaignForm(ConsoleForm):
    """Everything of a campaign that a person chooses."""

    mark = HiddenField()
    template = HiddenField()
    slug = StringField(validators=[Optional(), Length(max=100)])
    name = StringField(validators=[InputRequired(), Length(max=200)])
    spec = SelectField(validators=[DataRequired()], validate_choice=False)  # a locked one is filled in, not sent
    starts_at = StringField(validators=[InputRequired()])
    ends_at = StringField(validators=[InputRequired()])
    registry_id = SelectField(validate_choice=False)
    deliver_on = SelectMultipleField(
        validate_choice=False, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    file_name = StringField(validators=[Optional(), Length(max=200)])
    form_source = SelectField(validate_choice=False)
    profile_schema = TextAreaField()

    def offer(self) -> None:
        """Fill the choices in, in the page's language."""
        specs = house().list_specs()
        self.spec.choices = {
            label: [(spec.id, _with_size(spec)) for spec in group] for label, group in by_group(specs).items()
        }
        self.registry_id.choices = [("", t("campaign.edit.no_registry"))] + [
            (one.id, one.name) for one in house().list_registries()
        ]
        self.deliver_on.choices = [(value, t(f"campaign.event.{word}")) for word, value in EVENTS.items()]
        self.form_source.choices = [
            (NONE, t("campaign.edit.form_none")),
            *((template.id, template.name) for template in TEMPLATES.values()),
            (CUSTOM, t("campaign.edit.form_custom")),
        ]

    def schema(self) -> CheckedForm:
        """Return the form that was chosen or written, with what is wrong with it."""
        chosen = TEMPLATES.get(self.form_source.data or "")
        if chosen is not None:
            return CheckedForm(chosen.profile_schema, check_form(chosen.profile_schema))
        return read_form("" if self.form_source.data == NONE else self.profile_schema.data or "")


def _with_size(spec: Spec) -> str:
    """Name a spec with its pixels, unless its own name has them."""
    pixels = f"{spec.size.max_width}×{spec.size.max_height}"
    return spec.name if pixels in spec.name else f"{spec.name}（{pixels}）"


def from_template(template: CampaignTemplate | None) -> dict[str, Any]:
    """Return what the form begins with for a template, or for none."""
    if template is None:
        return {"form_source": NONE, "deliver_on": [EVENTS["submitted"], EVENTS["approved"]], "profile_schema": ""}
    return {
        "template": template.id,
        "name": template.name,
        "spec": template.spec,
        "deliver_on": sorted(template.deliver_on),
        "file_name": template.file_name or "",
        "form_source": template.id,
        "profile_schema": _text(template.profile_schema),
    }


def from_campaign(campaign: Campaign) -> dict[str, Any]:
    """Return what the form begins with for a campaign that is there."""
    known = next((one for one in TEMPLATES.values() if one.profile_schema == campaign.profile_schema), None)
    bare = not campaign.profile_schema.get("properties")
    return {
        "template": campaign.template or "",
        "slug": campaign.slug,
        "name": campaign.name,
        "spec": campaign.spec,
        "starts_at": for_input(campaign.starts_at),
        "ends_at": for_input(campaign.ends_at),
        "registry_id": campaign.registry_id or "",
        "deliver_on": sorted(campaign.deliver_on),
        "file_name": campaign.file_name or "",
        "form_source": NONE if bare else known.id if known else CUSTOM,
        "profile_schema": _text(campaign.profile_schema),
    }


def read(
    form: CampaignForm, *, locked: Mapping[str, object] = {}, now: Campaign | None = None
) -> CampaignFields | None:
    """Return what the form says, None with its errors set where it cannot be read.

    A locked field is not asked for: it stays as it is `now`. The beginning may still move, to earlier, so it is asked.
    """
    kept = CampaignFields.of(now) if now is not None else None
    starts_at, ends_at = beijing_time(form.starts_at.data), beijing_time(form.ends_at.data)
    checked = form.schema()
    if kept is not None:
        checked = CheckedForm(kept.profile_schema, ()) if "profile_schema" in locked else checked
    for field, moment in ((form.starts_at, starts_at), (form.ends_at, ends_at)):
        if moment is None:
            field.errors = [t("campaign.fault.time")]
    form.profile_schema.errors = told(checked.faults)
    if starts_at is None or ends_at is None or checked.faults:
        return None
    return CampaignFields(
        name=(form.name.data or "").strip(),
        spec=kept.spec if kept and "spec" in locked else form.spec.data or "",
        starts_at=starts_at,
        ends_at=ends_at,
        profile_schema=checked.schema,
        registry_id=kept.registry_id if kept and "registry_id" in locked else form.registry_id.data or None,
        deliver_on=frozenset(form.deliver_on.data or ()),
        file_name=(form.file_name.data or "").strip() or None,
    )


def complain(form: CampaignForm, faults: Iterable[FieldFault]) -> None:
    """Put what the rules refused by its field."""
    for fault in faults:
        field = getattr(form, fault.field)
        field.errors = [*field.errors, t(f"campaign.fault.{fault.reason}")]


def told(faults: Iterable[FormFault]) -> list[str]:
    """Return what is wrong with a form, in sentences that name the place."""
    return [f"{fault.path}：{t(f'campaign.form_fault.{fault.reason}')}".lstrip("：") for fault in faults]


def _text(schema: Mapping[str, Any]) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=2) if schema.get("properties") else ""
