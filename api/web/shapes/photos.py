"""Photos, their reports, and submissions."""

from typing import Annotated, Any, Literal

from pydantic import Field

from api.domain.photo import PhotoState, PhotoView
from api.domain.submission import Submission
from api.web.shapes.base import Id, In, Moment, Out

State = Literal["queued", "rendering", "ready", "rejected", "failed", "erased"]


class Wait(In):
    """The arguments of reading a photo."""

    wait: Annotated[float, Field(ge=0, le=25, allow_inf_nan=False, description="seconds to wait for the verdict")] = 0
    lang: str | None = Field(default=None, description="zh-CN or en: the language of problems")


class FindingOut(Out):
    code: str
    severity: Literal["fail", "warn"]
    message: str
    advice: str
    value: float | None = None
    limit: float | None = None


class OutputOut(Out):
    """The finished file, as measured on its own bytes."""

    width: int
    height: int
    dpi: int
    bytes: int
    format: str
    mode: str
    sha256: str
    quality: int | None = None
    background: str | None = None


class MishapOut(Out):
    """Why no verdict could be reached."""

    code: str
    message: str
    advice: str


class ReportOut(Out):
    """Everything measured on one photo, findings included."""

    schema_: int = Field(alias="schema")
    spec: str
    verdict: Literal["pass", "fail"]
    source: str
    findings: list[FindingOut]
    measurements: dict[str, float | None]
    output: OutputOut | None
    timings_ms: dict[str, float]
    engine: str
    error: MishapOut | None = None


class QueuedOut(Out):
    """A selfie that was taken in."""

    id: str
    state: State
    position: int | None = Field(description="how many are before it")
    estimate_s: float | None = Field(description="about how long until its verdict")
    status_url: str


class PhotoOut(QueuedOut):
    """A photo as its student sees it."""

    spec: str
    campaign: str | None
    created_at: Moment
    finished_at: Moment | None
    report: ReportOut | None
    error: MishapOut | None = Field(description="set where there is no verdict")
    image_url: str | None = Field(description="set once the photo is ready")


class PhotosOut(Out):
    photos: list[PhotoOut]


class Confirmation(In):
    photo: Id
    campaign: Id
    profile: dict[str, Any] = Field(description="fits the campaign's `profile_schema`")


class SubmissionOut(Out):
    id: str
    campaign: str
    photo: str
    state: Literal["submitted", "approved", "returned", "revoked"]
    reason: str | None = Field(description="what the reviewer tells the student")
    created_at: Moment
    decided_at: Moment | None

    @classmethod
    def of(cls, submission: Submission) -> "SubmissionOut":
        """Show a submission to its student; who decided stays inside."""
        return cls(
            id=submission.id,
            campaign=submission.campaign_id,
            photo=submission.photo_id,
            state=submission.state.value,
            reason=submission.reason,
            created_at=submission.created_at,
            decided_at=submission.decided_at,
        )


class SubmissionsOut(Out):
    submissions: list[SubmissionOut]


class VerdictOut(Out):
    """What became of a registry's answer."""

    submission: str
    state: Literal["submitted", "approved", "returned", "revoked"]


def queued(view: PhotoView) -> QueuedOut:
    """Show a photo that has just been taken in."""
    photo = view.photo
    return QueuedOut(
        id=photo.id,
        state=photo.state.value,
        position=view.position,
        estimate_s=view.estimate_s,
        status_url=f"/v1/photos/{photo.id}",
    )


def shown(view: PhotoView, mishap: MishapOut | None) -> PhotoOut:
    """Show a photo with all that is known of it; `mishap` says in words why there is no verdict."""
    photo = view.photo
    return PhotoOut(
        **queued(view).model_dump(),
        spec=photo.spec,
        campaign=photo.campaign_id,
        created_at=photo.created_at,
        finished_at=photo.finished_at,
        report=ReportOut.model_validate(dict(photo.report)) if photo.report else None,
        error=mishap,
        image_url=f"/v1/photos/{photo.id}/image" if photo.state is PhotoState.READY else None,
    )
