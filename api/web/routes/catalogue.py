"""What photos can be made for: specifications and campaigns."""

from apiflask import APIBlueprint

from api.domain.errors import NotFound, SpecUnknown
from api.web.bearer import bearer
from api.web.context import house, student
from api.web.shapes.catalogue import CampaignOut, CampaignsOut, SpecOut, SpecsOut

bp = APIBlueprint("catalogue", __name__, url_prefix="/v1", tag="规格与批次 Catalogue")


@bp.get("/specs")
@bp.output(SpecsOut)
def list_specs() -> SpecsOut:
    """Show every photo specification."""
    return SpecsOut(specs=[SpecOut.of(spec) for spec in house().list_specs()])


@bp.get("/specs/<spec_id>")
@bp.output(SpecOut)
def get_spec(spec_id: str) -> SpecOut:
    """Show one photo specification."""
    try:
        return SpecOut.of(house().get_spec(spec_id))
    except SpecUnknown as fault:
        raise NotFound(kind="spec", id=spec_id) from fault


@bp.get("/campaigns")
@bp.auth_required(bearer)
@bp.output(CampaignsOut)
def list_campaigns() -> CampaignsOut:
    """Show the campaigns and where each one's window stands."""
    views = house().list_campaigns(student().id)
    return CampaignsOut(campaigns=[CampaignOut.of(view) for view in views])


@bp.get("/campaigns/<campaign_id>")
@bp.auth_required(bearer)
@bp.output(CampaignOut)
def get_campaign(campaign_id: str) -> CampaignOut:
    """Show one campaign, by id or slug."""
    return CampaignOut.of(house().get_campaign(student().id, campaign_id))
