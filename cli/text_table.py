"""A table drawn with characters, as wide as the window."""

import os
from collections.abc import Collection, Iterator, Sequence
from typing import TextIO
from unicodedata import combining, east_asian_width

__all__ = ["text_table"]

PIPE_WIDTH = 160
"""Columns of a table on a pipe, where there is no window to fit."""

_NARROWEST = 4
"""Columns that a cell keeps in the narrowest window."""

_LINES = ("┌─┬┐", "├─┼┤", "└─┴┘", "│")
_PLAIN_LINES = ("+-++", "+-++", "+-++", "|")


def text_table(
    title: str,
    heads: Sequence[str] | None,
    rows: Sequence[Sequence[str]],
    stream: TextIO,
    red: Collection[int] = (),
) -> str:
    """Return a table of cells, with a title above; text that does not fit continues in the line below.

    Parameters
    ----------
    title
        Stands above the table.
    heads
        Name of each column; without, the first column names the rows.
    rows
        Cells.
    stream
        Where the table goes: its width, whether names can stand out there, and which characters it takes.
    red
        Numbers of the rows, from 0, that are red where the stream can show it.
    """
    top, middle, bottom, side = _LINES if _takes_lines(stream) else _PLAIN_LINES
    cells = [[_printable(cell) for cell in row] for row in ([heads] if heads else []) + list(rows)]
    widths = _widths(cells, _window(stream))
    strong = _can_stand_out(stream)
    lines = [_ruler(top, widths)]
    for number, row in enumerate(cells):
        head = bool(heads) and number == 0
        for pieces in _folded(row, widths):
            bad = strong and number - bool(heads) in red
            shown = [
                f"\033[31m{piece}\033[0m"
                if bad
                else f"\033[1m{piece}\033[0m"
                if strong and (head or not (heads or column))
                else piece
                for column, piece in enumerate(pieces)
            ]
            lines.append(f"{side} {f' {side} '.join(shown)} {side}")
        if head:
            lines.append(_ruler(middle, widths))
    lines.append(_ruler(bottom, widths))
    return "\n".join([title, *lines])


def _ruler(ends: str, widths: Sequence[int]) -> str:
    return ends[0] + ends[2].join(ends[1] * (width + 2) for width in widths) + ends[3]


def _window(stream: TextIO) -> int:
    if not stream.isatty():
        return PIPE_WIDTH
    from shutil import get_terminal_size  # which brings every kind of archive with it

    return get_terminal_size().columns


def _takes_lines(stream: TextIO) -> bool:
    try:
        "".join(_LINES).encode(getattr(stream, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _can_stand_out(stream: TextIO) -> bool:
    return stream.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb" and os.name != "nt"


def _printable(cell: str) -> str:
    """Return text without what would move the cursor: what a file says must not draw elsewhere."""
    return "".join(sign if sign.isprintable() or sign == "\n" else " " for sign in cell)


def _width(text: str) -> int:
    return sum(0 if combining(sign) else 2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def _widths(cells: Sequence[Sequence[str]], window: int) -> list[int]:
    """Return the width of each column: what its longest line needs, the widest made narrower until all fit."""
    widths = [
        max((_width(line) for cell in column for line in cell.split("\n")), default=0)
        for column in zip(*cells, strict=True)
    ]
    spare = window - 1 - 3 * len(widths) - sum(widths)
    while spare < 0 and max(widths) > _NARROWEST:
        widest = max(range(len(widths)), key=widths.__getitem__)
        widths[widest] -= 1
        spare += 1
    return widths


def _folded(row: Sequence[str], widths: Sequence[int]) -> Iterator[list[str]]:
    """Give the lines of a row, each cell filled up to its column's width."""
    columns = [list(_pieces(cell, width)) for cell, width in zip(row, widths, strict=True)]
    for number in range(max(map(len, columns))):
        pieces = [pieces[number] if number < len(pieces) else "" for pieces in columns]
        yield [piece + " " * (width - _width(piece)) for piece, width in zip(pieces, widths, strict=True)]


def _pieces(cell: str, width: int) -> Iterator[str]:
    """Cut a cell into lines, at spaces where there are any."""
    for line in cell.split("\n"):
        rest = line
        while _width(rest) > width:
            end = 0
            while _width(rest[: end + 1]) <= width:
                end += 1
            space = rest.rfind(" ", 0, end + 1)
            cut = space if space > 0 else max(end, 1)
            yield rest[:cut]
            rest = rest[cut:].lstrip(" ") if space > 0 else rest[cut:]
        yield rest
