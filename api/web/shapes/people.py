"""Sessions, consents and identity."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from api.domain.consent import ConsentText
from api.domain.device_login import DeviceLogin
from api.domain.identity import RosterRow, Student
from api.domain.session import Session
from api.web.shapes.base import Id, In, Line, Moment, Out

Token = Annotated[str, StringConstraints(min_length=1, max_length=512)]


class WeChatLogin(In):
    code: Token = Field(description="from wx.login, good for five minutes and once")


class DeveloperLogin(In):
    name: Line


class Refresh(In):
    refresh_token: Token


class StudentOut(Out):
    id: str
    channel: Literal["wechat", "developer"]

    @classmethod
    def of(cls, student: Student) -> "StudentOut":
        """Show a student without the name by which another system knows them."""
        return cls(id=student.id, channel=student.channel.value)


class SessionOut(Out):
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105  the scheme's name, no secret
    access_token: str
    expires_in: int = Field(description="seconds")
    refresh_token: str = Field(description="good once; trading it in gives the next one")
    student: StudentOut

    @classmethod
    def of(cls, session: Session) -> "SessionOut":
        """Show a session to the one it was opened for."""
        return cls(
            access_token=session.access_token,
            expires_in=session.expires_in,
            refresh_token=session.refresh_token,
            student=StudentOut.of(session.student),
        )


class DeviceIn(In):
    """Nothing: what asks is told by its own `User-Agent`."""


class DeviceOut(Out):
    """After RFC 8628 §3.2; the verification happens in the mini-program."""

    device_code: str = Field(description="secret; trade it in at `/v1/auth/device/token`")
    user_code: str = Field(description="`BCDF-GHJK`, for the student to read")
    verification_uri: str
    verification_uri_complete: str = Field(description="what the QR code says")
    expires_in: int = Field(description="seconds")
    interval: int = Field(description="seconds between two questions")
    qr: str = Field(description="the QR code as an SVG document")


class DeviceToken(In):
    device_code: Token


class DeviceCodeIn(In):
    user_code: Annotated[str, StringConstraints(min_length=8, max_length=16, strip_whitespace=True)]


class DeviceAnswer(DeviceCodeIn):
    answer: Literal["approve", "deny"]


class DeviceAsked(Out):
    """Which browser shows a code."""

    client: str = Field(description="as the browser calls itself, for instance `Windows · Chrome`")
    state: Literal["pending", "approved", "denied", "taken"]
    created_at: Moment
    expires_at: Moment

    @classmethod
    def of(cls, login: DeviceLogin) -> "DeviceAsked":
        """Show a login in the making without anything that opens it."""
        return cls(
            client=login.client,
            state=login.state.value,
            created_at=login.created_at,
            expires_at=login.expires_at,
        )


class GuardianIn(In):
    name: Line = Field(description="the guardian's own name")
    relation: Line = Field(description="to the student: 父亲, 母亲, 其他监护人")


class ConsentGiven(In):
    id: Id = Field(description="the id of the very text that was read")
    guardian: GuardianIn | None = Field(default=None, description="with a text of kind `guardian`, and only then")


class ConsentOut(Out):
    id: str
    kind: Literal["privacy", "face_photo", "guardian"]
    version: int
    title: str
    body: str
    given_at: Moment | None

    @classmethod
    def of(cls, text: ConsentText) -> "ConsentOut":
        """Show one text and whether the student has given it."""
        return cls(
            id=text.id,
            kind=text.kind.value,
            version=text.version,
            title=text.title,
            body=text.body,
            given_at=text.given_at,
        )


class ConsentsOut(Out):
    consents: list[ConsentOut]


class Identity(In):
    campaign: Id
    name: Line
    id_number: Annotated[str, StringConstraints(min_length=1, max_length=32, strip_whitespace=True)]


class RosterRowOut(Out):
    campaign: str
    name: str
    id_number_masked: str
    student_number: str
    college: str
    grade: str
    major: str
    class_: str = Field(alias="class")

    @classmethod
    def of(cls, row: RosterRow) -> "RosterRowOut":
        """Show a student their own row; of the ID number only what tells it apart."""
        return cls.model_validate(
            {
                "campaign": row.campaign_id,
                "name": row.name,
                "id_number_masked": row.masked_id_number,
                "student_number": row.student_number,
                "college": row.college,
                "grade": row.grade,
                "major": row.major,
                "class": row.class_,
            }
        )
