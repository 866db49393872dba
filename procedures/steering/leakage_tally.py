"""What is counted of a steered bitstream to say what it gives away: the two states apart, and too fair windows."""

from __future__ import annotations

import math

__all__ = ["LeakageTally"]

STATES_WINDOW = 5.0
"""Loop constants over which the difference between the two states is taken; its largest value counts."""


class LeakageTally:
    """Count pulses by the state that they began in, and the ones among the bits in windows of one loop constant.

    Parameters
    ----------
    constant
        Loop constant [bits].

    Examples
    --------
    >>> tally = LeakageTally(10_000)
    >>> tally.count_pulses(0, 2000, 1040)
    >>> tally.count_pulses(1, 2000, 1000)
    >>> round(tally.between_states, 4)  # half of .02, and three standard errors
    0.0337
    """

    def __init__(self, constant: float) -> None:
        self._constant = constant
        self._counts = {0: [0, 0], 1: [0, 0]}
        self._largest = 0.0
        self._window = [0, 0]
        self.deviations: list[float] = []
        """Ones of each window less half its bits, over half the root of its bits: standard normal for fair bits."""

    def count_pulses(self, before: int, pulses: int, switched: int) -> None:
        """Count pulses that began in one state: 0 parallel, 1 antiparallel."""
        self._counts[before][0] += pulses
        self._counts[before][1] += switched
        if sum(seen for seen, _ in self._counts.values()) >= STATES_WINDOW * self._constant:
            self._largest = max(self._largest, self._difference())
            self._counts = {0: [0, 0], 1: [0, 0]}

    def count_output(self, bits: int, ones: int) -> None:
        """Count bits that are given out."""
        self._window[0] += bits
        self._window[1] += ones
        if self._window[0] >= self._constant:
            count, found = self._window
            self.deviations.append((found - count / 2) / math.sqrt(count / 4))
            self._window = [0, 0]

    def forget_pulses(self) -> None:
        """Forget the pulses so far: they were sent at other settings."""
        self._counts = {0: [0, 0], 1: [0, 0]}
        self._largest = 0.0

    @property
    def between_states(self) -> float:
        """Half the difference of P from the two states, and three standard errors of it.

        The largest of all windows of five loop constants; before the first of them is over, that of what there is.
        Zero where pulses began in one state only.
        """
        return self._largest or self._difference()

    def _difference(self) -> float:
        if not all(pulses for pulses, _ in self._counts.values()):
            return 0.0
        (n, a), (m, b) = self._counts.values()
        p, q = a / n, b / m
        return (abs(p - q) + 3 * math.sqrt(p * (1 - p) / n + q * (1 - q) / m)) / 2
