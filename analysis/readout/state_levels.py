"""The two resistance states, told apart by their currents."""

import dataclasses
import math
from typing import Self

import numpy as np
from numpy.typing import NDArray

from mtjlab.core import FitError, Quantity

__all__ = ["StateLevels"]

LEAST_SEPARATION = 2.0
"""Smallest (I_P - I_AP) / (σ_P + σ_AP) that counts as two levels: 2.3 % are misread. Readings that fill a range evenly,
as those of one drifting level do, give 1.73 cut in two, one normal level 1.3."""
ROUNDS = 500
"""Most steps of the fit; a thousand readings at the least separation take about a hundred."""


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
    parallel_readings: float = math.inf
    """Number of readings that the parallel state's values rest on."""
    antiparallel_readings: float = math.inf
    """Number of readings that the antiparallel state's values rest on."""

    @classmethod
    def fit(cls, currents: NDArray[np.float64]) -> Self:
        """Find the two levels in readings of both states.

        Parameters
        ----------
        currents
            Currents at one bias [A], shape (N,), sign of the bias removed by taking magnitudes.

        Raises
        ------
        FitError
            If the readings show one level only, or two that overlap; the message is a diagnosis.

        Notes
        -----
        A mixture of two normal distributions of greatest likelihood, by expectation maximisation (Dempster, Laird and
        Rubin, J. R. Stat. Soc. B 39, 1, 1977).  It begins at two means: the threshold moves to the middle of the means
        of the two sides until it rests (Ridler and Calvard, IEEE Trans. SMC-8, 630, 1978).  Cutting the readings there
        and taking each side for itself would cut the tails of overlapping levels and call them better than they are.
        """
        magnitudes = np.abs(currents)
        above = _two_sides(magnitudes)
        if min(above.sum(), (~above).sum()) < 2:
            raise FitError(_one_level(magnitudes))
        levels = cls(*_mixture(magnitudes, above))
        if not levels.separation >= LEAST_SEPARATION:
            raise FitError(_one_level(magnitudes))
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

        Parameters
        ----------
        currents
            Readings [A], of either sign.
        """
        magnitudes = np.abs(currents)
        near = (self.parallel - self.antiparallel) / 4
        high = np.abs(magnitudes - self.parallel) <= max(near, 8 * self.parallel_deviation)
        low = np.abs(magnitudes - self.antiparallel) <= max(near, 8 * self.antiparallel_deviation)
        return bool((high | low).all())

    def results(self) -> dict[str, Quantity]:
        """Give levels, threshold and misclassification as they are recorded: name → (value, standard error, unit)."""
        error_p = self.parallel_deviation / math.sqrt(self.parallel_readings)
        error_a = self.antiparallel_deviation / math.sqrt(self.antiparallel_readings)
        spread = self.parallel_deviation + self.antiparallel_deviation
        share = self.antiparallel_deviation / spread if spread else 0.5
        # The standard error of a standard deviation is σ/√(2n), of the separation's parts alike.
        threshold = separation = 0.0
        if spread:
            turn = (self.parallel - self.antiparallel) / spread**2
            widths = error_p**2 / 2, error_a**2 / 2
            threshold = math.hypot(
                share * error_p,
                (1 - share) * error_a,
                turn * self.antiparallel_deviation * math.sqrt(widths[0]),
                turn * self.parallel_deviation * math.sqrt(widths[1]),
            )
            separation = math.hypot(error_p, error_a, self.separation * math.sqrt(sum(widths))) / spread
        density = math.exp(-(self.separation**2) / 2) / math.sqrt(2 * math.pi)
        return {
            "parallel current": Quantity(self.parallel, error_p, "A"),
            "antiparallel current": Quantity(self.antiparallel, error_a, "A"),
            "threshold": Quantity(self.threshold, threshold, "A"),
            "misclassification": Quantity(self.misclassification, density * separation, ""),
        }

    def states(self, currents: NDArray[np.float64]) -> NDArray[np.uint8]:
        """Tell the state of each reading: 0 parallel, 1 antiparallel; uint8, shape of `currents`.

        Parameters
        ----------
        currents
            Readings [A], of either sign.
        """
        return (np.abs(currents) < self.threshold).astype(np.uint8)


def _two_sides(magnitudes: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Cut readings in two; tell which are above."""
    threshold = (magnitudes.min() + magnitudes.max()) / 2
    above: NDArray[np.bool_] = magnitudes > threshold
    for _ in range(100):
        if above.all() or not above.any():
            break
        moved = (magnitudes[above].mean() + magnitudes[~above].mean()) / 2
        if moved == threshold:
            break
        threshold = moved
        above = magnitudes > threshold
    return above


def _mixture(
    magnitudes: NDArray[np.float64], above: NDArray[np.bool_]
) -> tuple[float, float, float, float, float, float]:
    """Fit two normal distributions: means, deviations and numbers of readings of the upper and the lower one."""
    belongs = np.stack([above, ~above]).astype(float)  # of each reading, to the upper and to the lower level
    before = np.full(2, np.inf)
    for _ in range(ROUNDS):
        counts = belongs.sum(axis=1)
        means = belongs @ magnitudes / counts
        away = magnitudes - means[:, None]
        deviations = np.sqrt((belongs * away**2).sum(axis=1) / counts)
        if not deviations.all() or np.abs(means - before).max() < 1e-6 * deviations.min():
            break  # levels without noise are told apart already
        before = means
        # Logarithms, less the larger of the two, so that nothing far out divides zero by zero.
        likely = np.log(counts / deviations)[:, None] - (away / deviations[:, None]) ** 2 / 2
        belongs = np.exp(likely - likely.max(axis=0))
        belongs /= belongs.sum(axis=0)
        if belongs.sum(axis=1).min() < 2:
            break
    upper, lower = (0, 1) if means[0] >= means[1] else (1, 0)
    return (
        float(means[upper]),
        float(means[lower]),
        float(deviations[upper]),
        float(deviations[lower]),
        float(counts[upper]),
        float(counts[lower]),
    )


def _one_level(magnitudes: NDArray[np.float64]) -> str:
    return (
        f"the readings show one level only, {magnitudes.mean():.3g} A with a spread of {magnitudes.std():.2g} A: "
        "the device does not switch (amplitude, width or field off the operating point, generator not reaching "
        "the device), is open or short, or the read noise hides the two states (raise the integration time)"
    )
