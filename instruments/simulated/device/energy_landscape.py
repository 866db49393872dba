"""The free energy of the magnetisation along its polar angle, and how fast it diffuses there.

For a unit vector at polar angle θ and azimuth φ the energy over kT is

    E(θ, φ) = -Δ cos²θ - bx sinθ cosφ - bz cosθ,   b = Ms·Vol·B/kT,

which integrated over the azimuth leaves F(θ) = -Δ cos²θ - bz cosθ - ln I0(bx sinθ).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mtjlab.instruments.simulated.device.bessel import scaled_i0
from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.effects import Effects
from mtjlab.instruments.simulated.device.free_layer import GYROMAGNETIC_RATIO, FreeLayer

__all__ = ["EnergyLandscape"]


@dataclass(frozen=True)
class EnergyLandscape:
    """Energies over kT and the rate of diffusion of a macrospin."""

    stability: float
    """Δ, the anisotropy energy over kT; negative where the easy axis lies in the plane."""
    transverse: float
    """bx = Ms·Vol·Bx/kT."""
    longitudinal: float
    """bz = Ms·Vol·Bz/kT, with what a spin torque adds."""
    damping: float
    """Gilbert damping α."""
    diffusion: float
    """α γ kT/((1 + α²) Ms·Vol), half the rate at which the squared angle grows in one direction [rad²/s]."""
    push: float = 0.0
    """How much of the longitudinal field is a spin torque's, Ms·Vol·(a_J/α)/kT: such a field in an axially symmetric
    well and about a well's bottom, but not for the way over a saddle (`rates.torque_share`)."""

    @classmethod
    def of(cls, device: Device, voltage: float = 0.0, effects: Effects | None = None) -> EnergyLandscape:
        """Give the landscape of a device at a bias.

        Parameters
        ----------
        device
            In the fields and at the temperature that act on it.
        voltage
            Voltage across the barrier [V].
        effects
            `temperature` lets Ms, Ki and ξ follow the temperature, `stt` lets the bias push; both unless given.

        Returns
        -------
        EnergyLandscape
            Its parameters.

        Notes
        -----
        The damping-like torque a_J pulls θ as a field a_J/α along z would, and turns φ by a part α of what that field
        would (Li & Zhang, Phys. Rev. B 69, 134416 (2004)): along θ it is such a field where the azimuth does not
        matter, which is without an in-plane field.
        """
        layer, kelvin = FreeLayer(device, Effects.full() if effects is None else effects), device.temperature
        over_kt, damping = layer.reduced_moment(kelvin), device.damping
        push = over_kt * float(layer.torque_per_volt(kelvin)) * voltage / damping
        along = device.stray_field + float(layer.field_like(voltage, kelvin))
        return cls(
            stability=layer.thermal_stability(voltage, kelvin),
            transverse=over_kt * abs(device.in_plane_field),
            longitudinal=over_kt * along + push,
            damping=damping,
            diffusion=damping * GYROMAGNETIC_RATIO / ((1 + damping**2) * over_kt),
            push=push,
        )

    def with_push(self, share: float) -> EnergyLandscape:
        """Give the landscape with a share of the torque's push, as it counts for an escape."""
        return replace(self, longitudinal=self.longitudinal - (1 - share) * self.push, push=share * self.push)

    def along(self, theta: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give the free energy F over kT.

        Parameters
        ----------
        theta
            Polar angles [rad].

        Returns
        -------
        ndarray of float64
            F(θ).
        """
        kappa = self.transverse * np.sin(theta)
        log_bessel = np.log(scaled_i0(kappa)) + kappa
        cosine = np.cos(theta)
        return np.asarray(-self.stability * cosine**2 - self.longitudinal * cosine - log_bessel)

    def at_azimuth_zero(self, theta: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give the energy E(θ, 0) over kT, the lowest at a polar angle.

        Parameters
        ----------
        theta
            Polar angles [rad].

        Returns
        -------
        ndarray of float64
            E(θ, 0).
        """
        cosine = np.cos(theta)
        return np.asarray(-self.stability * cosine**2 - self.longitudinal * cosine - self.transverse * np.sin(theta))

    @property
    def barrier(self) -> float:
        """Height of the saddle over the higher of the two wells, in kT; 0 where one well alone is left."""
        energy = self.at_azimuth_zero(np.linspace(0.0, math.pi, 2001))
        inner = np.flatnonzero((energy[1:-1] >= energy[:-2]) & (energy[1:-1] > energy[2:])) + 1
        if not inner.size:
            return 0.0
        top = int(inner[np.argmax(energy[inner])])
        return float(energy[top] - max(energy[:top].min(), energy[top:].min()))
