"""From a selfie to a photo: hand it in, wait for the verdict, fetch the file, delete it."""

import re
from dataclasses import dataclass

from apiflask import APIBlueprint
from flask import Response, request
from werkzeug.datastructures import FileStorage

from api.domain.errors import SelfieTooLarge, TooManyWaiters
from api.domain.photo import PhotoView
from api.web.bearer import bearer
from api.web.context import house, limit_student, student
from api.web.errors import Fault, Faulty, UnknownField
from api.web.files import send_image
from api.web.problems import catalogue
from api.web.shapes.photos import MishapOut, PhotoOut, PhotosOut, QueuedOut, Wait, queued, shown
from api.web.strict import megabytes

bp = APIBlueprint("photos", __name__, url_prefix="/v1/photos", tag="照片 Photos")

KEY = re.compile(r"[\x21-\x7e]{1,128}")
TARGETS = ("spec", "campaign")
WORDS = (*TARGETS, "background")


@dataclass(frozen=True, slots=True)
class SelfieForm:
    """What a multipart upload holds. Exactly one of `spec` and `campaign` is set."""

    selfie: bytes
    spec: str | None
    campaign: str | None
    background: str | None
    idempotency_key: str | None


@bp.post("")
@bp.auth_required(bearer)
@bp.output(QueuedOut, status_code=202, description="Taken in; ask `status_url` for the verdict")
def submit_selfie() -> tuple[QueuedOut, int, dict[str, str]]:
    """Hand in a selfie for one spec or one campaign.

    With `spec`, a `background` out of the spec's `backgrounds` may be chosen. With the same `Idempotency-Key` and the
    same bytes the same photo comes back, however often it is sent.
    """
    limit_student("upload")
    form = _read_form()
    view = house().submit_selfie(
        student().id,
        selfie=form.selfie,
        spec=form.spec,
        campaign=form.campaign,
        idempotency_key=form.idempotency_key,
        background=form.background,
    )
    answer = queued(view)
    return answer, 202, {"Location": answer.status_url}


@bp.get("")
@bp.auth_required(bearer)
@bp.output(PhotosOut)
def list_photos() -> PhotosOut:
    """Show every photo of the student's that is kept, newest first."""
    return PhotosOut(photos=[_show(view) for view in house().student_room.list_photos(student().id)])


@bp.get("/<photo_id>")
@bp.auth_required(bearer)
@bp.input(Wait, location="query")
@bp.output(PhotoOut)
def read_photo(photo_id: str, query_data: Wait) -> tuple[PhotoOut, int, dict[str, str]]:
    """Show a photo's state, report and place in the queue.

    The wait is a courtesy: where too many wait already the answer comes at once with `Retry-After`.
    """
    if query_data.wait <= 0:
        return _show(house().read_photo(student().id, photo_id)), 200, {}
    try:
        return _show(house().await_photo(student().id, photo_id, seconds=query_data.wait)), 200, {}
    except TooManyWaiters as busy:
        view = house().read_photo(student().id, photo_id)
        return _show(view), 200, {"Retry-After": str(busy.retry_after or 2)}


@bp.get("/<photo_id>/image")
@bp.auth_required(bearer)
def read_image(photo_id: str) -> Response:
    """Fetch the finished photo, named by its spec's pattern."""
    return send_image(house().read_image(student().id, photo_id))


@bp.delete("/<photo_id>")
@bp.auth_required(bearer)
@bp.output({}, status_code=204, description="Deleted")
def delete_photo(photo_id: str) -> tuple[str, int]:
    """Delete a photo and its selfie; a submission made with it is revoked."""
    house().delete_photo(student().id, photo_id)
    return "", 204


def _show(view: PhotoView) -> PhotoOut:
    return shown(view, _mishap(view))


def _mishap(view: PhotoView) -> MishapOut | None:
    """Say why there is no verdict: in the photo service's words where it has some, else in the catalogue's."""
    code, report = view.photo.error_code, view.photo.report
    if code is None:
        return None
    if report and report.get("error"):
        return MishapOut.model_validate(report["error"])
    words = catalogue().words(code if code in catalogue().problems else "render_failed", view.photo.error_facts)
    return MishapOut(code=code, message=words.title, advice=words.detail)


def _read_form() -> SelfieForm:
    key = request.headers.get("Idempotency-Key")
    if key is not None and not KEY.fullmatch(key):
        raise Faulty(Fault("header", "Idempotency-Key", "bad_header"))
    _refuse_strangers()
    file = request.files.get("selfie")
    targets = {name: request.form[name] for name in TARGETS if name in request.form}
    if len(targets) != 1:
        raise Faulty(Fault("pointer", "#/spec", "either"))
    return SelfieForm(
        selfie=_read_selfie(file),
        spec=targets.get("spec"),
        campaign=targets.get("campaign"),
        background=request.form.get("background"),
        idempotency_key=key,
    )


def _refuse_strangers() -> None:
    strangers = [f"#/{name}" for name in request.form if name not in WORDS and name != "selfie"]
    strangers += [f"#/{name}" for name in request.files if name not in {"selfie", *WORDS}]
    if strangers:
        raise UnknownField(*(Fault("pointer", name, "extra_forbidden") for name in strangers))
    wrong = [Fault("pointer", f"#/{name}", "string_type") for name in WORDS if name in request.files]
    wrong += [Fault("pointer", "#/selfie", "not_a_file")] if "selfie" in request.form else []
    counted = [*request.form.items(multi=True), *request.files.items(multi=True)]
    names = [name for name, _ in counted]
    wrong += [Fault("pointer", f"#/{name}", "repeated") for name in sorted(set(names)) if names.count(name) > 1]
    if wrong:
        raise Faulty(*wrong)


def _read_selfie(file: FileStorage | None) -> bytes:
    """Read the file, one byte past the limit at most."""
    if file is None:
        raise Faulty(Fault("pointer", "#/selfie", "no_file"))
    most = house().settings.max_upload_bytes
    data = file.stream.read(most + 1)
    if len(data) > most:
        raise SelfieTooLarge(megabytes=megabytes(len(data)), limit=megabytes(most))
    return bytes(data)
