"""The levels of a function generator: amplitude and offset, high and low are two ways to say the same."""

import dataclasses

__all__ = ["LevelRange", "Levels"]


@dataclasses.dataclass(frozen=True)
class LevelRange:
    """What a generator can give into the load that it is told of."""

    reach: float
    """Largest magnitude of a level [V]."""
    smallest: float
    """Smallest amplitude [V]."""
    largest: float
    """Largest amplitude [V]."""


@dataclasses.dataclass(frozen=True)
class Levels:
    """Amplitude, offset, high and low level [V]."""

    amplitude: float
    offset: float
    high: float
    low: float

    def agreed(self, name: str, limits: LevelRange) -> "Levels":
        """Let the others follow the one that was just set, within the range.

        Parameters
        ----------
        name
            The one just set: ``amplitude``, ``offset``, ``high`` or ``low``.
        limits
            Range of the generator.

        Notes
        -----
        The one that was set last is kept, and its partner gives way: high pushes low and low pushes high, the offset
        shrinks the amplitude to its smallest before it is cut itself.
        """
        if name in ("high", "low"):
            return self._by_levels(name, limits)
        if name == "amplitude":
            amplitude = min(max(self.amplitude, limits.smallest), limits.largest)
            room = limits.reach - amplitude / 2
            offset = min(max(self.offset, -room), room)
        else:
            room = limits.reach - limits.smallest / 2
            offset = min(max(self.offset, -room), room)
            amplitude = max(min(self.amplitude, 2 * (limits.reach - abs(offset))), limits.smallest)
        return Levels(amplitude, offset, offset + amplitude / 2, offset - amplitude / 2)

    def _by_levels(self, name: str, limits: LevelRange) -> "Levels":
        high, low = self.high, self.low
        if name == "high":
            low = max(min(low, high - limits.smallest), high - limits.largest)
        else:
            high = min(max(high, low + limits.smallest), low + limits.largest)
        return Levels(high - low, (high + low) / 2, high, low)
