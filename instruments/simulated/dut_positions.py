"""The junctions on the table, behind a multiplexer, in one field and at one temperature, and what they live through."""

from collections.abc import Callable

from mtjlab.instruments.simulated.junction.junction import Junction
from mtjlab.instruments.simulated.rates.rates import Bias

__all__ = ["DutPositions"]

STEADY = 0.5
"""Change of the temperature of the stage [K] within which its mean stands for it."""
SHORTEST = 1e-3
"""Time [s] within which the stage stands still."""


class DutPositions:
    """Junctions by their position at the multiplexer, of which one is connected or none.

    Parameters
    ----------
    junction
        Junction at position 1, which is connected at first.
    make_junction
        Makes the junction at another position, when it is first selected.
    """

    def __init__(self, junction: Junction, make_junction: Callable[[int], Junction] | None = None) -> None:
        self.stage: Callable[[float], float] | None = None
        """Temperature of the stage [K] at an instant [s], where a controller holds it."""
        self.lived = 0.0
        """Instant up to which the junctions have lived [s]."""
        self._junctions = {1: junction}
        self._make_junction = make_junction
        self._selected: int | None = 1
        self._surroundings: dict[str, float] = {}

    @property
    def junction(self) -> Junction | None:
        """Junction that is connected now; None where none is."""
        return None if self._selected is None else self._junctions[self._selected]

    def select(self, position: int | None) -> None:
        """Connect the junction at a position, from 1; None, or a position without one, connects none."""
        if position is not None and position not in self._junctions and self._make_junction is not None:
            self._junctions[position] = self._make_junction(position)
            if self._surroundings:
                self._junctions[position].set_surroundings(**self._surroundings)
        self._selected = position if position in self._junctions else None

    def surround(self, **surroundings: float) -> None:
        """Change `in_plane_field` [T], `perpendicular_field` [T] or `temperature` [K] at all junctions."""
        changed = {**self._surroundings, **surroundings}
        if changed != self._surroundings:
            self._surroundings = changed
            for junction in self._junctions.values():
                junction.set_surroundings(**changed)

    def live_until(self, instant: float, bias: Callable[[], Bias]) -> None:
        """Let the junctions live up to an instant, the connected one at a bias, the others at none.

        Parameters
        ----------
        instant
            Time on the clock [s]; nothing happens where they have lived longer already.
        bias
            Gives the bias [V], which may depend on the temperature of the stage.
        """
        while self.lived < instant:
            duration = self._warm(instant - self.lived)
            for position, junction in self._junctions.items():
                junction.hold(duration, bias() if position == self._selected else 0.0)
            # Not lived + (instant - lived), which may round to less than the instant for ever.
            self.lived = instant if duration == instant - self.lived else self.lived + duration

    def _warm(self, duration: float) -> float:
        """Bring the stage to its temperature in the time to come, and say for how long of it that holds."""
        if self.stage is None:
            return duration
        while duration > SHORTEST and abs(self.stage(self.lived + duration) - self.stage(self.lived)) > STEADY:
            duration /= 2
        # To a millikelvin, so that a stage that has settled is settled.
        self.surround(temperature=round(self.stage(self.lived + duration / 2), 3))
        return duration
