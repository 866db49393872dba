"""The junction on the simulated table: its magnetic and electric parameters."""

from __future__ import annotations

import hashlib
import json
import math
import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from scipy.constants import Boltzmann

__all__ = ["Device", "load_device"]

_SHIPPED = Path(__file__).with_name("devices")
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


class Device(BaseModel):
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

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True)

    name: str = "reference"
    """What the device is called in recordings."""
    saturation_magnetisation: float = Field(1.0e6, gt=0)
    """Saturation magnetisation Ms of the free layer [A/m]; CoFeB, published 0.6e6 to 1.26e6."""
    thickness: float = Field(1.1e-9, gt=0)
    """Free-layer thickness [m]; as perpendicular CoFeB films are (Ikeda et al., Nat. Mater. 9, 721, 2010)."""
    diameter: float = Field(50e-9, gt=0)
    """Pillar diameter [m]; with the thickness and the anisotropy it makes the thermal stability factor 45."""
    barrier_thickness: float = Field(1.4e-9, gt=0)
    """MgO thickness [m] across which the voltage drops; of the order that gives the RA below."""
    damping: float = Field(0.02, gt=0, lt=1)
    """Gilbert damping α; published 0.01 to 0.1."""
    temperature: float = Field(300.0, gt=0)
    """Temperature [K] of the magnetisation and of the resistance's noise; a room's."""
    anisotropy_energy: float = Field(8.63e4, gt=0)
    """Effective anisotropy Keff without voltage, demagnetisation included [J/m³]; chosen for Δ = 45."""
    vcma_coefficient: float = Field(90e-15, ge=0)
    """Voltage-controlled magnetic anisotropy ξ [J/(V·m)]; published 50e-15 to 100e-15."""
    in_plane_field: float = 25.5e-3
    """Applied field along x [T]; half a precession turn takes 0.7 ns in it."""
    stray_field: float = 0.0
    """Uncompensated field along z [T], positive towards P; zero where the reference layer is compensated."""
    resistance_area: float = Field(100e-12, gt=0)
    """Resistance-area product RA of the parallel state [Ω·m²]; published 10e-12 to 130e-12."""
    tmr: float = Field(1.0, gt=0)
    """Tunnel magnetoresistance (Rap - Rp)/Rp at zero bias; published 1.0 to 1.2."""
    tmr_bias: float = Field(0.5, gt=0)
    """Bias Vh at which the tunnel magnetoresistance has fallen to half [V]; about 0.5 V for MgO."""

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
        return self.anisotropy_energy * self.volume / (float(Boltzmann) * self.temperature)

    @property
    def resistance_parallel(self) -> float:
        """Resistance of the parallel state [Ω]."""
        return self.resistance_area / self.area

    @property
    def magnetic_fingerprint(self) -> str:
        """Hexadecimal SHA-256 of the parameters that decide switching; name and resistance do not."""
        values = {key: getattr(self, key) for key in _MAGNETIC}
        return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()

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
    """Read a device from its TOML file.

    Parameters
    ----------
    name_or_path
        Name of a shipped device, or path of a TOML file whose keys are the fields of `Device`; fields left out
        keep the reference device's value.

    Returns
    -------
    Device
        The device.

    Raises
    ------
    ValueError
        If there is no such device, the file is not TOML, a key is unknown or a value outside its range.

    Examples
    --------
    >>> load_device("reference").diameter
    5e-08
    """
    shipped = {path.stem: path for path in sorted(_SHIPPED.glob("*.toml"))}
    path = shipped.get(str(name_or_path), Path(name_or_path))
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        names = ", ".join(shipped)
        raise ValueError(f"no device '{name_or_path}': name a shipped one ({names}) or a TOML file") from error
    try:
        return Device.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path}: not TOML: {error}") from error
    except ValidationError as error:
        raise ValueError(f"{path}: {_first_complaint(error)}") from error


def _first_complaint(error: ValidationError) -> str:
    first = error.errors()[0]
    key = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return f"unknown key '{key}'; allowed are {', '.join(Device.model_fields)}"
    return f"'{key}' = {first['input']!r}: {first['msg']}"
