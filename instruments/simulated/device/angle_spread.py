"""How far heat tilts the free layer around each state, and what of it a read still sees."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from mtjlab.instruments.simulated.device.energy_landscape import EnergyLandscape

__all__ = ["AngleSpread"]

_POINTS = 4097
_MANY = 1e3  # independent looks in a read, beyond which their mean is Gaussian


class AngleSpread:
    """Distribution of cosθ around both states in thermal equilibrium.

    Parameters
    ----------
    landscape
        Energies of the free layer at the read voltage.

    Examples
    --------
    At a thermal stability factor of 45 without field, 1 - |⟨mz⟩| is .0114:

    >>> spread = AngleSpread(EnergyLandscape(45.0, 0.0, 0.0, 0.02, 1e6))
    >>> [round(float(mean), 4) for mean in spread.mean]
    [0.9886, -0.9886]
    """

    def __init__(self, landscape: EnergyLandscape) -> None:
        self._theta = np.linspace(0.0, math.pi / 2, _POINTS)
        self._cumulative = []
        means, variances = [], []
        for theta in (self._theta, math.pi - self._theta):
            free = landscape.along(theta)
            density = np.sin(theta) * np.exp(free.min() - free)
            density /= density.sum()
            tilt = 1 - np.abs(np.cos(theta))
            means.append(float(density @ tilt))
            variances.append(float(density @ tilt**2) - means[-1] ** 2)
            self._cumulative.append(np.cumsum(density))
        self._tilt = np.array(means)
        self.mean = np.array([1 - means[0], means[1] - 1])
        """Mean of cosθ in P and in AP."""
        self.variance = np.array(variances)
        """Variance of cosθ in P and in AP."""
        stiffness = max(abs(2 * landscape.stability), 1.0)
        self.memory = 1 / (2 * stiffness * landscape.diffusion)
        """Time after which cosθ has forgotten itself [s]: 1/(2αγBk), half the relaxation time of an angle."""

    def draw(self, states: NDArray[np.uint8], window: float, rng: np.random.Generator) -> NDArray[np.float64]:
        """Draw averages of cosθ over a window.

        Parameters
        ----------
        states
            0 (P) or 1 (AP), any shape.
        window
            How long is averaged [s]; 0 for the angle at an instant.
        rng
            Where they come from.

        Returns
        -------
        ndarray of float64
            Averages, same shape.

        Notes
        -----
        At an instant from the exact distribution. A window of many memories holds window/(2·memory) independent
        looks; the mean of n tilts 1 - |cosθ|, which are nearly exponential, is a gamma variate of the right mean
        and variance.
        """
        looks = window / (2 * self.memory)
        if looks > _MANY:
            spread = np.sqrt(self.variance / looks)
            return np.asarray(self.mean[states] + spread[states] * rng.standard_normal(states.shape))
        if looks > 1:
            shape = looks * self._tilt**2 / self.variance
            tilt = rng.standard_gamma(shape[states]) * (self._tilt / shape)[states]
        else:
            uniform = rng.random(states.shape)
            theta = [np.interp(uniform, cumulative, self._theta) for cumulative in self._cumulative]
            tilt = 1 - np.cos(np.where(states == 0, theta[0], theta[1]))
        return np.asarray(np.where(states == 0, 1 - tilt, tilt - 1))
