"""Print rows: a table for a person at a terminal, tab-separated lines for a program."""

import sys
from collections.abc import Iterable, Sequence

import click


def show(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print the rows under their columns; None is an empty cell."""
    cells = [["" if cell is None else str(cell) for cell in row] for row in rows]
    if sys.stdout.isatty():
        _table(columns, cells)
    else:
        for line in [list(columns), *cells]:
            click.echo("\t".join(cell.replace("\t", " ").replace("\n", " ") for cell in line))


def _table(columns: Sequence[str], cells: list[list[str]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold", no_wrap=column == "id")
    for line in cells:
        table.add_row(*(Text(cell) for cell in line))
    Console().print(table)
