"""Are two means the same, within a margin that was fixed beforehand?  Two one-sided tests (TOST), and their power.

Arm B differs from arm A by d = mean(B) - mean(A), whose standard error is

    paired   s_d / sqrt(S),                  S - 1 degrees of freedom       s_d: of the differences, seed by seed
    Welch    sqrt((s_A^2 + s_B^2) / S),      Welch's degrees of freedom     S seeds in each arm

They are equivalent within the margin M if d > -M and d < M are both shown, each by a one-sided t test at level alpha:
the same as saying that the interval of confidence 1 - 2 alpha around d lies within (-M, M).

The power is exact for normal values. Given that the estimate of the standard error is u times the true one, the
tests both succeed where |d| < M - t u, so that

    power = E_u[ Phi((M - D)/e - t u) - Phi(-(M + D)/e + t u) ],    u^2 ~ chi^2_nu / nu,    zero where t u > M/e

with the true difference D, the true standard error e, and t the quantile 1 - alpha of Student's t. For Welch's test
nu = 2 S - 2, and t depends on the share B of one arm in the sum of both variances, a Beta((S-1)/2, (S-1)/2) variable
independent of u: nu_Welch = (S - 1) / (B^2 + (1 - B)^2), and the power is the mean over B.

Schuirmann, J. Pharmacokinet. Biopharm. 15, 657 (1987); Owen, Biometrika 52, 437 (1965).
"""

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.core import InputError

__all__ = ["LEVEL", "POWER", "MeanDifference", "equivalence_power", "least_margin", "seeds_needed"]

LEVEL = 0.05
"""Level of each one-sided test."""
POWER = 0.9
"""Power below which a margin is refused: from it follow 2.33 deviations with 5 seeds, and 1.06 with 20."""
MOST_SEEDS = 100_000


@dataclass(frozen=True)
class MeanDifference:
    """How far two means are apart.

    Examples
    --------
    >>> found = MeanDifference.of([4.1, 4.2, 4.0], [4.2, 4.1, 4.1], paired=False)
    >>> round(found.value, 4), round(found.standard_error, 4), round(found.degrees, 2)
    (0.0333, 0.0667, 3.2)
    >>> found.equivalence_p(1.0) < 0.05 < found.equivalence_p(0.05)
    True
    """

    value: float
    """Mean of B less mean of A, in the unit of the values."""
    standard_error: float
    """Its standard error."""
    degrees: float
    """Degrees of freedom of the standard error."""
    deviation: float
    """Standard deviation of a seed: the pooled one of both arms, or that of the differences over the root of two."""
    seeds: int
    """Seeds of each arm."""
    paired: bool
    """Whether seeds were taken in pairs."""

    @classmethod
    def of(cls, first: ArrayLike, second: ArrayLike, *, paired: bool) -> "MeanDifference":
        """Compare arm B with arm A.

        Parameters
        ----------
        first, second
            A value for each seed of arm A and of arm B, shape (S,), at least two.
        paired
            Whether the seeds of both arms have something in common that moves their values together.

        Returns
        -------
        MeanDifference
            B less A.

        Raises
        ------
        InputError
            If the arms have not the same number of seeds, or fewer than two.
        """
        a, b = (np.asarray(values, np.float64) for values in (first, second))
        if a.ndim != 1 or a.shape != b.shape or a.size < 2:
            raise InputError(f"{a.size} seeds in one arm and {b.size} in the other: give both the same, at least 2")
        seeds = a.size
        variances = float(np.var(a, ddof=1)), float(np.var(b, ddof=1))
        if paired:
            variance = float(np.var(b - a, ddof=1))
            degrees = seeds - 1.0
        else:
            variance = sum(variances)
            squares = sum(each**2 for each in variances)
            degrees = (seeds - 1) * variance**2 / squares if squares else 2.0 * seeds - 2.0
        error, deviation = math.sqrt(variance / seeds), math.sqrt(variance / 2)
        return cls(float(b.mean() - a.mean()), error, degrees, deviation, seeds, paired)

    def interval(self, confidence: float = 1 - 2 * LEVEL) -> tuple[float, float]:
        """Give the interval of a confidence; that of 0.9 lies within the margin where the arms are equivalent.

        Parameters
        ----------
        confidence
            0 to 1.
        """
        from scipy import stats

        half = float(stats.t.ppf(0.5 + confidence / 2, self.degrees)) * self.standard_error
        return self.value - half, self.value + half

    def equivalence_p(self, margin: float) -> float:
        """Give the p-value of the two one-sided tests: the larger of both.

        Parameters
        ----------
        margin
            M, above zero, in the unit of the values.
        """
        return max(self._tail(margin - self.value), self._tail(margin + self.value))

    def difference_p(self) -> float:
        """Give the two-sided p-value of no difference at all."""
        return min(1.0, 2 * self._tail(abs(self.value)))

    def lower_p(self) -> float:
        """Give the one-sided p-value of "B is not lower than A": small where B's mean is shown to be lower."""
        return self._tail(-self.value)

    def _tail(self, distance: float) -> float:
        """P(t > distance / standard error)."""
        from scipy import stats

        if self.standard_error == 0:
            return 0.0 if distance > 0 else 1.0
        return float(stats.t.sf(distance / self.standard_error, self.degrees))


