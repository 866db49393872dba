"""What a spin torque is worth in escaping over the barrier, compared with a field along the easy axis.

Along the polar angle alone the damping-like torque a pulls as the field a/α along z would. In an in-plane field it does
not: the orbits of constant energy are no circles about z, and what the torque does on one part of them it undoes on
another. The barrier that heat has to overcome changes by the torque's work along the escape. To first order in the
torque and for weak damping (Freidlin & Wentzell's action; Apalkov & Visscher, Phys. Rev. B 72, 180405 (2005)),

    δ(barrier) = (a/α) ∫ T/W dE from the well's bottom to the saddle,    T = 2 ∫∫ cosθ dΩ,    W = ∫∫ ∇²E dΩ,

where both integrals extend over the part of the sphere inside the orbit of energy E; by Gauss's theorem they are the
torque's work and the loss by damping in one turn. A field b along z would change the barrier by b·(cosθ0 - cosθs),
θ0 of the well's bottom and θs of the saddle. The ratio is κ0: .49 at Bx = .15 Bk, one only without an in-plane field.

At finite damping a turn loses energy, and heat shakes the orbits of a shallow saddle, so that orbits nearer to circles
count: κ = 1 - (1 - κ0)/(1 + q). Against the Fokker-Planck equation on the whole sphere, Δ 5 to 14, α .01 to .3 and Bx
.01 to .3 Bk, one number describes this (chosen here): q = .234·α/(√Δ·hx^1.5), hx = Bx/Bk. It leaves κ within 3 %,
within 8 % where the barrier is below 4 kT; `tests/instruments/simulated/rates` holds rates against that equation.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from mtjlab.instruments.simulated.device.energy_landscape import EnergyLandscape

__all__ = ["torque_shares"]

_CELLS = 512
_CENTRES = np.asarray((np.arange(_CELLS) + 0.5) / _CELLS, np.float64)
_LEGENDRE, _WEIGHTS = (np.asarray(each / 2, np.float64) for each in np.polynomial.legendre.leggauss(24))
_BELOW = 0.5 - _LEGENDRE  # square root of the share of the well's depth by which an orbit lies below the saddle
_ROUNDED = 0.234
_INSIDE = 0.98  # of the field along z at which a well ends: the share is taken there beyond it


def torque_shares(landscape: EnergyLandscape) -> tuple[float, float]:
    """Give the shares κ of the field a/α that a torque is worth in leaving P and AP.

    Parameters
    ----------
    landscape
        Energies and damping of the macrospin; the torque's own push is left out.

    Returns
    -------
    tuple of float
        κ of leaving P and of leaving AP, 0 to 1; both 1 without an in-plane field.
    """
    bx, stability = landscape.transverse, landscape.stability
    if bx == 0:
        return 1.0, 1.0
    if not bx < 2 * stability:
        # No barrier: what precesses about x is turned aside by the torque; a mean field along z remains of it.
        turned = bx / (2 * landscape.damping)
        share = 1 / (1 + turned * turned)
        return share, share
    hx = bx / (2 * stability)
    most = _INSIDE * (1 - hx ** (2 / 3)) ** 1.5  # the astroid of Stoner and Wohlfarth
    hz = min(max((landscape.longitudinal - landscape.push) / (2 * stability), -most), most)
    rounded = 1 + _ROUNDED * landscape.damping / (math.sqrt(stability) * hx**1.5)
    # The well of AP is that of P in the opposite field along z.
    from_p, from_ap = (1 - (1 - _weakly_damped(hx, along)) / rounded for along in (hz, -hz))
    return from_p, from_ap


def _weakly_damped(hx: float, hz: float) -> float:
    """Give κ0 of the well about +z, in fields over Bk; energies are in units of twice the anisotropy's."""
    meridian = np.linspace(0.0, math.pi, 4 * _CELLS + 1)
    energy = _energy(meridian, hx, hz)
    inner = np.flatnonzero((energy[1:-1] >= energy[:-2]) & (energy[1:-1] > energy[2:])) + 1
    top = int(inner[np.argmax(energy[inner])])
    bottom = int(energy[: top + 1].argmin())
    height = float(energy[top] - energy[bottom])
    theta = meridian[top] * _CENTRES
    sine, cosine = np.sin(theta), np.cos(theta)
    # Nodes crowd at the saddle, where the loss changes fastest.
    here = energy[top] - height * _BELOW**2
    edge = np.clip((-(cosine**2) / 2 - hz * cosine - here[:, None]) / (hx * sine), -1.0, 1.0)
    reach = np.arccos(edge)
    worked = 4 * reach * cosine * sine
    lost = (2 * reach * (3 * cosine**2 - 1 + 2 * hz * cosine) + 4 * hx * sine * np.sqrt(1 - edge**2)) * sine
    ratio = worked.sum(axis=1) / lost.sum(axis=1)
    work = float(ratio @ (2 * height * _BELOW * _WEIGHTS))
    return work / (math.cos(meridian[bottom]) - math.cos(meridian[top]))


def _energy(theta: NDArray[np.float64], hx: float, hz: float) -> NDArray[np.float64]:
    """Give the energy on the meridian φ = 0."""
    cosine = np.cos(theta)
    return np.asarray(-(cosine**2) / 2 - hx * np.sin(theta) - hz * cosine)
