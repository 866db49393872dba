"""Which letter of the standard a test follows."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Mode"]


class Mode(StrEnum):
    """How a test computes its probabilities."""

    NIST = "nist"
    """What STS 2.1.2 says, its known slips included."""

    EXACT = "exact"
    """Exact class probabilities and the corrected variance of the DFT test."""
