"""A QR code as one SVG path: print-sharp, and no script, style or file of its own."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class QrCode:
    """`size` modules a side, the quiet zone of four included; `path` has a unit square for each dark one."""

    size: int
    path: str


def poster_code(text: str) -> QrCode:
    """Return the code; a quarter of it may be torn or dirty and it still reads (level Q)."""
    import segno

    code = segno.make_qr(text, error="q", boost_error=False)
    rows = [[bool(module) for module in row] for row in code.matrix_iter(scale=1, border=4)]
    path = "".join(
        f"M{left} {top}h{right - left}v1h-{right - left}z" for top, row in enumerate(rows) for left, right in _runs(row)
    )
    return QrCode(size=len(rows), path=path)


def _runs(row: list[bool]) -> list[tuple[int, int]]:
    """Return where the dark modules of a row begin and end."""
    edges = [place for place in range(len(row) + 1) if _dark(row, place) != _dark(row, place - 1)]
    return list(zip(edges[::2], edges[1::2], strict=True))


def _dark(row: list[bool], place: int) -> bool:
    return 0 <= place < len(row) and row[place]
