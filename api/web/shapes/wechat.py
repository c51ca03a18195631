"""Notices and the phone number."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from api.services.notices_offer import NoticeOffer
from api.web.shapes.base import In, Out
from api.web.shapes.people import Token

TemplateId = Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=r"^[A-Za-z0-9_-]+$")]


class PhoneCode(In):
    code: Token = Field(description="from the button of open-type getPhoneNumber; another code than the login's")


class PhoneOut(Out):
    phone_number: str


class NoticeOut(Out):
    kind: Literal["returned", "approved", "closing"]
    template_id: str = Field(description="for wx.requestSubscribeMessage")
    credits: int | None = Field(description="messages agreed to and not yet sent; null where it is not known")

    @classmethod
    def of(cls, offer: NoticeOffer) -> "NoticeOut":
        """Show one template to ask the student for."""
        return cls(kind=offer.kind.value, template_id=offer.template_id, credits=offer.credits)


class NoticesOut(Out):
    notices: list[NoticeOut]


class NoticesAgreed(In):
    accepted: Annotated[list[TemplateId], Field(min_length=1, max_length=5)] = Field(
        description="the templates for which wx.requestSubscribeMessage answered accept"
    )
