"""Build the house: every service made once from the settings, over the parts that `api.adapters.parts` chooses."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from api.adapters.parts import Parts, choose_parts
from api.bootstrap_collection import form_side, office_side, registry_side, review_side
from api.bootstrap_office import Office, open_office
from api.bootstrap_registry import RegistryRoom, registry_room
from api.bootstrap_review import ReviewRoom, review_room
from api.bootstrap_staff import StaffRoom, staff_room
from api.bootstrap_student import StudentRoom, student_room
from api.bootstrap_wechat import offered_texts, steps_after_confirm, wechat_side
from api.bootstrap_worker import worker_side
from api.config import Settings
from api.domain.errors import AppError
from api.domain.ports import Bell, Blobs, Clock, Database, Renderer
from api.services.campaign_desk import ShowCampaigns, ShowProgress
from api.services.campaigns import GetCampaign, ListCampaigns
from api.services.catalogue import GetSpec, ListSpecs
from api.services.confirm import Confirm
from api.services.consents import GiveConsent, ListConsents, WithdrawConsent
from api.services.deliver import Deliver
from api.services.deliveries_desk import ListAttempts, ListDeliveries, Replay
from api.services.drafts import ReadDraft, SaveDraft
from api.services.exhibits import owe_exhibit
from api.services.export_photos import BeginExport, ListExports, RunExport
from api.services.identity import BindIdentity
from api.services.images import PullImage, ReadImage
from api.services.load_roster import LoadRoster, RemoveFromRoster
from api.services.media_check import CheckMedia
from api.services.notices_offer import AgreeToNotices, ListNotices
from api.services.notices_send import Notify
from api.services.open_campaign import ExtendWindow, OpenCampaign
from api.services.phone import ReadPhone
from api.services.poster import MakePosterCode
from api.services.purge import Purge
from api.services.pushes import CheckPushAddress, HandlePush, TakePush
from api.services.read_photo import AwaitPhoto, ReadPhoto
from api.services.record_errors import FindRecordErrors, ListRecordErrors, ReportRecordError, SettleRecordError
from api.services.registries import AddRegistry, ChangeRegistry, ListRegistries, PingRegistry
from api.services.registry_roster import TakeRoster
from api.services.render_photo import RenderPhoto
from api.services.reseal import LookUnderKeys, Reseal
from api.services.review import Approve, Return, Revoke
from api.services.review_batch import ApproveMany, ReturnMany
from api.services.rights import DeletePhoto, EraseMe, ExportMe
from api.services.roster import ImportRoster
from api.services.seed import Seed
from api.services.sessions import Authenticate, EndSession, LoginAsDeveloper, LoginWithWeChat, RefreshSession
from api.services.submissions_desk import FindSubmissions, ListSubmissions, ReadHistory, ReadSubmission
from api.services.submit_selfie import IntakeLimits, SubmitSelfie
from api.services.sweep import Sweep
from api.services.trusted_time import TrustedClock
from api.services.unbind import UnbindRow
from api.services.verdicts import TakeVerdict
from api.services.verify_endpoint import VerifyEndpoint

__all__ = ["House", "Parts", "build", "furnish"]


@dataclass(frozen=True, slots=True)
class House:
    """Everything this product can be asked to do. Each field is a service to call; see the service for its errors."""

    settings: Settings
    clock: Clock
    parts: Parts = field(repr=False)

    login_with_wechat: LoginWithWeChat
    login_as_developer: LoginAsDeveloper
    refresh_session: RefreshSession
    end_session: EndSession
    authenticate: Authenticate

    list_consents: ListConsents
    give_consent: GiveConsent
    withdraw_consent: WithdrawConsent
    bind_identity: BindIdentity
    unbind_row: UnbindRow

    list_notices: ListNotices
    agree_to_notices: AgreeToNotices
    read_phone: ReadPhone
    make_poster_code: MakePosterCode
    check_push_address: CheckPushAddress
    take_push: TakePush
    handle_push: HandlePush
    check_media: CheckMedia
    notify: Notify

    list_specs: ListSpecs
    get_spec: GetSpec
    list_campaigns: ListCampaigns
    get_campaign: GetCampaign

    submit_selfie: SubmitSelfie
    read_photo: ReadPhoto
    await_photo: AwaitPhoto
    read_image: ReadImage
    delete_photo: DeletePhoto
    confirm: Confirm
    list_submissions: ListSubmissions
    save_draft: SaveDraft
    read_draft: ReadDraft
    report_record_error: ReportRecordError
    list_record_errors: ListRecordErrors
    export_me: ExportMe
    erase_me: EraseMe

    find_submissions: FindSubmissions
    approve: Approve
    return_: Return
    revoke: Revoke
    approve_many: ApproveMany
    return_many: ReturnMany
    read_submission: ReadSubmission
    read_history: ReadHistory
    find_record_errors: FindRecordErrors
    settle_record_error: SettleRecordError

    pull_image: PullImage
    take_verdict: TakeVerdict
    take_roster: TakeRoster
    add_registry: AddRegistry
    change_registry: ChangeRegistry
    verify_endpoint: VerifyEndpoint
    list_registries: ListRegistries
    ping_registry: PingRegistry
    replay: Replay
    list_deliveries: ListDeliveries
    list_attempts: ListAttempts

    open_campaign: OpenCampaign
    extend_window: ExtendWindow
    show_campaigns: ShowCampaigns
    show_progress: ShowProgress
    import_roster: ImportRoster
    load_roster: LoadRoster
    remove_from_roster: RemoveFromRoster
    begin_export: BeginExport
    run_export: RunExport
    list_exports: ListExports
    seed_sample: Seed

    staff: StaffRoom
    review: ReviewRoom
    student_room: StudentRoom
    registry: RegistryRoom
    office: Office

    render_photo: RenderPhoto
    deliver: Deliver
    sweep: Sweep
    purge: Purge
    trusted_clock: TrustedClock
    look_under_keys: LookUnderKeys
    reseal: Reseal

    def warm(self) -> None:
        """Load the models; for the worker alone. Raises RendererAway where they are not there."""
        self.parts.renderer.warm()

    def ping(self) -> dict[str, str]:
        """Return the health of database, redis and blobs: `ok`, or the name of what went wrong."""
        checks: dict[str, Database | Bell | Blobs] = {
            "database": self.parts.database,
            "redis": self.parts.bell,
            "blobs": self.parts.blobs,
        }
        return {name: _health(part) for name, part in checks.items()}

    def close(self) -> None:
        """Give every connection back."""
        self.parts.bell.close()
        self.parts.blobs.close()
        self.parts.database.close()


def build(settings: Settings, *, renderer: Renderer | None = None) -> House:
    """Build the house. Raises SchemaBehind where the database's schema is not brought up and not ours to bring up.

    A `renderer` given here stands in for the photo service's own.
    """
    return furnish(settings, choose_parts(settings, renderer=renderer))


def furnish(settings: Settings, parts: Parts) -> House:
    """Put the services over the given parts."""
    return House(
        settings=settings,
        clock=parts.clock,
        parts=parts,
        staff=staff_room(settings, parts),
        review=review_room(parts),
        student_room=student_room(parts),
        registry=registry_room(parts),
        office=open_office(settings, parts),
        **_entrance(settings, parts),
        **_student_side(settings, parts),
        **form_side(parts),
        **review_side(parts),
        **office_side(parts),
        **registry_side(parts),
        **worker_side(settings, parts),
        **wechat_side(settings, parts),
    )


def _entrance(settings: Settings, parts: Parts) -> dict[str, Any]:
    kept: dict[str, Any] = {"database": parts.database}
    timed = kept | {"clock": parts.clock}
    return {
        "login_with_wechat": LoginWithWeChat(**timed, wechat=parts.wechat),
        "login_as_developer": LoginAsDeveloper(**timed, allowed=settings.dev_login),
        "refresh_session": RefreshSession(**timed),
        "end_session": EndSession(**timed),
        "authenticate": Authenticate(**timed),
        "list_consents": ListConsents(**timed, offered=offered_texts(settings)),
        "give_consent": GiveConsent(**timed, offered=offered_texts(settings)),
        "withdraw_consent": WithdrawConsent(**timed, blobs=parts.blobs),
        "bind_identity": BindIdentity(**timed),
        "unbind_row": UnbindRow(**timed, bell=parts.bell),
        "list_specs": ListSpecs(specs=parts.specs),
        "get_spec": GetSpec(specs=parts.specs),
        "list_campaigns": ListCampaigns(**timed),
        "get_campaign": GetCampaign(**timed),
    }


def _student_side(settings: Settings, parts: Parts) -> dict[str, Any]:
    kept: dict[str, Any] = {"database": parts.database}
    timed = kept | {"clock": parts.clock}
    filed = timed | {"blobs": parts.blobs}
    limits = IntakeLimits(
        max_bytes=settings.max_upload_bytes, max_queued=settings.max_queued, selfie_days=settings.selfie_days
    )
    return {
        "submit_selfie": SubmitSelfie(**filed, bell=parts.bell, specs=parts.specs, limits=limits),
        "read_photo": ReadPhoto(**kept),
        "await_photo": AwaitPhoto(**timed, max_waiters=settings.max_waiters),
        "read_image": ReadImage(**kept, blobs=parts.blobs, specs=parts.specs),
        "delete_photo": DeletePhoto(**filed),
        "confirm": Confirm(
            **timed,
            bell=parts.bell,
            keep_days=settings.submitted_days,
            and_then=(*steps_after_confirm(settings), owe_exhibit),
        ),
        "list_submissions": ListSubmissions(**kept),
        "export_me": ExportMe(**kept),
        "erase_me": EraseMe(**filed),
    }


def _health(part: Database | Bell | Blobs) -> str:
    try:
        part.ping()
    except (AppError, OSError, SQLAlchemyError) as fault:
        return type(fault).__name__
    return "ok"