def equivalence_power(
    margin: float, deviation: float, seeds: int, *, difference: float = 0.0, paired: bool = False, level: float = LEVEL
) -> float:
    """Give the probability that arms with a true difference are shown to be equivalent; see the head of this module.

    Parameters
    ----------
    margin
        M, above zero.
    deviation
        True standard deviation of a seed, in the unit of the margin; where seeds are paired, that of the differences
        over the root of two.
    seeds
        Seeds of each arm, at least 2.
    difference
        True difference of the means.
    paired
        Whether the paired test is made; Welch's otherwise.
    level
        Of each one-sided test.

    Returns
    -------
    float
        The power; at `difference` = `margin`, the probability of a false "equivalent", at most `level`.

    Raises
    ------
    InputError
        If the margin or the deviation is not above zero, or there are fewer than two seeds.
    """
    from scipy import special

    if not (margin > 0 and deviation > 0 and seeds >= 2):
        raise InputError(
            f"margin = {margin:g}, deviation = {deviation:g}, seeds = {seeds}: expected above 0, above 0, at least 2"
        )
    error = deviation * math.sqrt(2 / seeds)
    m, d, part = margin / error, difference / error, seeds - 1
    if paired:
        return _owen(m, d, part, float(special.stdtrit(part, 1 - level)))
    shares, weights = _beta_nodes(part / 2)
    degrees = part / (shares**2 + (1 - shares) ** 2)
    quantiles = special.stdtrit(degrees, 1 - level)
    return float(sum(w * _owen(m, d, 2 * part, t) for w, t in zip(weights, quantiles.tolist(), strict=True)))


def least_margin(deviation: float, seeds: int, *, paired: bool = False, power: float = POWER) -> float:
    """Give the smallest margin that can be tested, the arms being the same.

    Parameters
    ----------
    deviation
        Standard deviation of a seed; see `equivalence_power`.
    seeds
        Seeds of each arm, at least 2.
    paired
        Whether the paired test is made; Welch's otherwise.
    power
        Power that is asked for.

    Returns
    -------
    float
        The margin, in the unit of the deviation.

    Examples
    --------
    >>> round(least_margin(1.0, 5), 2), round(least_margin(1.0, 20), 2)
    (2.33, 1.06)
    """
    from scipy import optimize

    high = 4.0
    while equivalence_power(high, 1.0, seeds, paired=paired) < power:
        high *= 2
    found = optimize.brentq(
        lambda margin: equivalence_power(margin, 1.0, seeds, paired=paired) - power, 1e-3, high, xtol=1e-4
    )
    return deviation * float(found)


def seeds_needed(
    margin: float, deviation: float, *, difference: float = 0.0, paired: bool = False, power: float = POWER
) -> int | None:
    """Give the number of seeds with which equivalence is shown with a power.

    Parameters
    ----------
    margin, deviation, difference, paired
        As `equivalence_power` takes them.
    power
        Power that is asked for.

    Returns
    -------
    int or None
        Seeds of each arm; None where no number is enough, as the difference is not within the margin.
    """

    def enough(seeds: int) -> bool:
        return equivalence_power(margin, deviation, seeds, difference=difference, paired=paired) >= power

    if abs(difference) >= margin:
        return None
    low, high = 1, 2
    while not enough(high):
        low, high = high, 2 * high
        if high > MOST_SEEDS:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _owen(m: float, d: float, degrees: int, quantile: float) -> float:
    """Integrate over u, the estimate of the standard error in units of the true one, from zero to m / quantile."""
    from scipy import special

    # Beyond eight standard deviations of u there is nothing to integrate, and its peak would fall between the nodes.
    spread = 8 / math.sqrt(2 * degrees)
    low, high = max(0.0, 1 - spread), min(m / quantile, 1 + spread + 8 / degrees)
    if high <= low:
        return 0.0
    x, w = _legendre()
    u = low + (high - low) * (x + 1) / 2
    half = degrees / 2
    log_density = math.log(2) + half * math.log(half) - math.lgamma(half) + (degrees - 1) * np.log(u) - half * u**2
    inside = special.ndtr(m - d - quantile * u) - special.ndtr(-m - d + quantile * u)
    return float((high - low) / 2 * np.sum(w * np.exp(log_density) * np.clip(inside, 0.0, None)))


@cache
def _legendre(nodes: int = 100) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return np.polynomial.legendre.leggauss(nodes)


@cache
def _beta_nodes(a: float, nodes: int = 24) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give nodes and weights of the mean over a Beta(a, a) variable: Gauss and Jacobi's."""
    from scipy import special

    x, w = special.roots_jacobi(nodes, a - 1, a - 1)
    return (x + 1) / 2, w / w.sum()
