"""P(switch) near one setting, as a short polynomial in the log odds."""

from __future__ import annotations

import dataclasses
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis.operating_point.shots import Shots

__all__ = ["LocalFit"]

_PRIOR_DEVIATIONS = (3.0, 3.0, 0.5)
"""Of the log odds in the middle, their rise to the end of the window, their curvature: wide enough for any window
in which P stays between 0.05 and 0.95, and what keeps the fit finite where all pulses switched."""


@dataclasses.dataclass(frozen=True)
class LocalFit:
    """Posterior of a parabola in the log odds of P(switch).

    With u = (x - centre)/half_width, log(P/(1 - P)) = c0 + c1 u + c2 u². The posterior under a normal prior is taken
    as normal about its mode (Laplace).

    Examples
    --------
    >>> shots = Shots()
    >>> for volts, ones in ((1.0, 400), (1.1, 500), (1.2, 600)):
    ...     shots.add(volts, 1000, ones)
    >>> fit = LocalFit.of(shots, centre=1.1, half_width=0.1)
    >>> round(fit.root(), 3), round(float(fit.slope(1.1)), 2)
    (1.1, 1.01)
    """

    centre: float
    """Middle of the window, in the actuator's unit."""
    half_width: float
    """Half of the window, in the actuator's unit."""
    coefficients: NDArray[np.float64]
    """c0, c1, c2."""
    covariance: NDArray[np.float64]
    """Their covariance, shape (3, 3)."""
    misfit: float
    """Chi-square of the batches about the fit, a degree of freedom; near 1 where the parabola holds."""

    @classmethod
    def of(cls, shots: Shots, centre: float, half_width: float) -> Self:
        """Fit the batches within a window.

        Parameters
        ----------
        shots
            Batches; those outside the window are left out.
        centre, half_width
            The window, in the actuator's unit.

        Raises
        ------
        ValueError
            If no batch lies within the window.
        """
        near = shots.within(centre, half_width)
        if not near.settings.size:
            raise ValueError(f"no pulse was made within {half_width:g} of {centre:g}: make some there first")
        design = _powers((near.settings - centre) / half_width)
        precision = np.diag([1 / deviation**2 for deviation in _PRIOR_DEVIATIONS])
        coefficients = np.zeros(3)
        for _ in range(50):
            odds = np.clip(design @ coefficients, -30, 30)
            p = 1 / (1 + np.exp(-odds))
            weight = near.pulses * p * (1 - p)
            hessian = design.T @ (weight[:, None] * design) + precision
            gradient = design.T @ (near.switched - near.pulses * p) - precision @ coefficients
            step = np.linalg.solve(hessian, gradient)
            # Damped: a full Newton step from far away may overshoot.
            coefficients = coefficients + step * min(1.0, 3.0 / max(1e-300, float(np.abs(step).max())))
            if float(np.abs(step).max()) < 1e-10:
                break
        residual = (near.switched - near.pulses * p) ** 2 / np.maximum(weight, 1e-12)
        freedom = max(1, near.settings.size - 3)
        covariance = np.asarray(np.linalg.inv(hessian), np.float64)
        return cls(centre, half_width, coefficients, covariance, float(residual.sum() / freedom))

    def probability(self, setting: ArrayLike) -> NDArray[np.float64]:
        """Give P(switch) at settings, any shape."""
        return np.asarray(1 / (1 + np.exp(-self._odds(setting))))

    def slope(self, setting: ArrayLike) -> NDArray[np.float64]:
        """Give the derivative of P(switch) by the setting, one over the actuator's unit, any shape."""
        p, u = self.probability(setting), self._scaled(setting)
        rise = self.coefficients[1] + 2 * self.coefficients[2] * u
        return np.asarray(p * (1 - p) * rise / self.half_width)

    def error(self, setting: ArrayLike) -> NDArray[np.float64]:
        """Give the standard error of P(switch), any shape."""
        p, powers = self.probability(setting), _powers(self._scaled(setting))
        variance = np.einsum("...i,ij,...j->...", powers, self.covariance, powers)
        return np.asarray(p * (1 - p) * np.sqrt(variance))

    def slope_error(self, setting: float) -> float:
        """Give the standard error of the slope, one over the actuator's unit, near P = 1/2."""
        u = float(self._scaled(setting))
        p = float(self.probability(setting))
        gradient = np.array([0.0, 1.0, 2 * u])
        return float(p * (1 - p) * np.sqrt(gradient @ self.covariance @ gradient) / self.half_width)

    def root(self) -> float | None:
        """Return the setting within the window at which P = 1/2, the flatter one of two, or None."""
        c0, c1, c2 = (float(c) for c in self.coefficients)
        if abs(c2) < 1e-9 * max(abs(c1), 1e-12):
            roots = [-c0 / c1] if c1 else []
        else:
            inside = c1 * c1 - 4 * c2 * c0
            if inside < 0:
                return None
            # The stable way: one root without cancellation, the other from their product.
            q = -0.5 * (c1 + np.copysign(np.sqrt(inside), c1))
            roots = [q / c2, c0 / q] if q else [0.0]
        found = [self.centre + self.half_width * u for u in roots if abs(u) <= 1]
        return min(found, key=lambda x: abs(float(self.slope(x)))) if found else None

    def nearest(self) -> float:
        """Return the setting within the window at which P is nearest to 1/2."""
        grid = np.linspace(self.centre - self.half_width, self.centre + self.half_width, 201)
        return float(grid[np.abs(self.probability(grid) - 0.5).argmin()])

    def _scaled(self, setting: ArrayLike) -> NDArray[np.float64]:
        return (np.asarray(setting, float) - self.centre) / self.half_width

    def _odds(self, setting: ArrayLike) -> NDArray[np.float64]:
        return np.asarray(np.clip(_powers(self._scaled(setting)) @ self.coefficients, -30, 30))


def _powers(u: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.stack([np.ones_like(u), u, u * u], axis=-1)
