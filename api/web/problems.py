"""Every refusal as `application/problem+json` (RFC 9457). The only place where codes become HTTP statuses."""

import traceback
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import structlog
from apiflask import APIFlask
from apiflask.exceptions import HTTPError
from flask import Response, current_app, g, json, request
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from api.domain.errors import (
    AppError,
    InvalidProfile,
    InvalidRequest,
    InvalidRoster,
    NotFound,
    RateLimited,
    SelfieTooLarge,
)
from api.domain.errors import Fault as OurFault
from api.web.errors import BadRequest, Fault, Faulty, MethodNotAllowed, UnknownField, UnsupportedMediaType
from api.web.strict import megabytes
from api.web.wording import Catalogue, load_catalogues, wanted_language

MEDIA_TYPE = "application/problem+json"
CATALOGUES = "campus-id-photo.catalogues"

STATUS: Mapping[str, int] = {
    "bad_request": 400,
    "not_authenticated": 401,
    "token_expired": 401,
    "signature_invalid": 401,
    "consent_required": 403,
    "identity_required": 403,
    "push_refused": 403,
    "wechat_user_blocked": 403,
    "wechat_no_credit": 409,
    "dev_login_off": 404,
    "not_found": 404,
    "method_not_allowed": 405,
    "already_bound": 409,
    "already_submitted": 409,
    "campaign_closed": 409,
    "campaign_not_open": 409,
    "conflict": 409,
    "idempotency_conflict": 409,
    "not_reviewable": 409,
    "review_conflict": 409,
    "photo_not_ready": 409,
    "photo_wrong_spec": 409,
    "upload_too_large": 413,
    "unsupported_media_type": 415,
    "id_number_invalid": 422,
    "identity_mismatch": 422,
    "invalid_profile": 422,
    "invalid_request": 422,
    "invalid_roster": 422,
    "unknown_field": 422,
    "unknown_spec": 422,
    "unreadable_image": 422,
    "wechat_bad_code": 422,
    "rate_limited": 429,
    "too_many_attempts": 429,
    "blob_missing": 500,
    "internal_error": 500,
    "malformed_secret": 500,
    "notice_unfittable": 500,
    "vault_error": 500,
    "embedded_redis_unavailable": 503,
    "not_ready": 503,
    "queue_full": 503,
    "queue_unavailable": 503,
    "renderer_away": 503,
    "schema_behind": 503,
    "too_many_waiters": 503,
    "wechat_misconfigured": 503,
    "wechat_unavailable": 503,
}


def install_problems(app: APIFlask) -> None:
    """Answer everything that goes wrong in `app` with a problem document."""
    app.extensions[CATALOGUES] = load_catalogues()
    app.register_error_handler(AppError, _on_app_error)
    app.register_error_handler(HTTPError, _on_validation)
    app.register_error_handler(HTTPException, _on_http)
    app.register_error_handler(Exception, _on_surprise)


def catalogue() -> Catalogue:
    """Return the messages in the language of the current request."""
    return _catalogues()[wanted_language()]


def problem(error: AppError) -> Response:
    """Return the answer for one error."""
    words = catalogue().words(error.code, error.facts)
    status = STATUS.get(error.code, 500)
    body: dict[str, Any] = {
        "type": f"/docs#problem-{error.code}",
        "title": words.title,
        "status": status,
        "detail": words.detail,
        "code": error.code,
        "request_id": g.get("request_id", ""),
    }
    faults = _faults(error)
    if faults:
        body["errors"] = [fault.to_json(catalogue().faults) for fault in faults]
    response = Response(json.dumps(body), status=status, mimetype=MEDIA_TYPE)
    response.headers["Cache-Control"] = "no-store"
    response.content_language = (catalogue().language,)
    _headers_of(error, status, response)
    return response


def _catalogues() -> Mapping[str, Catalogue]:
    found: Mapping[str, Catalogue] = current_app.extensions[CATALOGUES]
    return found


def _headers_of(error: AppError, status: int, response: Response) -> None:
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(max(1, error.retry_after))
    if status == 401 and error.code != "signature_invalid":
        response.headers["WWW-Authenticate"] = 'Bearer realm="campus-id-photo"'


def _faults(error: AppError) -> Sequence[Fault]:
    if isinstance(error, InvalidProfile | InvalidRoster):
        root = "#/profile" if isinstance(error, InvalidProfile) else "#/data"
        return [Fault("pointer", root + _pointer(fault.path), fault.message) for fault in error.faults]
    return error.faults if isinstance(error, Faulty | UnknownField) else ()


def _pointer(path: str) -> str:
    return "".join(f"/{part}" for part in path.split(".") if part)


def _on_app_error(error: AppError) -> Response:
    if isinstance(error, OurFault):
        _log_fault(error)
    return problem(error)


def _on_validation(error: HTTPError) -> Response:
    """Turn what a schema refused into named faults; unknown fields speak first, they are a caller's bug."""
    cause = error.__cause__
    if not isinstance(cause, ValidationError):
        return problem(InvalidRequest(reason=error.message))
    found = [(one["type"], _place(one["loc"])) for one in cause.errors(include_url=False, include_input=False)]
    unknown = [Fault(*place, kind) for kind, place in found if kind == "extra_forbidden"]
    if unknown:
        return problem(UnknownField(*unknown))
    return problem(Faulty(*(Fault(*place, kind) for kind, place in found)))


def _place(location: tuple[int | str, ...]) -> tuple[str, str]:
    if request.method == "GET":
        return "parameter", str(location[0]) if location else ""
    return "pointer", "#" + "".join(f"/{part}" for part in location)


def _on_http(error: HTTPException) -> Response:
    """Give the framework's own refusals our shape, keeping headers such as Allow."""
    response = problem(_named(error))
    if error.code == 405 and (allow := error.get_response().headers.get("Allow")):
        response.headers["Allow"] = allow
    return response


def _named(error: HTTPException) -> AppError:
    refusals: Mapping[int, Callable[[], AppError]] = {
        404: partial(NotFound, kind="page"),
        405: partial(MethodNotAllowed, method=request.method),
        413: partial(SelfieTooLarge, limit=megabytes(request.max_content_length or 0)),
        415: partial(UnsupportedMediaType, wanted="application/json"),
        429: partial(RateLimited, retry_after=60),
    }
    code = error.code or 500
    return refusals.get(code, BadRequest if code < 500 else OurFault)()


def _on_surprise(error: Exception) -> Response:
    _log_fault(error)
    return problem(OurFault())


def _log_fault(error: Exception) -> None:
    """Log where it happened, never the exception's own text: it may hold what a student typed."""
    frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    structlog.get_logger("api.web").error(
        "unhandled" if not isinstance(error, AppError) else error.code,
        kind=type(error).__name__,
        cause=type(error.__cause__).__name__ if error.__cause__ else None,
        frames=frames[-12:],
        request_id=g.get("request_id"),
        route=request.url_rule.rule if request.url_rule else None,
    )
