"""When a bitstream has reached what was asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mtjlab.analysis.randomness import bias_bound
from mtjlab.procedures.bitstream.junction_bits import JunctionBits

__all__ = ["Target"]


@dataclass(frozen=True)
class Target:
    """What ends a bitstream, whichever comes first.

    Examples
    --------
    >>> Target(bits=1000, duration=60.0).progress(250, 30.0, [])
    50.0
    """

    bits: int
    """Bits given out, all junctions together."""
    duration: float = 0.0
    """Longest duration [s]; 0 for any."""
    largest_bias: float = 0.0
    """Mean of abs(2P - 1) that is to be shown of each junction; 0 for none."""
    confidence: float = 0.95
    """Confidence with which it is to be shown."""

    def progress(self, bits: int, lasted: float, junctions: Iterable[JunctionBits]) -> float:
        """Tell how much of the nearest part of it is reached [%].

        Parameters
        ----------
        bits
            Bits given out so far.
        lasted
            Time since the beginning [s].
        junctions
            What gave them.

        Returns
        -------
        float
            0 to 100; 100 where it is reached.
        """
        parts = [100.0 * bits / self.bits]
        if self.duration:
            parts.append(100.0 * lasted / self.duration)
        if self.largest_bias:
            shown = max(bias_bound(each.ones, each.bits, self.confidence) for each in junctions)
            # The bound falls with the root of the bits.
            parts.append(100.0 * (self.largest_bias / shown) ** 2)
        return min(100.0, max(parts))
