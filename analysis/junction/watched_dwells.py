"""The likelihood of rates from dwells that were watched read by read.

A state that was found by reads for a time s and found left after a further gap g has the likelihood
exp(-ks)·(1 - exp(-kg)) at a rate k; one that was not left exp(-ks). Neither needs reads that are fast against the
dwell, nor does it matter by which rule a watch was ended.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.core import InputError

__all__ = ["WatchedDwells", "climb"]

Values = NDArray[np.float64]
_ROUNDS = 200
_ENOUGH = 1e-9
"""Gain of the log-likelihood below which a step is the last."""


@dataclasses.dataclass(frozen=True)
class WatchedDwells:
    """Dwells as reads saw them.

    Examples
    --------
    Ten dwells of which none ended in 10 s each, and one that ended between 4 and 4.1 s:

    >>> dwells = WatchedDwells.of([10.0] * 10 + [4.0], [0.0] * 10 + [0.1])
    >>> dwells.escapes
    1
    """

    stayed: Values
    """Time from the first read that found the state to the last [s], shape (N,)."""
    gaps: Values
    """Time from there to the read that found it left [s]; 0 where it was not left; shape (N,)."""

    @classmethod
    def of(cls, stayed: ArrayLike, gaps: ArrayLike) -> Self:
        """Check the times.

        Raises
        ------
        ValueError
            If a time is negative or not finite, or the shapes differ.
        """
        times = cls(np.asarray(stayed, float), np.asarray(gaps, float))
        both = times.stayed, times.gaps
        if times.stayed.shape != times.gaps.shape or not all(np.isfinite(each).all() for each in both):
            raise InputError(f"{times.stayed.size} dwells and {times.gaps.size} gaps: give as many of each, all finite")
        if min(each.min(initial=0.0) for each in both) < 0:
            raise InputError("a dwell or a gap is negative: give times of 0 s and more")
        return times

    @property
    def escapes(self) -> int:
        """Dwells that ended."""
        return int(np.count_nonzero(self.gaps))

    def log_likelihood(self, log_rates: Values) -> float:
        """Give the log-likelihood of rates.

        Parameters
        ----------
        log_rates
            ln k of each dwell, k in 1/s, shape (N,).
        """
        rates, left = np.exp(log_rates), self.gaps > 0
        ended = np.log(np.maximum(-np.expm1(-rates[left] * self.gaps[left]), 1e-300))
        return float(ended.sum() - rates @ self.stayed)

    def slopes(self, log_rates: Values) -> tuple[Values, Values]:
        """Give the first and minus the second derivative of each dwell's log-likelihood by its ln k, shape (N,)."""
        rates = np.exp(log_rates)
        x = np.clip(rates * self.gaps, 1e-12, 500.0)
        share = x / np.expm1(x)
        left = self.gaps > 0
        first = left * share - rates * self.stayed
        second = rates * self.stayed + left * share * (x / -np.expm1(-x) - 1)
        return first, second

    def saturated(self, conditions: ArrayLike) -> tuple[float, int]:
        """Give the log-likelihood where each condition has the rate that suits it best, and how many there are.

        Parameters
        ----------
        conditions
            What was the same for some of the dwells, shape (N,) or (N, k).
        """
        unique, which = np.unique(np.asarray(conditions), axis=0, return_inverse=True)
        which, count = which.ravel(), len(unique)
        left = np.bincount(which, self.gaps > 0, count)
        # Without an escape the best rate is zero, and its likelihood one.
        counted = (left > 0)[which]
        logs = np.log(np.maximum(left, 0.5) / np.bincount(which, self.stayed + self.gaps, count))
        for _ in range(_ROUNDS):
            first, second = (np.bincount(which, each, count) for each in self.slopes(logs[which]))
            step = np.where(left > 0, np.clip(first / np.maximum(second, 1e-300), -1.0, 1.0), 0.0)
            logs += step
            if np.abs(step).max() < 1e-6:
                break
        part = WatchedDwells(self.stayed[counted], self.gaps[counted])
        return part.log_likelihood(logs[which][counted]), count


def climb(dwells: WatchedDwells, log_rates: Callable[[Values], Values], start: Values) -> tuple[Values, Values]:
    """Find the parameters of the largest likelihood from a beginning, by Fisher scoring with Levenberg's damping.

    Parameters
    ----------
    dwells
        What was seen.
    log_rates
        Gives ln k of each dwell, shape (N,), from parameters of the order of one, shape (P,).
    start
        Parameters to begin from, shape (P,).

    Returns
    -------
    parameters : ndarray of float64, shape (P,)
        The likeliest.
    information : ndarray of float64, shape (P, P)
        Fisher's information there; its inverse is their covariance.
    """
    here, damping = np.array(start, float), 1e-3
    value = dwells.log_likelihood(log_rates(here))
    for _ in range(_ROUNDS):
        gradient, information = _score(dwells, log_rates, here)
        step = np.linalg.lstsq(information + damping * np.diag(np.diag(information)), gradient, rcond=None)[0]
        step *= min(1.0, 1.0 / float(np.abs(step).max() or 1.0))
        there = dwells.log_likelihood(log_rates(here + step))
        if there >= value:
            gained, here, value, damping = there - value, here + step, there, damping / 10
            if gained < _ENOUGH:
                break
        elif damping > 1e12:
            break
        else:
            damping *= 10
    return here, _score(dwells, log_rates, here)[1]


def _score(dwells: WatchedDwells, log_rates: Callable[[Values], Values], at: Values) -> tuple[Values, Values]:
    """Give gradient and information by the parameters."""
    small = 1e-5
    jacobian = np.stack(
        [(log_rates(at + each) - log_rates(at - each)) / (2 * small) for each in small * np.eye(at.size)]
    )
    first, second = dwells.slopes(log_rates(at))
    return jacobian @ first, (jacobian * second) @ jacobian.T
