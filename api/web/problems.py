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
from api.web.errors import BadRequest, Fault, Faulty, FormTooLarge, MethodNotAllowed, UnknownField, UnsupportedMediaType
from api.web.strict import megabytes
from api.web.wording import Catalogue, load_catalogues, wanted_language

MEDIA_TYPE = "application/problem+json"
CATALOGUES = "campus-id-photo.catalogues"
PAGES = "campus-id-photo.fault-pages"
"""Path prefix → what draws an error there as a page; None from it, or no such prefix, means a problem document."""

STATUS: Mapping[str, int] = {
    "authorization_pending": 400,
    "bad_request": 400,
    "form_expired": 400,
    "oidc_refused": 400,
    "not_authenticated": 401,
    "token_expired": 401,
    "signature_invalid": 401,
    "login_refused": 401,
    "consent_required": 403,
    "identity_required": 403,
    "device_denied": 403,
    "push_refused": 403,
    "forbidden": 403,
    "no_such_staff": 403,
    "wechat_user_blocked": 403,
    "wechat_no_credit": 409,
    "dev_login_off": 404,
    "device_code_unknown": 404,
    "not_found": 404,
    "method_not_allowed": 405,
    "already_bound": 409,
    "last_registrar": 409,
    "login_taken": 409,
    "already_submitted": 409,
    "campaign_closed": 409,
    "export_not_ready": 409,
    "export_stale": 409,
    "nothing_to_export": 409,
    "roster_moved": 409,
    "slug_taken": 409,
    "campaign_locked": 409,
    "campaign_not_open": 409,
    "conflict": 409,
    "idempotency_conflict": 409,
    "not_reviewable": 409,
    "review_conflict": 409,
    "undo_refused": 409,
    "already_settled": 409,
    "photo_not_ready": 409,
    "photo_wrong_spec": 409,
    "device_code_expired": 410,
    "form_too_large": 413,
    "upload_too_large": 413,
    "unsupported_media_type": 415,
    "bad_login": 422,
    "background_not_offered": 422,
    "endpoint_refused": 422,
    "id_number_invalid": 422,
    "identity_mismatch": 422,
    "invalid_profile": 422,
    "invalid_request": 422,
    "invalid_campaign": 422,
    "invalid_roster": 422,
    "reason_missing": 422,
    "reason_too_long": 422,
    "unknown_field": 422,
    "unknown_spec": 422,
    "unreadable_image": 422,
    "weak_password": 422,
    "wechat_bad_code": 422,
    "login_delayed": 429,
    "rate_limited": 429,
    "slow_down": 429,
    "too_many_attempts": 429,
    "blob_missing": 500,
    "internal_error": 500,
    "malformed_secret": 500,
    "notice_unfittable": 500,
    "vault_error": 500,
    "clock_ahead": 503,
    "database_unavailable": 503,
    "embedded_redis_unavailable": 503,
    "not_ready": 503,
    "oidc_unavailable": 503,
    "queue_full": 503,
    "queue_unavailable": 503,
    "renderer_away": 503,
    "schema_ahead": 503,
    "schema_behind": 503,
    "storage_unavailable": 503,
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
    return catalogues()[wanted_language()]


def problem(error: AppError) -> Response:
    """Return the answer for one error."""
    page = _page(error)
    if page is not None:
        return page
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


def catalogues() -> Mapping[str, Catalogue]:
    """Return the messages of every language."""
    found: Mapping[str, Catalogue] = current_app.extensions[CATALOGUES]
    return found


def _page(error: AppError) -> Response | None:
    pages: Mapping[str, Callable[[AppError], Response | None]] = current_app.extensions.get(PAGES, {})
    draw = next((draw for prefix, draw in pages.items() if f"{request.path}/".startswith(f"{prefix}/")), None)
    return draw(error) if draw else None


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
        413: _too_large,
        415: partial(UnsupportedMediaType, wanted="application/json"),
        429: partial(RateLimited, retry_after=60),
    }
    code = error.code or 500
    return refusals.get(code, BadRequest if code < 500 else OurFault)()


def _too_large() -> AppError:
    """Tell a body that is too long from one that is not, but holds too many parts or too much text for a form."""
    most = request.max_content_length or 0
    if not request.content_length or request.content_length > most:  # a body sent in chunks tells no length
        return SelfieTooLarge(limit=megabytes(most))
    text = request.max_form_memory_size or most
    return FormTooLarge(parts=request.max_form_parts, kilobytes=text // 1000)


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
