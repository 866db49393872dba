"""How a bias changes the dwell times: through the anisotropy alike in both states, through torque oppositely."""

from __future__ import annotations

import dataclasses
import math
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from mtjlab.analysis.junction.estimate import Estimate

__all__ = ["ReadDisturb"]


@dataclasses.dataclass(frozen=True)
class ReadDisturb:
    """Change of ln(dwell time) with the bias of the reads."""

    common: Estimate
    """Mean of both states [1/V]: the bias that lowers the anisotropy shortens both."""
    opposed: Estimate
    """Half of parallel less antiparallel [1/V]: the torque holds one state and drives out of the other."""
    chi_square: float
    """Sum of the squared residuals over their errors."""
    freedom: int
    """Degrees of freedom of that."""

    @classmethod
    def fit(cls, biases: ArrayLike, states: ArrayLike, mean_dwells: ArrayLike, escapes: ArrayLike) -> Self:
        """Fit mean dwell times of both states, each in its own field, at several biases.

        Parameters
        ----------
        biases
            Bias [V], shape (N,).
        states
            State that was watched, 0 (parallel) or 1 (antiparallel), shape (N,).
        mean_dwells
            Mean dwell time of each [s], shape (N,).
        escapes
            Number of escapes each was averaged over, shape (N,).

        Returns
        -------
        ReadDisturb
            The fit.

        Raises
        ------
        ValueError
            If a state has dwell times with an escape at fewer than two biases.

        Notes
        -----
        The barrier is linear in the bias for both VCMA and, below the critical current, spin-transfer torque (Z. Li and
        S. Zhang, Phys. Rev. B 69, 134416, 2004), so ln τ is. The logarithm of a mean of n exponential times has the
        expectation ln τ + ψ(n) - ln n and the variance ψ'(n).
        """
        from scipy.special import polygamma, psi

        at, watched, means, counts = (np.asarray(each, float) for each in (biases, states, mean_dwells, escapes))
        used = counts >= 1
        at, watched, means, counts = at[used], watched[used], means[used], counts[used]
        for state, name in ((0, "parallel"), (1, "antiparallel")):
            if len(set(at[watched == state])) < 2:
                raise ValueError(
                    f"the {name} state was left at {len(set(at[watched == state]))} biases: two are needed; take a "
                    "field nearer to its switching field, or wait longer"
                )
        logs = np.log(means) - psi(counts) + np.log(counts)
        errors = np.sqrt(polygamma(1, counts))
        parallel = watched == 0
        matrix = np.stack([parallel, ~parallel, at, np.where(parallel, at, -at)], axis=1) / errors[:, None]
        values, *_ = np.linalg.lstsq(matrix, logs / errors, rcond=None)
        covariance = np.linalg.inv(matrix.T @ matrix)
        common, opposed = (Estimate(float(values[k]), math.sqrt(covariance[k, k]), "1/V") for k in (2, 3))
        chi_square = float(((logs / errors - matrix @ values) ** 2).sum())
        return cls(common, opposed, chi_square, at.size - 4)

    @property
    def p_value(self) -> float:
        """Probability of a misfit at least so large if the law holds."""
        from scipy.stats import chi2

        return float(chi2.sf(self.chi_square, self.freedom)) if self.freedom else 1.0
