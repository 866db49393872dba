"""How far heat and a field in the plane keep a free layer from its easy axis."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["mean_cosine"]

_ANGLES = 2049


def mean_cosine(
    voltages: ArrayLike, stability: float, tilting: float, cancelling_voltage: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the mean of abs(cos θ) in a well, which a slow reading sees, and how it yields to a field along the axis.

    Parameters
    ----------
    voltages
        Bias [V], any shape.
    stability
        Thermal stability factor Δ without bias.
    tilting
        Field in the plane over the anisotropy field without bias, below 1.
    cancelling_voltage
        Bias that takes the anisotropy away [V], of either sign; infinite where it does not change it.

    Returns
    -------
    aligned : ndarray of float64
        ⟨abs(cos θ)⟩, the voltages' shape.
    yields : ndarray of float64
        Its slope with a field along the easy axis over the anisotropy field, same shape: 2Δ times its variance.

    Raises
    ------
    ValueError
        If the stability is not above 2, or a bias leaves less than that of it.

    Notes
    -----
    Boltzmann's average over the hemisphere with E/kT = Δ (1 - V/Vc) sin²θ - 2Δ(B/Bk) sinθ cosφ; over φ it is a Bessel
    function. The torque of a bias acts as a field along the axis (Li and Zhang, Phys. Rev. B 69, 134416 (2004)).

    Examples
    --------
    >>> round(float(1 - mean_cosine(0.0, 45.0, 0.0, math.inf)[0]), 4)
    0.0114
    """
    from scipy.special import i0e

    volts, inverse = np.unique(np.asarray(voltages, float), return_inverse=True)
    barriers = stability * (1 - volts / cancelling_voltage)
    if not barriers.min() > 2:
        raise ValueError(
            f"a stability of {stability:g} is {barriers.min():.3g} at the largest bias: a state needs more than 2; "
            "check the stability and the voltage that cancels the anisotropy"
        )
    theta = np.linspace(0.0, math.pi / 2, _ANGLES)
    sine = np.sin(theta)
    pull = 2 * stability * abs(tilting) * sine
    exponent = -barriers[:, None] * sine**2 + pull
    weight = sine * i0e(pull) * np.exp(exponent - exponent.max(axis=1, keepdims=True))
    cosine, whole = np.cos(theta), weight.sum(axis=1)
    means = (weight @ cosine) / whole
    yields = 2 * stability * ((weight @ cosine**2) / whole - means**2)
    shape = np.shape(voltages)
    return means[inverse].reshape(shape), yields[inverse].reshape(shape)
