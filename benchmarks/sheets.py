"""Contact sheets of the labelled photos, before white, blue and red: for people to look at, hair by hair."""

import csv
import io
from pathlib import Path
from typing import Any

from PIL import Image

from benchmarks.fidelity import PHOTOS
from photo_service.pipeline import Studio

CATEGORIES = ("good", "frontal", "glasses", "hairears", "clutter")
SPEC = "one-inch"
BACKGROUNDS = ("white", "blue", "red")
ACROSS = 6


def draw(studio: Studio, folder: Path) -> list[dict[str, Any]]:
    """Write sheets of six photos before three backgrounds; return one row a category."""
    table = PHOTOS / "labels.csv"
    if not table.is_file():
        return []
    with table.open(encoding="utf-8") as labels:
        rows = list(csv.DictReader(labels))
    folder.mkdir(parents=True, exist_ok=True)
    return [
        _category(studio, name, [row["file"] for row in rows if row["category"] == name], folder) for name in CATEGORIES
    ]


def _category(studio: Studio, category: str, files: list[str], folder: Path) -> dict[str, Any]:
    columns = [column for file in files if (column := _column(studio, (PHOTOS / "dev" / file).read_bytes()))]
    for start in range(0, len(columns), ACROSS):
        part = columns[start : start + ACROSS]
        sheet = Image.new("RGB", (sum(column.width for column in part), part[0].height))
        for index, column in enumerate(part):
            sheet.paste(column, (index * column.width, 0))
        sheet.save(folder / f"{category}-{start // ACROSS + 1}.png")
    return {"category": category, "labelled": len(files), "photos": len(columns), "folder": str(folder)}


def _column(studio: Studio, selfie: bytes) -> Image.Image | None:
    """Return one selfie's photos, one above the other; None where it gives none."""
    made = [studio.render(selfie, spec=SPEC, source="selfie", background=name).photo for name in BACKGROUNDS]
    photos = [Image.open(io.BytesIO(photo)) for photo in made if photo is not None]
    if not photos:
        return None
    column = Image.new("RGB", (photos[0].width, sum(photo.height for photo in photos)))
    for index, photo in enumerate(photos):
        column.paste(photo, (0, index * photo.height))
    return column
