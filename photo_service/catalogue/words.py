"""A spec's rules as people read them in Chinese: for the terminal and for the page in docs/."""

from typing import Final

from photo_service.spec import Background, Confirmed, Group, HeadRule, Size, Spec, Window

Colour = tuple[int, int, int]

_STATUS: Final = {
    Confirmed.AUTHORITY: "官方",
    Confirmed.SECONDARY: "二手",
    Confirmed.UNCONFIRMED: "未证实",
}
GLASSES: Final = {"allowed": "可以戴", "if_usual": "平时戴的应当戴", "forbidden": "不许戴"}
_MEASURES: Final = {
    "crown": "发顶至上边",
    "chin": "下巴至上边",
    "eye_line": "眼睛至上边",
    "head_height": "头高（发顶至下巴）",
    "face_width": "脸宽（颊到颊）",
    "centre": "脸的中线至左边",
}
_COLOURS: Final = {
    "#FFFFFF": "白",
    "#64C5FF": "浅蓝",
    "#F0F0F0": "浅灰",
    "#438EDB": "蓝",
    "#FF0000": "红",
}
_MM_PER_INCH: Final = 25.4


def status_text(spec: Spec) -> str:
    """Where a rule was read: an authority's own text, secondary pages, app lists or nothing; sizes are a convention."""
    return "惯例" if spec.group is Group.SIZE else _STATUS[spec.confirmed]


def size_text(size: Size) -> str:
    """`480×640`, or the smallest and the largest."""
    largest = f"{size.max_width}×{size.max_height}"
    return largest if size.exact else f"{size.min_width}×{size.min_height} 至 {largest}"


def paper_text(size: Size) -> str:
    """`26×32 毫米`, nothing where the source names no size on paper."""
    return f"{size.mm[0]:g}×{size.mm[1]:g} 毫米" if size.mm else ""


def window_text(window: Window) -> str:
    """The bytes a file may have, both ends included."""
    if window.low <= 1:
        return f"< {_bytes(window.high)}"
    return f"{window.low:,} 至 {_bytes(window.high - 1)}"


def background_text(background: Background) -> str:
    """The colours, and whether they are painted or must be there already."""
    if background.wall:
        return f"原背景（须为{'/'.join(colour_text(colour) for colour in background.wall)}）"
    if background.colour is None:
        return "原背景"
    return "/".join(colour_text(colour) for colour in background.choices) + (
        "，其他颜色也可" if background.any_colour else ""
    )


def colour_text(colour: Colour) -> str:
    """A colour's usual name, or its number."""
    number = "#" + bytes(colour).hex().upper()
    return _COLOURS.get(number, number)


def rule_text(rule: HeadRule, spec: Spec) -> str:
    """One rule of the head: in percent or pixels as the source has it, and in millimetres where it speaks of paper."""
    name = _MEASURES[rule.measure]
    if rule.unit == "fraction":
        return f"{name} {rule.low * 100:g}% 至 {rule.high * 100:g}%（取 {rule.target * 100:g}%）"
    text = f"{name} {rule.low:g} 至 {rule.high:g} 像素（取 {rule.target:g}）"
    if spec.size.mm is None:
        return text
    low, high = (round(value / spec.dpi * _MM_PER_INCH, 1) for value in (rule.low, rule.high))
    return f"{text}，即 {low:g} 至 {high:g} 毫米"


def facts(spec: Spec) -> list[tuple[str, str]]:
    """Everything that a student or a school asks about a spec, as pairs of a label and a text."""
    enlarge = "可以，有限度" if spec.upscale_allowed else "不可以"
    pairs = [
        ("用途", spec.use),
        ("地区", spec.region),
        ("其他叫法", "、".join(spec.aliases)),
        ("像素", size_text(spec.size)),
        ("纸上尺寸", paper_text(spec.size)),
        ("分辨率", f"{spec.dpi} dpi" + ("" if "wrong_dpi" in spec.checks else "（来源没有规定）")),
        ("文件大小", f"{window_text(spec.window)}，JPEG 质量不低于 {spec.quality_floor}"),
        ("背景", background_text(spec.background)),
        ("换背景", "可以" if spec.background.replacement_allowed else "不可以"),
        ("眼镜", GLASSES[spec.glasses]),
        ("拍摄时间", f"{spec.recency_days} 天以内" if spec.recency_days else "不限"),
        ("放大小图", enlarge),
        ("扶正倾斜", f"{spec.max_roll_deg:g}° 以内" + ("" if spec.rotation_allowed else "的保持原样，不旋转")),
        ("头部位置", "；".join(rule_text(rule, spec) for rule in spec.head)),
        ("文件名", spec.file_name),
        ("来源", f"{status_text(spec)}：{spec.source}"),
        ("核对日期", spec.checked_on),
    ]
    return [(label, text) for label, text in pairs if text]


def _bytes(count: int) -> str:
    return f"{count:,} 字节"
