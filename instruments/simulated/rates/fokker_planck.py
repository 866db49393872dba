"""The slowest relaxation of a macrospin over its barrier.

Along the polar angle the probability flows as

    ∂p/∂t = D ∂/∂θ [w ∂(p/w)/∂θ],   w(θ) = sinθ exp(-F(θ)),

Brown, Phys. Rev. 130, 1677 (1963), eq. 4.6, exact where the energy does not depend on the azimuth. The slowest rate
λ1 is found by inverse iteration. Solving L f = -g takes two running sums of positive numbers, so that λ1 keeps its
relative accuracy over barriers of any height, where a matrix's smallest eigenvalue would drown in rounding errors.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from mtjlab.instruments.simulated.device.energy_landscape import EnergyLandscape

__all__ = ["slowest_relaxation"]

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
