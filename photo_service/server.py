"""The photo service over HTTP, for a machine of its own: render, check, specs, health.

    POST /v1/render   multipart: selfie, spec, background (optional) ▸ multipart: report, and photo when it passed
    POST /v1/exhibit  multipart: selfie, spec   ▸ multipart: selfie, drawing, thumb (what a reviewer looks at)
    POST /v1/check    multipart: photo, spec    ▸ report
    GET  /v1/specs    ▸ the catalogue
    GET  /healthz     ▸ ready

Every error is application/problem+json with a stable `code`. It keeps nothing: no file, no log of what it saw.
"""

import errno
import json
from collections.abc import Callable, Iterator, Set
from contextlib import contextmanager
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final, Protocol

from flask import Flask, Request, Response, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from photo_service.backdrop import TRANSPARENT, BackgroundRefused
from photo_service.catalogue.as_json import spec_json
from photo_service.codec.weight import decoder_bytes
from photo_service.contract import Exhibit, Rendered, Report, SelfieError, SpecError, UnknownSpec, UploadTooLarge
from photo_service.multipart import Part, write_parts
from photo_service.server_seats import AllTakenError, Seats
from photo_service.stages.decode import HTTP_LIMITS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from photo_service.spec import Spec
    from photo_service.wording import Wording

_FORM_BYTES: Final = 64 * 1024
"""What a form may hold beside the file."""
_PIECE_BYTES: Final = 2 * 64 * 1024
"""Werkzeug reads a form 64 KiB at a time and counts each piece of a file, and what it kept of the last one, as form."""
_LARGEST_REQUEST: Final = 2 * HTTP_LIMITS.max_bytes
"""Beyond it the connection is cut; up to it the refusal says why."""
RETRY_AFTER_S: Final = 1
_MEGABYTE: Final = 1024 * 1024
_PROBLEM: Final = "application/problem+json"


class Renderer(Protocol):
    """What the server needs of a studio."""

    @property
    def catalogue(self) -> "Mapping[str, Spec]": ...

    @property
    def wording(self) -> "Wording": ...

    def render(self, selfie: bytes, *, spec: str, source: str, background: str | None = None) -> Rendered: ...

    def exhibit(self, selfie: bytes, *, spec: str, background: str | None = None) -> Exhibit: ...

    def check(self, photo: bytes, *, spec: str, source: str) -> Report: ...


class _RefusalError(Exception):
    """A request that is answered with a problem. `headers` go with the answer."""

    def __init__(self, status: int, code: str, detail: str, **headers: str) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail, self.headers = status, code, detail, headers


class _InMemoryRequest(Request):
    """Keeps an uploaded file in memory, where Werkzeug would put a large one into a temporary file."""

    def _get_file_stream(
        self,
        total_content_length: int | None,  # noqa: ARG002  Werkzeug's signature
        content_type: str | None,  # noqa: ARG002
        filename: str | None = None,  # noqa: ARG002
        content_length: int | None = None,  # noqa: ARG002
    ) -> BytesIO:
        return BytesIO()


def create_app(studio: Renderer, *, at_once: int = 2) -> Flask:
    """Build the app around a studio whose networks are loaded.

    At most `at_once` renderings run at a time, and a very large picture alone, so that memory stays below 600 MB; what
    comes beyond is told to come back (503), because waiting inside would only hold connections.
    """
    app = Flask("photo_service.server")
    app.request_class = _InMemoryRequest
    app.config["MAX_CONTENT_LENGTH"] = HTTP_LIMITS.max_bytes + _FORM_BYTES
    app.config["MAX_FORM_MEMORY_SIZE"] = _FORM_BYTES + _PIECE_BYTES
    seats = Seats(at_once)
    app.add_url_rule("/v1/render", "render", partial(_render, studio, seats), methods=["POST"])
    app.add_url_rule("/v1/exhibit", "exhibit", partial(_exhibit, studio, seats), methods=["POST"])
    app.add_url_rule("/v1/check", "check", partial(_check, studio, seats), methods=["POST"])
    app.add_url_rule("/v1/specs", "specs", partial(_specs, studio))
    app.add_url_rule("/healthz", "health", lambda: {"status": "ready"})
    app.register_error_handler(_RefusalError, _answer_refusal)
    app.register_error_handler(SpecError, partial(_answer_spec_error, studio))
    app.register_error_handler(SelfieError, partial(_answer_selfie_error, studio))
    app.register_error_handler(HTTPException, partial(_answer_http_error, studio))
    app.register_error_handler(500, _answer_defect)
    return app


def serve(studio: Renderer, *, host: str, port: int, at_once: int, say: Callable[[str], None]) -> None:
    """Serve until the process is ended; the port opens now, so the studio must be loaded. Raises OSError."""
    from waitress.server import create_server  # type: ignore[import-untyped]  # ships no types

    try:
        server = create_server(
            create_app(studio, at_once=at_once),
            host=host,
            port=port,
            threads=at_once + 4,
            ident=None,
            inbuf_overflow=_LARGEST_REQUEST,  # a selfie is never buffered on disk
            max_request_body_size=_LARGEST_REQUEST,
        )
    except ValueError as error:  # waitress's word for a host that no name server knows
        raise OSError(errno.EADDRNOTAVAIL, "no address of this machine", f"{host}:{port}") from error
    except OSError as error:
        raise OSError(error.errno, error.strerror, f"{host}:{port}") from error
    say(f"photo service ready on http://{host}:{server.effective_port}")
    try:
        server.run()
    except KeyboardInterrupt:
        server.close()


