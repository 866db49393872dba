"""The bar on the simulated table: a magnet with anisotropy in the plane on a metal with a spin Hall effect."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import Field

from mtjlab.core import BOLTZMANN, ELEMENTARY_CHARGE, REDUCED_PLANCK, VACUUM_PERMEABILITY
from mtjlab.instruments.simulated.device.bar_sections import (
    BarContacts,
    BarFault,
    BarHeating,
    BarNoise,
    BarSpread,
    Films,
    Nernst,
    ReadJunction,
    SpinOrbitTorque,
    Unidirectional,
)
from mtjlab.instruments.simulated.device.device_parameters import DeviceSection

__all__ = ["BarParameters"]


class BarParameters(DeviceSection):
    """A bar of a magnet on a spin Hall metal, in SI units; x along the bar and its current, y across it, z out of it.

    The defaults are those of the shipped device file `w-cofeb`: 2 nm of CoFeB on 4 nm of W, easy axis across the bar.

    Raises
    ------
    ValueError
        (pydantic's `ValidationError`) If a key is unknown or a value outside its range.

    Examples
    --------
    >>> bar = BarParameters()
    >>> round(bar.resistance), round(bar.thermal_stability, 1)
    (1259, 40.0)
    >>> f"{bar.onset_density:.3g} A/m², {1e3 * bar.onset_current:.3g} mA"
    '7.09e+10 A/m², 2.25 mA'
    """

    kind: Literal["bar"] = "bar"
    """Kind of device that the file describes: a bar with spin-orbit torque."""
    name: str = "w-cofeb"
    """What the device is called in recordings."""
    length: float = Field(default=20e-6, gt=0)
    """Distance between the contacts of the longitudinal voltage [m]; a micron-sized bar (arXiv:2002.09104)."""
    width: float = Field(default=5e-6, gt=0)
    """Width of the bar, which the transverse contacts span [m]."""
    metal_thickness: float = Field(default=4e-9, gt=0)
    """Thickness of the spin Hall metal [m]."""
    thickness: float = Field(default=2e-9, gt=0)
    """Thickness of the magnet [m]; above 1.5 nm CoFeB on W lies in the plane."""
    saturation_magnetisation: float = Field(default=1.0e6, gt=0)
    """Saturation magnetisation Ms [A/m]; CoFeB, published 0.6e6 to 1.26e6."""
    damping: float = Field(default=0.02, gt=0, lt=1)
    """Gilbert damping α; published 0.01 to 0.1."""
    anisotropy_field: float = Field(default=10e-3, gt=0)
    """In-plane anisotropy field Bk [T], not the coercive field; chosen here, the order that growth in a field gives."""
    demagnetising_field: float = Field(default=0.4, gt=0)
    """Effective demagnetising field Beff [T]: μ0Ms less what the interface's perpendicular anisotropy takes."""
    easy_axis: Literal["x", "y"] = "y"
    """Easy axis along the current (type x) or across it (type y)."""
    easy_axis_tilt: float = Field(default=0.05, gt=-0.8, lt=0.8)
    """Angle in the plane from `easy_axis` to the true easy axis [rad], counted from x to y. A bar of type y without
    tilt shows no AMR in a field along y, and one of type x without tilt has no state that a current prefers."""
    activation_volume: float = Field(default=3.313e-23, gt=0)
    """Volume that is reversed at once by heat [m³]: the bar's own is thousands of times larger, and reverses by a
    domain that grows. With Ms and Bk it makes Δ = 40."""
    temperature: float = Field(default=300.0, gt=0)
    """Temperature without current [K]; a room's."""
    torque: SpinOrbitTorque = SpinOrbitTorque()
    """Torque of the current."""
    films: Films = Films()
    """Resistances of the films."""
    umr: Unidirectional = Unidirectional()
    """Unidirectional magnetoresistance."""
    nernst: Nernst = Nernst()
    """Anomalous Nernst effect."""
    heating: BarHeating = BarHeating()
    """How the current heats the bar."""
    contacts: BarContacts = BarContacts()
    """How the bar is connected."""
    noise: BarNoise = BarNoise()
    """How strongly the resistance fluctuates."""
    spread: BarSpread = BarSpread()
    """How bars of one wafer differ."""
    fault: BarFault = BarFault()
    """What is wrong with the bar, if anything."""
    junction: ReadJunction | None = None
    """The tunnel junction on the bar, if there is one."""

    # what follows from the geometry

    @property
    def easy_angle(self) -> float:
        """Angle from x to the easy axis in the plane [rad]."""
        return self.easy_axis_tilt + (math.pi / 2 if self.easy_axis == "y" else 0.0)

    @property
    def metal_share(self) -> float:
        """Share of the current that flows in the metal: both films carry it in parallel."""
        metal = self.metal_thickness / self.films.metal_resistivity
        return metal / (metal + self.thickness / self.films.magnet_resistivity)

    @property
    def resistance(self) -> float:
        """Resistance R0 between the contacts of the longitudinal voltage [Ω], with m along z and no heat."""
        metal = self.metal_thickness / self.films.metal_resistivity
        return self.length / self.width / (metal + self.thickness / self.films.magnet_resistivity)

    @property
    def area(self) -> float:
        """Area of the bar between the contacts of the longitudinal voltage [m²]."""
        return self.length * self.width

    def current_density(self, current: float) -> float:
        """Give the current density in the metal [A/m²].

        Parameters
        ----------
        current
            Current through the bar [A].
        """
        return current * self.metal_share / (self.width * self.metal_thickness)

    # what the current does

    @property
    def oersted_per_current(self) -> float:
        """Oersted field of the metal's current in the magnet, along y [T/A]: μ0·I/(2w) under a wide thin sheet."""
        return self._side * VACUUM_PERMEABILITY * self.metal_share / (2 * self.width)

    @property
    def field_like_per_current(self) -> float:
        """Field-like field along y [T/A]."""
        return self.torque.field_like * self._field_per_efficiency

    @property
    def field_per_current(self) -> float:
        """Field along y that a current adds [T/A]: the field-like one and Oersted's."""
        return self.field_like_per_current + self.oersted_per_current

    @property
    def push_per_current(self) -> float:
        """Damping-like field b that pushes m towards +y [T/A]: the torque is -γ·b·m×(m×ŷ)."""
        return self.torque.damping_like * self._field_per_efficiency

    @property
    def onset_density(self) -> float:
        """Density Jc0 in the metal at which precession of a bar of type y begins to grow [A/m²].

        Jc0 = (2e/ħ)·Ms·t·α·(Bk + Beff/2)/|ξ_DL|, with the anisotropy field, not the coercive one; infinite without
        torque.
        """
        if self.torque.damping_like == 0:
            return math.inf
        damping = self.damping * (self.anisotropy_field + self.demagnetising_field / 2)
        moment = self.saturation_magnetisation * self.thickness
        return 2 * ELEMENTARY_CHARGE / REDUCED_PLANCK * moment * damping / abs(self.torque.damping_like)

    @property
    def onset_current(self) -> float:
        """Current of `onset_density` [A]."""
        return self.onset_density / self.current_density(1.0)

    def umr_ratio(self, density: ArrayLike) -> NDArray[np.float64]:
        """Give the UMR's ratio u(J) = (R(+J) - R(-J))/R at my = +1, see `Unidirectional`.

        Parameters
        ----------
        density
            Current density in the metal [A/m²], any shape; the ratio is odd in it.
        """
        umr, density = self.umr, np.asarray(density, float)
        rising = _linear_and_cubic(density, umr.cubic_density) / _linear_and_cubic(
            umr.saturation_density, umr.cubic_density
        )
        return np.asarray(umr.saturation * rising / np.sqrt(1 + rising**2), float)

    # the magnet in its heat

    @property
    def thermal_stability(self) -> float:
        """Thermal stability factor Δ = Ms·Bk·Va/(2kT) of the activation volume."""
        return self.stability_at(self.temperature)

    def stability_at(self, temperature: float) -> float:
        """Give the thermal stability factor at a temperature.

        Parameters
        ----------
        temperature
            Temperature of the bar [K].
        """
        energy = self.saturation_magnetisation * self.anisotropy_field * self.activation_volume / 2
        return energy / (BOLTZMANN * temperature)

    @property
    def _side(self) -> int:
        return -1 if self.torque.metal == "below" else 1

    @property
    def _field_per_efficiency(self) -> float:
        moment = self.saturation_magnetisation * self.thickness
        density = self.current_density(1.0)
        return self._side * REDUCED_PLANCK / (2 * ELEMENTARY_CHARGE) * density / moment


def _linear_and_cubic(density: ArrayLike, cubic_density: float) -> NDArray[np.float64]:
    given = np.asarray(density, float)
    return np.asarray(given * (1 + (given / cubic_density) ** 2), float)
