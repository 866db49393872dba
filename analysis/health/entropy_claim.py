"""What is claimed of a source, and how rarely a healthy one may alarm."""

from __future__ import annotations

import math
from dataclasses import dataclass

from mtjlab.core import InputError

__all__ = ["EntropyClaim"]


@dataclass(frozen=True)
class EntropyClaim:
    """Assessed min-entropy of a binary source, with the false-alarm probability of its health tests.

    Examples
    --------
    >>> EntropyClaim(entropy=0.83).most_likely
    0.5625...
    """

    entropy: float = 0.98
    """Assessed min-entropy a bit, above 0 and at most 1."""
    false_alarm: float = 2.0**-40
    """Probability that one run of bits (or one window) of a source with that entropy alarms.

    SP 800-90B recommends 2⁻²⁰ to 2⁻⁴⁰. At 2⁻²⁰ a fair stream alarms every two million bits.
    """

    def __post_init__(self) -> None:
        """Refuse what is no claim."""
        if not 0 < self.entropy <= 1:
            raise InputError(f"entropy = {self.entropy} a bit: allowed is above 0 and at most 1; assess the source")
        if not 0 < self.false_alarm < 0.5:
            raise InputError(f"false_alarm = {self.false_alarm}: allowed is above 0 and below 0.5, such as 2**-40")

    @property
    def most_likely(self) -> float:
        """Largest probability of one value that the claim allows: 2 to the power of minus the entropy."""
        return math.pow(2.0, -self.entropy)

    @property
    def bits_of_surprise(self) -> float:
        """Minus the binary logarithm of the false-alarm probability."""
        return -math.log2(self.false_alarm)
