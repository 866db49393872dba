"""The times of a generator's pulses: period, width and edges must fit into each other."""

import dataclasses

__all__ = ["PulseTimes", "TimeRange"]

EDGE_SHARE = 0.8
"""Share of a pulse's width that an edge may take, from 10 to 90 %."""


@dataclasses.dataclass(frozen=True)
class TimeRange:
    """What a generator can give."""

    width: float
    """Shortest width, and shortest pause between two pulses [s]."""
    edge: float
    """Shortest edge [s]."""
    period: float
    """Longest period [s]."""


@dataclasses.dataclass(frozen=True)
class PulseTimes:
    """Period, width and edges of a pulse [s]."""

    period: float
    width: float
    rise: float
    fall: float

    def agreed(self, name: str, limits: TimeRange, duty: float | None) -> tuple["PulseTimes", bool]:
        """Let the others follow the one that was just set.

        Parameters
        ----------
        name
            The one just set: ``period``, ``width``, ``duty``, ``rise`` or ``fall``.
        limits
            Range of the generator.
        duty
            Duty cycle [%] that was set, or that a change of the period keeps; None where it keeps the width.

        Returns
        -------
        PulseTimes, bool
            The times, and whether they fitted as they were asked for.

        Notes
        -----
        The one that was set last is kept and the others give way: a shorter period cuts the width, a longer width
        stretches the period, and edges take at most `EDGE_SHARE` of the width.
        """
        period = self.period
        wanted = width = self.width if duty is None or name not in ("duty", "period") else period * duty / 100
        if name in ("rise", "fall"):
            width = max(width, getattr(self, name) / EDGE_SHARE)
        width = min(max(width, limits.width), limits.period - limits.width)
        if name in ("period", "duty"):
            width = max(min(width, period - limits.width), limits.width)
        else:
            period = max(period, width + limits.width)
        longest = max(EDGE_SHARE * width, limits.edge)
        after = PulseTimes(period, width, min(self.rise, longest), min(self.fall, longest))
        return after, after == dataclasses.replace(self, width=wanted)
