"""The two resistance states, told apart by their currents."""

import dataclasses
import math
from typing import Self

import numpy as np
from numpy.typing import NDArray

__all__ = ["StateLevels"]

LEAST_SEPARATION = 4.0
"""Smallest (I_P - I_AP) / (σ_P + σ_AP) that counts as two levels; one normal level cut in two gives 1.3."""


@dataclasses.dataclass(frozen=True)
class StateLevels:
    """Currents of the parallel and the antiparallel state, and the threshold between them."""

    parallel: float
    """Mean current of the parallel state [A]; the larger one."""
    antiparallel: float
    """Mean current of the antiparallel state [A]."""
    parallel_deviation: float
    """Standard deviation of the parallel state's readings [A]."""
    antiparallel_deviation: float
    """Standard deviation of the antiparallel state's readings [A]."""

    @classmethod
    def fit(cls, currents: NDArray[np.float64]) -> Self:
        """Find the two levels in readings of both states.

        Parameters
        ----------
        currents
            Currents at one bias [A], shape (N,), sign of the bias removed by taking magnitudes.

        Raises
        ------
        ValueError
            If the readings show one level only, or two that overlap; the message is a diagnosis.

        Notes
        -----
        Two-means in one dimension: the threshold moves to the middle of the means of the two sides until it
        rests (Ridler and Calvard, IEEE Trans. SMC-8, 630, 1978).
        """
        magnitudes = np.abs(currents)
        threshold = (magnitudes.min() + magnitudes.max()) / 2
        for _ in range(100):
            above = magnitudes > threshold
            if above.all() or not above.any():
                break
            moved = (magnitudes[above].mean() + magnitudes[~above].mean()) / 2
            if moved == threshold:
                break
            threshold = moved
        high, low = magnitudes[magnitudes > threshold], magnitudes[magnitudes <= threshold]
        if len(high) < 2 or len(low) < 2:
            raise ValueError(_one_level(magnitudes))
        levels = cls(float(high.mean()), float(low.mean()), float(high.std()), float(low.std()))
        if levels.separation < LEAST_SEPARATION:
            raise ValueError(_one_level(magnitudes))
        return levels

    @property
    def separation(self) -> float:
        """Distance of the levels over the sum of their standard deviations."""
        spread = self.parallel_deviation + self.antiparallel_deviation
        return (self.parallel - self.antiparallel) / spread if spread else math.inf

    @property
    def threshold(self) -> float:
        """Current [A] at which both states are misread equally often, for normal readings."""
        spread = self.parallel_deviation + self.antiparallel_deviation
        share = self.antiparallel_deviation / spread if spread else 0.5
        return self.antiparallel + (self.parallel - self.antiparallel) * share

    @property
    def misclassification(self) -> float:
        """Probability that a reading is taken for the other state, for normal readings."""
        return 0.5 * math.erfc(self.separation / math.sqrt(2))

    def accepts(self, currents: NDArray[np.float64]) -> bool:
        """Tell whether every reading is one of these two levels.

        One that is off by more than a quarter of their distance, and by more than eight standard deviations, is
        neither: the levels have moved, or it was no reading of the device.
        """
        magnitudes = np.abs(currents)
        near = (self.parallel - self.antiparallel) / 4
        high = np.abs(magnitudes - self.parallel) <= max(near, 8 * self.parallel_deviation)
        low = np.abs(magnitudes - self.antiparallel) <= max(near, 8 * self.antiparallel_deviation)
        return bool((high | low).all())

    def states(self, currents: NDArray[np.float64]) -> NDArray[np.uint8]:
        """Tell the state of each reading: 0 parallel, 1 antiparallel; uint8, shape of `currents`."""
        return (np.abs(currents) < self.threshold).astype(np.uint8)


def _one_level(magnitudes: NDArray[np.float64]) -> str:
    return (
        f"the readings show one level only, {magnitudes.mean():.3g} A with a spread of {magnitudes.std():.2g} A: "
        "the device does not switch (amplitude, width or field off the operating point, generator not reaching "
        "the device), is open or short, or the read noise hides the two states (raise the integration time)"
    )
