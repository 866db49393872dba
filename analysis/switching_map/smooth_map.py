"""A map of P(switch) over amplitude and width, smoothed from shots at scattered settings."""

from __future__ import annotations

from typing import NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Scales", "SmoothMap"]

HALF = np.pi / 4
"""asin √P at P = 1/2."""
NUGGET = 1e-8
"""Variance that keeps the covariance of equal settings invertible."""


class Scales(NamedTuple):
    """What the map is like: how fast it changes with the settings, and how much."""

    amplitude: float
    """Correlation length along the amplitude [V]."""
    width: float
    """Correlation length along the width [s]."""
    spread: float
    """Standard deviation of asin √P about that of one half."""


class SmoothMap:
    r"""Gaussian process of asin √P, whose counting error is the same at every P.

    Parameters
    ----------
    settings
        Amplitude [V] and width [s] of each point, shape (N, 2).
    switched, shots
        Pulses that switched, and pulses sent, at each; shape (N,).
    scales
        Correlation lengths and spread.

    Notes
    -----
    y = asin √((k + 3/8)/(n + 3/4)) has the variance 1/(4n + 2) whatever P is (F. J. Anscombe, Biometrika 35, 246,
    1948).
    The kernel is Matérn's with ν = 5/2 (C. E. Rasmussen and C. K. I. Williams, Gaussian Processes for Machine Learning,
    MIT Press 2006, eq. 4.17), one length for each setting.
    """

    def __init__(self, settings: ArrayLike, switched: ArrayLike, shots: ArrayLike, scales: Scales) -> None:
        from scipy.linalg import cho_factor, cho_solve

        self.scales = scales
        self._at = np.asarray(settings, float).reshape(-1, 2)
        k, n = np.asarray(switched, float), np.asarray(shots, float)
        self._y = np.arcsin(np.sqrt((k + 3 / 8) / (n + 3 / 4))) - HALF
        covariance = self._kernel(self._at, self._at) + np.diag(1 / (4 * n + 2) + NUGGET)
        self._factor = cho_factor(covariance, lower=True)
        self._weights = cho_solve(self._factor, self._y)

    @classmethod
    def fit(cls, settings: ArrayLike, switched: ArrayLike, shots: ArrayLike, start: Scales) -> Self:
        """Fit the scales too, by the greatest marginal likelihood (Rasmussen and Williams, eq. 5.8).

        Parameters
        ----------
        settings, switched, shots
            As for the class.
        start
            Scales to begin with; each may change by a factor of ten.

        Returns
        -------
        SmoothMap
            The smoothed map.
        """
        from scipy.optimize import minimize

        first = np.log(start)

        def cost(logs: NDArray[np.float64]) -> float:
            return -cls(settings, switched, shots, Scales(*np.exp(logs).tolist())).log_likelihood

        bounds = [(each - np.log(10), each + np.log(10)) for each in first]
        found = minimize(cost, first, method="L-BFGS-B", bounds=bounds, options={"maxiter": 25})
        return cls(settings, switched, shots, Scales(*np.exp(found.x).tolist()))

    @property
    def log_likelihood(self) -> float:
        """Logarithm of the marginal likelihood, but for a constant."""
        return float(-0.5 * self._y @ self._weights - np.log(np.diag(self._factor[0])).sum())

    def predict(self, settings: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Give asin √P less that of one half, and its standard deviation, at settings of shape (M, 2)."""
        mean, root = self._project(settings)
        return mean, np.sqrt(np.maximum(self.scales.spread**2 - (root**2).sum(axis=0), 0.0))

    def probability(self, settings: ArrayLike) -> NDArray[np.float64]:
        """Give P(switch) at settings of shape (M, 2)."""
        mean, _ = self.predict(settings)
        return np.asarray(np.sin(np.clip(mean + HALF, 0.0, np.pi / 2)) ** 2)

    def straddling(self, candidates: NDArray[np.float64], count: int, shots: int) -> NDArray[np.int_]:
        """Choose where shots tell the most about where P is one half.

        Parameters
        ----------
        candidates
            Settings that can be made, shape (M, 2).
        count
            How many to choose.
        shots
            Pulses that each will get.

        Returns
        -------
        ndarray of int
            Their indices, shape (count,); one may come more than once.

        Notes
        -----
        The straddle rule 1.96 σ - |y| of B. Bryan et al., Adv. Neural Inf. Process. Syst. 18, 163 (2005): uncertain and
        near the contour. After each choice σ is what it will be when that point has been measured.
        """
        mean, root = self._project(candidates)
        variance = np.maximum(self.scales.spread**2 - (root**2).sum(axis=0), 1e-12)
        chosen = []
        for _ in range(count):
            best = int(np.argmax(1.96 * np.sqrt(variance) - np.abs(mean)))
            chosen.append(best)
            prior = self._kernel(candidates[best : best + 1], candidates)[0]
            row = (prior - root[:, best] @ root) / np.sqrt(variance[best] + 1 / (4 * shots + 2))
            root = np.vstack([root, row])
            variance = np.maximum(variance - row**2, 1e-12)
        return np.array(chosen)

    def _project(self, settings: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        from scipy.linalg import solve_triangular

        at = np.asarray(settings, float).reshape(-1, 2)
        cross = self._kernel(self._at, at)
        return self._weights @ cross, np.asarray(solve_triangular(self._factor[0], cross, lower=True))

    def _kernel(self, one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
        lengths = np.array(self.scales[:2])
        a, b = one / lengths, other / lengths
        squared = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1) - 2 * a @ b.T
        distance = np.sqrt(5 * np.maximum(squared, 0.0))
        return np.asarray(self.scales.spread**2 * (1 + distance + distance**2 / 3) * np.exp(-distance))
