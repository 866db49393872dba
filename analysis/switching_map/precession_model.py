"""P(switch) over amplitude and width as a macrospin in its thermal bath has it, without counting pulses."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis.switching_map.expansion_steps import march
from mtjlab.analysis.switching_map.free_layer_operator import free_layer_operator

__all__ = ["GYROMAGNETIC_RATIO", "FreeLayer", "Precession", "PrecessionModel"]

GYROMAGNETIC_RATIO = 1.76e11
"""γ of the electron [rad/(s·T)]."""
BOLTZMANN = 1.380649e-23
"""k [J/K]."""
LARGEST_TURN = 2.6
"""Of the fastest function in a step [rad]: Runge's fourth-order method is stable up to 2.8."""
SPONGE = 1e11
"""Rate at which the finest functions are taken out [1/s]: at the cut they would come back where they do not belong."""
NODES = 64
"""Amplitudes that are solved at most; what lies between is interpolated."""

Values = NDArray[np.float64]
"""Real numbers."""


@dataclass(frozen=True)
class FreeLayer:
    """What is known of the free layer, and of the edges of the pulses."""

    magnetisation: float
    """Saturation magnetisation Ms [A/m]."""
    thickness: float
    """Of the free layer, tf [m]."""
    barrier_thickness: float
    """Of the barrier, tox [m]."""
    anisotropy_energy: float
    """Keff without voltage [J/m³]."""
    edge: float
    """Rise and fall time of the pulses, from bottom to top [s]."""
    settle: float = 3e-9
    """Time from the pulse to the read [s]; from 2 ns on it makes no difference."""

    def anisotropy_field(self, vcma: float, voltage: ArrayLike) -> Values:
        """Give Bk = 2(Keff - ξV/(tox·tf))/Ms [T] at voltages [V]."""
        lowered = vcma * np.asarray(voltage, float) / (self.barrier_thickness * self.thickness)
        return np.asarray(2 * (self.anisotropy_energy - lowered) / self.magnetisation)


class Precession(NamedTuple):
    """What decides the map beside what is known."""

    vcma: float
    """ξ [J/(V·m)]."""
    in_plane_field: float
    """Hx, as μ0·H [T]."""
    damping: float
    """Gilbert damping α."""
    moment: float
    """Ms·Vol/kT [1/T]: how cold the free layer is."""


