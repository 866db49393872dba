"""The bench file: which driver plays which role, how things are wired, what the device stands."""

from importlib import resources
from pathlib import Path
from typing import Literal

import pydantic

from mtjlab.data.toml_document import TomlDocument

__all__ = ["BenchFile"]

Positive = pydantic.PositiveFloat


class _Section(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class RoleSettings(_Section):
    """Which driver plays a role, and where its instrument is."""

    driver: str
    """Name of an entry point in the group ``mtjlab.drivers``."""
    resource: str = ""
    """VISA resource name; left out on a simulated bench, which knows its own."""
    visa_library: str = ""
    """VISA library that PyVISA opens it with: empty for the installed one, ``@py`` for pyvisa-py."""
    timeout: Positive = 5.0
    """Longest wait for an answer [s]."""


class Roles(_Section):
    """The instruments on the table."""

    pulse_generator: RoleSettings
    source_meter: RoleSettings


class WiringSettings(_Section):
    """What joins the instruments."""

    trigger_line: int = pydantic.Field(default=2, ge=1, le=4)
    """Line of the source-meter's trigger link that reaches the generator's external arm input."""
    load: Positive = 1e6
    """Load that the generator is told [Ω]: what the device looks like to it. 1e6 is an open end."""


class Limits(_Section):
    """What the device stands; the interlock refuses whatever is beyond."""

    pulse_amplitude: Positive
    """Largest pulse voltage at the device, bias included [V]."""
    pulse_width: Positive
    """Longest pulse [s]."""
    pulse_energy: Positive
    """Largest energy that one pulse may leave in the device [J]."""
    duty_cycle: float = pydantic.Field(default=0.1, gt=0, le=1)
    """Largest share of the time during which pulses are on."""
    read_bias: Positive
    """Largest bias of a read [V]."""
    compliance: Positive
    """Largest current that the source-meter may be allowed [A]."""


class DeviceUnderTest(_Section):
    """What is on the table."""

    name: str
    """Name of the device, written into every recording."""
    resistance: Positive
    """Its lowest resistance [Ω], for the energy of a pulse."""


class Simulation(_Section):
    """The simulated bench that stands in for the instruments."""

    device: str = "reference"
    """Name of a shipped device, or a device file."""
    model: Literal["tabulated", "macrospin"] = "tabulated"
    """Fidelity of the device."""
    seed: int | None = pydantic.Field(default=None, ge=0)
    """Seed of the device and of the noise; without one, every run differs."""
    port: int = pydantic.Field(default=0, ge=0, le=65000)
    """TCP port of the first instrument, the next ones follow; 0 lets the system choose."""


class BenchFile(_Section):
    """A bench file, validated.

    Examples
    --------
    >>> file = BenchFile.load("simulated")
    >>> file.roles.source_meter.driver
    'keithley2400'
    """

    name: str
    """Name of the bench."""
    roles: Roles
    wiring: WiringSettings = WiringSettings()
    limits: Limits
    device: DeviceUnderTest
    simulation: Simulation | None = None
    """Present on a simulated bench only."""
    text: str = pydantic.Field(default="", exclude=True)
    """The file as it was read."""

    @classmethod
    def load(cls, name_or_path: str | Path) -> "BenchFile":
        """Read a bench file.

        Parameters
        ----------
        name_or_path
            Name of a shipped bench (``simulated``) or path of a TOML file.

        Raises
        ------
        ValueError
            If there is no such bench, or if the file is wrong; the message names file, line and what is allowed.
        """
        document = _read(name_or_path)
        file = document.validate(cls, text=document.text)
        for role, settings in file.roles:
            if file.simulation is None and not settings.resource:
                raise document.error(
                    ("roles", role),
                    'names no resource; add resource = "GPIB0::24::INSTR" or the like, '
                    "or a [simulation] section for a bench without instruments",
                )
        return file


def _shipped() -> dict[str, str]:
    folder = resources.files("mtjlab.instruments.simulated") / "benches"
    return {
        entry.name.removesuffix(".toml"): entry.read_text(encoding="utf-8")
        for entry in folder.iterdir()
        if entry.name.endswith(".toml")
    }


def _read(name_or_path: str | Path) -> TomlDocument:
    shipped = _shipped()
    if str(name_or_path) in shipped:
        return TomlDocument(f"bench {name_or_path}", shipped[str(name_or_path)])
    return TomlDocument.read(
        Path(name_or_path), f"give the path of a bench file or a shipped bench ({', '.join(shipped)})"
    )
