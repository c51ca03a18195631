"""Refusals as pages: what the API answers as a problem document, a person at the console can read."""

from flask import Response, flash, g, make_response, redirect, render_template, url_for

from api.domain.errors import AppError, NotAuthenticated
from api.domain.errors_database import DatabaseUnavailable
from api.web.console.guard import ASK_NOBODY, wants_json
from api.web.console.words import language
from api.web.problems import STATUS, catalogues
from api.web.wording import Words


def words_of(error: AppError) -> Words:
    """Return title and detail of an error in the page's language."""
    return catalogues()[language()].words(error.code, error.facts)


def flash_error(error: AppError) -> None:
    """Show at the top of the next page what was refused and what to do."""
    flash(words_of(error).detail, "danger")


def fault_page(error: AppError) -> Response | None:
    """Return the page for an error, the login for a session that is over; None where a script asks."""
    if wants_json():
        return None
    if isinstance(error, NotAuthenticated):
        return make_response(redirect(url_for("console.login")))
    if isinstance(error, DatabaseUnavailable):
        setattr(g, ASK_NOBODY, True)
    status = STATUS.get(error.code, 500)
    body = render_template(
        "console/fault.html", words=words_of(error), status=status, request_id=g.get("request_id", "")
    )
    response = make_response(body, status)
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(max(1, error.retry_after))
    return response
