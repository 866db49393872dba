"""The free layer at any temperature, voltage and field: its parameters, and the free energy along its polar angle.

For a unit vector at polar angle θ and azimuth φ the energy over kT is

    E(θ, φ) = -Δ cos²θ - bx sinθ cosφ - bz cosθ,   b = Ms·Vol·B/kT,

which integrated over the azimuth leaves F(θ) = -Δ cos²θ - bz cosθ - ln I0(bx sinθ).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.core import BOLTZMANN, ELEMENTARY_CHARGE, REDUCED_PLANCK, InputError
from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.effects import Effects
from mtjlab.instruments.simulated.device.special_functions import scaled_i0

__all__ = ["GYROMAGNETIC_RATIO", "FreeLayer", "EnergyLandscape"]

GYROMAGNETIC_RATIO = 1.76e11
"""γ of the electron [rad/(s·T)]."""

Values = NDArray[np.float64]


class FreeLayer:
    """Magnetisation, anisotropy, thermal field and torque of a device while some effects act.

    Parameters
    ----------
    device
        Whose free layer.
    effects
        `temperature` lets Ms, Ki and ξ follow the temperature, `thermal` gives a thermal field, `stt` a torque.

    Raises
    ------
    ValueError
        If the device is hotter than its magnetisation lasts.

    Examples
    --------
    >>> layer = FreeLayer(Device(), Effects.full())
    >>> [round(float(layer.magnetisation(t)) / 1e6, 3) for t in (300.0, 400.0)]
    [1.0, 0.913]
    """

    def __init__(self, device: Device, effects: Effects) -> None:
        self.device = device
        self.effects = effects
        self._follows = "temperature" in effects
        self.order(device.temperature)

    def order(self, temperature: ArrayLike) -> Values:
        """Give m = Ms(T)/Ms(T0), 1 where the parameters do not follow the temperature [K].

        Parameters
        ----------
        temperature
            Temperature [K].

        Raises
        ------
        InputError
            If it is at or above the temperature where no magnetisation is left.
        """
        kelvin = np.asarray(temperature, float)
        if not self._follows:
            return np.ones_like(kelvin)
        scaling = self.device.thermal
        if kelvin.max() >= scaling.bloch_temperature:
            raise InputError(
                f"device '{self.device.name}' at {kelvin.max():.4g} K has no magnetisation left: stay below "
                f"thermal.bloch_temperature = {scaling.bloch_temperature:g} K, or leave the effect 'temperature' out"
            )
        here, nominal = kelvin / scaling.bloch_temperature, scaling.nominal_temperature / scaling.bloch_temperature
        # np.sqrt is exact to the last bit on every processor, np.power need not be.
        return np.asarray((1 - here * np.sqrt(here)) / (1 - nominal * math.sqrt(nominal)))

    def magnetisation(self, temperature: ArrayLike) -> Values:
        """Give Ms at a temperature [A/m].

        Parameters
        ----------
        temperature
            Temperature [K].
        """
        return self.device.saturation_magnetisation * self.order(temperature)

    def anisotropy_energy(self, voltage: ArrayLike, temperature: ArrayLike) -> Values:
        """Give Keff = Ki/tf - μ0Ms²(Nz - Nx)/2 - ξV/(tox·tf) at a voltage and a temperature [J/m³].

        Parameters
        ----------
        voltage
            Voltage across the barrier [V].
        temperature
            Temperature [K].
        """
        device, scaling, m = self.device, self.device.thermal, self.order(temperature)
        interface = device.interface_anisotropy / device.thickness * m**scaling.anisotropy_exponent
        vcma = device.vcma_coefficient * m**scaling.vcma_exponent / (device.barrier_thickness * device.thickness)
        return np.asarray(interface - device.demagnetising_energy * m**2 - vcma * np.asarray(voltage, float))

    def anisotropy_field(self, voltage: ArrayLike, temperature: ArrayLike) -> Values:
        """Give Bk = 2Keff/Ms [T]; negative once the voltage has turned the easy axis into the plane.

        Parameters
        ----------
        voltage
            Voltage across the barrier [V].
        temperature
            Temperature [K].
        """
        return 2 * self.anisotropy_energy(voltage, temperature) / self.magnetisation(temperature)

    def thermal_field(self, temperature: ArrayLike, dt: float) -> Values:
        """Give the standard deviation of a component of the thermal field in one step [T].

        Brown, Phys. Rev. 130, 1677 (1963): its variance is 2αkT/(γ·Ms·Vol·dt).

        Parameters
        ----------
        temperature
            Temperature [K].
        dt
            Length of the step [s].
        """
        kelvin = np.asarray(temperature, float)
        if "thermal" not in self.effects:
            return np.zeros_like(kelvin)
        moment = self.magnetisation(kelvin) * self.device.volume
        return np.asarray(np.sqrt(2 * self.device.damping * BOLTZMANN * kelvin / (GYROMAGNETIC_RATIO * moment * dt)))

    def torque_per_volt(self, temperature: ArrayLike) -> Values:
        """Give a_J/V, positive towards P [T/V].

        a_J = (ħ/2e)·η·V/(RA·Ms·tf), the same at every angle: at constant voltage the torque of a junction goes as
        sinθ alone, because the current is larger just where a unit of it turns less (Slonczewski & Sun, J. Magn.
        Magn. Mater. 310, 169 (2007)).

        Parameters
        ----------
        temperature
            Temperature [K].
        """
        device = self.device
        if "stt" not in self.effects:
            return np.zeros_like(np.asarray(temperature, float))
        towards = 1.0 if device.torque.towards == "P" else -1.0
        areal = device.resistance_area * self.magnetisation(temperature) * device.thickness
        return np.asarray(towards * REDUCED_PLANCK / (2 * ELEMENTARY_CHARGE) * device.torque.efficiency / areal)

    def field_like(self, voltage: ArrayLike, temperature: ArrayLike) -> Values:
        """Give the field-like torque's field along z, b_J = field_like·|V|·a_J, even in the voltage [T].

        Parameters
        ----------
        voltage
            Voltage across the barrier [V].
        temperature
            Temperature [K].
        """
        volts = np.asarray(voltage, float)
        return self.device.torque.field_like * volts**2 * self.torque_per_volt(temperature)

    def reduced_moment(self, temperature: float) -> float:
        """Give Ms·Vol/kT [1/T]: what a field of one tesla is worth.

        Parameters
        ----------
        temperature
            Temperature [K].
        """
        return float(self.magnetisation(temperature)) * self.device.volume / (BOLTZMANN * temperature)

    def thermal_stability(self, voltage: float, temperature: float) -> float:
        """Give Δ = Keff·Vol/kT without field.

        Parameters
        ----------
        voltage
            Voltage across the barrier [V].
        temperature
            Temperature [K].
        """
        energy = float(self.anisotropy_energy(voltage, temperature)) * self.device.volume
        return energy / (BOLTZMANN * temperature)


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
        """Give the landscape with a share of the torque's push, as it counts for an escape.

        Parameters
        ----------
        share
            Share of the push that is kept, 0 to 1.
        """
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
