"""The junction on the simulated table: its magnetic and electric parameters."""

from __future__ import annotations

import hashlib
import json
import math
from pathlib import Path
from typing import Literal

from pydantic import Field

from mtjlab.core import BOLTZMANN, VACUUM_PERMEABILITY
from mtjlab.instruments.simulated.device.device_document import device_document, kind_of
from mtjlab.instruments.simulated.device.device_parameters import (
    BarrierWear,
    Contacts,
    DeviceSection,
    Drift,
    Drive,
    ElectricalNoise,
    Fault,
    PulseLine,
    SelfHeating,
    SpinTorque,
    Spread,
    ThermalScaling,
)
from mtjlab.instruments.simulated.device.effects import Effects
from mtjlab.instruments.simulated.device.special_functions import demagnetising_factor

__all__ = ["Device", "load_device"]

_MAGNETIC = (
    "saturation_magnetisation",
    "thickness",
    "diameter",
    "barrier_thickness",
    "damping",
    "temperature",
    "anisotropy_energy",
    "vcma_coefficient",
    "in_plane_field",
    "stray_field",
)
_SECTIONS = ("thermal", "torque", "line", "heating", "drive")


class Device(DeviceSection):
    """A round magnetic tunnel junction with a perpendicular free layer, in SI units.

    The defaults are the reference device: a 50 nm pillar with thermal stability factor 45 at 300 K, whose
    anisotropy a pulse of 1.5 V just cancels. Published ranges are those of voltage-controlled junctions.

    Raises
    ------
    ValueError
        (pydantic's `ValidationError`) If a key is unknown or a value outside its range.

    Examples
    --------
    >>> device = Device()
    >>> round(device.thermal_stability, 1), round(device.anisotropy_field(0.0), 4)
    (45.0, 0.1726)
    >>> round(device.resistance_parallel)
    50930
    """

    kind: Literal["vcma-mtj"] = "vcma-mtj"
    """Kind of device that the file describes: a voltage-controlled magnetic tunnel junction."""
    name: str = "reference"
    """What the device is called in recordings."""
    saturation_magnetisation: float = Field(default=1.0e6, gt=0)
    """Saturation magnetisation Ms of the free layer [A/m]; CoFeB, published 0.6e6 to 1.26e6."""
    thickness: float = Field(default=1.1e-9, gt=0)
    """Free-layer thickness [m]; as perpendicular CoFeB films are (Ikeda et al., Nat. Mater. 9, 721, 2010)."""
    diameter: float = Field(default=50e-9, gt=0)
    """Pillar diameter [m]; with the thickness and the anisotropy it makes the thermal stability factor 45."""
    barrier_thickness: float = Field(default=1.4e-9, gt=0)
    """MgO thickness [m] across which the voltage drops; of the order that gives the RA below."""
    damping: float = Field(default=0.02, gt=0, lt=1)
    """Gilbert damping α; published 0.01 to 0.1."""
    temperature: float = Field(default=300.0, gt=0)
    """Temperature [K] of the magnetisation and of the resistance's noise; a room's."""
    anisotropy_energy: float = Field(default=8.63e4, gt=0)
    """Effective anisotropy Keff without voltage, demagnetisation included [J/m³]; chosen for Δ = 45."""
    vcma_coefficient: float = Field(default=90e-15, ge=0)
    """Voltage-controlled magnetic anisotropy ξ [J/(V·m)]; published 50e-15 to 100e-15."""
    in_plane_field: float = 25.5e-3
    """Applied field along x [T]; half a precession turn takes 0.7 ns in it."""
    stray_field: float = 0.0
    """Uncompensated field along z [T], positive towards P; zero where the reference layer is compensated."""
    resistance_area: float = Field(default=100e-12, gt=0)
    """Resistance-area product RA of the parallel state [Ω·m²]; published 10e-12 to 130e-12."""
    tmr: float = Field(default=1.0, gt=0)
    """Tunnel magnetoresistance (Rap - Rp)/Rp at zero bias; published 1.0 to 1.2."""
    tmr_bias: float = Field(default=0.5, gt=0)
    """Bias Vh at which the tunnel magnetoresistance has fallen to half [V]; about 0.5 V for MgO."""
    thermal: ThermalScaling = ThermalScaling()
    """How Ms, Ki and ξ follow the temperature."""
    torque: SpinTorque = SpinTorque()
    """Torque of the tunnelling current, and its polarity."""
    line: PulseLine = PulseLine()
    """Cable, pad and leads."""
    heating: SelfHeating = SelfHeating()
    """How pulses heat the junction."""
    drive: Drive = Drive()
    """How exactly the pulse generator makes its pulses."""
    contacts: Contacts = Contacts()
    """How the source-meter touches the junction."""
    noise: ElectricalNoise = ElectricalNoise()
    """How strongly the resistance fluctuates."""
    wear: BarrierWear = BarrierWear()
    """How the barrier wears out."""
    drift: Drift = Drift()
    """How the device changes slowly."""
    spread: Spread = Spread()
    """How devices of one wafer differ."""
    fault: Fault = Fault()
    """What is wrong with the device, if anything."""

    @property
    def area(self) -> float:
        """Area of the pillar [m²]."""
        return math.pi * self.diameter**2 / 4

    @property
    def volume(self) -> float:
        """Volume of the free layer [m³]."""
        return self.area * self.thickness

    @property
    def thermal_stability(self) -> float:
        """Thermal stability factor Δ = Keff·Vol/kT without voltage and field."""
        return self.anisotropy_energy * self.volume / (BOLTZMANN * self.temperature)

    @property
    def resistance_parallel(self) -> float:
        """Resistance of the parallel state [Ω]."""
        return self.resistance_area / self.area

    @property
    def magnetic_fingerprint(self) -> str:
        """Hexadecimal SHA-256 of the parameters that decide switching; name and resistance do not."""
        values = {key: getattr(self, key) for key in _MAGNETIC}
        return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()

    @property
    def interface_anisotropy(self) -> float:
        """Interface anisotropy Ki = tf·(Keff + μ0Ms²(Nz - Nx)/2) [J/m²], at the temperature the file states it for.

        A disc is magnetised along its axis against a field of Nz·Ms and across it against Nx·Ms; what is left of Ki
        after that is Keff.
        """
        return self.thickness * (self.anisotropy_energy + self.demagnetising_energy)

    @property
    def demagnetising_energy(self) -> float:
        """Energy μ0Ms²(Nz - Nx)/2 by which the disc's shape favours the plane [J/m³]."""
        along = demagnetising_factor(self.thickness, self.diameter)
        return VACUUM_PERMEABILITY * self.saturation_magnetisation**2 * (3 * along - 1) / 4

    def switching_fingerprint(self, effects: Effects) -> str:
        """Give the hexadecimal SHA-256 of all that decides P(switch) while some effects act.

        Parameters
        ----------
        effects
            Those that act; only the dynamic ones matter.

        Returns
        -------
        str
            `magnetic_fingerprint` for `Effects.ideal()`.
        """
        if effects.dynamic == Effects.ideal():
            return self.magnetic_fingerprint
        values = self.model_dump(include={*_MAGNETIC, "tmr", "tmr_bias", "resistance_area", *_SECTIONS})
        return hashlib.sha256(json.dumps([values, str(effects.dynamic)], sort_keys=True).encode()).hexdigest()

    def in_surroundings(
        self, *, in_plane_field: float = 0.0, perpendicular_field: float = 0.0, temperature: float | None = None
    ) -> Device:
        """Give the same device in the fields of coils and at a temperature.

        Parameters
        ----------
        in_plane_field, perpendicular_field
            Fields along x and z [T], added to the device's own.
        temperature
            Temperature [K]; the device's own unless given.

        Returns
        -------
        Device
            A copy; its parameters are still stated for the nominal temperature.

        Raises
        ------
        ValueError
            If a field is not finite, or the temperature not positive.
        """
        return Device.model_validate(
            self.model_dump()
            | {
                "in_plane_field": self.in_plane_field + in_plane_field,
                "stray_field": self.stray_field + perpendicular_field,
                "temperature": self.temperature if temperature is None else temperature,
            }
        )

    def anisotropy_field(self, voltage: float) -> float:
        """Give the anisotropy field Bk = 2Keff(V)/Ms, with Keff(V) = Keff - ξV/(tox·tf).

        Parameters
        ----------
        voltage
            Voltage across the barrier [V]; positive lowers the anisotropy.

        Returns
        -------
        float
            Anisotropy field [T]; negative once the voltage has turned the easy axis into the plane.
        """
        lowered = self.vcma_coefficient * voltage / (self.barrier_thickness * self.thickness)
        return 2 * (self.anisotropy_energy - lowered) / self.saturation_magnetisation


def load_device(name_or_path: str | Path) -> Device:
    """Read a junction from its device file; `load_device_file` reads devices of any kind.

    Parameters
    ----------
    name_or_path
        Name of a shipped device, or path of a TOML file whose keys are the fields of `Device`. It must state
        `resistance_area` and `torque.towards`; other fields left out keep the reference device's value.

    Returns
    -------
    Device
        The junction.

    Raises
    ------
    ValueError
        If there is no such device or kind of device, the file is not TOML, a key is unknown or missing or a value
        outside its range.

    Examples
    --------
    >>> load_device("reference").diameter
    5e-08
    """
    document = device_document(name_or_path)
    kind = kind_of(document)
    if kind == "bar":
        raise document.error(("kind",), "the device is a bar; give a junction, such as reference")
    device = document.validate(Device)
    if "resistance_area" not in device.model_fields_set:
        raise document.error((), "resistance_area [Ω·m²] is missing: the barrier decides how strong the torque is")
    if "towards" not in device.torque.model_fields_set:
        raise document.error(
            ("torque",),
            'torque.towards is missing: give "P" or "AP", the state to which a positive voltage, which lowers the '
            "anisotropy, pushes",
        )
    return device
