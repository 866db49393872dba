"""Thermal equilibrium of a macrospin around one of its poles, without voltage.

The energy over kT of a unit vector at polar angle θ and azimuth φ is

    E = -Δ cos²θ - bx sinθ cosφ - bz cosθ,   b = Ms·Vol·B/kT

so the azimuth given θ follows von Mises' law with concentration bx sinθ, and the polar angle has the density
sinθ exp(Δ cos²θ + bz cosθ) I0(bx sinθ). A shot starts in the half sphere of its state.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.constants import Boltzmann
from scipy.special import ive

from mtjlab.instruments.simulated.device import Device
from mtjlab.instruments.simulated.shot_randomness import ShotRandomness

__all__ = ["Equilibrium"]

_POINTS = 8192


class Equilibrium:
    """Draws magnetisations from Boltzmann's law.

    Parameters
    ----------
    device
        Whose anisotropy, volume, temperature and fields.
    """

    def __init__(self, device: Device) -> None:
        moment = device.saturation_magnetisation * device.volume / (Boltzmann * device.temperature)
        self._transverse = moment * device.in_plane_field
        self._theta = np.linspace(0.0, np.pi / 2, _POINTS)
        sine, cosine = np.sin(self._theta), np.cos(self._theta)
        kappa = abs(self._transverse) * sine
        # ive is I0 without its exponential growth, so that bx of any size stays finite.
        log_bessel = np.log(ive(0, kappa)) + kappa
        self._cumulative = []
        for pole in (+1, -1):
            exponent = -device.thermal_stability * sine**2 + pole * moment * device.stray_field * cosine + log_bessel
            density = sine * np.exp(exponent - exponent.max())
            area = np.concatenate(([0.0], np.cumsum((density[1:] + density[:-1]) / 2)))
            self._cumulative.append(area / area[-1])

    def draw(self, states: NDArray[np.uint8], randomness: ShotRandomness) -> NDArray[np.float32]:
        """Draw one magnetisation a state.

        Parameters
        ----------
        states
            0 (P, around +z) or 1 (AP, around -z), shape (count,).
        randomness
            Where the draws come from.

        Returns
        -------
        ndarray of float32, shape (count, 3)
            Unit vectors.
        """
        uniform = randomness.polar.random(len(states))
        theta = np.where(
            states == 0,
            np.interp(uniform, self._cumulative[0], self._theta),
            np.interp(uniform, self._cumulative[1], self._theta),
        )
        towards = 0.0 if self._transverse >= 0 else np.pi
        phi = randomness.azimuth.vonmises(towards, abs(self._transverse) * np.sin(theta))
        pole = 1.0 - 2.0 * states
        vectors = (np.sin(theta) * np.cos(phi), np.sin(theta) * np.sin(phi), pole * np.cos(theta))
        return np.stack(vectors, axis=1).astype(np.float32)