class PrecessionModel:
    """Solve the Fokker-Planck equation of the free layer for pulses of many amplitudes and widths.

    Parameters
    ----------
    layer
        What is known.
    precession
        What decides the map.
    largest
        Largest degree of the spherical harmonics; by default what a density of this width needs: errors in P are .001,
        near the foot of the barrier .008.

    Notes
    -----
    The density in thermal equilibrium is carried forward through the rise and along the top, the chance to end in P
    backward through the settling and the fall; their product at the end of a top is the answer for that width. A pulse
    of one amplitude gives all widths.

    Examples
    --------
    >>> layer = FreeLayer(1e6, 1.1e-9, 1.4e-9, 8.63e4, edge=50e-12)
    >>> model = PrecessionModel(layer, Precession(90e-15, 25.5e-3, 0.02, 521.0))
    >>> model.probability(1.5, [0.7e-9, 1.4e-9]).round(2).tolist()  # half a turn, a whole one
    [1.0, 0.0]
    """

    def __init__(self, layer: FreeLayer, precession: Precession, largest: int | None = None) -> None:
        from scipy.sparse import diags

        self.layer, self.precession = layer, precession
        stability = precession.moment * layer.anisotropy_energy / layer.magnetisation
        self.largest = int(np.clip(6.3 * np.sqrt(stability), 24, 90)) if largest is None else largest
        operator, p = free_layer_operator(self.largest), precession
        turn = GYROMAGNETIC_RATIO / (1 + p.damping**2)
        steady, varying = (
            turn * (around + p.damping * down)
            for around, down in zip(operator.precession, operator.damping, strict=True)
        )
        spread = p.damping * turn / p.moment
        degree = operator.degrees.astype(float)
        lost = spread * degree * (degree + 1) + SPONGE * (degree / self.largest) ** 16
        self._steady = (p.in_plane_field * steady - diags(lost)).tocsr()
        self._varying = varying.tocsr()
        self._turn = turn
        self._operator = operator

    def probability(self, amplitudes: ArrayLike, widths: ArrayLike) -> Values:
        """Give P(switch), the mean of both states, at pairs of amplitude [V] and width [s], broadcast together."""
        from scipy.interpolate import CubicSpline, RectBivariateSpline

        v, w = np.broadcast_arrays(np.asarray(amplitudes, float), np.asarray(widths, float))
        tops = w - self.layer.edge
        if not tops.size or tops.min() < -1e-15:
            raise ValueError(f"a width of {w.min():g} s is shorter than the edges, {self.layer.edge:g} s: leave it out")
        levels, which = np.unique(v, return_inverse=True)
        if levels.size > NODES:
            levels = np.linspace(levels[0], levels[-1], NODES)
            times, found = self.curves(levels, float(tops.max()))
            table = RectBivariateSpline(times, levels, found, s=0)
            return np.asarray(np.clip(table.ev(tops, v), 0.0, 1.0))
        times, found = self.curves(levels, float(tops.max()))
        answer = np.empty(v.size)
        for number in range(levels.size):
            mine = which.ravel() == number
            answer[mine] = CubicSpline(times, found[:, number])(tops.ravel()[mine])
        return np.asarray(np.clip(answer, 0.0, 1.0).reshape(v.shape))

    def curves(self, amplitudes: Values, longest: float) -> tuple[Values, Values]:
        """Give times on the top [s], shape (T,), and P(switch) of pulses that end then, shape (T, K)."""
        return self.curves_at(self.layer.anisotropy_field(self.precession.vcma, amplitudes), longest)

    def curves_at(self, fields: Values, longest: float) -> tuple[Values, Values]:
        """Give the same where the anisotropy field on the top is known [T], shape (K,)."""
        rest = float(self.layer.anisotropy_field(self.precession.vcma, 0.0))
        ramp, steps = self._steps(self.layer.edge, np.array([rest, *fields]))
        share = np.linspace(0.0, 1.0, 2 * steps + 1)[:, None]
        rising = rest + share * (fields - rest)
        ones = np.ones((1, fields.size), np.float32)
        density, _ = march(self._steady.T, self._varying.T, self._equilibrium[:, None] * ones, rising, ramp)
        chance, _ = march(self._steady, self._varying, self._committor[:, None] * ones, rising, ramp)
        dt, steps = self._steps(max(longest, 1e-12), fields)
        top = np.broadcast_to(fields, (2 * steps + 1, fields.size))
        _, correlation = march(self._steady.T, self._varying.T, density, np.asarray(top), dt, chance)
        times: Values = np.arange(steps + 1, dtype=np.float64) * dt
        return times, np.asarray((1 - correlation) / 2, np.float64)

    def _steps(self, duration: float, fields: Values) -> tuple[float, int]:
        p = self.precession
        field = (abs(p.in_plane_field) + np.abs(fields).max() / 2) * (1 + p.damping)
        fastest = self._turn * (self.largest * field + p.damping / p.moment * self.largest**2) + SPONGE
        steps = max(4, int(np.ceil(duration * fastest / LARGEST_TURN)))
        return float(duration / steps), steps

    @cached_property
    def _committor(self) -> NDArray[np.float32]:
        """The chance to be found in P less that of AP, as the fall ends."""
        from numpy.polynomial.legendre import leggauss
        from scipy.sparse.linalg import expm_multiply

        nodes, weights = leggauss(2 * self.largest)
        u, weights = (nodes + 1) / 2, weights / 2
        operator = self._operator
        axial = operator.orders == 0
        sign = np.zeros(operator.degrees.size)
        table = _legendre(self.largest, u)
        sign[axial] = [4 * np.pi * (table[n, 0] * weights).sum() for n in operator.degrees[axial]]
        rest = float(self.layer.anisotropy_field(self.precession.vcma, 0.0))
        settling = (self._steady + rest * self._varying) * self.layer.settle
        return np.asarray(expm_multiply(settling, sign, traceA=settling.trace()), np.float32)

    @cached_property
    def _equilibrium(self) -> NDArray[np.float32]:
        """Boltzmann's density about P; the integral over the azimuth is a Bessel function."""
        from numpy.polynomial.legendre import leggauss
        from scipy.special import ive

        p, operator = self.precession, self._operator
        rest = float(self.layer.anisotropy_field(p.vcma, 0.0))
        nodes, weights = leggauss(300)
        # θ itself is the variable: the density lies within a tenth of a radian or so.
        theta, weights = (nodes + 1) * np.pi / 4, weights * np.pi / 4
        sine, cosine = np.sin(theta), np.cos(theta)
        kappa = p.moment * abs(p.in_plane_field) * sine
        exponent = kappa - p.moment * rest / 2 * sine**2
        density = np.exp(exponent - exponent.max()) * sine * weights
        density /= 2 * np.pi * (density * ive(0, kappa)).sum()
        table, found = _legendre(self.largest, cosine), np.zeros(operator.degrees.size)
        towards = np.sign(p.in_plane_field) or 1.0
        for i, (n, m, sines) in enumerate(zip(operator.degrees, operator.orders, operator.sines, strict=True)):
            if not sines:
                scale = 2 * np.pi * (np.sqrt(2) if m else 1.0) * towards**m
                found[i] = scale * (table[n, m] * ive(m, kappa) * density).sum()
        return found.astype(np.float32)


def _legendre(largest: int, u: Values) -> dict[tuple[int, int], Values]:
    """Give Yₗₘ at azimuth zero, for cosines u of the polar angle, by the stable recursion upwards in n."""
    sine, table = np.sqrt(1 - u**2), {}
    table[0, 0] = np.full_like(u, np.sqrt(1 / (4 * np.pi)))
    for m in range(largest + 1):
        if m:
            table[m, m] = -np.sqrt((2 * m + 1) / (2 * m)) * sine * table[m - 1, m - 1]
        before = np.zeros_like(u)
        for n in range(m, largest):
            up = np.sqrt(((n + 1) ** 2 - m**2) / ((2 * n + 1) * (2 * n + 3)))
            down = np.sqrt((n**2 - m**2) / ((2 * n - 1) * (2 * n + 1))) if n else 0.0
            table[n + 1, m] = (u * table[n, m] - down * before) / up
            before = table[n, m]
    return table
