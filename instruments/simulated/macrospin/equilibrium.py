"""Thermal equilibrium of a macrospin around one of its poles.

The energy over kT of a unit vector at polar angle θ and azimuth φ is

    E = -Δ cos²θ - bx sinθ cosφ - bz cosθ,   b = Ms·Vol·B/kT

so the azimuth given θ follows von Mises' law with concentration bx sinθ, and the polar angle has the density
sinθ exp(Δ cos²θ + bz cosθ) I0(bx sinθ). A shot starts in the half sphere of its state.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from mtjlab.instruments.simulated.device.free_layer import FreeLayer
from mtjlab.instruments.simulated.device.special_functions import scaled_i0
from mtjlab.instruments.simulated.kernels.kernel import Kernel

__all__ = ["Equilibrium"]

_POINTS = 8192
_DRAW = Kernel("boltzmann_draws", "draw", "u1* u8* i8 f8* f8* i8 f8 f4*")


class Equilibrium:
    """Draws magnetisations from Boltzmann's law, or puts them to rest where there is no thermal field.

    Parameters
    ----------
    layer
        The free layer.
    voltage
        Across the junction [V]. Near a pole its torque a acts as the field a/α along the axis.
    """

    def __init__(self, layer: FreeLayer, voltage: float = 0.0) -> None:
        device = layer.device
        moment = layer.reduced_moment(device.temperature)
        stability = layer.thermal_stability(voltage, device.temperature)
        along = device.stray_field
        if voltage:
            torque = float(layer.torque_per_volt(device.temperature)) * voltage
            along += torque / device.damping + float(layer.field_like(voltage, device.temperature))
        self._transverse = moment * device.in_plane_field
        theta = np.linspace(0.0, np.pi / 2, _POINTS)
        self._sine, cosine = np.sin(theta), np.cos(theta)
        kappa = abs(self._transverse) * self._sine
        self._resting = None
        if "thermal" not in layer.effects:
            fields = (abs(self._transverse), moment * along)
            self._resting = [_minimum(stability, fields[0], pole * fields[1]) for pole in (+1, -1)]
        cumulative = []
        for pole in (+1, -1):
            exponent = -stability * self._sine**2 + pole * moment * along * cosine + kappa
            density = self._sine * np.exp(exponent - exponent.max()) * scaled_i0(kappa)
            area = np.concatenate(([0.0], np.cumsum((density[1:] + density[:-1]) / 2)))
            # Nine digits are plenty, and the same on processors whose exponentials differ in the sixteenth.
            cumulative.append(np.round(area / area[-1], 9))
        self._cumulative = np.stack(cumulative)

    def draw(self, states: NDArray[np.uint8], words: NDArray[np.uint64]) -> NDArray[np.float32]:
        """Draw one magnetisation a state.

        Parameters
        ----------
        states
            0 (P, around +z) or 1 (AP, around -z), shape (count,).
        words
            One random word a state, shape (count,); it alone decides the draw.

        Returns
        -------
        ndarray of float32, shape (count, 3)
            Unit vectors.
        """
        vectors = np.empty((len(states), 3), np.float32)
        if self._resting is not None:
            theta = np.array(self._resting)[states]
            vectors[:, 0] = np.copysign(np.sin(theta), self._transverse)
            vectors[:, 1] = 0.0
            vectors[:, 2] = (1.0 - 2.0 * states) * np.cos(theta)
            return vectors
        _DRAW(states, words, words.size, self._cumulative, self._sine, _POINTS, self._transverse, vectors)
        return vectors


def _minimum(stability: float, transverse: float, longitudinal: float) -> float:
    """Find the angle to the pole at which -Δ cos²θ - bx sinθ - bz cosθ is least, by Newton's method."""
    theta = np.linspace(0.0, np.pi / 2, 1025)
    energy = -stability * np.cos(theta) ** 2 - transverse * np.sin(theta) - longitudinal * np.cos(theta)
    angle = float(theta[energy.argmin()])
    for _ in range(8):
        sine, cosine = math.sin(angle), math.cos(angle)
        slope = 2 * stability * sine * cosine - transverse * cosine + longitudinal * sine
        bend = 2 * stability * (cosine**2 - sine**2) + transverse * sine + longitudinal * cosine
        if bend <= 0:
            break
        angle = min(max(angle - slope / bend, 0.0), math.pi / 2)
    return angle
