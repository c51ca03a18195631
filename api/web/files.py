"""A finished photo as an HTTP answer: named by its spec, kept by nobody on the way."""

from urllib.parse import quote

from flask import Response, request
from werkzeug.datastructures import ETags

from api.domain.photo import ImageFile


def send_image(image: ImageFile) -> Response:
    """Answer with the JPEG, or with 304 where the caller holds these very bytes."""
    known: ETags = request.if_none_match
    if known.contains(image.sha256):
        response = Response(status=304)
    else:
        response = Response(image.bytes, mimetype="image/jpeg")
        response.headers["Content-Disposition"] = disposition(image.filename)
    response.set_etag(image.sha256)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def disposition(filename: str) -> str:
    """Return the header that saves a file under `filename` (RFC 6266, with RFC 5987 for what is not ASCII).

    Whatever could end the header, the quotes or the directory is left out of the name.
    """
    name = "".join(char for char in filename if char.isprintable() and char not in '/\\"').strip(". ") or "photo.jpg"
    plain = name.encode("ascii", "replace").decode().replace("?", "_").replace(";", "_").replace("%", "_")
    header = f'attachment; filename="{plain}"'
    return header if plain == name else f"{header}; filename*=UTF-8''{quote(name, safe='')}"
