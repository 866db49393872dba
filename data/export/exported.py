"""What an export wrote."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["Exported"]


@dataclass(frozen=True)
class Exported:
    """What was written."""

    path: Path | None
    """The file; None for a stream."""

    count: int
    """Bits or rows in it."""

    size: int
    """Bytes."""

    left_out: int = 0
    """Bits at the end that filled no word of the format."""
