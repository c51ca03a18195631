"""What every shape has in common."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, StringConstraints


def _utc(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


Moment = Annotated[datetime, PlainSerializer(_utc, return_type=str, when_used="json")]
"""An instant in UTC, `2026-12-16T15:59:59Z`."""

Id = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=r"^[A-Za-z0-9_.~:-]+$")]
"""An opaque id of ours, or a name such as a spec's."""

Line = Annotated[str, StringConstraints(min_length=1, max_length=64, strip_whitespace=True)]
"""One short line that a person typed."""


class In(BaseModel):
    """What a caller sends. Unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class Out(BaseModel):
    """What we answer. A shape never answers more than it documents."""

    model_config = ConfigDict(extra="forbid", serialize_by_alias=True)


class FaultOut(Out):
    """One part of the request that does not fit; exactly one of the three places is named."""

    detail: str
    pointer: str | None = Field(default=None, description="JSON pointer into the body, as a URI fragment")
    parameter: str | None = Field(default=None, description="query argument")
    header: str | None = Field(default=None, description="request header")


class ProblemOut(Out):
    """RFC 9457 problem details."""

    type: str = Field(description="where the problem is described")
    title: str
    status: int
    detail: str = Field(description="what is wrong and what to do, in Chinese (or in English on request)")
    code: str = Field(description="stable; the thing to branch on")
    request_id: str
    errors: list[FaultOut] | None = None
