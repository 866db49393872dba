"""Counted switching probabilities without their ripple: neighbouring points of a lattice tell what each counted alone.

A point that 4096 pulses counted is off by .008, so that the local slope between two points 75 ps apart is off by
1.5e8 /s, more than a plateau has. The map itself is smooth over some steps of its lattice, whose steps were chosen so.
Half the sum and half the difference of arcsin √P of the two states, whose variance 1/(8·shots) does not depend on P,
are each taken for a Gaussian process (Rasmussen & Williams, Gaussian Processes for Machine Learning, ch. 2, 5) over
amplitude and width in steps, with the covariance

    s²/(1 + d²/2),    d² = (Δu/la)² + (Δw/lw)²,    u = (e^(g·a) - 1)/g,

a rational quadratic: a mixture of lengths. The phase that a pulse ends with is frequency times width, and the frequency
grows with the amplitude, so the structure grows finer with it: g ≥ 0 lets it. All four parameters are those of the
largest likelihood. Nothing is assumed of the shape; whether the counts allow it is shown by chi-square over the
degrees of freedom, 1 where what was taken away was chance.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mtjlab.core import InputError
from mtjlab.instruments.simulated.junction.pulse_lattice import PulseLattice
from mtjlab.instruments.simulated.junction.switching_node import NodeKey, SwitchingNode

__all__ = ["FEWEST", "MOST", "SmoothedCounts", "SmoothedGrid", "smoothed_grids"]

MOST = 3000
"""Largest number of points of one lattice; the work goes with its third power."""
FEWEST = 30
"""Smallest number of points of one lattice from which on chance can be distinguished from shape."""
_START = np.log([6.0, 7.0, 0.4])
_GROWTH = 0.07  # a step of the amplitude
_ROUNDS = 120
_TELLING = 700  # points that decide about the parameters: the likelihood's work goes with their third power

Values = NDArray[np.float64]


@dataclass(frozen=True)
class SmoothedCounts:
    """Probabilities of both states at the points of a lattice, and what their smoothing left."""

    probability: Values
    """From P and from AP, shape (points, 2)."""
    spread: Values
    """Their standard errors, same shape."""
    misfit: float
    """Chi-square of the counts about them, over the degrees of freedom; 1 where the counts bear it."""
    freedom: float
    """Degrees of freedom: how many of the counted numbers were left to chance."""

    @property
    def holds(self) -> bool:
        """Whether the counts bear it: chi-square within five standard deviations of what chance makes."""
        return abs(self.misfit - 1) < 5 * math.sqrt(2 / self.freedom)

    @classmethod
    def of(cls, at: Values, switched: Values, shots: Values) -> SmoothedCounts:
        """Smooth the points of a lattice.

        Parameters
        ----------
        at
            Amplitude and width of each point, in steps of the lattice, shape (points, 2).
        switched
            How many pulses switched from P and from AP, shape (points, 2).
        shots
            Pulses from each state, shape (points,).

        Returns
        -------
        SmoothedCounts
            The smooth map at these points.

        Raises
        ------
        ValueError
            If there are too few points to tell what is chance, or too many for one fit.
        """
        if not FEWEST <= len(at) <= MOST:
            raise InputError(
                f"{len(at)} points of one lattice cannot be smoothed: choose amplitudes and widths that have "
                f"{FEWEST} to {MOST}"
            )
        # Anscombe's arcsine: its variance is 1/(4 shots) however rare the outcome is.
        angles = np.arcsin(np.sqrt((switched + 0.375) / (shots[:, None] + 0.75)))
        parts = [_Process.fit(at, values, 1 / (8 * shots)) for values in _half_sum_and_difference(angles)]
        both = np.stack([each.mean for each in parts], axis=1)
        angle = np.clip(np.stack([both[:, 0] + both[:, 1], both[:, 0] - both[:, 1]], axis=1), 0.0, math.pi / 2)
        error = np.hypot(*(each.spread for each in parts))[:, None]
        return cls(
            np.sin(angle) ** 2,
            # The floor is the curvature's part where the slope of sin² is zero.
            np.maximum(np.abs(np.sin(2 * angle)), error) * error,
            sum(each.chi_square for each in parts) / sum(each.freedom for each in parts),
            sum(each.freedom for each in parts),
        )


def _half_sum_and_difference(angles: Values) -> tuple[Values, Values]:
    return (angles[:, 0] + angles[:, 1]) / 2, (angles[:, 0] - angles[:, 1]) / 2


@dataclass(frozen=True)
class _Process:
    """A Gaussian process given what was counted."""

    mean: Values
    spread: Values
    chi_square: float
    freedom: float

    @classmethod
    def fit(cls, at: Values, values: Values, noise: Values) -> _Process:
        """Fit the parameters of the largest likelihood."""
        from scipy.linalg import cho_factor, cho_solve
        from scipy.optimize import minimize

        middle = float(np.average(values, weights=1 / noise))
        about, centre = values - middle, float(np.median(at[:, 0]))

        # All amplitudes of the middle widths: the structure changes with the amplitude.
        telling = np.argsort(np.abs(at[:, 1] - np.median(at[:, 1])), kind="stable")[:_TELLING]

        def unlikeliness(parameters: Values) -> float:
            covariance = _covariance(at[telling], centre, parameters) + np.diag(noise[telling])
            lower = cho_factor(covariance, lower=True, overwrite_a=True, check_finite=False)
            weights = cho_solve(lower, about[telling], check_finite=False)
            return float(about[telling] @ weights / 2 + np.log(np.diag(lower[0])).sum())

        best = minimize(
            unlikeliness,
            np.array([*_START, _GROWTH]),
            method="Nelder-Mead",
            options={"maxiter": _ROUNDS, "xatol": 0.05, "fatol": 0.5},
        ).x
        covariance = _covariance(at, centre, best)
        lower = cho_factor(covariance + np.diag(noise), lower=True)
        mean = covariance @ cho_solve(lower, about)
        untold = noise * np.diag(cho_solve(lower, np.eye(len(at))))  # what of each point is left to chance
        return cls(
            mean=mean + middle,
            spread=np.sqrt(noise * np.maximum(1 - untold, 0.0)),
            chi_square=float((about - mean) ** 2 @ (1 / noise)),
            freedom=float(untold.sum()),
        )


def _covariance(at: Values, middle: float, parameters: Values) -> Values:
    lengths, size, growth = np.exp(parameters[:2]), math.exp(parameters[2]), float(parameters[3])
    about = at[:, 0] - middle
    warped = np.expm1(growth * about) / growth if abs(growth) > 1e-6 else about
    apart = np.zeros((len(at), len(at)))
    for coordinate, length in zip((warped, at[:, 1]), lengths, strict=True):
        apart += ((coordinate[:, None] - coordinate) / length) ** 2
    return np.asarray(size**2 / (1 + apart / 2))


@dataclass(frozen=True)
class SmoothedGrid:
    """Points of one grid."""

    nodes: dict[NodeKey, SwitchingNode]
    """The points with what their neighbours tell; none where the counts do not bear the smoothing."""
    misfit: float
    """Chi-square of the counts over the degrees of freedom."""


def smoothed_grids(
    lattice: PulseLattice,
    nodes: dict[NodeKey, SwitchingNode],
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[SmoothedGrid]:
    """Smooth the points of a lattice.

    Parameters
    ----------
    lattice
        Tells which points lie on a common grid.
    nodes
        Points that differ in amplitude and width alone.
    progress
        Called with (grids done, grids to do).

    Yields
    ------
    SmoothedGrid
        Grids that have enough points.
    """
    keys = sorted(nodes)
    places = np.array([(key.amplitude, key.width) for key in keys], np.int64).reshape(-1, 2)
    grids = list(lattice.sorted_into_grids(places))
    for done, (numbers, at) in enumerate(grids, 1):
        if len(numbers) >= FEWEST:
            here = [keys[number] for number in numbers]
            switched = np.array([nodes[key].switched for key in here], float)
            found = SmoothedCounts.of(at, switched, np.array([nodes[key].shots for key in here], float))
            told = np.stack([found.probability, found.spread], axis=1).astype(np.float32)
            made = {key: replace(nodes[key], smoothed=each) for key, each in zip(here, told, strict=True)}
            yield SmoothedGrid(made if found.holds else {}, found.misfit)
        if progress is not None:
            progress(done, len(grids))
