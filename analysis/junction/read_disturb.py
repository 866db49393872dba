"""How a bias changes the dwell times: through the anisotropy alike in both states, through torque oppositely."""

from __future__ import annotations

import dataclasses
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis import Goodness
from mtjlab.analysis.junction.watched_dwells import WatchedDwells, climb
from mtjlab.core import FitError, Quantity

__all__ = ["ReadDisturb"]


@dataclasses.dataclass(frozen=True)
class ReadDisturb:
    """Change of ln(dwell time) with the bias of the reads."""

    common: Quantity
    """Mean of both states [1/V]: the bias that lowers the anisotropy shortens both."""
    opposed: Quantity
    """Half of parallel less antiparallel [1/V]: the torque holds one state and drives out of the other."""
    unbiased: tuple[float, float]
    """Mean dwell time of the parallel and the antiparallel state without bias, each in its field [s]."""
    chi_square: float
    """Deviance: twice the log-likelihood that a rate of its own for each state and bias would gain."""
    freedom: int
    """Degrees of freedom of that."""

    @classmethod
    def fit(cls, biases: ArrayLike, states: ArrayLike, stayed: ArrayLike, gaps: ArrayLike) -> Self:
        """Fit watched dwells of both states, each in its own field, at several biases.

        Parameters
        ----------
        biases
            Bias of each dwell [V], shape (N,).
        states
            State that was watched, 0 (parallel) or 1 (antiparallel), shape (N,).
        stayed
            Time from the first read that found the state to the last one [s], shape (N,).
        gaps
            Time from that read to the one that found the state left [s]; 0 where it was not left; shape (N,).

        Returns
        -------
        ReadDisturb
            The fit. Dwells that did not end count: they say that the rate is low.

        Raises
        ------
        FitError
            If a state was left at fewer than two biases.

        Notes
        -----
        The barrier is linear in the bias for both VCMA and, below the critical current, spin-transfer torque (Z. Li and
        S. Zhang, Phys. Rev. B 69, 134416, 2004), so ln τ is. What is maximised is the likelihood of the dwells
        themselves, `WatchedDwells`.
        """
        at, watched = np.asarray(biases, float), np.asarray(states, float)
        dwells = WatchedDwells.of(stayed, gaps)
        ended = dwells.gaps > 0
        for state, name in ((0, "parallel"), (1, "antiparallel")):
            if (seen := np.unique(at[ended & (watched == state)]).size) < 2:
                raise FitError(
                    f"the {name} state was left at {seen} biases: two are needed; take a field nearer to its switching "
                    "field, or wait longer"
                )
        scale = float(np.abs(at).max())
        parallel = watched == 0
        # ln k = -ln τ falls where ln τ rises.
        matrix = -np.stack([parallel, ~parallel, at / scale, np.where(parallel, at, -at) / scale], axis=1)
        times = [(dwells.stayed[which] + dwells.gaps[which]).sum() for which in (parallel, ~parallel)]
        counts = [np.count_nonzero(ended & which) for which in (parallel, ~parallel)]
        start = np.array([*np.log(np.array(times) / counts), 0.0, 0.0])
        values, information = climb(dwells, lambda p: np.asarray(matrix @ p), start)
        errors = np.sqrt(np.diag(np.linalg.pinv(information)))
        apart, conditions = dwells.saturated(np.stack([at, watched], axis=1))
        deviance = 2 * (apart - dwells.log_likelihood(matrix @ values))
        goodness = Goodness.of(max(deviance, 0.0), conditions - 4)
        errors *= goodness.widening
        common, opposed = (Quantity(float(values[k] / scale), float(errors[k] / scale), "1/V") for k in (2, 3))
        unbiased = float(np.exp(values[0])), float(np.exp(values[1]))
        return cls(common, opposed, unbiased, goodness.chi_square, conditions - 4)

    def mean_dwell(self, state: int, biases: ArrayLike) -> NDArray[np.float64]:
        """Give the fitted mean dwell time of state 0 (parallel) or 1 (antiparallel) at biases [V], in s.

        Parameters
        ----------
        state
            0 (parallel) or 1 (antiparallel).
        biases
            Biases [V].
        """
        sign = 1 - 2 * state
        return np.asarray(
            self.unbiased[state] * np.exp((self.common.value + sign * self.opposed.value) * np.asarray(biases, float))
        )

    @property
    def p_value(self) -> float:
        """Probability of a misfit at least so large if the law holds."""
        return Goodness.of(self.chi_square, self.freedom).p_value
