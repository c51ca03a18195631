"""`idphoto specs`: the catalogue, or one spec of it."""

import json
import sys
from typing import TYPE_CHECKING

import click

from photo_service.commands.parts import known_spec, whole_catalogue
from photo_service.spec import Group

if TYPE_CHECKING:
    from photo_service.spec import Spec

_NOTHING_FOUND = 1
_WIDE_ENOUGH = 132
"""Columns where the table is not read on a terminal, so that nothing is cut."""


class _GroupName(click.ParamType[Group]):
    """A group by its id or by its Chinese label."""

    name = "group"

    def convert(self, value: str | Group, param: click.Parameter | None, ctx: click.Context | None) -> Group:
        named = next((group for group in Group if value in {group, group.value, group.label}), None)
        if named is None:
            self.fail(f"{value!r} is not one of {', '.join(f'{g.value} ({g.label})' for g in Group)}", param, ctx)
        return named


@click.command()
@click.argument("spec_id", required=False, metavar="[ID]")
@click.option("--search", "words", metavar="WORDS", help="Name, pinyin or initials, use, region, pixels: 四六级, slj.")
@click.option("--group", type=_GroupName(), help="school, admission, exam, profession, document, visa, size.")
@click.option("--json", "form", flag_value="json", help="As JSON, with every rule.")
@click.option("--markdown", "form", flag_value="markdown", help="The whole catalogue as the page docs/specs.md.")
def specs(spec_id: str | None, words: str | None, group: Group | None, form: str | None) -> None:
    """List the catalogue, or show one spec.

    Exit status 1 where nothing is found, 2 for an unknown ID.
    """
    if form == "markdown":
        from photo_service.catalogue.page import page

        click.echo(page(whole_catalogue()), nl=False)
    elif spec_id is not None:
        _show_one(known_spec(spec_id), form)
    else:
        chosen = _chosen(words, group)
        _show_all(chosen, form)
        if not chosen:
            sys.exit(_NOTHING_FOUND)


def _chosen(words: str | None, group: Group | None) -> "tuple[Spec, ...]":
    from photo_service.catalogue.search import search

    found = search(whole_catalogue().values(), words or "")
    return tuple(spec for spec in found if group is None or spec.group is group)


def _show_one(spec: "Spec", form: str | None) -> None:
    if form == "json":
        from photo_service.catalogue.as_json import spec_json

        click.echo(json.dumps(spec_json(spec), ensure_ascii=False, indent=2))
        return
    from photo_service.catalogue.words import facts

    click.echo(f"{spec.name}  [{spec.id}]  {spec.group.label}")
    for label, text in facts(spec):
        click.echo(f"  {label}：{text}")
    click.echo(f"\n{spec.note.strip()}")


def _show_all(specs: "tuple[Spec, ...]", form: str | None) -> None:
    if form == "json":
        from photo_service.catalogue.as_json import spec_json

        click.echo(json.dumps([spec_json(spec) for spec in specs], ensure_ascii=False, indent=2))
    elif not specs:
        click.echo("没有找到。换个词试试：名称、拼音首字母、用途、地区或像素，例如 四六级、xlzp、480x640", err=True)
    else:
        _print_tables(specs)


def _print_tables(specs: "tuple[Spec, ...]") -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    from photo_service.catalogue.search import by_group
    from photo_service.catalogue.words import background_text, size_text, status_text, window_text

    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=_WIDE_ENOUGH)
    for label, members in by_group(specs).items():
        table = Table(title=f"{label}（{len(members)}）", title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
        table.add_column("ID", no_wrap=True, style="bold")
        for heading in ("规格", "像素", "dpi", "文件大小", "背景", "依据"):
            table.add_column(heading, justify="right" if heading == "dpi" else "left", overflow="fold")
        for spec in members:
            size, window, behind = size_text(spec.size), window_text(spec.window), background_text(spec.background)
            table.add_row(spec.id, spec.name, size, str(spec.dpi), window, behind, status_text(spec))
        console.print(table)
    console.print(
        f"共 {len(specs)} 个。idphoto specs ID 看一个规格的全部规则；--search 按名称、拼音首字母、用途或像素找。"
    )
