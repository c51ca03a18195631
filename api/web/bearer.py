"""Bearer tokens: who asks is known before anything of the request is looked at."""

from typing import NoReturn

from apiflask import HTTPError, HTTPTokenAuth
from flask import g, request

from api.domain.errors import NotAuthenticated
from api.domain.identity import Student
from api.web.context import house, limit_student

bearer = HTTPTokenAuth(description="The access token of `POST /v1/auth/…`, good for two hours.")


@bearer.verify_token  # type: ignore[untyped-decorator]
def _verify(token: str | None) -> Student:
    if not token:
        raise NotAuthenticated
    g.student = house().authenticate(token)
    limit_student("student")
    asker: Student = g.student
    return asker


def access_token() -> str:
    """Return the token that the current request came with; only behind `bearer`."""
    found = request.authorization
    if found is None or not found.token:
        raise NotAuthenticated
    return found.token


@bearer.error_processor
def _refuse(_error: HTTPError) -> NoReturn:
    """Answer a missing or foreign Authorization header like any other refusal."""
    raise NotAuthenticated
