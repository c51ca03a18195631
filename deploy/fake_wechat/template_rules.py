"""订阅消息参数值内容限制: what each kind of template field takes, written from Tencent's table alone."""

import re
import unicodedata
from collections.abc import Mapping

from deploy.fake_wechat.refusing import Refused

_DATE = r"\d{4}年\d{1,2}月\d{1,2}日"
_TIME = r"\d{1,2}:\d{2}(:\d{2})?"
_HAN = r"[\u3400-\u4dbf\u4e00-\u9fff]"

RULES: Mapping[str, tuple[str, str]] = {
    "thing": (r".{1,20}", "20个以内字符, 可汉字、数字、字母或符号组合"),
    "number": (r"\d{1,32}(\.\d+)?", "32位以内数字, 只能数字, 可带小数"),
    "letter": (r"[A-Za-z]{1,32}", "32位以内字母, 只能字母"),
    "symbol": (r"[^\w\s]{1,5}", "5位以内符号, 只能符号"),
    "character_string": (r"[\x20-\x7e]{1,32}", "32位以内数字、字母或符号"),
    "time": (rf"({_DATE} )?{_TIME}", "24小时制时间格式 (支持+年月日), 例如: 15:01, 或: 2019年10月1日 15:01"),
    "date": (rf"{_DATE}( {_TIME})?", "年月日格式 (支持+24小时制时间), 例如: 2019年10月1日, 或: 2019年10月1日 15:01"),
    "amount": (r"[¥$€]?\d{1,10}(\.\d+)?元?", "1个币种符号+10位以内纯数字, 可带小数, 结尾可带“元”"),
    "phone_number": (r"[\d+\-]{1,17}", "17位以内, 数字、符号"),
    "car_number": (r"[A-Z0-9a-z\u4e00-\u9fff]{1,8}", "8位以内, 第一位与最后一位可为汉字, 其余为字母或数字"),
    "name": (rf"({_HAN}|·){{1,10}}|[A-Za-z ]{{1,20}}", "10个以内纯汉字或20个以内纯字母或符号"),
    "phrase": (rf"{_HAN}{{1,5}}", "5个以内纯汉字, 例如: 配送中"),
}


def check_value(key: str, value: object) -> None:
    """Refuse a value its field does not take, with 47003 and the field's name as WeChat does."""
    kind = re.sub(r"\d+$", "", key)
    wanted, quote = RULES[kind]
    if not isinstance(value, str) or not _clean(value) or not re.fullmatch(wanted, value) or _units(value) > 32:
        raise Refused(47003, f"argument invalid! data.{key}.value invalid", because=quote)
    if kind == "thing" and _units(value) > 20:
        raise Refused(47003, f"argument invalid! data.{key}.value invalid", because=quote)


def _clean(value: str) -> bool:
    return not any(unicodedata.category(char)[0] == "C" for char in value)


def _units(value: str) -> int:
    """Count as JavaScript does, the harshest reading of 字符."""
    return len(value.encode("utf-16-le")) // 2
