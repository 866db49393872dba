"""What an in-plane field changes in the crossing of the barrier: the saddle's factor, and what a spin torque is worth.

How much faster a macrospin crosses its barrier where an in-plane field makes a saddle of the barrier's top.

In an in-plane field the precession carries the magnetisation over the saddle, which diffusion along the polar angle
alone does not know. The rate along the polar angle is to be multiplied by

    C = 1 + (r - 1)·A,        A = A(δ1)·A(δ2)/A(δ1 + δ2).

r compares how fast the linearised Landau-Lifshitz-Gilbert equation runs away from the saddle with how fast it would
along the polar angle alone (Kramers 1940; Brown, IEEE Trans. Magn. 15, 1196 (1979)): with the curvatures c1 < 0 and
c2 > 0 of the energy there, over kT, and in units of the diffusion D,

    λ² + (c1 + c2) λ + (1 + 1/α²) c1 c2 = 0,      r = λ/|c1|.

A is the depopulation factor for weak damping: of the magnetisations that cross, some come back before they have lost
their energy (Mel'nikov & Meshkov, J. Chem. Phys. 85, 1018 (1986); for spins Coffey, Garanin & McCarthy, Adv. Chem.
Phys. 117, 483 (2001)),

    A(δ) = exp{1/(2π) ∫ ln[1 - exp(-δ (λ² + 1/4))]/(λ² + 1/4) dλ},

where δ is the energy over kT lost in one turn along the edge of a well, which by Gauss's theorem is

    δ = α ∮ |∇E| ds = α ∫∫ ∇²E dΩ   over the well.

Without an in-plane field there is no saddle, r = 1 and C = 1. In between the curvature about the azimuth is the
thermal mean bx·I1(bx)/I0(bx) instead of bx, a choice made here: against the smallest eigenvalue of the Fokker-Planck
equation on the whole sphere C is right within 3 % where bx is above 2, and within 10 % in between.

What a spin torque is worth in escaping over the barrier, compared with a field along the easy axis.

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
from scipy.special import i0e, i1e

from mtjlab.instruments.simulated.device.free_layer import EnergyLandscape

__all__ = ["saddle_factor", "torque_shares"]

_CELLS = 1024
_THETA = np.asarray((np.arange(_CELLS) + 0.5) * (math.pi / _CELLS), np.float64)
_TURN = np.asarray((np.arange(512) + 0.5) * (math.pi / 512) - math.pi / 2, np.float64)
_QUARTERS = 0.25 / np.cos(_TURN) ** 2  # λ² + 1/4 for λ = tan(turn)/2, in which the integral is even


def saddle_factor(landscape: EnergyLandscape) -> float:
    """Give the factor C on the rate of crossing.

    Parameters
    ----------
    landscape
        Energies, damping and diffusion of the macrospin.

    Returns
    -------
    float
        C; 1 where there is no in-plane field, or no barrier.
    """
    bx, alpha = landscape.transverse, landscape.damping
    if bx == 0:
        return 1.0
    meridian = landscape.at_azimuth_zero(_THETA)
    inner = np.flatnonzero((meridian[1:-1] >= meridian[:-2]) & (meridian[1:-1] > meridian[2:])) + 1
    if not inner.size:
        return 1.0
    top = int(inner[np.argmax(meridian[inner])])
    theta = float(_THETA[top])
    along = (
        2 * landscape.stability * math.cos(2 * theta) + bx * math.sin(theta) + landscape.longitudinal * math.cos(theta)
    )
    about = bx / math.sin(theta) * float(i1e(bx) / i0e(bx))
    if along >= 0:
        return 1.0
    total = along + about
    runaway = (-total + math.sqrt(total**2 - 4 * (1 + 1 / alpha**2) * along * about)) / 2
    losses = [alpha * loss for loss in _losses(landscape, top, float(meridian[top]))]
    depopulation = _stays(losses[0]) * _stays(losses[1]) / _stays(sum(losses))
    return 1 + (runaway / -along - 1) * depopulation


def _losses(landscape: EnergyLandscape, top: int, saddle: float) -> tuple[float, float]:
    """Integrate ∇²E over the parts of the sphere below the saddle's energy, on either side of it."""
    sine, cosine = np.sin(_THETA), np.cos(_THETA)
    bx, bz, delta = landscape.transverse, landscape.longitudinal, landscape.stability
    # E < saddle where cosφ is above this.
    edge = np.clip((-delta * cosine**2 - bz * cosine - saddle) / (bx * sine), -1.0, 1.0)
    reach = np.arccos(edge)
    even = 2 * reach * (delta * (6 * cosine**2 - 2) + 2 * bz * cosine) + 4 * bx * sine * np.sin(reach)
    area: NDArray[np.float64] = even * sine * (math.pi / _CELLS)
    return max(float(area[:top].sum()), 0.0), max(float(area[top:].sum()), 0.0)


def _stays(loss: float) -> float:
    """Give Mel'nikov's A(δ): δ for small losses, 1 for large ones."""
    if loss <= 0:
        return 1e-300
    return math.exp(float(np.log(-np.expm1(-loss * _QUARTERS)).mean()))


_ORBIT_CELLS = 512
_ORBIT_CENTRES = np.asarray((np.arange(_ORBIT_CELLS) + 0.5) / _ORBIT_CELLS, np.float64)
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
    meridian = np.linspace(0.0, math.pi, 4 * _ORBIT_CELLS + 1)
    energy = _energy(meridian, hx, hz)
    inner = np.flatnonzero((energy[1:-1] >= energy[:-2]) & (energy[1:-1] > energy[2:])) + 1
    top = int(inner[np.argmax(energy[inner])])
    bottom = int(energy[: top + 1].argmin())
    height = float(energy[top] - energy[bottom])
    theta = meridian[top] * _ORBIT_CENTRES
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
