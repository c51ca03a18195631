"""Specifications and campaigns."""

from typing import Any, Literal

from pydantic import Field

from api.domain.campaign import CampaignView
from api.web.shapes.base import Moment, Out
from photo_service.catalogue.search import search_terms
from photo_service.spec import Spec


class SizeOut(Out):
    """Pixels; smallest and largest are equal where the spec is exact."""

    min_width: int
    min_height: int
    max_width: int
    max_height: int


class BytesOut(Out):
    """`low <= bytes < high`"""

    low: int
    high: int


class SpecOut(Out):
    id: str
    name: str
    aliases: list[str] = Field(description="other names it goes by")
    group: Literal["school", "admission", "exam", "profession", "document", "visa", "size"]
    group_name: str = Field(description="the group as people read it")
    search: list[str] = Field(description="what it is found by: names, pinyin and its initials, use, region, pixels")
    region: str
    use: str
    size: SizeOut
    dpi: int
    bytes: BytesOut
    background: str | None = Field(description="#RRGGBB, null where the picture keeps its own")
    backgrounds: list[str] = Field(description="#RRGGBB, those a student may choose from; the first is `background`")
    wall: list[str] = Field(description="#RRGGBB: where the picture keeps its own background, what that must be")
    glasses: Literal["allowed", "if_usual", "forbidden"]
    recency_days: int | None
    checks: dict[str, Literal["fail", "warn"]] = Field(description="finding codes that are looked for")
    source: str
    checked_on: str
    confirmed: Literal["A", "S", "U"] = Field(description="an authority's page, secondary pages, unconfirmed")
    note: str

    @classmethod
    def of(cls, spec: Spec) -> "SpecOut":
        """Show what a student and a school need to know of a spec."""
        size, window = spec.size, spec.window
        return cls(
            id=spec.id,
            name=spec.name,
            aliases=list(spec.aliases),
            group=spec.group.value,
            group_name=spec.group.label,
            search=list(search_terms(spec)),
            region=spec.region,
            use=spec.use,
            size=SizeOut(
                min_width=size.min_width,
                min_height=size.min_height,
                max_width=size.max_width,
                max_height=size.max_height,
            ),
            dpi=spec.dpi,
            bytes=BytesOut(low=window.low, high=window.high),
            background=_hex(spec.background.colour),
            backgrounds=["#{:02X}{:02X}{:02X}".format(*colour) for colour in spec.background.choices],
            wall=["#{:02X}{:02X}{:02X}".format(*colour) for colour in spec.background.wall],
            glasses=spec.glasses,
            recency_days=spec.recency_days,
            checks={code: severity.value for code, severity in spec.checks.items()},
            source=spec.source,
            checked_on=spec.checked_on,
            confirmed=spec.confirmed.value,
            note=spec.note,
        )


class SpecsOut(Out):
    specs: list[SpecOut]


class CampaignOut(Out):
    id: str
    slug: str
    name: str
    spec: str
    starts_at: Moment
    ends_at: Moment = Field(description="the last second in which this student's submission is taken")
    window: Literal["not_open", "open", "closed"]
    bound: bool = Field(description="the student has proved to be on the roster")
    profile_schema: dict[str, Any] = Field(description="JSON Schema of the form asked for beside the photo")

    @classmethod
    def of(cls, view: CampaignView) -> "CampaignOut":
        """Show a campaign as the asking student sees it."""
        campaign = view.campaign
        return cls(
            id=campaign.id,
            slug=campaign.slug,
            name=campaign.name,
            spec=campaign.spec,
            starts_at=campaign.starts_at,
            ends_at=view.ends_at,
            window=view.window.value,
            bound=view.bound,
            profile_schema=dict(campaign.profile_schema),
        )


class CampaignsOut(Out):
    campaigns: list[CampaignOut]


def _hex(colour: tuple[int, int, int] | None) -> str | None:
    return None if colour is None else "#{:02X}{:02X}{:02X}".format(*colour)
