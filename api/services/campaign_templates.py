"""Two ready-made campaigns, after the notices of two schools."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from api.domain.delivery import Event
from api.services.profiles import ID_NUMBER_FORMAT


@dataclass(frozen=True, slots=True)
class CampaignTemplate:
    """Everything of a campaign but its window, its registry and its people."""

    id: str
    name: str
    spec: str
    profile_schema: Mapping[str, Any] = field(repr=False)
    deliver_on: frozenset[str]


def _text(title: str, *, longest: int) -> dict[str, Any]:
    return {"type": "string", "title": title, "minLength": 1, "maxLength": longest}


def _optional(title: str, *, longest: int) -> dict[str, Any]:
    return {"type": "string", "title": title, "maxLength": longest}


def _choice(title: str, *options: str) -> dict[str, Any]:
    return {"type": "string", "title": title, "enum": list(options)}


def _form(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


_PHONE = {"type": "string", "title": "手机号", "pattern": "^1[3-9][0-9]{9}$"}
_RELATIONS = ("父亲", "母亲", "祖父", "祖母", "外祖父", "外祖母", "兄弟姐妹", "其他")

_GUARDIAN = _form(
    {
        "name": _text("姓名", longest=50),
        "relation": _choice("与本人关系", *_RELATIONS),
        "id_type": _choice(
            "证件类型", "居民身份证", "护照", "港澳居民来往内地通行证", "台湾居民来往大陆通行证", "其他"
        ),
        "id_number": _text("证件号码", longest=30),
        "employer": _optional("工作单位", longest=100),
        "phone": _PHONE,
    },
    "name",
    "relation",
    "id_type",
    "id_number",
) | {
    "if": {"properties": {"id_type": {"const": "居民身份证"}}, "required": ["id_type"]},
    "then": {"properties": {"id_number": {"format": ID_NUMBER_FORMAT}}},
}

_RELATIVE = _form(
    {
        "name": _text("姓名", longest=50),
        "relation": _choice("与本人关系", *_RELATIONS),
        "phone": _PHONE,
        "employer": _optional("工作单位", longest=100),
    },
    "name",
    "relation",
    "phone",
)

HUNAN_PRETCO = CampaignTemplate(
    id="hunan-pretco",
    name="学籍照片采集（高校英语应用能力考试报名）",
    spec="hunan-pretco",
    profile_schema=_form(
        {
            "guardians": {
                "type": "array",
                "title": "监护人",
                "items": _GUARDIAN,
                "minItems": 1,
                "maxItems": 4,
            }
        },
        "guardians",
    ),
    deliver_on=frozenset({Event.SUBMITTED.value, Event.APPROVED.value}),
)
"""After a notice of 湖南科技职业学院: a photo and at least one guardian."""

CQWU_XUEGONG = CampaignTemplate(
    id="cqwu-xuegong",
    name="学工系统基本信息完善",
    spec="cqwu-xuegong",
    profile_schema=_form(
        {
            "phone": _PHONE,
            "birthplace": _form(
                {
                    "province": _text("省（自治区、直辖市）", longest=30),
                    "city": _text("市（州）", longest=30),
                    "county": _text("区县", longest=30),
                },
                "province",
                "city",
                "county",
            )
            | {"title": "出生地"},
            "family": {
                "type": "array",
                "title": "家庭成员",
                "items": _RELATIVE,
                "minItems": 1,
                "maxItems": 8,
            },
        },
        "phone",
        "birthplace",
        "family",
    ),
    deliver_on=frozenset({Event.SUBMITTED.value, Event.APPROVED.value}),
)
"""After a notice of 重庆文理学院: phone, birthplace down to the county, family members."""

TEMPLATES: Mapping[str, CampaignTemplate] = {template.id: template for template in (HUNAN_PRETCO, CQWU_XUEGONG)}
