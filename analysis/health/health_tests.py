"""The two continuous health tests of SP 800-90B, side by side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.health.adaptive_proportion import AdaptiveProportion
from mtjlab.analysis.health.entropy_claim import EntropyClaim
from mtjlab.analysis.health.repetition_count import RepetitionCount

__all__ = ["Alarm", "HealthTests"]


@dataclass(frozen=True)
class Alarm:
    """One alarm of a health test."""

    test: str
    """Which test: ``repetition count`` or ``adaptive proportion``."""
    bit: int
    """Index, in the whole stream, of the bit at which its cutoff was reached."""
    cutoff: int
    """The cutoff."""

    def __str__(self) -> str:
        """Say it in words, as ``repetition count: 41 equal bits up to bit 1,234``."""
        what = "equal bits in a row" if self.test == "repetition count" else "bits like the first of a window"
        return f"{self.test}: {self.cutoff} {what}, reached at bit {self.bit:,}"


class HealthTests:
    """Watch a stream for a stuck source and for lost entropy.

    Parameters
    ----------
    claim
        Assessed entropy and false-alarm probability.

    Notes
    -----
    NIST SP 800-90B, section 4.4: both tests run all the time, and their alarms are handled at once.
    """

    def __init__(self, claim: EntropyClaim | None = None) -> None:
        self.claim = claim if claim is not None else EntropyClaim()
        """What the cutoffs come from."""
        self.repetition_count = RepetitionCount(self.claim)
        """The test for a stuck source."""
        self.adaptive_proportion = AdaptiveProportion(self.claim)
        """The test for lost entropy."""
        self.bits = 0
        """Bits watched so far."""

    def update(self, bits: NDArray[np.uint8]) -> list[Alarm]:
        """Take the next bits of the stream and return the alarms they raise, in the order of the bits."""
        alarms = [
            Alarm(name, self.bits + int(index), test.cutoff)
            for name, test in (
                ("repetition count", self.repetition_count),
                ("adaptive proportion", self.adaptive_proportion),
            )
            for index in test.update(bits)
        ]
        self.bits += bits.size
        return sorted(alarms, key=lambda alarm: alarm.bit)
