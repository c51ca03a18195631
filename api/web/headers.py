"""What every answer tells the browser: load nothing from elsewhere, be framed by nobody, keep nothing private."""

from apiflask import APIFlask
from flask import Response, request

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    "media-src 'self' blob:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""`blob:` is the student's own selfie and photo, shown from memory. No inline script or style anywhere."""

CONSOLE = {
    "Content-Security-Policy": POLICY.replace("img-src 'self'", "img-src 'self' data:"),
    "Referrer-Policy": "same-origin",
}
"""On the console: Bootstrap's own icons are `data:` pictures, and a form's origin is checked by its referrer."""

FIXED = {
    "Content-Security-Policy": POLICY,
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def install_headers(app: APIFlask) -> None:
    """Put the security headers on every answer of `app`, and forbid keeping any answer of the API."""

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers.update(FIXED)
        if f"{request.path}/".startswith("/console/"):
            response.headers.update(CONSOLE)
        if request.path.startswith("/v1/") and "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "private, no-store"
        return response
