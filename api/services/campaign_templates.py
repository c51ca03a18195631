"""Two ready-made campaigns, complete as the notices of two schools describe them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

from api.domain.delivery import Event
from api.services import form_fields as fields

BEIJING = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class CampaignTemplate:
    """Everything of a campaign but its registry and its people.

    `starts_at` and `ends_at` are the notice's own window, both seconds inside it; None where the notice is silent.
    `file_name` is the pattern of exported photos.
    """

    id: str
    name: str
    spec: str
    profile_schema: Mapping[str, Any] = field(repr=False)
    deliver_on: frozenset[str]
    file_name: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None


HUNAN_PRETCO = CampaignTemplate(
    id="hunan-pretco-2023",
    name="学籍照片采集（高校英语应用能力考试报名）",
    spec="hunan-pretco",
    profile_schema=fields.form(
        {
            "guardians": {
                "type": "array",
                "title": "监护人",
                "items": fields.GUARDIAN,
                "minItems": 1,
                "maxItems": 4,
            },
            "phone": fields.PHONE,
        },
        "guardians",
    ),
    deliver_on=frozenset({Event.SUBMITTED.value, Event.APPROVED.value}),
    file_name="{id_number}.jpg",
    ends_at=datetime(2023, 4, 3, 23, 59, 59, tzinfo=BEIJING),
)
"""After the notice of 湖南科技职业学院: a photo and at least one guardian, until the last second."""

CQWU_XUEGONG = CampaignTemplate(
    id="cqwu-xuegong-2024",
    name="学工系统基本信息完善",
    spec="cqwu-xuegong",
    profile_schema=fields.form(
        {
            "phone": fields.PHONE,
            "birthplace": fields.region("出生地"),
            "family": {
                "type": "array",
                "title": "家庭成员",
                "items": fields.RELATIVE,
                "minItems": 1,
                "maxItems": 8,
            },
            "political_status": fields.choice("政治面貌", *fields.POLITICAL_STATUSES),
            "ethnic_group": fields.choice("民族", *fields.ETHNIC_GROUPS),
            "nationality": fields.text("国籍（地区）", longest=30),
            "native_place": fields.region("籍贯"),
            "home_address": fields.optional("家庭住址", longest=200),
            "postcode": {"type": "string", "title": "邮政编码", "pattern": "^[0-9]{6}$"},
            "email": fields.EMAIL,
            "qq": {"type": "string", "title": "QQ 号", "pattern": "^[1-9][0-9]{4,11}$"},
        },
        "phone",
        "birthplace",
        "family",
        "political_status",
        "ethnic_group",
    ),
    deliver_on=frozenset({Event.SUBMITTED.value, Event.APPROVED.value}),
    file_name="{student_number}.jpg",
    starts_at=datetime(2024, 12, 9, 8, 0, 0, tzinfo=BEIJING),
    ends_at=datetime(2024, 12, 16, 16, 0, 0, tzinfo=BEIJING),
)
"""After the notice of 重庆文理学院: photo, phone and family are the most basic; birthplace down to the county."""

TEMPLATES: Mapping[str, CampaignTemplate] = {template.id: template for template in (HUNAN_PRETCO, CQWU_XUEGONG)}
