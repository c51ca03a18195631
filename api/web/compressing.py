"""Smaller answers for clients that take them: the public catalogue, the documents and static files.

Only what is the same for everyone and holds no secret. A page that carries a token beside something a caller can
choose must never be compressed: its length would tell the token letter by letter (BREACH). So this is a list of what
is, and everything else goes out as it is; photos and archives are compressed already.
"""

import gzip
from functools import lru_cache

from apiflask import APIFlask
from flask import Response, request

CATALOGUE = frozenset({"catalogue.list_specs", "catalogue.get_spec"})
"""The same for everyone until the program is upgraded."""

PUBLIC = CATALOGUE | frozenset({"static", "bootstrap.static", "page.docs", "openapi.spec"})
TEXTS = frozenset({"application/json", "application/javascript", "image/svg+xml"})
LEAST_BYTES = 1000
"""Less than this travels in one packet either way."""

CATALOGUE_AGE_S = 300


def install_compression(app: APIFlask) -> None:
    """Compress what is public, and give the catalogue a mark by which a client knows it again."""

    @app.after_request
    def answer(response: Response) -> Response:
        if request.endpoint not in PUBLIC or request.method not in {"GET", "HEAD"}:
            return response
        if request.endpoint in CATALOGUE and response.status_code == 200:
            _mark(response)
        response.vary.add("Accept-Encoding")
        if _worth_it(response):
            _compress(response)
        return response


def _mark(response: Response) -> None:
    response.headers["Cache-Control"] = f"public, max-age={CATALOGUE_AGE_S}"
    response.add_etag(weak=True)
    response.make_conditional(request)


def _worth_it(response: Response) -> bool:
    """Tell whether the client takes gzip and the answer is a whole text of some size."""
    kind = response.mimetype or ""
    text = kind.startswith("text/") or kind in TEXTS
    whole = response.status_code == 200 and request.range is None and "Content-Encoding" not in response.headers
    large = (response.content_length or 0) >= LEAST_BYTES
    return text and whole and large and request.accept_encodings.quality("gzip") > 0


def _compress(response: Response) -> None:
    """Put the gzipped bytes in the place of the plain ones; the mark becomes weak, for the bytes are others."""
    response.direct_passthrough = False
    etag, _ = response.get_etag()
    response.set_data(_gzipped(response.get_data()))
    response.headers["Content-Encoding"] = "gzip"
    if etag is not None:
        response.set_etag(etag, weak=True)


@lru_cache(maxsize=64)
def _gzipped(plain: bytes) -> bytes:
    """Return the bytes compressed, the same ones every time."""
    return gzip.compress(plain, compresslevel=6, mtime=0)
