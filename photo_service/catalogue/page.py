"""The catalogue as the page docs/specs.md, written from the spec files alone: `idphoto specs --markdown`."""

from collections import Counter
from collections.abc import Iterator, Mapping

from photo_service.catalogue.search import by_group
from photo_service.catalogue.words import background_text, facts, size_text, status_text, window_text
from photo_service.spec import Spec

_INTRODUCTION = """# 照片规格目录

<!-- Written by `idphoto specs --markdown` from photo_service/specs/*.toml. Change those, then write this page anew. -->

共 {count} 个规格。规定每年、每省都会变：每个规格都写明来源、核对日期和依据，**以当年当地的通知为准**。

| 依据 | 含义 | 数量 |
|---|---|---|
| 官方 | 主管机构的页面，或学校等转载的原文 | {authority} |
| 二手 | 只见于二手页面 | {secondary} |
| 未证实 | 只见于软件的预置表，或没有全国统一的规定：请先看本校、本地的通知 | {unconfirmed} |
| 惯例 | 照相馆通行的尺寸，不是任何机构的规定 | {convention} |

怎么找：`idphoto specs --search 四六级`，也可以用拼音首字母（`xlzp`）、全拼、用途、地区或像素（`480x640`）。

怎么读：

- “KB”有 1000 和 1024 两种算法，文件大小按两种都满足的字节数执行。照片只靠压缩质量落入范围，从不填充字节；
  窗口太窄或太高而做不到时，程序报告 `spec_unattainable` 并说出最接近的大小。
- 只给毫米的规格按写明的分辨率换算成像素。
- “换背景：不可以”的规格保留自拍的原背景，并检查墙的颜色；“放大小图：不可以”的规格遇到像素不够的自拍会拒绝。
- 程序不美颜、不修饰；这里的照片文件要由本人按通知的渠道提交，做得出文件不等于有权代交。
"""


def page(catalogue: Mapping[str, Spec]) -> str:
    """Write the whole page; the same files give the same page."""
    specs = tuple(catalogue.values())
    read = Counter(status_text(spec) for spec in specs)
    head = _INTRODUCTION.format(
        count=len(specs),
        authority=read["官方"],
        secondary=read["二手"],
        unconfirmed=read["未证实"],
        convention=read["惯例"],
    )
    return "\n".join([head, *_overview(specs), *_details(specs)]).rstrip() + "\n"


def _overview(specs: tuple[Spec, ...]) -> Iterator[str]:
    for label, members in by_group(specs).items():
        yield f"## {label}\n"
        yield "| 规格 | ID | 像素 | dpi | 文件大小 | 背景 | 依据 |"
        yield "|---|---|---|---|---|---|---|"
        for spec in members:
            cells = (
                f"[{spec.name}](#{spec.id})",
                f"`{spec.id}`",
                size_text(spec.size),
                str(spec.dpi),
                window_text(spec.window),
                background_text(spec.background),
                status_text(spec),
            )
            yield f"| {' | '.join(cells)} |"
        yield ""


def _details(specs: tuple[Spec, ...]) -> Iterator[str]:
    yield "## 逐个说明\n"
    for members in by_group(specs).values():
        for spec in members:
            yield f'<a id="{spec.id}"></a>\n'
            yield f"### {spec.name}\n"
            yield from (f"- {label}：{_shown(label, text)}" for label, text in facts(spec))
            yield f"\n{spec.note.strip()}\n"


def _shown(label: str, text: str) -> str:
    return f"`{text}`" if label == "文件名" else text
