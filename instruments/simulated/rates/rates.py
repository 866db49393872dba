"""How often heat throws a junction over its barrier: what happens in more than 100 ns.

Along the polar angle the probability flows as

    ∂p/∂t = D ∂/∂θ [w ∂(p/w)/∂θ],   w(θ) = sinθ exp(-F(θ)),

Brown, Phys. Rev. 130, 1677 (1963), eq. 4.6, exact where the energy does not depend on the azimuth. The slowest rate
λ1 is found by inverse iteration. Solving L f = -g takes two running sums of positive numbers, so that λ1 keeps its
relative accuracy over barriers of any height, where a matrix's smallest eigenvalue would drown in rounding errors.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.effects import Effects
from mtjlab.instruments.simulated.device.free_layer import EnergyLandscape
from mtjlab.instruments.simulated.rates.in_plane_field import saddle_factor, torque_shares

__all__ = ["Bias", "Rates", "leaving", "slowest_relaxation"]

_REMEMBERED = 4096

Bias = float | tuple[float, float]
"""Voltage across the barrier [V]; where a current drives it, that in P and that in AP."""


class Rates:
    """Rates of leaving either state, by field, bias and temperature.

    Parameters
    ----------
    device
        In the fields and at the temperature that act on it.
    effects
        Without `disturb` a bias does not change the rates, without `stt` it only lowers or raises the barrier; without
        `temperature` Ms, Ki and ξ stay what they are at the nominal one; without `thermal` nothing flips. All unless
        given.

    Examples
    --------
    The dwell times in microseconds of a pillar of 18 nm, whose thermal stability factor is 5.8:

    >>> weak = Device(diameter=18e-9, in_plane_field=0.0)
    >>> [round(1e6 / rate, 2) for rate in Rates(weak).leaving(0.0)]
    [0.51, 0.51]
    """

    def __init__(self, device: Device, effects: Effects | None = None) -> None:
        self.device = device
        self.effects = Effects.full() if effects is None else effects
        self._known = lru_cache(_REMEMBERED)(self._leaving)

    def leaving(self, voltage: Bias) -> tuple[float, float]:
        """Give the rates of leaving P and AP at a bias.

        Parameters
        ----------
        voltage
            Voltage across the barrier [V], or those in P and in AP.

        Returns
        -------
        tuple of float
            Rates from P to AP and from AP to P [1/s]; their sum is the slowest relaxation rate.
        """
        if "thermal" not in self.effects:
            return 0.0, 0.0
        if "disturb" not in self.effects:
            voltage = 0.0
        if isinstance(voltage, tuple):
            return self.leaving(voltage[0])[0], self.leaving(voltage[1])[1]
        return self._known(voltage)

    def _leaving(self, voltage: float) -> tuple[float, float]:
        return leaving(EnergyLandscape.of(self.device, voltage, self.effects))

    def flips(self, duration: float, voltage: Bias) -> tuple[float, float]:
        """Give the probabilities that a junction is found in the other state after a time.

        Parameters
        ----------
        duration
            Time at the bias [s].
        voltage
            Voltage across the barrier [V], or those in P and in AP.

        Returns
        -------
        tuple of float
            Probability of AP after a start in P, and of P after a start in AP.

        Notes
        -----
        Two-state Markov process: k_out/(k_P + k_AP)·(1 - exp(-(k_P + k_AP) t)), exact for any duration.
        """
        from_p, from_ap = self.leaving(voltage)
        if from_p + from_ap == 0:
            return 0.0, 0.0
        share = -math.expm1(-(from_p + from_ap) * duration) / (from_p + from_ap)
        return from_p * share, from_ap * share


def leaving(landscape: EnergyLandscape) -> tuple[float, float]:
    """Give the rates of leaving P and AP.

    Parameters
    ----------
    landscape
        Energies, damping, diffusion and torque of the macrospin.

    Returns
    -------
    tuple of float
        Rates from P to AP and from AP to P [1/s].

    Notes
    -----
    Each state is left as in that field along z which changes its barrier as the torque does, `torque_shares`: exact
    without an in-plane field, else right to first order in the torque.
    """
    if landscape.push == 0 or landscape.transverse == 0:
        return _exchange(landscape)
    from_p, from_ap = (_exchange(landscape.with_push(share)) for share in torque_shares(landscape))
    return from_p[0], from_ap[1]


def _exchange(landscape: EnergyLandscape) -> tuple[float, float]:
    """Give the rates of leaving P and AP where all that acts along z is a field."""
    rate, parallel, antiparallel = slowest_relaxation(landscape)
    rate *= saddle_factor(landscape)
    if landscape.transverse > 0 and landscape.barrier == 0:
        # Nothing to cross: precession about x takes z along, and its energy relaxes at 2αγBx, which forgets the state.
        rate = max(rate, 2 * landscape.diffusion * landscape.transverse)
    return rate * antiparallel, rate * parallel


_CELLS = 1024
_STEP = math.pi / _CELLS
_CENTRES = np.asarray((np.arange(_CELLS) + 0.5) * _STEP, np.float64)
_FACES = np.asarray(np.arange(1, _CELLS) * _STEP, np.float64)
_ROUNDS = 200
_ACCURACY = 1e-8


def slowest_relaxation(landscape: EnergyLandscape) -> tuple[float, float, float]:
    """Give the slowest relaxation rate and where the population ends.

    Parameters
    ----------
    landscape
        Energies and diffusion of the macrospin.

    Returns
    -------
    rate : float
        λ1 [1/s], the sum of the rates of leaving both states.
    parallel, antiparallel : float
        Shares of the population on either side of the barrier's top in the end; each keeps its relative accuracy
        however small it is.
    """
    free = landscape.along(_CENTRES)
    lowest = free.min()
    weight = np.sin(_CENTRES) * np.exp(lowest - free)
    conductance = np.sin(_FACES) * np.exp(lowest - landscape.along(_FACES)) * (landscape.diffusion / _STEP)
    top, home = _top(free), int(np.argmax(weight))
    population = weight / weight.sum()
    here, beyond = float(population[:top].sum()), float(population[top:].sum())
    # The slowest mode is nearly a step at the top of the barrier, with a population-weighted mean of zero.
    mode = np.where(np.arange(_CELLS) < top, beyond, -here)
    rate = math.inf
    for _ in range(_ROUNDS):
        charge = weight * mode * _STEP
        # What flows through a face is what lies on either side of it: each side sums its own small numbers.
        current = np.concatenate([-np.cumsum(charge)[: top - 1], np.cumsum(charge[::-1])[::-1][top:]])
        slope = current / conductance
        # Summed from the middle of the larger population, where the mode is smallest and must stay accurate.
        response = np.concatenate([-np.cumsum(slope[:home][::-1])[::-1], [0.0], np.cumsum(slope[home:])])
        response -= population @ response
        found = float((population @ mode**2) / (population @ (mode * response)))
        mode = response / np.abs(response).max()
        if abs(found - rate) <= _ACCURACY * found:
            break
        rate = found
    return found, here, beyond


def _top(free: NDArray[np.float64]) -> int:
    """Give the cell in which state AP begins: the top of the barrier, or the equator where there is none."""
    inner = np.flatnonzero((free[1:-1] >= free[:-2]) & (free[1:-1] > free[2:])) + 1
    return int(inner[np.argmax(free[inner])]) if inner.size else _CELLS // 2
