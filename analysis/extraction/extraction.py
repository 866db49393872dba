"""What an extractor made of the raw bits, in numbers."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Extraction"]


@dataclass(frozen=True)
class Extraction:
    """Account of one pass through an extractor.

    Raises
    ------
    ValueError
        If a count is negative, or more bits came out than went in.
    """

    name: str
    """Name of the extractor."""

    bits_in: int
    """Raw bits that went in."""

    bits_out: int
    """Conditioned bits that came out."""

    def __post_init__(self) -> None:
        if not 0 <= self.bits_out <= self.bits_in:
            raise ValueError(
                f"{self.name}: {self.bits_out} bits out of {self.bits_in}: expected 0 up to as many as went in"
            )

    @property
    def rate(self) -> float:
        """Conditioned bits a raw bit; 0 where nothing went in."""
        return self.bits_out / self.bits_in if self.bits_in else 0.0
