"""What every call of the API must look like before its route sees it: nothing unknown, nothing oversized."""

import re
from collections.abc import Mapping
from io import BytesIO
from typing import IO, Any

from apiflask import APIFlask
from flask import Request, current_app, request
from flask.json.provider import DefaultJSONProvider

from api.domain.errors import InvalidRequest, NotFound, SelfieTooLarge
from api.web.errors import Fault, Faulty, UnknownField, UnsupportedMediaType

ENVELOPE_BYTES = 64 * 1024
"""What a multipart form may hold beside the file; also the limit of every JSON body."""

PIECE_BYTES = 2 * 64 * 1024
"""Werkzeug reads a form 64 KiB at a time and counts each piece of a file, and what it kept of the last one, as form."""

ROSTER_BYTES = 4_000_000
"""What a registry may send at once: 5,000 people, generously."""

DEEPEST = 32
"""Levels of lists and objects in one another. A form has four; what copies and seals a value goes down step by step."""

LARGE: Mapping[str, int] = {"registry.take_roster": ROSTER_BYTES}
MULTIPART = frozenset({"photos.submit_selfie"})
SIGNED = frozenset({"registry.take_verdict", "registry.take_roster"})
"""Calls whose signature is over the very bytes, so that they read their JSON themselves."""

BODILESS = frozenset({"me.erase"})
ARGUMENTS: Mapping[str, frozenset[str]] = {"photos.read_photo": frozenset({"wait"})}
ALWAYS = frozenset({"lang"})
STATIC = frozenset({"static", "bootstrap.static"})
PATH_PART = re.compile(r"[A-Za-z0-9_.~:=-]{1,512}")


class StrictJSON(DefaultJSONProvider):
    """JSON as the standard has it and as every database can keep it; Chinese leaves as Chinese."""

    sort_keys = False
    ensure_ascii = False
    compact = True

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Read JSON. Raises ValueError also for NaN, 1e999, nesting beyond DEEPEST, NUL and half characters."""
        try:
            value = super().loads(s, parse_constant=_refuse_constant, **kwargs)
            stored = self.dumps(value, allow_nan=False)
            stored.encode()
        except RecursionError as fault:
            raise ValueError("nested too deeply") from fault
        if "\\u0000" in stored:
            raise ValueError("holds NUL")
        if _deeper(value, DEEPEST):
            raise ValueError("nested too deeply")
        return value


class MemoryRequest(Request):
    """A request whose files stay in memory: a face never touches the disk unsealed, and 10 MB is not much."""

    def _get_file_stream(
        self,
        total_content_length: int | None,  # noqa: ARG002  Werkzeug's signature
        content_type: str | None,  # noqa: ARG002
        filename: str | None = None,  # noqa: ARG002
        content_length: int | None = None,  # noqa: ARG002
    ) -> IO[bytes]:
        return BytesIO()


def install_strictness(app: APIFlask, *, max_upload_bytes: int) -> None:
    """Check every request of `app` at the door."""
    app.request_class = MemoryRequest
    app.json = StrictJSON(app)
    app.config["MAX_CONTENT_LENGTH"] = max_upload_bytes + ENVELOPE_BYTES
    app.config["MAX_FORM_MEMORY_SIZE"] = ENVELOPE_BYTES + PIECE_BYTES
    app.config["MAX_FORM_PARTS"] = 8
    app.before_request(_check_path)
    app.before_request(_check_arguments)
    app.before_request(_check_body)


def _deeper(value: Any, levels: int) -> bool:
    """Tell whether lists and objects lie in one another further down than so many levels."""
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return parts is not None and (levels == 0 or any(_deeper(part, levels - 1) for part in parts))


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _check_path() -> None:
    """No id of ours has a slash, a space or a control character: such a path is nothing we have."""
    values = (request.view_args or {}).values() if request.endpoint not in STATIC else ()
    if not all(PATH_PART.fullmatch(str(value)) for value in values):
        raise NotFound(kind="page")


def _check_arguments() -> None:
    if request.endpoint is None or not request.path.startswith("/v1/"):
        return
    known = ARGUMENTS.get(request.endpoint, frozenset()) | ALWAYS
    unknown = [Fault("parameter", name, "extra_forbidden") for name in request.args if name not in known]
    if unknown:
        raise UnknownField(*unknown)
    repeated = [Fault("parameter", name, "repeated") for name in request.args if len(request.args.getlist(name)) > 1]
    if repeated:
        raise Faulty(*repeated)


def _check_body() -> None:
    """Refuse by the headers alone what is too large or of the wrong kind."""
    if request.endpoint is None or request.method not in {"POST", "PUT"} or not request.path.startswith("/v1/"):
        return
    multipart = request.endpoint in MULTIPART
    if not multipart:
        request.max_content_length = LARGE.get(request.endpoint, ENVELOPE_BYTES)
    if (request.content_length or 0) > (request.max_content_length or 0):
        raise SelfieTooLarge(megabytes=megabytes(request.content_length or 0), limit=megabytes(_most()))
    if request.endpoint in BODILESS:
        _check_empty()
        return
    wanted = "multipart/form-data" if multipart else "application/json"
    if request.mimetype != wanted:
        raise UnsupportedMediaType(wanted=wanted)
    if request.endpoint in SIGNED:
        _check_storable()


def megabytes(size: int) -> float:
    """Return bytes as megabytes of a million, to one place."""
    return round(size / 1_000_000, 1)


def _most() -> int:
    return (request.max_content_length or 0) - (ENVELOPE_BYTES if request.endpoint in MULTIPART else 0)


def _check_storable() -> None:
    """Refuse, before anything is looked up by it, JSON with what no database keeps."""
    try:
        current_app.json.loads(request.get_data())
    except ValueError as fault:
        raise InvalidRequest(reason="json") from fault


def _check_empty() -> None:
    if request.get_data(cache=False).strip() not in {b"", b"{}"}:
        raise Faulty(Fault("pointer", "#", "no_body"))
