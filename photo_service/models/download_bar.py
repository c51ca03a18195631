"""Show how far a download is: bytes, speed and the time that is left."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

from photo_service.models.download import Meter


@contextmanager
def download_bar(console: Console) -> Iterator[Meter]:
    """Give the meter of one download. It draws on a terminal only: a log file gets no bar."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("Downloading", total=None, visible=False)

        def meter(come: int, total: int | None) -> None:
            bar.update(task, completed=come, total=total, visible=True)

        yield meter
