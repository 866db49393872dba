"""What a report is made of: text, tables, pictures, in sections."""

import base64
import dataclasses
from collections.abc import Mapping, Sequence

__all__ = ["LONG_TABLE", "Picture", "Section", "Table"]

LONG_TABLE = 24
"""Rows above which a table is folded."""

_PNG = b"\x89PNG"


@dataclasses.dataclass(frozen=True)
class Picture:
    """A PNG or SVG with its caption."""

    png: bytes
    caption: str
    alt: str = ""
    """What the picture shows, for those who do not see it; the caption where it is empty."""
    plot: bool = True
    """Whether it is a plot on white, whose brightness is turned over on a dark page; a photograph is not."""

    @property
    def source(self) -> str:
        """The picture as a data URL."""
        kind = "image/png" if self.png.startswith(_PNG) else "image/svg+xml"
        return f"data:{kind};base64,{base64.b64encode(self.png).decode()}"


@dataclasses.dataclass(frozen=True)
class Table:
    """A table with its caption; the first cell of a row is its head."""

    caption: str
    rows: Sequence[Sequence[str]]
    heads: Sequence[str] = ()
    folded: bool | None = None
    """Whether a reader unfolds it; None for long tables."""
    printed: bool = True
    """Whether it is on paper, too, where it is folded on the screen."""

    @property
    def is_folded(self) -> bool:
        """Whether a reader unfolds it."""
        return len(self.rows) > LONG_TABLE if self.folded is None else self.folded

    def named(self, caption: str) -> "Table":
        """Return the same table under another caption.

        Parameters
        ----------
        caption
            The caption.
        """
        return dataclasses.replace(self, caption=caption)


@dataclasses.dataclass(frozen=True)
class Section:
    """A heading with what stands under it."""

    title: str
    text: str = ""
    parts: Sequence[Picture | Table] = ()
    facts: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """Name by name, before the parts."""
    texts: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """Long texts as they are written, such as a plan, by their names: folded."""
    level: int = 2
    """Of its heading: 2, or 3 within a chapter."""
    links: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """Links by the text of a cell: where a table has it as the head of a row, it leads to this address."""