def _render(studio: Renderer, seats: Seats) -> Response:
    selfie, spec, source = _form("selfie", optional={"background"})
    background = request.form.get("background")
    with _seat(seats, selfie):
        rendered = studio.render(selfie, spec=spec, source=source, background=background)
    kind = "image/png" if background == TRANSPARENT else "image/jpeg"
    wanted = request.accept_mimetypes.best_match(["multipart/form-data", kind], default="multipart/form-data")
    return _as_picture(rendered, kind) if wanted == kind else _as_parts(rendered, kind)


def _exhibit(studio: Renderer, seats: Seats) -> Response:
    selfie, spec, _ = _form("selfie", optional={"background"})
    with _seat(seats, selfie):
        made = studio.exhibit(selfie, spec=spec, background=request.form.get("background"))
    pictures = {"selfie": made.selfie, "drawing": made.drawing, "thumb": made.thumb}
    content_type, body = write_parts({name: Part("image/jpeg", data) for name, data in pictures.items() if data})
    return Response(body, content_type=content_type)


def _check(studio: Renderer, seats: Seats) -> Response:
    photo, spec, source = _form("photo")
    with _seat(seats, photo):
        return _json(studio.check(photo, spec=spec, source=source).to_json())


def _specs(studio: Renderer) -> Response:
    return _json({"specs": [spec_json(spec) for spec in studio.catalogue.values()]})


def _form(file_field: str, optional: Set[str] = frozenset()) -> tuple[bytes, str, str]:
    """Read the one file and the spec; any other field is refused, because a mistyped one would be ignored."""
    known = {"spec", *optional}
    unknown = sorted((set(request.files) - {file_field}) | (set(request.form) - known) | set(request.args))
    if unknown:
        raise _RefusalError(400, "unknown_field", f"unknown field: {', '.join(unknown)}")
    if request.mimetype != "multipart/form-data" or len(request.files.getlist(file_field)) != 1:
        raise _RefusalError(400, "missing_field", f"send one file as {file_field} in multipart/form-data")
    if len(request.form.getlist("spec")) != 1:
        raise _RefusalError(400, "missing_field", "send the id of one spec as spec")
    if any(len(request.form.getlist(field)) > 1 for field in optional):
        raise _RefusalError(400, "repeated_field", f"send {', '.join(optional)} once at the most")
    file = request.files[file_field]
    content = file.read()
    if len(content) > HTTP_LIMITS.max_bytes:
        raise _too_large(len(content))
    return content, request.form["spec"], file.filename or file_field


@contextmanager
def _seat(seats: Seats, content: bytes) -> Iterator[None]:
    try:
        with seats.taken(decoder_bytes(content)):
            yield
    except AllTakenError as error:
        raise _RefusalError(503, "busy", "all places are taken", **{"Retry-After": str(RETRY_AFTER_S)}) from error


def _as_parts(rendered: Rendered, kind: str) -> Response:
    report = json.dumps(rendered.report.to_json(), ensure_ascii=False).encode()
    parts = {"report": Part("application/json", report)}
    if rendered.photo is not None:
        parts["photo"] = Part(kind, rendered.photo)
    content_type, body = write_parts(parts)
    return Response(body, content_type=content_type)


def _as_picture(rendered: Rendered, kind: str) -> Response:
    """Answer with the photo alone; without one the report travels inside the problem."""
    if rendered.photo is not None:
        return Response(rendered.photo, content_type=kind)
    error = rendered.report.error
    code, detail = (error.code, error.message) if error else ("not_compliant", "the selfie gives no compliant photo")
    return _problem(422, code, detail, report=rendered.report.to_json())


def _answer_refusal(refusal: _RefusalError) -> Response:
    response = _problem(refusal.status, refusal.code, refusal.detail)
    response.headers.update(refusal.headers)
    return response


def _answer_spec_error(studio: Renderer, error: SpecError) -> Response:
    message, advice = studio.wording.error(error.code, **error.facts)
    if isinstance(error, UnknownSpec):
        return _problem(404, error.code, message, advice=advice, near=error.facts.get("near", []))
    if isinstance(error, BackgroundRefused):
        return _problem(422, error.code, message, advice=advice, choices=error.facts.get("choices", []))
    return _problem(500, "internal_error", message)


def _answer_selfie_error(studio: Renderer, error: SelfieError) -> Response:
    status = 413 if isinstance(error, UploadTooLarge) else 422
    message, advice = studio.wording.error(error.code, **error.facts)
    return _problem(status, error.code, message, advice=advice)


def _answer_http_error(studio: Renderer, error: HTTPException) -> Response:
    if isinstance(error, RequestEntityTooLarge):
        return _answer_selfie_error(studio, _too_large(request.content_length or 0))
    code = (error.name or "error").lower().replace(" ", "_")
    response = _problem(error.code or 500, code, error.description or code)
    if error.code == 405:
        response.headers["Allow"] = ", ".join(getattr(error, "valid_methods", None) or ())
    return response


def _answer_defect(_: Exception) -> Response:
    """Answer a defect of ours; Flask has logged it, and the client learns nothing of our inside."""
    return _problem(500, "internal_error", "the photo service failed")


def _too_large(size: int) -> UploadTooLarge:
    return UploadTooLarge(megabytes=round(size / _MEGABYTE, 1), limit=HTTP_LIMITS.max_bytes // _MEGABYTE)


def _problem(status: int, code: str, detail: str, **more: Any) -> Response:
    body = {"type": f"urn:campus-id-photo:{code}", "title": code, "status": status, "detail": detail, "code": code}
    return Response(json.dumps(body | more, ensure_ascii=False), status=status, content_type=_PROBLEM)


def _json(body: dict[str, Any]) -> Response:
    return Response(json.dumps(body, ensure_ascii=False), content_type="application/json")
