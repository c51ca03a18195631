"""The fields that school forms are made of, as JSON Schema."""

from collections.abc import Mapping
from typing import Any

from api.services.profiles import ID_NUMBER_FORMAT

POLITICAL_STATUSES: tuple[str, ...] = (
    "中共党员", "中共预备党员", "共青团员", "民革党员", "民盟盟员", "民建会员", "民进会员", "农工党党员", "致公党党员",
    "九三学社社员", "台盟盟员", "无党派人士", "群众",
)  # fmt: skip
"""GB/T 4762-1984 政治面貌代码, in its order."""

ETHNIC_GROUPS: tuple[str, ...] = (
    "汉族", "蒙古族", "回族", "藏族", "维吾尔族", "苗族", "彝族", "壮族", "布依族", "朝鲜族", "满族", "侗族", "瑶族",
    "白族", "土家族", "哈尼族", "哈萨克族", "傣族", "黎族", "傈僳族", "佤族", "畲族", "高山族", "拉祜族", "水族",
    "东乡族", "纳西族", "景颇族", "柯尔克孜族", "土族", "达斡尔族", "仫佬族", "羌族", "布朗族", "撒拉族", "毛南族",
    "仡佬族", "锡伯族", "阿昌族", "普米族", "塔吉克族", "怒族", "乌孜别克族", "俄罗斯族", "鄂温克族", "德昂族",
    "保安族", "裕固族", "京族", "塔塔尔族", "独龙族", "鄂伦春族", "赫哲族", "门巴族", "珞巴族", "基诺族", "其他",
)  # fmt: skip
"""GB/T 3304-1991, its 56 groups in its order, and one answer for everyone else."""

RELATIONS: tuple[str, ...] = ("父亲", "母亲", "祖父", "祖母", "外祖父", "外祖母", "兄弟姐妹", "其他")
RESIDENT_CARD = "居民身份证"
ID_TYPES: tuple[str, ...] = (RESIDENT_CARD, "护照", "港澳居民来往内地通行证", "台湾居民来往大陆通行证", "其他")


def text(title: str, *, longest: int) -> dict[str, Any]:
    """Return a line of text that may not be empty."""
    return {"type": "string", "title": title, "minLength": 1, "maxLength": longest}


def optional(title: str, *, longest: int) -> dict[str, Any]:
    """Return a line of text that may be empty."""
    return {"type": "string", "title": title, "maxLength": longest}


def choice(title: str, *options: str) -> dict[str, Any]:
    """Return one of several."""
    return {"type": "string", "title": title, "enum": list(options)}


def form(properties: Mapping[str, Any], *required: str) -> dict[str, Any]:
    """Return a group of fields; what it does not list is refused."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(required),
        "additionalProperties": False,
    }


def region(title: str) -> dict[str, Any]:
    """Return a place down to the county; the three must belong to each other (GB/T 2260)."""
    names = {
        "province": text("省（自治区、直辖市）", longest=30),
        "city": text("市（州）", longest=30),
        "county": text("区县", longest=30),
    }
    return form(names, *names) | {"title": title, "x-region": True}


PHONE: Mapping[str, Any] = {"type": "string", "title": "手机号", "pattern": "^1[3-9][0-9]{9}$"}
EMAIL: Mapping[str, Any] = {
    "type": "string",
    "title": "电子邮箱",
    "maxLength": 100,
    "pattern": "^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$",
}

GUARDIAN: Mapping[str, Any] = form(
    {
        "name": text("姓名", longest=50),
        "relation": choice("与本人关系", *RELATIONS),
        "id_type": choice("证件类型", *ID_TYPES),
        "id_number": text("证件号码", longest=30),
        "employer": optional("工作单位", longest=100),
        "position": optional("职务", longest=50),
        "phone": PHONE,
    },
    "name",
    "relation",
    "id_type",
    "id_number",
) | {
    "if": {"properties": {"id_type": {"const": RESIDENT_CARD}}, "required": ["id_type"]},
    "then": {"properties": {"id_number": {"format": ID_NUMBER_FORMAT}}},
}
"""A guardian; a resident ID number is held to its check digit."""

RELATIVE: Mapping[str, Any] = form(
    {
        "name": text("姓名", longest=50),
        "relation": choice("与本人关系", *RELATIONS),
        "phone": PHONE,
        "employer": optional("工作单位", longest=100),
        "position": optional("职务", longest=50),
    },
    "name",
    "relation",
    "phone",
)
"""A member of the family."""
