"""How far heat, a field in the plane and the torque of a bias keep a free layer from its easy axis."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
from numpy.typing import NDArray

from mtjlab.core import FitError

__all__ = ["Tilt"]

_ANGLES = 513


@dataclasses.dataclass(frozen=True)
class Tilt:
    """What decides how a free layer stands in its wells.

    Notes
    -----
    Boltzmann's average over the hemisphere of a state, whose axis is z, with

        E/kT = Δ (1 - V/Vc) sin²θ - 2Δ (B/Bk) sinθ cosφ ∓ 2Δ t V cosθ;

    over φ it is a Bessel function. The torque of a bias acts as a field along the axis (Li and Zhang, Phys. Rev. B 69,
    134416 (2004)): it straightens one state and tilts the other.

    Examples
    --------
    >>> parallel, _ = Tilt(45.0).cosines(np.array([0.01]))
    >>> round(float(1 - parallel[0]), 4)
    0.0114
    """

    stability: float
    """Thermal stability factor Δ without bias; infinite for a layer that stands straight."""
    tilting: float = 0.0
    """Field in the plane over the anisotropy field without bias, B/Bk, below 1."""
    cancelling: float = math.inf
    """Bias Vc that takes the anisotropy away [V], of either sign."""

    def cosines(
        self, voltages: NDArray[np.float64], torque: float = 0.0
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Give the mean of abs(cos θ) in either state, which a slow reading sees.

        Parameters
        ----------
        voltages
            Bias [V], shape (N,).
        torque
            Field along the axis that a bias is worth, over the anisotropy field [1/V]; positive favours the parallel
            state.

        Returns
        -------
        parallel, antiparallel : ndarray of float64
            The means, shape (N,). Of a layer that stands straight, 1 and, to first order, what a torque changes.

        Raises
        ------
        FitError
            If the stability is not above 2, or a bias leaves less than that of it.
        """
        push = torque * voltages
        if math.isinf(self.stability):
            return 1 + push, 1 - push
        barriers = self.stability * (1 - voltages / self.cancelling)
        if not barriers.min() > 2:
            raise FitError(
                f"a stability of {self.stability:g} is {barriers.min():.3g} at the largest bias: a state needs more "
                "than 2; check the stability and the voltage that cancels the anisotropy"
            )
        return self._mean(barriers, push), self._mean(barriers, -push)

    def _mean(self, barriers: NDArray[np.float64], push: NDArray[np.float64]) -> NDArray[np.float64]:
        from scipy.special import i0e

        theta = np.linspace(0.0, math.pi / 2, _ANGLES)
        sine, cosine = np.sin(theta), np.cos(theta)
        pull = 2 * self.stability * abs(self.tilting) * sine
        exponent = pull - barriers[:, None] * sine**2 - 2 * self.stability * push[:, None] * (1 - cosine)
        weight = sine * i0e(pull) * np.exp(exponent - exponent.max(axis=1, keepdims=True))
        return np.asarray((weight @ cosine) / weight.sum(axis=1))
