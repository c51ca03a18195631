"""The services of staff and registries, put over the parts; `api.bootstrap` keeps them on the house."""

from typing import Any

from api.adapters.parts import Parts
from api.services.campaign_desk import ShowCampaigns, ShowProgress
from api.services.deliveries_desk import ListAttempts, ListDeliveries, Replay
from api.services.drafts import ReadDraft, SaveDraft
from api.services.export_photos import BeginExport, ListExports, RunExport
from api.services.images import PullImage
from api.services.load_roster import LoadRoster, RemoveFromRoster
from api.services.open_campaign import ExtendWindow, OpenCampaign
from api.services.record_errors import FindRecordErrors, ListRecordErrors, ReportRecordError, SettleRecordError
from api.services.registries import AddRegistry, ChangeRegistry, ListRegistries, PingRegistry
from api.services.registry_roster import TakeRoster
from api.services.review import Approve, Return, Revoke
from api.services.review_batch import ApproveMany, ReturnMany
from api.services.roster import ImportRoster
from api.services.seed import Seed
from api.services.submissions_desk import FindSubmissions, ReadHistory, ReadSubmission
from api.services.verdicts import TakeVerdict
from api.services.verify_endpoint import VerifyEndpoint


def form_side(parts: Parts) -> dict[str, Any]:
    """Return what students have of a collection beside photo and submission, by the names of the house's fields."""
    kept: dict[str, Any] = {"database": parts.database}
    timed = kept | {"clock": parts.clock}
    return {
        "save_draft": SaveDraft(**timed),
        "read_draft": ReadDraft(**kept),
        "report_record_error": ReportRecordError(**timed),
        "list_record_errors": ListRecordErrors(**kept),
    }


def review_side(parts: Parts) -> dict[str, Any]:
    """Return what counsellors have."""
    kept: dict[str, Any] = {"database": parts.database}
    timed = kept | {"clock": parts.clock}
    approve, return_ = Approve(**timed, bell=parts.bell), Return(**timed, bell=parts.bell)
    return {
        "find_submissions": FindSubmissions(**kept),
        "read_submission": ReadSubmission(**kept),
        "read_history": ReadHistory(**kept),
        "approve": approve,
        "return_": return_,
        "revoke": Revoke(**timed, bell=parts.bell),
        "approve_many": ApproveMany(approve),
        "return_many": ReturnMany(return_),
        "find_record_errors": FindRecordErrors(**kept),
        "settle_record_error": SettleRecordError(**timed),
    }


def office_side(parts: Parts) -> dict[str, Any]:
    """Return what the registrar's office has."""
    kept: dict[str, Any] = {"database": parts.database}
    timed = kept | {"clock": parts.clock}
    return {
        "open_campaign": OpenCampaign(**timed),
        "extend_window": ExtendWindow(**timed),
        "show_campaigns": ShowCampaigns(**timed),
        "show_progress": ShowProgress(**kept),
        "import_roster": ImportRoster(**timed),
        "load_roster": LoadRoster(**timed),
        "remove_from_roster": RemoveFromRoster(**kept),
        "begin_export": BeginExport(**timed),
        "run_export": RunExport(**timed, blobs=parts.blobs, specs=parts.specs),
        "list_exports": ListExports(**kept),
        "seed_sample": Seed(**timed),
    }


def registry_side(parts: Parts) -> dict[str, Any]:
    """Return what registries have, and what runs them."""
    kept: dict[str, Any] = {"database": parts.database}
    timed = kept | {"clock": parts.clock}
    rung = timed | {"bell": parts.bell}
    return {
        "pull_image": PullImage(**timed, blobs=parts.blobs, specs=parts.specs, vault=parts.vault),
        "take_verdict": TakeVerdict(**rung),
        "take_roster": TakeRoster(**timed, load=LoadRoster(**timed)),
        "add_registry": AddRegistry(**timed),
        "change_registry": ChangeRegistry(**kept),
        "verify_endpoint": VerifyEndpoint(**timed, post=parts.post),
        "list_registries": ListRegistries(**kept),
        "ping_registry": PingRegistry(**rung),
        "replay": Replay(**rung),
        "list_deliveries": ListDeliveries(**kept),
        "list_attempts": ListAttempts(**kept),
    }
